/**
 * What the page may ask of the engine. The engine is Python in a worker (webapp/browser/session.py answers each verb);
 * this file is the only place where both sides meet, so it fixes names, shapes and units.
 *
 * Every verb rejects with an `EngineError`. Ids are lower-case hex. Times of messages are wall-clock milliseconds
 * ("floating": as the exporting phone showed them, read them as UTC); times of snapshots are ISO 8601 UTC.
 */

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

export interface BootStage {
  name: "download" | "runtime" | "engine" | "ready";
}

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
  dateOrder: { order: "day-month" | "month-day" | "year-first"; certain: boolean } | null;
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

export interface OpenedSnapshot {
  snapshot: string; // "" for what was inspected and is in no safe
  source: string;
  counts: { chats: number; messages: number; media: number };
  files: { path: string; size: number }[];
  /** Where the backup holds another number than was written down when it was made: before is what was written. */
  mismatches: Change[];
}

export interface ChatRow {
  id: number;
  name: string;
  app: string; // "whatsapp", "telegram", "signal"
  /** true: times are the phone's wall clock, read them as UTC; false: real UTC, show them in the person's zone. */
  floating: boolean;
  messages: number;
  media: number;
  first: number | null;
  last: number | null;
  participants: string[];
  lastText: string | null;
  lastSender: string | null;
  lastKind: string;
  isGroup: boolean;
  /** Whose phone made the backup, where the source tells. */
  owner: string | null;
  ownerIndex: number | null; // as MessageRow.senderIndex
  description: string;
  created: number | null;
  archived: boolean | null; // null: the source does not tell
  pinned: boolean | null;
  mutedUntil: number | null; // 0 not muted, -1 for ever
}

export interface MediaSummary {
  id: number;
  name: string; // what the chat shows: a document's title, else the file's name
  fileName: string;
  kind: string; // image video gif audio voice document sticker
  mime: string;
  size: number | null;
  present: boolean; // false: the chat names it, the backup lacks it
  width: number | null;
  height: number | null;
  duration: number | null; // seconds
}

/** What hangs on few messages; only what is there is set. Names are "" where nobody tells. Times: milliseconds. */
export interface MessageDetails {
  /** message: its id where the archive has it (placeOf leads there); the rest is the copy the app kept. */
  quote?: {
    message: number | null;
    sender: string | null;
    senderIndex: number | null;
    text: string;
    kind: string;
    timestamp: number | null;
  };
  reactions?: { participant: number | null; name: string; emoji: string; timestamp: number | null }[];
  mentions?: { participant: number | null; name: string; token: string }[]; // token: how they stand in the text
  edits?: { timestamp: number | null; text: string | null }[]; // text: what stood there before
  deletedBy?: { participant: number | null; name: string; timestamp: number | null };
  /** The question is the message's text. */
  poll?: {
    options: { text: string; votes: number }[];
    votes: { option: number; participant: number | null; name: string; timestamp: number | null }[];
    choices: number | null;
    ends: number | null;
  };
  call?: { video: boolean; outcome: string; seconds: number | null; group: boolean };
  place?: {
    latitude: number;
    longitude: number;
    name: string;
    address: string;
    url: string;
    liveSeconds: number | null;
  };
  contacts?: { name: string; phones: string; vcard: string }[]; // phones: one a line
  link?: { url: string; title: string; description: string };
  album?: number; // id of the album's own message
  plannedEvent?: { description: string; place: string; starts: number | null; ends: number | null; cancelled: boolean };
  invite?: { title: string; address: string; expires: number | null };
  systemEvent?: { event: string; arguments: Record<string, unknown> };
  alsoIn?: number[]; // further origins: the same message stands in these files too
}

export interface MessageRow {
  id: number;
  chat: number;
  position: number; // 0-based place in the chat
  timestamp: number | null;
  sequence: number;
  sender: string | null; // null: a system line
  senderIndex: number | null; // stable small number for colours
  /** text image video gif audio voice document sticker contact location live_location poll event album invite call
   * system deleted omitted unknown */
  kind: string;
  detail: string; // deleted: self other admin; view_once; omitted: the kind left out; unknown: the source's type
  text: string | null;
  edited: boolean;
  forwarded: number; // how often it was handed on; 0: not
  starred: boolean;
  origin: number | null; // the file it came from, see `origins`
  media: MediaSummary | null;
  details: MessageDetails;
}

