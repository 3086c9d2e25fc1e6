/**
 * What the page may ask of the engine. The engine is Python in a worker (webapp/browser/session.py answers each verb);
 * this file and its shapes in contract/ are the only place where both sides meet, so they fix names, shapes and units.
 *
 * Every verb rejects with an `EngineError`. Ids are lower-case hex. Times of messages are wall-clock milliseconds
 * ("floating": as the exporting phone showed them, read them as UTC); times of snapshots are ISO 8601 UTC.
 */
import type {
  ChatRow,
  ChatStatistics,
  ExportExtent,
  ExportFormat,
  ExportRange,
  GalleryPage,
  MessageRow,
  OriginRow,
  ParticipantRow,
  SearchFilter,
  SearchPage,
} from "./contract/archive";
import type {
  BackupResult,
  BackupSecret,
  DateOrder,
  Found,
  OpenedFolder,
  OpenedSnapshot,
  Rehearsal,
  SnapshotSummary,
} from "./contract/backups";
import type { EngineError, OnProgress } from "./contract/calls";
import type {
  Activity,
  KeepRule,
  Me,
  PasskeyCeremony,
  PasskeySummary,
  Protectors,
  ReminderAnswer,
  ReminderKind,
  SafeSummary,
} from "./contract/safes";

export type * from "./contract/archive";
export type * from "./contract/backups";
export type * from "./contract/calls";
export type * from "./contract/safes";

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
    options: { dateOrder: DateOrder | null; keys?: BackupSecret[]; salvage?: boolean; add?: boolean },
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
  /** Fetches or makes what searching needs, at the first search in an opened backup; at once where that is there. */
  prepareSearch(onProgress: OnProgress): Promise<void>;
  /** The newest first, a page at a time; an empty query finds all that the filter lets through. */
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

  /** How much an export of these chats and that time would be. */
  exportExtent(options: ExportRange): Promise<ExportExtent>;
  /**
   * Chats (null: all) as files, with their media unless `media` is false. `to`: a folder (showDirectoryPicker, to be
   * empty), or a writable stream (showSaveFilePicker) that gets a zip; null: the zip comes back as a Blob.
   * zone: as in `statistics`. Progress counts messages.
   */
  exportChats(
    options: ExportRange & { format: ExportFormat; media?: boolean; zone?: [number, number][] },
    to: FileSystemDirectoryHandle | FileSystemWritableFileStream | null,
    onProgress: OnProgress,
  ): Promise<Blob | null>;

  /** Stops the running inspect, backup, openSnapshot or download: it rejects with `cancelled`. */
  cancel(): void;
}
