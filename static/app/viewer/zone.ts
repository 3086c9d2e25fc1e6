/** How far the person's clock was from UTC over a span of time, as the engine's `zone` wants it. */
const DAY = 86_400_000;

export function zoneBetween(first: number | null, last: number | null): [number, number][] {
  const spans: [number, number][] = [];
  if (first === null || last === null) return spans;
  for (let at = first; at < last + DAY; at += DAY) {
    const minutes = -new Date(at).getTimezoneOffset();
    if (spans.at(-1)?.[1] !== minutes) spans.push([at, minutes]);
  }
  return spans;
}
