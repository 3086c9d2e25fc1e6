/**
 * How the pages word an engine error. The engine brings its own sentence; for the codes below the catalogue's sentence is
 * shown instead, because it names the exact figures and can be translated.
 */
import { baseName } from "../files/save";
import { formatDateTime } from "../i18n/format";
import { t, type Key } from "../i18n/translate";
import type { EngineError, KnownCode } from "./contract";

export interface Wording {
  message: string;
  next: string;
}

const SENTENCES: Partial<Record<KnownCode, readonly [message: Key, next: Key]>> = {
  signed_out: ["error.signed_out.message", "error.signed_out.next"],
  network_down: ["error.network_down.message", "error.network_down.next"],
  cancelled: ["error.cancelled.message", "error.cancelled.next"],
  key_wrong_length: ["error.key_wrong_length.message", "error.key_wrong_length.next"],
  key_bad_letter: ["error.key_bad_letter.message", "error.key_bad_letter.next"],
  key_of_another_safe: ["error.key_of_another_safe.message", "error.key_of_another_safe.next"],
  wrong_password: ["error.wrong_password.message", "error.wrong_password.next"],
  record_destroyed: ["error.record_destroyed.message", "error.record_destroyed.next"],
  record_locked: ["error.record_locked.message", "error.record_locked.next"],
  chunk_damaged: ["error.chunk_damaged.message", "error.chunk_damaged.next"],
  disk_full: ["error.disk_full.message", "error.disk_full.next"],
  passkey_unsupported: ["error.passkey_unsupported.message", "error.passkey_unsupported.next"],
  passkey_cancelled: ["error.passkey_cancelled.message", "error.passkey_cancelled.next"],
  passkey_known: ["error.passkey_known.message", "error.passkey_known.next"],
  passkey_needs_name: ["error.passkey_needs_name.message", "error.passkey_needs_name.next"],
  passkey_does_not_open: ["error.passkey_does_not_open.message", "error.passkey_does_not_open.next"],
  passkey_alone: ["error.passkey_alone.message", "error.passkey_alone.next"],
  source_changed: ["error.source_changed.message", "error.source_changed.next"],
  boot_failed: ["error.boot_failed.message", "error.boot_failed.next"],
};

/** The parameters a catalogue sentence may name; all the figures an error can carry, ready to be read. */
function parameters(error: EngineError): Record<string, string | number> | null {
  const { data } = error;
  switch (error.code) {
    case "key_wrong_length":
      return typeof data["got"] === "number" ? { count: data["got"] } : null;
    case "key_bad_letter":
      return typeof data["position"] === "number"
        ? {
            letter: String(data["letter"] ?? ""),
            position: data["position"],
            group: Math.ceil(data["position"] / 4),
            place: ((data["position"] - 1) % 4) + 1,
          }
        : null;
    case "wrong_password":
      return typeof data["guesses_left"] === "number" ? { count: data["guesses_left"] } : null;
    case "chunk_damaged":
      return typeof data["path"] === "string" && data["path"] ? { file: baseName(data["path"]) } : null;
    case "record_locked":
      return typeof data["until"] === "string" ? { until: formatDateTime(data["until"]) } : null;
    default:
      return {};
  }
}

export function isEngineError(thrown: unknown): thrown is EngineError {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown && "next" in thrown;
}

/** Whatever was thrown, as an `EngineError`; a defect of the page itself becomes `page_failed`. */
export function asEngineError(thrown: unknown): EngineError {
  if (isEngineError(thrown)) return thrown;
  if (thrown instanceof Error && thrown.name === "QuotaExceededError") return offlineError("disk_full");
  return { code: "page_failed", message: t("error.page_failed.message"), next: t("error.page_failed.next"), data: {} };
}

/** An error the page itself finds, worded from the catalogue. */
export function offlineError(code: KnownCode): EngineError {
  const keys = SENTENCES[code];
  return { code, message: keys ? t(keys[0]) : code, next: keys ? t(keys[1]) : "", data: {} };
}

export function wording(error: EngineError): Wording {
  const keys = SENTENCES[error.code as KnownCode];
  const figures = keys && parameters(error);
  if (!keys || !figures) return { message: error.message, next: error.next };
  return { message: t(keys[0], figures), next: t(keys[1], figures) };
}
