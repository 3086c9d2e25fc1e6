/** What the viewer shows, as it stands behind the # of the address: "", "media", "chat-3", "chat-3-statistics" … */
export type Pane = "messages" | "media" | "statistics";

export interface Place {
  chat: number | null;
  pane: Pane;
}

const CHAT = /^chat-(\d+)(?:-(media|statistics))?$/;

export function placeOfFragment(fragment: string): Place {
  if (fragment === "media" || fragment === "statistics") return { chat: null, pane: fragment };
  const found = CHAT.exec(fragment);
  return { chat: found ? Number(found[1]) : null, pane: (found?.[2] as Pane | undefined) ?? "messages" };
}

export function fragmentOf(place: Place): string {
  const pane = place.pane === "messages" ? "" : place.pane;
  if (place.chat === null) return pane;
  return pane ? `chat-${place.chat}-${pane}` : `chat-${place.chat}`;
}
