/** Who is signed in and which safes there are: asked once, asked again after each change. */
import { engine, sessionEnded } from "../engine/client";
import type { EngineError, Me, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { whoIsSignedIn } from "../engine/who";
import { createStore, useStore } from "./store";

export type AccountState =
  | { is: "loading" }
  | { is: "signed_out" }
  | { is: "failed"; error: EngineError }
  /** safes null: the engine is still asking. */
  | { is: "signed_in"; me: Me; safes: SafeSummary[] | null };

/** A working password that nobody has guessed at since. */
export const FRESH_PASSWORD = { state: "active", guessesLeft: 10 } as const;

export const accountStore = createStore<AccountState>({ is: "loading" });

/** Asks the site again. Once the safes are known, a failure is thrown and keeps what is on the page. */
export async function refreshAccount(): Promise<void> {
  const before = accountStore.get();
  try {
    const me = await whoIsSignedIn();
    if (before.is !== "signed_in") accountStore.set({ is: "signed_in", me, safes: null });
    await engine.me();
    const safes = await engine.safes();
    sessionEnded.set(false);
    accountStore.set({ is: "signed_in", me, safes });
  } catch (thrown) {
    const error = asEngineError(thrown);
    if (before.is === "signed_in" && before.safes !== null) throw error;
    sessionEnded.set(false);
    accountStore.set(error.code === "signed_out" ? { is: "signed_out" } : { is: "failed", error });
  }
}

export function useAccount(): AccountState {
  return useStore(accountStore);
}

/** Changes what the page knows of one safe without asking the site. */
export function noteSafe(safe: string, change: Partial<SafeSummary>): void {
  const state = accountStore.get();
  if (state.is !== "signed_in" || state.safes === null) return;
  accountStore.set({ ...state, safes: state.safes.map((s) => (s.safe === safe ? { ...s, ...change } : s)) });
}
