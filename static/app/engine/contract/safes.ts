/** A safe as the site and the vault know it, and what opens it. */
import type { EngineError } from "./calls";

export interface Me {
  email: string;
  account: string;
}

export interface SafeSummary {
  safe: string;
  created: string;
  snapshots: number;
  bytes: number;
  lastSnapshot: string | null;
  /** What the vault says, or null when the safe has no password (or the vault is out of reach: then `vaultError`). */
  vault: { state: "active" | "destroyed" | "locked" | "paused"; guessesLeft: number } | null;
  vaultError: EngineError | null;
  /** How many passkeys open it. */
  passkeys: number;
  unlocked: boolean;
  /** In the trash until then (ISO 8601); null: not in the trash. */
  purgeAfter: string | null;
  /** Which backups stay when new ones come; null: all. */
  keep: KeepRule | null;
  /** When it goes into the trash if nobody uses it; null: never. */
  expires: string | null;
  rehearsal: RehearsalNote | null;
  /** When each comes next (ISO 8601), null: not again. */
  reminders: Record<ReminderKind, string | null>;
}

export interface KeepRule {
  last: number;
  daily: number;
  weekly: number;
  monthly: number;
}

export type ReminderKind = "password" | "key" | "rehearsal";
export type ReminderAnswer = "passed" | "failed" | "later" | "never" | "again";

/** The newest rehearsal, as the site keeps it. */
export interface RehearsalNote {
  snapshot: string;
  made: string;
  passed: boolean;
  chunks: number;
  missing: number; // not there, or not what was backed up
  sampled: number;
  failure: string | null; // an error's code
}

/** What opens a safe. */
export interface Protectors {
  digits: true; // every safe has its 64 digits
  digitsProved: boolean; // typed or loaded and found right while the safe was open here
  vault: {
    state: "active" | "destroyed";
    guessesLeft: number;
    lockedUntil: string | null;
    staged: boolean; // a change of password was begun and not finished; the old one works
    created: string | null;
  } | null;
  passkeys: number;
}

export interface PasskeySummary {
  passkey: string;
  name: string;
  created: string;
  /** null: it has not opened the safe yet. */
  lastUsed: string | null;
}

/** All values are base64url without padding. */
export interface PasskeyCeremony {
  /** What the passkey's PRF is asked for. */
  input: string;
  /** Under which the passkey files itself: one per safe and device. */
  user: string;
  /** The safe's passkeys. */
  credentials: string[];
}

/** One thing that happened to a safe's password, verified by the engine. */
export interface Happening {
  version: number; // of the password: 1 for the first
  number: number; // of the event, from 1 on
  /** The vault's kind of event, or unlock_try, wrong_guess, wait_again, guesses_used_up (webapp/engine/activity.py). */
  what: string;
  at: string; // ISO 8601 UTC
  guessesLeft: number;
  attempt: number; // guesses in a row without success, this one included
}

export interface Activity {
  /** Of the newest password; none: the safe never had one. */
  state: "none" | "pending" | "active" | "staged" | "destroyed";
  failures: number; // wrong guesses since the last unlock with the password
  lastUnlock: string | null;
  happenings: Happening[]; // newest first
  file: { name: string; text: string };
}