export interface SearchHit {
  message: MessageRow;
  chatName: string;
  /** half-open [start, end) offsets in UTF-16 units of message.text; empty where only a file's name (or the like) matches */
  highlights: [number, number][];
}

/** Every part that is set must hold; of several chats, people or kinds any. Times in milliseconds, half-open. */
export interface SearchFilter {
  chats?: number[];
  people?: number[]; // senderIndex
  kinds?: string[];
  since?: number | null;
  until?: number | null;
}

/** `total` counts matches up to 1,000; `more`: there are more. `older` continues (newest come first), null at the end. */
export interface SearchPage {
  total: number;
  more: boolean;
  older: number | null;
  hits: SearchHit[];
}

export interface GalleryPage {
  counts: Record<string, number>; // by kind, of all there is
  older: [number, number] | null;
  entries: { media: MediaSummary; message: number; timestamp: number }[];
}

export interface ParticipantRow {
  index: number; // as MessageRow.senderIndex
  name: string;
  phone: string;
  nameSource: "" | "saved" | "pushed" | "number"; // pushed: shown as "~name"
  rank: "" | "member" | "admin" | "owner";
  joined: number | null;
  left: number | null;
  messages: number;
}

export interface ChatStatistics {
  messages: number;
  days: [number, number][]; // [days since 1970-01-01, messages], only days that have some
  months: [string, number][]; // ["2022-05", messages]
  hours: number[]; // 24
  weekdays: number[]; // 7, from Monday
  people: { index: number; name: string; messages: number }[]; // most first
  kinds: Record<string, number>;
}

/** A file that messages came from: how many it has, and how many it alone has. */
export interface OriginRow {
  id: number;
  reader: string;
  name: string;
  member: string;
  messages: number;
  only: number;
}

export type ExportFormat = "html" | "json" | "csv" | "text";

export interface Engine {
  /** Resolves when Python answers; rejects boot_failed. */
  ready(): Promise<{ seconds: number }>;

  // account and safes -------------------------------------------------------------------------------------------
  me(): Promise<Me>; // rejects signed_out
  safes(): Promise<SafeSummary[]>;

  // making a safe -----------------------------------------------------------------------------------------------
  /** Makes a new K in the worker. Its digits: 16 groups of 4, separated by single spaces. */
  newKey(): Promise<{ digits: string; fileName: string; fileText: string }>;
  /** Is the typed or loaded text the key just made? Rejects key_wrong_length, key_bad_letter; {matches:false} otherwise. */
  confirmNewKey(text: string): Promise<{ matches: boolean }>;
  /** Opens the safe of the key just made. With a password, also registers it with the vault. */
  createSafe(options: { password: string | null }, onProgress: OnProgress): Promise<{ safe: string }>;

  // unlocking ---------------------------------------------------------------------------------------------------
  unlockWithKey(safe: string, text: string): Promise<void>;
  unlockWithPassword(safe: string, password: string, onProgress: OnProgress): Promise<{ failuresBefore: number }>;
  /** The digits of an unlocked safe, to save them later. */
  showKey(safe: string): Promise<{ digits: string; fileName: string; fileText: string }>;
  lock(safe: string): Promise<void>;
  /** Does the site still show the newest backup that the vault remembers? If not, the warning says so. */
  standing(safe: string): Promise<{ warning: EngineError | null }>;

  // what opens a safe -------------------------------------------------------------------------------------------
  // All want the safe unlocked.
  protectors(safe: string): Promise<Protectors>;
  /** The old password works until the last step. After an error, calling it again begins anew. Rejects change_unsure. */
  changePassword(safe: string, password: string, onProgress: OnProgress): Promise<void>;
  /** For a safe that has none, or whose password was destroyed. */
  addPassword(safe: string, password: string, onProgress: OnProgress): Promise<void>;
  /** Rejects protector_unproved unless the digits were proved (`proveKey`) while the safe was open here. */
  removePassword(safe: string): Promise<void>;

