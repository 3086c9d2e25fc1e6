/** A chat: who is in it, from when to when, which of them is the reader, and which files it came from. */
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../components/dialog";
import { formatSpan } from "../components/found_summary";
import { ErrorNotice } from "../components/notice";
import { Waiting } from "../components/progress";
import { engine } from "../engine/client";
import type { ChatRow, EngineError, OriginRow, ParticipantRow } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { formatMessageDate, wallClock } from "../i18n/format";
import { t, type Key } from "../i18n/translate";
import { Origins } from "./origins";

const RANKS: Record<string, Key> = { admin: "person.admin", owner: "person.owner" };

/** A name that its owner chose, and nobody saved, is marked as in the app. */
function shownName(person: Pick<ParticipantRow, "name" | "nameSource" | "phone">): string {
  if (!person.name) return person.phone || t("message.somebody");
  return person.nameSource === "pushed" ? `~${person.name}` : person.name;
}

function Person(props: { person: ParticipantRow; wall: (ms: number) => number }) {
  const { person, wall } = props;
  const rank = RANKS[person.rank];
  return (
    <li class="row">
      <span class="row-main">
        <span dir="auto">{shownName(person)}</span>
        {person.phone && person.phone !== person.name && (
          <small class="soft" dir="ltr">
            {person.phone}
          </small>
        )}
      </span>
      <span class="row-side soft">
        {rank && <span class="badge">{t(rank)}</span>}
        <span>{t("count.messages", { count: person.messages })}</span>
        {person.left !== null && <span>{t("person.left", { date: formatMessageDate(wall(person.left)) })}</span>}
      </span>
    </li>
  );
}

export function ChatInfo(props: {
  chat: ChatRow;
  self: string | null;
  onSelf: (self: string | null) => void;
  onClose: () => void;
}) {
  const { chat } = props;
  const [people, setPeople] = useState<ParticipantRow[] | null>(null);
  const [origins, setOrigins] = useState<OriginRow[]>([]);
  const [error, setError] = useState<EngineError | null>(null);
  const wall = (ms: number) => wallClock(ms, chat.floating);
  useEffect(() => {
    const failed = (thrown: unknown) => setError(asEngineError(thrown));
    engine.participants(chat.id).then(setPeople, failed);
    engine.origins(chat.id).then(setOrigins, failed);
  }, [chat.id]);
  return (
    <Dialog title={chat.name} onClose={props.onClose}>
      <p class="dotted soft">
        <span>{t("count.messages", { count: chat.messages })}</span>
        <span>{t("count.media", { count: chat.media })}</span>
        <span>{formatSpan(chat.first === null ? null : wall(chat.first), chat.last === null ? null : wall(chat.last))}</span>
      </p>
      {chat.description && <p dir="auto">{chat.description}</p>}
      {chat.created !== null && <p class="soft">{t("viewer.created", { date: formatMessageDate(wall(chat.created)) })}</p>}
      {chat.owner === null && (
        <label class="field">
          <span class="field-label">{t("viewer.who")}</span>
          <select class="input" value={props.self ?? ""} onChange={(event) => props.onSelf(event.currentTarget.value || null)}>
            <option value="">{t("viewer.nobody")}</option>
            {chat.participants.map((name, place) => (
              <option key={place} value={name}>
                {name}
              </option>
            ))}
          </select>
          <span class="field-help">{t("viewer.who_hint")}</span>
        </label>
      )}
      <ErrorNotice error={error} />
      {!people && !error && <Waiting />}
      {people && (
        <>
          <h3>{t("count.people", { count: people.length })}</h3>
          <ul class="rows">
            {people.map((person) => (
              <Person key={person.index} person={person} wall={wall} />
            ))}
          </ul>
        </>
      )}
      <Origins rows={origins.filter((row) => row.messages > 0)} />
    </Dialog>
  );
}
