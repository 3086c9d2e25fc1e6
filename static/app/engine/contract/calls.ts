/** What every verb may answer besides its result: how far it is, and what went wrong. */

export interface EngineError {
  code: string;
  /** One sentence for a person, already in the person's words. */
  message: string;
  /** What to do next, one sentence. */
  next: string;
  data: Record<string, unknown>;
}

/** Codes the pages treat specially; any other code is shown with its message and next step. */
export type KnownCode =
  | "signed_out" // session ended: sign in again, nothing is lost
  | "network_down" // no reply: retry continues
  | "cancelled"
  | "key_wrong_length" // data {expected: 64, got}
  | "key_bad_letter" // data {position (1-based among the digits), letter}
  | "key_of_another_safe" // right shape, wrong safe: found before any download
  | "wrong_password" // data {guesses_left}
  | "record_destroyed" // ten wrong guesses: the password no longer opens this safe
  | "record_locked" // data {until}
  | "change_unsure" // the last step's reply was lost: either password may work
  | "protector_unproved" // the password may not be removed yet
  | "guessing_paused" // "this wasn't me": signing in again ends it
  | "activity_broken" // data {faults: sentences}
  | "vault_substituted" // the vault's keys are not the pinned ones
  | "chunk_damaged" // data {path}
  | "disk_full" // the person's disk
  | "storage_full" // the site's disk
  | "head_mismatch" // the site withholds newer backups: ask, then call again with `older`
  | "backup_shrank" // data {shrunk: Change[]}: ask, then call again with `shrunk`
  | "folder_without_backups"
  | "folder_unreachable" // gone, or the permission ended
  | "not_a_chat_export"
  | "backup_key_needed" // data {file, kind}: ask for its key, then call again with `keys`
  | "backup_key_wrong" // data {file, kind}
  | "backup_key_or_damage" // data {file, kind}: nothing tells which
  | "backup_key_unreadable" // the file given as a key is none
  | "backup_damaged" // data {file, kind}: `salvage` may give a part
  | "backup_truncated" // data {file, kind}: the same
  | "passkey_unsupported" // this browser, or the passkey that was chosen, cannot open safes
  | "passkey_cancelled" // closed, timed out, or there is no such passkey here
  | "passkey_known" // the device has a passkey for this safe already
  | "passkey_needs_name" // the site is reached by an address without a name
  | "passkey_does_not_open"
  | "passkey_alone" // show first that the digits or the password work
  | "source_changed" // the chosen file changed or is gone: choose it again
  | "boot_failed";

/** Progress of a long verb. Bytes where stage moves bytes. */
export interface Progress {
  stage:
    | "reading"
    | "indexing"
    | "comparing"
    | "sealing"
    | "committing"
    | "fetching"
    | "opening"
    | "guessing"
    | "saving"
    | "exporting"
    // of a rehearsal: done and total count chunks
    | "checking"
    | "sampling"
    // of a password: done and total count steps
    | "staging"
    | "proving"
    | "promoting";
  done: number;
  total: number | null;
  /** e.g. {messages: 1234} while reading, {sent: bytes, known: bytes} while sealing */
  details: Record<string, number>;
}
export type OnProgress = (progress: Progress) => void;
