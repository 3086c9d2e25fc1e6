/** The chats of a backup, latest first, found by name. */
import { useMemo, useState } from "preact/hooks";
import type { ChatRow } from "../engine/contract";
import { formatMessageDate, formatNumber, wallClock } from "../i18n/format";
import { t } from "../i18n/translate";
import { Icon } from "../components/icon";
import { kindName } from "./kinds";
import { senderColour } from "./sender_colour";

/** Fewer are seen at a glance. */
const FIND_FROM = 8;

function preview(chat: ChatRow): string {
  const what = chat.lastText || kindName(chat.lastKind);
  return chat.lastSender && chat.isGroup ? t("viewer.preview", { name: chat.lastSender, text: what }) : what;
}

const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** The chats whose name, or one of whose people, holds what was typed. */
export function chatsNamed(chats: readonly ChatRow[], typed: string): readonly ChatRow[] {
  const wanted = folded(typed.trim());
  return wanted ? chats.filter((chat) => [chat.name, ...chat.participants].some((name) => folded(name).includes(wanted))) : chats;
}

function Row(props: { chat: ChatRow; chosen: boolean; onChoose: () => void }) {
  const { chat } = props;
  return (
    <li>
      <button type="button" class="chat-row" aria-current={props.chosen ? "true" : undefined} onClick={props.onChoose}>
        <span class={`chat-face ${senderColour(chat.id)}`} aria-hidden="true">
          {chat.isGroup ? <Icon name="people" /> : [...chat.name][0]?.toUpperCase()}
        </span>
        <span class="chat-words">
          <span class="chat-top">
            <strong class="chat-name" dir="auto">
              {chat.name}
            </strong>
            {chat.last !== null && <span class="chat-date">{formatMessageDate(wallClock(chat.last, chat.floating))}</span>}
          </span>
          <span class="chat-bottom">
            <span class="chat-preview" dir="auto">
              {preview(chat)}
            </span>
            {chat.pinned && <span class="badge">{t("viewer.pinned")}</span>}
            {chat.archived && <span class="badge">{t("viewer.archived")}</span>}
            <span class="chat-count" title={t("count.messages", { count: chat.messages })}>
              {formatNumber(chat.messages)}
            </span>
          </span>
        </span>
      </button>
    </li>
  );
}

export function ChatList(props: { chats: ChatRow[]; chosen: number | null; onChoose: (chat: ChatRow) => void }) {
  const { chats } = props;
  const [typed, setTyped] = useState("");
  const shown = useMemo(() => chatsNamed(chats, typed), [chats, typed]);
  return (
    <>
      {chats.length >= FIND_FROM && (
        <div class="chat-find">
          <input
            class="input"
            type="search"
            value={typed}
            placeholder={t("viewer.find_chat")}
            aria-label={t("viewer.find_chat")}
            autocomplete="off"
            spellcheck={false}
            dir="auto"
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
      )}
      <ul class="chat-list" aria-label={t("viewer.chats")}>
        {shown.map((chat) => (
          <Row key={chat.id} chat={chat} chosen={chat.id === props.chosen} onChoose={() => props.onChoose(chat)} />
        ))}
      </ul>
      {shown.length === 0 && <p class="empty">{t("viewer.no_chat")}</p>}
    </>
  );
}
