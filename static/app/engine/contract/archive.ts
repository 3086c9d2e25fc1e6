/** An opened backup as the viewer reads it: chats, messages, media, figures. */

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
  merged: boolean; // the archive was put together of several backups: see `origins`
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
  tile?: true; // it is shown in that message's bubble, not in one of its own
  /** Of an album: what its bubble shows beside itself; their `position` is the album's. */
  tiles?: MessageRow[];
  plannedEvent?: { description: string; place: string; starts: number | null; ends: number | null; cancelled: boolean };
  invite?: { title: string; address: string; expires: number | null };
  systemEvent?: { event: string; arguments: Record<string, unknown> };
  alsoIn?: number[]; // further origins: the same message stands in these files too
}

export interface MessageRow {
  id: number;
  chat: number;
  position: number; // 0-based place in the chat; of a hit in an album, the album's, where it is shown
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

/** Chats, null: all. Only messages of that time, in milliseconds as in MessageRow, half-open; null: no bound. */
export interface ExportRange {
  chats: number[] | null;
  since?: number | null;
  until?: number | null;
}

export interface ExportExtent {
  messages: number;
  media: number; // files that will be written
  missing: number; // times a chat names a file that is not in the backup
  first: number | null;
  last: number | null;
}
