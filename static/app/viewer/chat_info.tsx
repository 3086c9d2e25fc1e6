/** Who is in a chat, from when to when, and which of them is the reader. */
import { Dialog } from "../components/dialog";
import { formatSpan } from "../components/found_summary";
import type { ChatRow } from "../engine/contract";
import { t } from "../i18n/translate";
import { ExportPanel } from "./export_panel";

export function ChatInfo(props: {
  chat: ChatRow;
  self: string | null;
  onSelf: (self: string | null) => void;
  onClose: () => void;
}) {
  const { chat } = props;
  return (
    <Dialog title={chat.name} onClose={props.onClose}>
      <p class="dotted soft">
        <span>{t("count.messages", { count: chat.messages })}</span>
        <span>{t("count.media", { count: chat.media })}</span>
        <span>{formatSpan(chat.first, chat.last)}</span>
      </p>
      <label class="field">
        <span class="field-label">{t("viewer.who")}</span>
        <select
          class="input"
          value={props.self ?? ""}
          onChange={(event) => props.onSelf(event.currentTarget.value || null)}
        >
          <option value="">{t("viewer.nobody")}</option>
          {chat.participants.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <span class="field-help">{t("viewer.who_hint")}</span>
      </label>
      <h3>{t("count.people", { count: chat.participants.length })}</h3>
      <ul class="rows">
        {chat.participants.map((name) => (
          <li key={name} class="row" dir="auto">
            {name}
          </li>
        ))}
      </ul>
      <ExportPanel chats={[chat.id]} first={chat.first} last={chat.last} />
    </Dialog>
  );
}
