/** What is backed up: chosen files, snapshots, what was sent, what a rehearsal found. */
import type { EngineError } from "./calls";
import type { RehearsalNote } from "./safes";

/** Which of the two stands first in a date. */
export type DateOrder = "day-month" | "month-day";

/** What a chosen set of files holds, before anything is uploaded. */
export interface Found {
  source: string; // "whatsapp_text"
  sourceLabel: string; // "WhatsApp chat export (Android)"
  files: { name: string; size: number }[];
  origins: { label: string; name: string; messages: number; only: number }[]; // where messages come from; only: nowhere else
  chats: { name: string; messages: number; media: number; first: number | null; last: number | null; participants: string[] }[];
  messages: number;
  byKind: Record<string, number>;
  media: number;
  mediaBytes: number;
  missingMedia: number;
  first: number | null;
  last: number | null;
  unknown: Record<string, number>;
  dateOrder: { order: DateOrder | "year-first"; certain: boolean } | null;
}

/** What opens an encrypted backup: typed digits, or a key file of the phone. */
export type BackupSecret = string | File;

export interface SnapshotSummary {
  snapshot: string;
  created: string;
  bytes: number; // ciphertext on the site
  source: string | null; // from the manifest: only after it was opened
  counts: { chats: number; messages: number; media: number } | null;
  files: { path: string; size: number }[] | null;
  chunks: number;
  newest: boolean;
  /** In the trash since, and deleted after; null: not there. */
  trashed: string | null;
  purgeAfter: string | null;
  /** Since the last backup of the same chats; null: there is none, or it is not known. */
  changes: SnapshotChanges | null;
}

export interface SnapshotChanges {
  messages: number; // more (or fewer)
  media: number;
  added: number; // files
  changed: number;
  removed: number;
}

/** A folder of the person's own, open for this page. refused: entries in it that this safe's owner has not signed. */
export interface OpenedFolder {
  name: string;
  snapshots: SnapshotSummary[];
  refused: number;
}

export interface BackupResult {
  snapshot: string;
  sentBytes: number;
  knownBytes: number; // were there already, not sent again
  newChunks: number;
  knownChunks: number;
  files: { path: string; new: number; known: number }[]; // bytes of content
  changes: SnapshotChanges | null;
  seconds: number;
}

export interface OpenedSnapshot {
  snapshot: string; // "" for what was inspected and is in no safe
  source: string;
  counts: { chats: number; messages: number; media: number };
  files: { path: string; size: number }[];
  /** Where the backup holds another number than was written down when it was made: before is what was written. */
  mismatches: Change[];
}

/** A rehearsal just made. `made` is null where the site could not note it, or the backup lies in a folder. */
export interface Rehearsal extends Omit<RehearsalNote, "made"> {
  made: string | null;
  sampledBytes: number;
  mismatches: Change[];
  error: EngineError | null;
  openedBy: string[]; // "digits" "passkey" "vault": what opened the safe on this page
}

/** what: "chats" "messages" "media" "bytes". */
export interface Change {
  what: string;
  before: number;
  now: number;
}