  // the end of a safe -------------------------------------------------------------------------------------------
  /** At once and for good; wants it unlocked. */
  deleteSafe(safe: string): Promise<void>;
  /** Without its key: deleted after 30 days, unless it is taken out again. */
  trashSafe(safe: string): Promise<{ purgeAfter: string }>;
  untrashSafe(safe: string): Promise<void>;

  // what happened -----------------------------------------------------------------------------------------------
  /** Everything that happened to the safe's passwords. Needs no unlocking. Rejects activity_broken, data {faults}. */
  activity(safe: string): Promise<Activity>;

  // passkeys ----------------------------------------------------------------------------------------------------
  passkeys(safe: string): Promise<PasskeySummary[]>;
  /** What the ceremony (static/app/passkey) needs; the safe may be locked. */
  passkeyCeremony(safe: string): Promise<PasskeyCeremony>;
  /** Did the digits or the password open this safe while the page was open? Adding and removing a passkey need it. */
  anotherWayProved(safe: string): Promise<boolean>;
  /** Rejects key_wrong_length, key_bad_letter, key_of_another_safe. */
  proveKey(safe: string, text: string): Promise<void>;
  /** A full login: costs a guess when wrong. Rejects wrong_password. */
  provePassword(safe: string, password: string): Promise<void>;
  /** `prf`: 32 bytes, handed over and wiped. Rejects passkey_alone, passkey_exists, too_many_passkeys. */
  addPasskey(safe: string, name: string, credential: string, prf: Uint8Array): Promise<{ passkey: string }>;
  /** Asks the vault for no guess. Rejects passkey_does_not_open. */
  unlockWithPasskey(safe: string, credential: string, prf: Uint8Array): Promise<void>;
  removePasskey(safe: string, passkey: string): Promise<void>;

  // backing up --------------------------------------------------------------------------------------------------
  sample(): Promise<File>;
  /** Reads the chosen files. The reading is kept in the worker until `forget` or `backup` ends. */
  inspect(
    files: File[],
    /**
     * keys: what opens encrypted backups, typed (Signal's 30 digits, WhatsApp's 64) or a key file. salvage: show what
     * can be had of a damaged encrypted backup, though nobody can vouch for it. add: merge with what was
     * inspected before (an old phone's backup, a text export): what both have stands once, see `origins`.
     */
    options: { dateOrder: "day-month" | "month-day" | null; keys?: BackupSecret[]; salvage?: boolean; add?: boolean },
    onProgress: OnProgress,
  ): Promise<Found>;
  forget(): Promise<void>;
  /** Shows what was inspected: the reading verbs below then read it, without safe or site. Until `forget`. */
  openInspected(): Promise<OpenedSnapshot>;
  /** Backs up what was inspected. After a failure or cancel, calling it again continues. */
  backup(
    safe: string,
    /** to: "folder" is the one of `useFolder`. The person has seen: shrunk, that it holds less (backup_shrank); older,
     * that the site shows an older state than the vault remembers (head_mismatch). */
    options: { to: "site" | "folder"; shrunk: boolean; older: boolean },
    onProgress: OnProgress,
  ): Promise<BackupResult>;

  // a backup's later life ---------------------------------------------------------------------------------------
  trashSnapshot(safe: string, snapshot: string): Promise<{ purgeAfter: string }>;
  untrashSnapshot(safe: string, snapshot: string): Promise<void>;
  /** The snapshots that a rule would put into the trash now. */
  previewKeep(safe: string, rule: KeepRule | null): Promise<string[]>;
  setKeep(safe: string, rule: KeepRule | null): Promise<{ trashed: number }>;
  keepSafe(safe: string): Promise<{ expires: string | null }>;
  /** Opens a folder for this page; reading verbs then find its snapshots too. make: begin one where there is none. */
  useFolder(safe: string, folder: FileSystemDirectoryHandle, make: boolean): Promise<OpenedFolder>;
  forgetFolder(safe: string): Promise<void>;
  /** Everything a restore needs, looked at; the site notes the result. A backup that fails resolves, with `error`. */
  rehearse(safe: string, snapshot: string, onProgress: OnProgress): Promise<Rehearsal>;
  answerReminder(safe: string, kind: ReminderKind, answer: ReminderAnswer): Promise<{ due: string | null }>;

