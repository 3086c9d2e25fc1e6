/** Searching as one types: the last question asked wins, and the results keep the place one has reached. */
import { useEffect, useRef, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, SearchHit } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { filterOf, isAsking, WIDE, type Narrowed } from "./search_filter";

const TYPING_MS = 250;
/** Results that are asked for at a time. */
const PAGE_OF_HITS = 50;

export interface SearchState {
  query: string;
  narrowed: Narrowed;
  total: number;
  /** There are more than `total`. */
  beyond: boolean;
  hits: SearchHit[];
  older: number | null;
  /** The hit being looked at, or -1. */
  at: number;
  busy: boolean;
  /** How much of the index is made, 0 to 1, while a backup that came without one is searched for the first time. */
  preparing: number | null;
  error: EngineError | null;
}

const NOTHING: SearchState = {
  query: "",
  narrowed: WIDE,
  total: 0,
  beyond: false,
  hits: [],
  older: null,
  at: -1,
  busy: false,
  preparing: null,
  error: null,
};

/** `chat` null: all chats. */
export function useSearch(
  chat: number | null,
  floating: boolean,
): {
  search: SearchState;
  ask: (query: string) => void;
  narrow: (narrowed: Narrowed) => void;
  goTo: (index: number) => void;
  loadOlder: () => void;
} {
  const [search, setSearch] = useState<SearchState>(NOTHING);
  const { query, narrowed } = search;
  const current = useRef({});

  useEffect(() => {
    const question = {};
    current.current = question;
    if (!isAsking({ query, narrowed })) {
      setSearch((old) => ({ ...NOTHING, query: old.query, narrowed: old.narrowed }));
      return;
    }
    setSearch((old) => ({ ...old, busy: true, error: null }));
    const timer = setTimeout(async () => {
      try {
        await engine.prepareSearch(({ stage, done, total }) => {
          if (stage === "indexing" && total) setSearch((old) => ({ ...old, preparing: done / total }));
        });
        setSearch((old) => ({ ...old, preparing: null }));
        if (current.current !== question) return;
        const page = await engine.find(query.trimStart(), filterOf(narrowed, chat, floating), null, PAGE_OF_HITS);
        if (current.current !== question) return;
        setSearch((old) => ({ ...old, total: page.total, beyond: page.more, hits: page.hits, older: page.older, at: -1, busy: false }));
      } catch (thrown) {
        const error = asEngineError(thrown);
        if (current.current === question) setSearch((old) => ({ ...old, busy: false, preparing: null, error }));
      }
    }, TYPING_MS);
    return () => {
      current.current = {};
      clearTimeout(timer);
    };
  }, [query, narrowed, chat, floating]);

  async function loadOlder() {
    const question = current.current;
    if (search.older === null || search.busy) return;
    setSearch((old) => ({ ...old, busy: true }));
    try {
      const page = await engine.find(query.trimStart(), filterOf(narrowed, chat, floating), search.older, PAGE_OF_HITS);
      if (current.current === question) setSearch((old) => ({ ...old, hits: [...old.hits, ...page.hits], older: page.older, busy: false }));
    } catch (thrown) {
      if (current.current === question) setSearch((old) => ({ ...old, busy: false, error: asEngineError(thrown) }));
    }
  }

  return {
    search,
    ask: (text) => setSearch((old) => ({ ...old, query: text })),
    narrow: (to) => setSearch((old) => ({ ...old, narrowed: to })),
    goTo: (index) => setSearch((old) => ({ ...old, at: index })),
    loadOlder: () => void loadOlder(),
  };
}
