/** One short line of good news at a time. */
import { createStore } from "./store";

const SHOWN_MS = 3_500;

export const toastStore = createStore<string | null>(null);

let timer: ReturnType<typeof setTimeout> | undefined;

export function toast(text: string): void {
  clearTimeout(timer);
  toastStore.set(text);
  timer = setTimeout(() => toastStore.set(null), SHOWN_MS);
}
