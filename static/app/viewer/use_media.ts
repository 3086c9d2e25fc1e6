/** The bytes of a picture, video or sound as a blob address that lives as long as the element that shows it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, MessageRow } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { shownAs } from "./media_type";

export type Media = NonNullable<MessageRow["media"]>;

/** `scrollMargin`, where a browser knows it, reaches beyond the edges of the list that scrolls, not only of the window. */
const NEAR: IntersectionObserverInit & { scrollMargin: string } = { rootMargin: "600px", scrollMargin: "600px" };

/** Scrolling past asks for nothing. */
const SETTLE_MS = 120;

export interface LoadedMedia {
  address: string | null;
  blob: Blob | null;
  error: EngineError | null;
  retry: () => void;
}

/** Loads when `wanted`; the type is the one the archive found, never the blob's own. */
export function useMedia(media: Media, wanted: boolean): LoadedMedia {
  const [loaded, setLoaded] = useState<{ address: string; blob: Blob } | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const address = useRef<string | null>(null);

  useEffect(() => {
    if (!wanted || !media.present) return;
    let gone = false;
    const timer = setTimeout(async () => {
      try {
        const bytes = await engine.media(media.id);
        if (gone) return;
        const blob = bytes.slice(0, bytes.size, media.mime);
        address.current = URL.createObjectURL(blob);
        setLoaded({ address: address.current, blob });
      } catch (thrown) {
        if (!gone) setError(asEngineError(thrown));
      }
    }, SETTLE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
      if (!address.current) return;
      URL.revokeObjectURL(address.current);
      address.current = null;
      setLoaded(null);
    };
  }, [media.id, wanted, attempt]);

  return {
    address: loaded?.address ?? null,
    blob: loaded?.blob ?? null,
    error,
    retry: () => {
      setError(null);
      setAttempt(attempt + 1);
    },
  };
}

/** The small picture that the app kept, as an address; null where there is none. */
export function useThumbnail(media: Media, wanted: boolean): string | null {
  const [small, setSmall] = useState<string | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    let address: string | null = null;
    engine.thumbnail(media.id).then(
      (blob) => {
        if (gone || !blob || shownAs(blob.type) !== "image") return;
        address = URL.createObjectURL(blob);
        setSmall(address);
      },
      () => undefined,
    );
    return () => {
      gone = true;
      if (address) URL.revokeObjectURL(address);
      setSmall(null);
    };
  }, [media.id, wanted]);
  return small;
}

/** True while the element is near the screen; with `once`, from then on. */
export function useNear(once = true): [near: boolean, ref: (element: HTMLElement | null) => void] {
  const [near, setNear] = useState(false);
  const observer = useRef<IntersectionObserver | null>(null);
  const ref = useRef((element: HTMLElement | null) => {
    observer.current?.disconnect();
    if (!element) return;
    observer.current = new IntersectionObserver(
      (entries) => {
        const here = entries.at(-1)?.isIntersecting ?? false;
        if (here) setNear(true);
        else if (!once) setNear(false);
        if (here && once) observer.current?.disconnect();
      },
      NEAR,
    );
    observer.current.observe(element);
  });
  return [near, ref.current];
}
