/** Who is signed in and which safes there are: asked once, asked again after each change. */
import { engine, sessionEnded } from "../engine/client";
import type { EngineError, Me, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { createStore, useStore } from "./store";

export type AccountState =
  | { is: "loading" }
  | { is: "signed_out" }
  | { is: "failed"; error: EngineError }
  | { is: "signed_in"; me: Me; safes: SafeSummary[] };

export const accountStore = createStore<AccountState>({ is: "loading" });

/** Asks the site again. A session that ended while somebody was signed in keeps what is on the page. */
export async function refreshAccount(): Promise<void> {
  try {
    const me = await engine.me();
    const safes = await engine.safes();
    sessionEnded.set(false);
    accountStore.set({ is: "signed_in", me, safes });
  } catch (thrown) {
    const error = asEngineError(thrown);
    if (accountStore.get().is === "signed_in") throw error;
    if (error.code === "signed_out") {
      sessionEnded.set(false);
      accountStore.set({ is: "signed_out" });
    } else {
      accountStore.set({ is: "failed", error });
    }
  }
}

export function useAccount(): AccountState {
  return useStore(accountStore);
}

/** Changes what the page knows of one safe without asking the site. */
export function noteSafe(safe: string, change: Partial<SafeSummary>): void {
  const state = accountStore.get();
  if (state.is !== "signed_in") return;
  accountStore.set({ ...state, safes: state.safes.map((s) => (s.safe === safe ? { ...s, ...change } : s)) });
}
