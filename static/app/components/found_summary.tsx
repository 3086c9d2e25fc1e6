/** What an export holds, before anything is sent. */
import { useState } from "preact/hooks";
import type { DateOrder, Found } from "../engine/contract";
import { formatBytes, formatList, formatMessageDate, formatNumber } from "../i18n/format";
import { t, type Key } from "../i18n/translate";
import { Button } from "./button";
import { FoundOrigins } from "./found_origins";
import { Notice } from "./notice";
import { UnknownList, unknownRows } from "./unknown_list";

const MOST_NAMES = 12;
const FIRST_CHATS = 20;
/** Folders hold tens of thousands; nobody reads them here. */
const MOST_FILES = 200;

const ORDERS: Record<DateOrder | "year-first", Key> = {
  "day-month": "found.day_month",
  "month-day": "found.month_day",
  "year-first": "found.year_first",
};

export function formatSpan(first: number | null, last: number | null): string {
  if (first === null || last === null) return t("found.no_dates");
  return t("found.span", { first: formatMessageDate(first), last: formatMessageDate(last) });
}

function peopleIn(found: Found): Set<string> {
  return new Set(found.chats.flatMap((chat) => chat.participants));
}

function Figure(props: { value: string; label: string }) {
  return (
    <div class="figure">
      <dt>{props.label}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}

function DateOrder(props: { found: Found; onFlip: (order: DateOrder) => void }) {
  const order = props.found.dateOrder;
  if (!order || order.certain || order.order === "year-first") return null;
  const other: DateOrder = order.order === "day-month" ? "month-day" : "day-month";
  return (
    <Notice tone="info" title={t("found.order_title")}>
      <p>{t("found.order_text", { order: t(ORDERS[order.order]) })}</p>
      <p class="notice-actions">
        <Button onClick={() => props.onFlip(other)}>{t("found.order_flip", { order: t(ORDERS[other]) })}</Button>
      </p>
    </Notice>
  );
}

export function FoundSummary(props: { found: Found; onFlip: (order: DateOrder) => void }) {
  const { found } = props;
  const [all, setAll] = useState(false);
  const unknown = Object.values(found.unknown).reduce((sum, count) => sum + count, 0);
  const size = found.files.reduce((sum, file) => sum + file.size, 0);
  return (
    <div class="found">
      <p class="found-source">
        <strong>{found.sourceLabel}</strong>{" "}
        <span class="soft">{formatSpan(found.first, found.last)}</span>
      </p>
      <dl class="figures">
        <Figure value={formatNumber(found.chats.length)} label={t("found.chats")} />
        <Figure value={formatNumber(found.messages)} label={t("found.messages")} />
        <Figure value={formatNumber(found.media)} label={t("found.media")} />
        <Figure value={formatNumber(peopleIn(found).size)} label={t("found.people")} />
        <Figure value={formatBytes(size)} label={t("found.size")} />
      </dl>
      <DateOrder found={found} onFlip={props.onFlip} />
      {found.missingMedia > 0 && (
        <Notice tone="warn" title={t("found.missing_title", { count: found.missingMedia })}>
          <p>{t("found.missing_text")}</p>
        </Notice>
      )}
      {unknown > 0 && (
        <Notice tone="info" title={t("found.unknown_title", { count: unknown })}>
          <p>{t("found.unknown_text")}</p>
          <details class="how">
            <summary>{t("unknown.which")}</summary>
            <UnknownList rows={unknownRows(found.unknown)} />
          </details>
        </Notice>
      )}
      <FoundOrigins origins={found.origins} />
      <h2>{t("found.chats_title")}</h2>
      <ul class="rows">
        {found.chats.slice(0, all ? found.chats.length : FIRST_CHATS).map((chat, place) => (
          <li key={place} class="row">
            <div class="row-main">
              <strong dir="auto">{chat.name}</strong>
              <span class="soft" dir="auto">
                {formatList(chat.participants.slice(0, MOST_NAMES))}
              </span>
            </div>
            <div class="row-side soft">
              <span>{t("count.messages", { count: chat.messages })}</span>
              <span>{formatSpan(chat.first, chat.last)}</span>
            </div>
          </li>
        ))}
      </ul>
      {found.chats.length > FIRST_CHATS && !all && (
        <Button look="quiet" onClick={() => setAll(true)}>
          {t("statistics.show_all", { count: found.chats.length })}
        </Button>
      )}
      <details class="how">
        <summary>{t("found.files", { count: found.files.length })}</summary>
        <ul class="rows">
          {found.files.slice(0, MOST_FILES).map((file, place) => (
            <li key={place} class="row">
              <span class="row-main" dir="auto">
                {file.name}
              </span>
              <span class="row-side soft">{formatBytes(file.size)}</span>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
