/** The medium that is looked at, and those beside it: newer on one side, older on the other. */
import { useRef, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { LitMedium } from "./lightbox";
import type { Media } from "./use_media";

const AT_ONCE = 500;
const MOST_ASKED = 10_000;
const VISUAL = ["image", "video", "gif"];

interface Lit {
  entries: LitMedium[];
  at: number;
}

export interface LitWork {
  lit: LitMedium | null;
  newer: (() => void) | undefined;
  older: (() => void) | undefined;
  /** Out of a list, newest first. */
  openAmong: (entries: LitMedium[], at: number) => void;
  /** Out of a chat, alone or among a few known ones, newest first: what is beside them is looked up meanwhile. */
  openOne: (entries: LitMedium[], at: number, chat: number) => void;
  close: () => void;
}

/** The chat's media around the given one, newest first, or null where it is not among the latest ones. */
async function beside(media: Media, chat: number): Promise<Lit | null> {
  const entries: LitMedium[] = [];
  let older: [number, number] | null = null;
  do {
    const page = await engine.gallery(chat, VISUAL, older, AT_ONCE);
    entries.push(...page.entries);
    const at = entries.findIndex((entry) => entry.media.id === media.id);
    if (at >= 0 && (at < entries.length - 1 || page.older === null)) return { entries, at };
    older = page.older;
  } while (older !== null && entries.length < MOST_ASKED);
  return null;
}

/** The same medium as now, among all that are beside it. */
function among(found: Lit, now: Lit): Lit {
  const at = found.entries.findIndex((entry) => entry.media.id === now.entries[now.at]?.media.id);
  return at < 0 ? now : { entries: found.entries, at };
}

export function useLit(): LitWork {
  const [lit, setLit] = useState<Lit | null>(null);
  const opening = useRef(0);
  const step = (by: number) => () => setLit((old) => old && { ...old, at: old.at + by });
  return {
    lit: lit?.entries[lit.at] ?? null,
    newer: lit && lit.at > 0 ? step(-1) : undefined,
    older: lit && lit.at < lit.entries.length - 1 ? step(1) : undefined,
    openAmong: (entries, at) => setLit({ entries, at }),
    openOne: (entries, at, chat) => {
      const turn = ++opening.current;
      const media = entries[at]?.media;
      if (!media) return;
      setLit({ entries, at });
      beside(media, chat).then(
        (found) => found && turn === opening.current && setLit((old) => old && among(found, old)),
        () => undefined,
      );
    },
    close: () => {
      opening.current += 1;
      setLit(null);
    },
  };
}
