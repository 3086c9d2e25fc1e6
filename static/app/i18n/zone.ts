/** How far this device's clock is from UTC over time, for the engine, which has no zones. */
const DAY_MS = 86_400_000;

const offset = (ms: number): number => -new Date(ms).getTimezoneOffset();

/** When the offset changes between two times of different offset, to the minute. */
function changeBetween(before: number, after: number): number {
  let [low, high] = [before, after];
  const old = offset(before);
  while (high - low > 60_000) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle) === old) low = middle;
    else high = middle;
  }
  return Math.floor(high / 60_000) * 60_000;
}

/** [from this time on, minutes to add to UTC], ascending; covers `first` to `last`. */
export function zoneSpans(first: number | null, last: number | null): [number, number][] {
  if (first === null || last === null) return [];
  const spans: [number, number][] = [[first, offset(first)]];
  for (let at = first; at < last; at += DAY_MS) {
    const next = Math.min(at + DAY_MS, last);
    if (offset(next) !== offset(at)) spans.push([changeBetween(at, next), offset(next)]);
  }
  return spans;
}
