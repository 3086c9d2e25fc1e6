/** The kinds of messages: what they are called, and their icon. */
import type { IconName } from "../components/icon";
import { t, type Key } from "../i18n/translate";

const ICONS: Record<string, IconName> = {
  image: "image",
  gif: "image",
  sticker: "image",
  video: "play",
  audio: "music",
  voice: "music",
  contact: "people",
  location: "place",
  live_location: "place",
  poll: "chart",
  event: "calendar",
  call: "call",
};

const KIND_NAMES: Record<string, Key> = {
  text: "kind.text",
  image: "kind.image",
  video: "kind.video",
  gif: "kind.gif",
  audio: "kind.audio",
  voice: "kind.voice",
  document: "kind.document",
  sticker: "kind.sticker",
  contact: "kind.contact",
  location: "kind.location",
  live_location: "kind.live_location",
  poll: "kind.poll",
  event: "kind.event",
  album: "kind.album",
  invite: "kind.invite",
  call: "kind.call",
  system: "kind.system",
  deleted: "kind.deleted",
  omitted: "kind.omitted",
  unknown: "kind.unknown",
};

export const kindName = (kind: string): string => t(KIND_NAMES[kind] ?? "kind.document");
export const kindIcon = (kind: string): IconName => ICONS[kind] ?? "file";
