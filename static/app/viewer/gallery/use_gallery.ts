/** The media of a chat or of all chats, newest first, a page at a time. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { engine } from "../../engine/client";
import type { EngineError, GalleryPage } from "../../engine/contract";
import { asEngineError } from "../../engine/failures";

const AT_ONCE = 120;

export interface GalleryState {
  entries: GalleryPage["entries"];
  counts: Record<string, number> | null;
  /** There are older ones. */
  more: boolean;
  error: EngineError | null;
  loadMore: () => void;
}

export function useGallery(chat: number | null, kinds: readonly string[]): GalleryState {
  const [pages, setPages] = useState<GalleryPage[]>([]);
  const [error, setError] = useState<EngineError | null>(null);
  const asking = useRef<unknown>(null);
  const what = kinds.join();

  const load = useCallback(
    async (before: GalleryPage[]) => {
      const question = {};
      asking.current = question;
      setError(null);
      try {
        const page = await engine.gallery(chat, what ? what.split(",") : [], before.at(-1)?.older ?? null, AT_ONCE);
        if (asking.current === question) setPages([...before, page]);
      } catch (thrown) {
        if (asking.current === question) setError(asEngineError(thrown));
      } finally {
        if (asking.current === question) asking.current = null;
      }
    },
    [chat, what],
  );

  useEffect(() => {
    setPages([]);
    void load([]);
    return () => {
      asking.current = null;
    };
  }, [load]);

  const last = pages.at(-1);
  return {
    entries: pages.flatMap((page) => page.entries),
    counts: pages[0]?.counts ?? null,
    more: last !== undefined && last.older !== null,
    error,
    loadMore: () => {
      if (asking.current === null && last && last.older !== null) void load(pages);
    },
  };
}