  // restoring ---------------------------------------------------------------------------------------------------
  snapshots(safe: string): Promise<SnapshotSummary[]>;
  openSnapshot(safe: string, snapshot: string, onProgress: OnProgress): Promise<OpenedSnapshot>;
  chats(): Promise<ChatRow[]>;
  /** `count` messages of a chat from 0-based `position`. */
  messages(chat: number, position: number, count: number): Promise<MessageRow[]>;
  /** Where the first message at that time or later stands (= number of messages where all are earlier). */
  placeAt(chat: number, timestamp: number): Promise<number>;
  /** Where a message stands; null: there is none of that id. */
  placeOf(message: number): Promise<{ chat: number; position: number } | null>;
  /** chat null: all chats. */
  search(query: string, chat: number | null, limit: number): Promise<SearchPage>;
  /** The same with filters and further pages; an empty query finds all that the filter lets through. */
  find(query: string, filter: SearchFilter, older: number | null, limit: number): Promise<SearchPage>;
  /** Media that messages show, newest first; kinds []: all kinds. `older` continues. */
  gallery(chat: number | null, kinds: string[], older: [number, number] | null, limit: number): Promise<GalleryPage>;
  participants(chat: number): Promise<ParticipantRow[]>;
  /** zone: [from this time on, minutes to add to UTC] ascending, for chats that are not floating; []: UTC. */
  statistics(chat: number | null, zone: [number, number][]): Promise<ChatStatistics>;
  origins(chat: number | null): Promise<OriginRow[]>;
  /** What was not understood: what, which one (a message type), how many. */
  unknown(): Promise<{ what: string; detail: string; count: number }[]>;
  /** The small picture that the app kept of a medium, or null. */
  thumbnail(media: number): Promise<Blob | null>;
  /** The opened bytes of a picture, video or document, fetched when looked at. */
  media(id: number): Promise<Blob>;
  /** An original file, bit for bit. With a writable stream (showSaveFilePicker) it is streamed to disk; else a Blob. */
  download(path: string, to: FileSystemWritableFileStream | null, onProgress: OnProgress): Promise<Blob | null>;

  // one file ----------------------------------------------------------------------------------------------------
  /** The whole backup as one sealed file that the digits alone open. `to` and the answer as in `download`. */
  saveContainer(
    safe: string,
    snapshot: string,
    to: FileSystemWritableFileStream | null,
    onProgress: OnProgress,
  ): Promise<Blob | null>;
  /**
   * Opens such a file; nobody is asked, and the reading verbs then read it. Rejects not_a_container, container_damaged,
   * container_cut_short, key_wrong_length, key_bad_letter, key_of_another_safe, manifest_damaged.
   */
  openContainer(file: File, text: string, onProgress: OnProgress): Promise<OpenedSnapshot>;

  /**
   * Chats (null: all) as files, with their media unless `media` is false. `to`: a folder (showDirectoryPicker, to be
   * empty), or a writable stream (showSaveFilePicker) that gets a zip; null: the zip comes back as a Blob.
   * zone: as in `statistics`. Progress counts messages.
   */
  exportChats(
    options: {
      chats: number[] | null;
      format: ExportFormat;
      media?: boolean;
      zone?: [number, number][];
      /** Only messages of that time, in milliseconds as in MessageRow, half-open. Media of others are not fetched. */
      since?: number | null;
      until?: number | null;
    },
    to: FileSystemDirectoryHandle | FileSystemWritableFileStream | null,
    onProgress: OnProgress,
  ): Promise<Blob | null>;

  /** Stops the running inspect, backup, openSnapshot or download: it rejects with `cancelled`. */
  cancel(): void;
}
