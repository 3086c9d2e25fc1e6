/** Whose messages stand on the far side: whose phone made the export, where the text tells. */
import type { ChatRow } from "../engine/contract";

/** Else, of two people, the one the chat is not named after. */
export function guessSelf(chat: ChatRow): string | null {
  if (chat.owner !== null) return chat.owner;
  if (chat.isGroup || chat.participants.length !== 2) return null;
  const others = chat.participants.filter((name) => name !== chat.name);
  return others.length === 1 ? (others[0] ?? null) : null;
}
