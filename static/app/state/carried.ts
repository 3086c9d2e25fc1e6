/** What was read on the page "Open a backup" and waits to be backed up; the engine still holds it. */
import type { BackupSecret, Found } from "../engine/contract";
import { createStore } from "./store";

/** Files that were chosen together, with the keys that open them. */
export interface Chosen {
  files: File[];
  keys: BackupSecret[];
  /** The person chose to see what can be had of a damaged one. */
  salvage?: boolean;
}

export interface Carried {
  found: Found;
  chosen: Chosen[];
}

export const carriedStore = createStore<Carried | null>(null);

/** Hands it over once. */
export function takeCarried(): Carried | null {
  const carried = carriedStore.get();
  carriedStore.set(null);
  return carried;
}
