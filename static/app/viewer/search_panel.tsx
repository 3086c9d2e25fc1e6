/** The search field and its results; Enter and Shift+Enter step through them. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../components/button";
import { ErrorNotice } from "../components/notice";
import type { ChatRow, SearchHit } from "../engine/contract";
import { formatMessageDate, formatPercent } from "../i18n/format";
import { t } from "../i18n/translate";
import { kindName } from "./kinds";
import type { SearchState } from "./search";
import { isAsking, type Narrowed } from "./search_filter";
import { SearchFilters } from "./search_filters";
import { excerpt, MessageText } from "./text";

/** What stands for a message without a text. */
function wordless(hit: SearchHit): string {
  const { kind, media } = hit.message;
  return media?.name ? `${kindName(kind)}: ${media.name}` : kindName(kind);
}

function Hit(props: { hit: SearchHit; chosen: boolean; withChat: boolean; wall: (ms: number) => number; onChoose: () => void }) {
  const { message, chatName, highlights } = props.hit;
  const shown = excerpt(message.text ?? "", highlights);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (props.chosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [props.chosen]);
  return (
    <li ref={row}>
      <button type="button" class="hit" aria-current={props.chosen ? "true" : undefined} onClick={props.onChoose}>
        <span class="hit-top">
          <strong dir="auto">{message.sender ?? chatName}</strong>
          {message.timestamp !== null && <span class="chat-date">{formatMessageDate(props.wall(message.timestamp))}</span>}
        </span>
        {props.withChat && (
          <span class="hit-chat" dir="auto">
            {chatName}
          </span>
        )}
        <span class="hit-text" dir="auto">
          {/* A button may not hold a link. */}
          {shown.text ? <MessageText text={shown.text} highlights={shown.highlights} links={false} /> : wordless(props.hit)}
        </span>
      </button>
    </li>
  );
}

export function SearchPanel(props: {
  chat: ChatRow | null;
  search: SearchState;
  wallOf: (chat: number) => (ms: number) => number;
  onAsk: (query: string) => void;
  onNarrow: (narrowed: Narrowed) => void;
  onOlder: () => void;
  onGo: (index: number) => void;
  onEverywhere: (() => void) | null;
  onClose: () => void;
}) {
  const { search, chat } = props;
  const field = useRef<HTMLInputElement>(null);
  const [filtering, setFiltering] = useState(false);
  useLayoutEffect(() => field.current?.focus(), []);
  const label = chat ? t("search.in_chat", { name: chat.name }) : t("search.everywhere");

  function step(by: number) {
    if (search.hits.length === 0) return;
    const from = search.at < 0 && by < 0 ? 0 : search.at;
    props.onGo((from + by + search.hits.length) % search.hits.length);
  }

  return (
    <section class={`search${search.at >= 0 ? " search-stepping" : ""}`} aria-label={t("search.label")}>
      <div class="search-head">
        <input
          ref={field}
          class="input search-field"
          type="search"
          value={search.query}
          placeholder={label}
          aria-label={label}
          autocomplete="off"
          spellcheck={false}
          dir="auto"
          onClick={() => props.onGo(-1)}
          onInput={(event) => props.onAsk(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            step(event.shiftKey ? -1 : 1);
          }}
        />
        <Button icon="close" look="quiet" label={t("search.close")} onClick={props.onClose} />
      </div>
      <div class="search-tools">
        <p class="search-count" role="status">
          {search.busy
            ? search.preparing === null
              ? t("search.busy")
              : t("search.preparing", { share: formatPercent(search.preparing) })
            : isAsking(search) &&
              (search.at >= 0
                ? t("search.place", { place: search.at + 1, total: search.total })
                : search.beyond
                  ? t("search.found_beyond", { count: search.total })
                  : t("search.found", { count: search.total }))}
        </p>
        <Button icon="filter" look="quiet" label={t("search.filters")} expanded={filtering} onClick={() => setFiltering(!filtering)} />
        <Button icon="up" look="quiet" label={t("search.previous")} disabled={search.hits.length === 0} onClick={() => step(-1)} />
        <Button icon="down" look="quiet" label={t("search.next")} disabled={search.hits.length === 0} onClick={() => step(1)} />
      </div>
      {filtering && <SearchFilters chat={chat?.id ?? null} narrowed={search.narrowed} onNarrow={props.onNarrow} />}
      {props.onEverywhere && (
        <p class="search-scope">
          <Button look="quiet" onClick={props.onEverywhere}>
            {t("search.widen")}
          </Button>
        </p>
      )}
      <ErrorNotice error={search.error} />
      <ul class="hits">
        {search.hits.map((hit, index) => (
          <Hit
            key={hit.message.id}
            hit={hit}
            chosen={index === search.at}
            withChat={chat === null}
            wall={props.wallOf(hit.message.chat)}
            onChoose={() => props.onGo(index)}
          />
        ))}
        {search.older !== null && (
          <li>
            <Button look="quiet" busy={search.busy} onClick={props.onOlder}>
              {t("search.older")}
            </Button>
          </li>
        )}
      </ul>
    </section>
  );
}
