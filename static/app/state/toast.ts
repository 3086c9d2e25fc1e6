/** One short line of good news at a time. */
import { createStore } from "./store";

/** Time to read it: a little for looking up, the rest by its length. */
const shownFor = (text: string): number => 1_500 + 70 * text.length;

export const toastStore = createStore<string | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;

export function toast(text: string): void {
  clearTimeout(timer);
  toastStore.set(text);
  timer = setTimeout(() => toastStore.set(null), shownFor(text));
}
