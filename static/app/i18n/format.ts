/** Numbers, sizes, durations and times as the person reads them. */

/** The catalogue is English, so dates and numbers follow the person's English region. */
export const locale: string = navigator.languages.find((language) => language.startsWith("en")) ?? "en";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

function scaled(bytes: number, per: "" | "-per-second"): string {
  let value = bytes;
  let step = 0;
  while (value >= 999.5 && step < UNITS.length - 1) {
    value /= 1000;
    step += 1;
  }
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: `${UNITS[step]}${per}`,
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value);
}

export const formatBytes = (bytes: number): string => scaled(bytes, "");
export const formatRate = (bytesPerSecond: number): string => scaled(bytesPerSecond, "-per-second");

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(locale).format(value);
}

export function formatPercent(share: number): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

export function formatDuration(seconds: number): string {
  const [value, unit] =
    seconds < 90 ? [Math.max(1, Math.round(seconds)), "second"] : seconds < 5400 ? [Math.round(seconds / 60), "minute"] : [Math.round(seconds / 3600), "hour"];
  return new Intl.NumberFormat(locale, { style: "unit", unit: unit as string, unitDisplay: "long" }).format(value as number);
}

/** An instant (ISO 8601), in the person's zone. */
export function formatDateTime(instant: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant));
}

export function formatTime(instant: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(new Date(instant));
}

export function formatDate(instant: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long" }).format(new Date(instant));
}

/** Times of messages are wall-clock times without a zone, carried as if they were UTC. */
const FLOATING = { timeZone: "UTC" } as const;
const day = new Intl.DateTimeFormat(locale, { ...FLOATING, dateStyle: "full" });
const shortDay = new Intl.DateTimeFormat(locale, { ...FLOATING, dateStyle: "medium" });
const clock = new Intl.DateTimeFormat(locale, { ...FLOATING, timeStyle: "short" });

export const formatMessageDay = (ms: number): string => day.format(ms);
export const formatMessageDate = (ms: number): string => shortDay.format(ms);
export const formatMessageTime = (ms: number): string => clock.format(ms);

export const dayNumber = (ms: number): number => Math.floor(ms / 86_400_000);

const list = new Intl.ListFormat(locale, { type: "conjunction" });
export const formatList = (names: string[]): string => list.format(names);
