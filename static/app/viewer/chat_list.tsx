/** The chats of a backup, latest first. */
import type { ChatRow } from "../engine/contract";
import { formatMessageDate, formatNumber } from "../i18n/format";
import { t } from "../i18n/translate";
import { Icon } from "../components/icon";
import { kindName } from "./media";

const WORDED: ReadonlySet<string> = new Set(["text", "system"]);

function preview(chat: ChatRow): string {
  const what = chat.lastText && WORDED.has(chat.lastKind) ? chat.lastText : chat.lastText || kindName(chat.lastKind);
  return chat.lastSender && chat.isGroup ? t("viewer.preview", { name: chat.lastSender, text: what }) : what;
}

export function ChatList(props: { chats: ChatRow[]; chosen: number | null; onChoose: (chat: ChatRow) => void }) {
  return (
    <ul class="chat-list" aria-label={t("viewer.chats")}>
      {props.chats.map((chat) => (
        <li key={chat.id}>
          <button
            type="button"
            class="chat-row"
            aria-current={chat.id === props.chosen ? "true" : undefined}
            onClick={() => props.onChoose(chat)}
          >
            <span class={`chat-face sender-${chat.id % 8}`} aria-hidden="true">
              {chat.isGroup ? <Icon name="people" /> : [...chat.name][0]?.toUpperCase()}
            </span>
            <span class="chat-words">
              <span class="chat-top">
                <strong class="chat-name" dir="auto">
                  {chat.name}
                </strong>
                {chat.last !== null && <span class="chat-date">{formatMessageDate(chat.last)}</span>}
              </span>
              <span class="chat-bottom">
                <span class="chat-preview" dir="auto">
                  {preview(chat)}
                </span>
                <span class="chat-count" title={t("count.messages", { count: chat.messages })}>
                  {formatNumber(chat.messages)}
                </span>
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
