/** Days as the chats tell them. */
import type { MessageRow } from "../engine/contract";
import { dayNumber } from "../i18n/format";

/** When a day begins, as the chat tells times; null for what is no day. */
export function beginningOf(day: string, floating: boolean): number | null {
  const ms = floating ? Date.parse(day) : Date.parse(`${day}T00:00`);
  return Number.isNaN(ms) ? null : ms;
}

/** Is this the first message of its day? */
export function startsDay(message: MessageRow, before: MessageRow | null, wall: (ms: number) => number): boolean {
  if (message.timestamp === null) return false;
  return before?.timestamp == null || dayNumber(wall(before.timestamp)) !== dayNumber(wall(message.timestamp));
}
