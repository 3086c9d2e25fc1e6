/** The catalogue: every text of the app, by key, with plurals. A missing key does not compile. */
import type { ComponentChildren } from "preact";
import en from "./en.json";
import { locale } from "./format";

export type Key = keyof typeof en;
type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;

const catalogue: Record<Key, Entry> = en;
const plurals = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(locale);

function pattern(key: Key, count: unknown): string {
  const entry = catalogue[key];
  if (typeof entry === "string") return entry;
  const form = typeof count === "number" ? plurals.select(count) : "other";
  return entry[form] ?? entry.other ?? key;
}

/** The text of a key; `{name}` is replaced by a parameter, numbers in the person's format. `count` chooses the plural. */
export function t(key: Key, parameters: Record<string, string | number> = {}): string {
  return pattern(key, parameters["count"]).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = parameters[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? numbers.format(value) : value;
  });
}

/** Like `t`, for a text that holds elements (a link, a name in bold). */
export function rich(key: Key, parameters: Record<string, ComponentChildren>): ComponentChildren[] {
  return pattern(key, parameters["count"])
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 === 0 ? part : parameters[part]));
}
