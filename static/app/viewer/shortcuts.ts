/** The viewer's keys, in one list: what they do, and what the dialog says of them. */
import type { Key } from "../i18n/translate";

export type Action = "search" | "search_all" | "help" | "date" | "media" | "statistics" | "about" | "export" | "previous_chat" | "next_chat";

export const SHORTCUTS: readonly { key: string; action: Action; text: Key }[] = [
  { key: "/", action: "search", text: "keys.search" },
  { key: "a", action: "search_all", text: "keys.search_all" },
  { key: "d", action: "date", text: "keys.date" },
  { key: "m", action: "media", text: "keys.media" },
  { key: "s", action: "statistics", text: "keys.statistics" },
  { key: "i", action: "about", text: "keys.about" },
  { key: "e", action: "export", text: "keys.export" },
  { key: "[", action: "previous_chat", text: "keys.previous_chat" },
  { key: "]", action: "next_chat", text: "keys.next_chat" },
  { key: "?", action: "help", text: "keys.help" },
];

/** Keys that work where they always do; told for completeness. */
export const FIXED_KEYS: readonly [keys: string, text: Key][] = [
  ["Enter", "keys.next_hit"],
  ["Shift + Enter", "keys.previous_hit"],
  ["↑ ↓ PgUp PgDn", "keys.scroll"],
  ["Home", "keys.first"],
  ["End", "keys.last"],
  ["← →", "keys.lightbox"],
  ["Ctrl + P", "keys.print"],
  ["Esc", "keys.escape"],
];

/** What a key asks for, or null: typing and the browser's own keys are left alone. */
export function actionOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target">): Action | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const { target } = event;
  if (target && "tagName" in target && /^(INPUT|TEXTAREA|SELECT|AUDIO|VIDEO)$/.test(String(target.tagName))) return null;
  return SHORTCUTS.find(({ key }) => key === event.key)?.action ?? null;
}
