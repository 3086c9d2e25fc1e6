/** What narrows a search, as the page holds it and as the engine takes it. */
import type { SearchFilter } from "../engine/contract";
import { beginningOf, endOf } from "./days";

/** What narrows a search besides its words; days as the date field gives them. */
export interface Narrowed {
  person: number | null;
  kind: string;
  since: string;
  until: string;
}

export const WIDE: Narrowed = { person: null, kind: "", since: "", until: "" };

/** Days become times as the chats tell them: a wall clock's, or this device's zone. */
export function filterOf(narrowed: Narrowed, chat: number | null, floating: boolean): SearchFilter {
  return {
    ...(chat === null ? {} : { chats: [chat] }),
    ...(narrowed.person === null ? {} : { people: [narrowed.person] }),
    ...(narrowed.kind ? { kinds: narrowed.kind.split(",") } : {}),
    since: beginningOf(narrowed.since, floating),
    until: endOf(narrowed.until, floating),
  };
}

export const isAsking = (search: { query: string; narrowed: Narrowed }): boolean =>
  search.query.trim() !== "" || Object.values(search.narrowed).some((value) => value !== null && value !== "");
