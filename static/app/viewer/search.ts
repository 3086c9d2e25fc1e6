/** Searching as one types: the last question asked wins, and the results keep the place one has reached. */
import { useEffect, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, SearchHit } from "../engine/contract";
import { asEngineError } from "../engine/failures";

const TYPING_MS = 250;
export const MOST_HITS = 200;

export interface SearchState {
  query: string;
  total: number;
  hits: SearchHit[];
  /** The hit being looked at, or -1. */
  at: number;
  busy: boolean;
  error: EngineError | null;
}

const NOTHING: SearchState = { query: "", total: 0, hits: [], at: -1, busy: false, error: null };

/** `chat` null: all chats. */
export function useSearch(chat: number | null): {
  search: SearchState;
  ask: (query: string) => void;
  goTo: (index: number) => void;
} {
  const [search, setSearch] = useState<SearchState>(NOTHING);
  const { query } = search;

  useEffect(() => {
    if (!query.trim()) {
      setSearch((old) => ({ ...NOTHING, query: old.query }));
      return;
    }
    let superseded = false;
    setSearch((old) => ({ ...old, busy: true, error: null }));
    const timer = setTimeout(async () => {
      try {
        const { total, hits } = await engine.search(query.trim(), chat, MOST_HITS);
        if (!superseded) setSearch((old) => ({ ...old, total, hits, at: -1, busy: false }));
      } catch (thrown) {
        if (!superseded) setSearch((old) => ({ ...old, busy: false, error: asEngineError(thrown) }));
      }
    }, TYPING_MS);
    return () => {
      superseded = true;
      clearTimeout(timer);
    };
  }, [query, chat]);

  return {
    search,
    ask: (text) => setSearch((old) => ({ ...old, query: text })),
    goTo: (index) => setSearch((old) => ({ ...old, at: index })),
  };
}
