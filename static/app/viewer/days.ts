/** Days as the chats tell them. */
import type { MessageRow } from "../engine/contract";
import { dayNumber, wallClock } from "../i18n/format";

/** The day of a time, as a date field takes it. */
export const dayOf = (ms: number | null, floating: boolean): string | null =>
  ms === null ? null : new Date(wallClock(ms, floating)).toISOString().slice(0, 10);

/** When a day begins, as the chat tells times; null for what is no day. */
export function beginningOf(day: string, floating: boolean): number | null {
  const ms = floating ? Date.parse(day) : Date.parse(`${day}T00:00`);
  return Number.isNaN(ms) ? null : ms;
}

/** When a day is over, as the chat tells times; null for what is no day. */
export function endOf(day: string, floating: boolean): number | null {
  const ms = Date.parse(day);
  if (Number.isNaN(ms)) return null;
  // By the calendar: where the clock changes, a day is no 24 hours.
  const next = new Date(ms + 86_400_000).toISOString().slice(0, 10);
  return beginningOf(next, floating);
}

/** Is this the first message of its day? */
export function startsDay(message: MessageRow, before: MessageRow | null, wall: (ms: number) => number): boolean {
  if (message.timestamp === null) return false;
  return before?.timestamp == null || dayNumber(wall(before.timestamp)) !== dayNumber(wall(message.timestamp));
}
