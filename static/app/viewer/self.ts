/** Whose messages stand on the far side. An export does not say who made it; in a chat of two it can be told. */
import type { ChatRow } from "../engine/contract";

/** Of two people, the one the chat is not named after. */
export function guessSelf(chat: ChatRow): string | null {
  if (chat.isGroup || chat.participants.length !== 2) return null;
  const others = chat.participants.filter((name) => name !== chat.name);
  return others.length === 1 ? (others[0] ?? null) : null;
}
