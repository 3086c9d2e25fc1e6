/**
 * Asks the site who is signed in, without waiting for the engine: the page is then usable while Python boots, and
 * somebody who is signed out need not wait at all.
 */
import type { EngineError, Me } from "./contract";
import { isEngineError, offlineError } from "./failures";

/** Rejects with an `EngineError`: signed_out, network_down, or what the site says. */
export async function whoIsSignedIn(): Promise<Me> {
  let answer: Response;
  try {
    answer = await fetch("/api/v1/me", { headers: { Accept: "application/json" }, cache: "no-store" });
  } catch {
    throw offlineError("network_down");
  }
  if (answer.status === 401) throw offlineError("signed_out");
  const body = (await answer.json().catch(() => ({}))) as Partial<Me> & { error?: Partial<EngineError> };
  if (!answer.ok || body.email === undefined || body.account === undefined) {
    const error = { data: {}, ...body.error };
    throw isEngineError(error) ? error : offlineError("network_down");
  }
  return { email: body.email, account: body.account };
}
