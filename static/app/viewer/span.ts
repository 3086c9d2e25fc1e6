/** From when to when chats go. */
import type { ChatRow } from "../engine/contract";

export function spanOf(chats: readonly ChatRow[]): { first: number | null; last: number | null } {
  let [first, last]: [number | null, number | null] = [null, null];
  for (const chat of chats) {
    if (chat.first !== null) first = Math.min(first ?? chat.first, chat.first);
    if (chat.last !== null) last = Math.max(last ?? chat.last, chat.last);
  }
  return { first, last };
}
