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

/** Formatters of wall-clock times, which are carried as if they were UTC. */
const FLOATING = { timeZone: "UTC" } as const;
const day = new Intl.DateTimeFormat(locale, { ...FLOATING, dateStyle: "full" });
const shortDay = new Intl.DateTimeFormat(locale, { ...FLOATING, dateStyle: "medium" });
const clock = new Intl.DateTimeFormat(locale, { ...FLOATING, timeStyle: "short" });
const month = new Intl.DateTimeFormat(locale, { ...FLOATING, month: "long", year: "numeric" });
const weekday = new Intl.DateTimeFormat(locale, { ...FLOATING, weekday: "short" });

/** A message's time as a wall clock showed it: the phone's, if the source tells no zone (`floating`), else this device's. */
export const wallClock = (ms: number, floating: boolean): number =>
  floating ? ms : ms - new Date(ms).getTimezoneOffset() * 60_000;

/** All of these take wall-clock times. */
export const formatMessageDay = (ms: number): string => day.format(ms);
export const formatMessageDate = (ms: number): string => shortDay.format(ms);
export const formatMessageTime = (ms: number): string => clock.format(ms);
export const formatMoment = (ms: number): string => `${shortDay.format(ms)}, ${clock.format(ms)}`;
export const formatMonth = (ms: number): string => month.format(ms);
/** From Monday, 0. */
export const formatWeekday = (index: number): string => weekday.format(Date.UTC(2024, 0, 1 + index));
export const formatHour = (hour: number): string => clock.format(Date.UTC(2024, 0, 1, hour));

export const dayNumber = (ms: number): number => Math.floor(ms / 86_400_000);
/** The month a wall-clock time lies in, as a number that grows. */
export const monthNumber = (ms: number): number => new Date(ms).getUTCFullYear() * 12 + new Date(ms).getUTCMonth();

/** Minutes and seconds, for calls and sounds. */
export function formatLength(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

const list = new Intl.ListFormat(locale, { type: "conjunction" });
export const formatList = (names: string[]): string => list.format(names);
