/** Counts by day or month → rows without gaps. */
import type { ChatStatistics } from "../../engine/contract";
import { formatMessageDate, formatMonth } from "../../i18n/format";

export interface Counted {
  label: string;
  count: number;
}

const DAY_MS = 86_400_000;
/** A shorter span is drawn by days. */
const MOST_DAYS = 92;

/** Every day, or every month, from the first to the last, those without a message too. */
export function overTime(found: Pick<ChatStatistics, "days" | "months">): Counted[] {
  const first = found.days[0]?.[0];
  const last = found.days.at(-1)?.[0];
  if (first === undefined || last === undefined) return [];
  if (last - first < MOST_DAYS) {
    const counts = new Map(found.days);
    return Array.from({ length: last - first + 1 }, (_, index) => ({
      label: formatMessageDate((first + index) * DAY_MS),
      count: counts.get(first + index) ?? 0,
    }));
  }
  const counts = new Map(found.months);
  const rows: Counted[] = [];
  const end = found.months.at(-1)?.[0] ?? "";
  for (let [year, month] = (found.months[0]?.[0] ?? "").split("-").map(Number) as [number, number]; ; ) {
    const name = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`;
    rows.push({ label: formatMonth(Date.UTC(year, month - 1)), count: counts.get(name) ?? 0 });
    if (name >= end) return rows;
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}
