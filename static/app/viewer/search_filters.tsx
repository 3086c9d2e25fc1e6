/** What narrows a search: who wrote it, what it is, when it was. */
import { useEffect, useState } from "preact/hooks";
import { Button } from "../components/button";
import { engine } from "../engine/client";
import { t, type Key } from "../i18n/translate";
import { WIDE, type Narrowed } from "./search_filter";

const KINDS: readonly [kinds: string, name: Key][] = [
  ["text", "kind.text"],
  ["image,gif", "kind.image"],
  ["video", "kind.video"],
  ["voice,audio", "kind.voice"],
  ["document", "kind.document"],
  ["sticker", "kind.sticker"],
  ["contact", "kind.contact"],
  ["location,live_location", "kind.location"],
  ["poll", "kind.poll"],
  ["event", "kind.event"],
  ["call", "kind.call"],
  ["system", "kind.system"],
];
/** A list to choose from has to stay one. */
const MOST_PEOPLE = 500;

function usePeople(chat: number | null): { index: number; name: string }[] {
  const [people, setPeople] = useState<{ index: number; name: string }[]>([]);
  useEffect(() => {
    let gone = false;
    const asked =
      chat === null ? engine.statistics(null, []).then(({ people: all }) => all) : engine.participants(chat);
    asked.then(
      (found) => !gone && setPeople(found.slice(0, MOST_PEOPLE)),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [chat]);
  return people;
}

export function SearchFilters(props: { chat: number | null; narrowed: Narrowed; onNarrow: (narrowed: Narrowed) => void }) {
  const { narrowed, onNarrow } = props;
  const people = usePeople(props.chat);
  return (
    <div class="search-filters">
      <label class="field">
        <span class="field-label">{t("search.person")}</span>
        <select
          class="input"
          value={narrowed.person ?? ""}
          onChange={(event) => onNarrow({ ...narrowed, person: event.currentTarget.value ? Number(event.currentTarget.value) : null })}
        >
          <option value="">{t("search.anybody")}</option>
          {people.map((person) => (
            <option key={person.index} value={person.index}>
              {person.name || t("message.somebody")}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="field-label">{t("search.kind")}</span>
        <select class="input" value={narrowed.kind} onChange={(event) => onNarrow({ ...narrowed, kind: event.currentTarget.value })}>
          <option value="">{t("search.any_kind")}</option>
          {KINDS.map(([kinds, name]) => (
            <option key={kinds} value={kinds}>
              {t(name)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="field-label">{t("search.since")}</span>
        <input class="input" type="date" value={narrowed.since} onInput={(event) => onNarrow({ ...narrowed, since: event.currentTarget.value })} />
      </label>
      <label class="field">
        <span class="field-label">{t("search.until")}</span>
        <input class="input" type="date" value={narrowed.until} onInput={(event) => onNarrow({ ...narrowed, until: event.currentTarget.value })} />
      </label>
      <Button look="quiet" onClick={() => onNarrow(WIDE)}>
        {t("search.clear")}
      </Button>
    </div>
  );
}
