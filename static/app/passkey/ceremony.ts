/**
 * The passkey protector's own WebAuthn ceremony: its challenge is made here and checked by nobody, since what counts is
 * whether the value of the PRF opens the wrap. That value goes from here to the engine's worker and nowhere else; a
 * credential is never turned into JSON, which would carry it along. Signing in to the account is another ceremony, with
 * other passkeys (static/site/passkeys.js), and never asks for a PRF.
 */
import type { KnownCode, PasskeyCeremony } from "../engine/contract";
import { isEngineError, offlineError } from "../engine/failures";
import { toBytes, toText } from "./base64url";

/** What one passkey gave. prf: 32 bytes, to be handed to the engine at once. */
export interface Evaluated {
  credential: string;
  prf: Uint8Array;
}

const PRF_BYTES = 32;
const TIME_LIMIT_MS = 120_000;
const ALGORITHMS = [-8, -7, -257]; // EdDSA, ES256, RS256: every authenticator knows one of them

/** Does this browser say that it can? `false` is certain; what the chosen passkey can shows only when it is used. */
export async function canUsePasskeys(): Promise<boolean> {
  if (typeof PublicKeyCredential === "undefined") return false;
  try {
    const capabilities = await PublicKeyCredential.getClientCapabilities?.();
    return capabilities?.["extension:prf"] !== false;
  } catch {
    return true;
  }
}

function challenge(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(32));
}

function listed(credentials: string[]): PublicKeyCredentialDescriptor[] {
  return credentials.map((id) => ({ type: "public-key", id: toBytes(id) }));
}

function prfOf(credential: PublicKeyCredential): { enabled: boolean | undefined; value: Uint8Array | null } {
  const { prf } = credential.getClientExtensionResults();
  const first = prf?.results?.first;
  if (first === undefined) return { enabled: prf?.enabled, value: null };
  const bytes = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength)
    : new Uint8Array(first);
  // A copy of its own, so that it can be handed over whole; the browser's is wiped.
  const value = bytes.length === PRF_BYTES ? bytes.slice() : null;
  bytes.fill(0);
  return { enabled: prf?.enabled, value };
}

const CODES: Record<string, KnownCode> = {
  NotAllowedError: "passkey_cancelled",
  AbortError: "passkey_cancelled",
  InvalidStateError: "passkey_known",
  SecurityError: "passkey_needs_name",
  NotSupportedError: "passkey_unsupported",
  ConstraintError: "passkey_unsupported",
};

async function ask(ceremony: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (typeof PublicKeyCredential === "undefined") throw offlineError("passkey_unsupported");
  try {
    const credential = await ceremony();
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (thrown) {
    if (isEngineError(thrown)) throw thrown;
    const code = thrown instanceof DOMException ? CODES[thrown.name] : undefined;
    if (code) throw offlineError(code);
    throw thrown;
  }
  throw offlineError("passkey_cancelled");
}

/** Asks one of the safe's passkeys for its value. */
export async function evaluate(ceremony: PasskeyCeremony, credentials = ceremony.credentials): Promise<Evaluated> {
  const credential = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: challenge(),
        allowCredentials: listed(credentials),
        userVerification: "required",
        timeout: TIME_LIMIT_MS,
        extensions: { prf: { eval: { first: toBytes(ceremony.input) } } },
      },
    }),
  );
  const { value } = prfOf(credential);
  if (value === null) throw offlineError("passkey_unsupported");
  return { credential: toText(credential.rawId), prf: value };
}

/** Has the browser forget a passkey that was just made and is of no use. Browsers that cannot keep it; it opens nothing. */
async function forget(credential: PublicKeyCredential): Promise<void> {
  await PublicKeyCredential.signalUnknownCredential?.({
    rpId: location.hostname,
    credentialId: toText(credential.rawId),
  }).catch(() => undefined);
}

/**
 * Makes a passkey for the safe and asks for its value: at once where it can give it while it is made, else by a second
 * question, which `onSecond` announces.
 */
export async function create(ceremony: PasskeyCeremony, userName: string, onSecond: () => void): Promise<Evaluated> {
  const credential = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: challenge(),
        rp: { name: "Coffer" },
        user: { id: toBytes(ceremony.user), name: userName, displayName: userName },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: listed(ceremony.credentials),
        authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
        timeout: TIME_LIMIT_MS,
        extensions: { prf: { eval: { first: toBytes(ceremony.input) } } },
      },
    }),
  );
  const { enabled, value } = prfOf(credential);
  const name = toText(credential.rawId);
  if (value !== null) return { credential: name, prf: value };
  if (enabled !== true) {
    await forget(credential);
    throw offlineError("passkey_unsupported");
  }
  onSecond();
  return evaluate(ceremony, [name]);
}
