/** One chat: its head with the tools, and its messages. */
import { useState } from "preact/hooks";
import { Button } from "../components/button";
import type { ChatRow } from "../engine/contract";
import { formatList } from "../i18n/format";
import { t } from "../i18n/translate";
import type { BubbleContext } from "./bubble";
import { DateJump } from "./date_jump";
import { MessageList, type Target } from "./message_list";

const NAMED = 6;

function people(chat: ChatRow): string {
  const shown = chat.participants.slice(0, NAMED);
  const more = chat.participants.length - shown.length;
  return formatList(more > 0 ? [...shown, t("viewer.more_people", { count: more })] : shown);
}

function WhoAmI(props: { chat: ChatRow; self: string | null; onChange: (self: string | null) => void }) {
  return (
    <label class="who">
      <span class="who-label">{t("viewer.who")}</span>
      <select
        class="input"
        value={props.self ?? ""}
        onChange={(event) => props.onChange(event.currentTarget.value || null)}
      >
        <option value="">{t("viewer.nobody")}</option>
        {props.chat.participants.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

export function ChatPane(props: {
  chat: ChatRow;
  context: BubbleContext;
  target: Target | null;
  onSelf: (self: string | null) => void;
  onBack: () => void;
  onSearch: () => void;
  onGo: (position: number) => void;
}) {
  const { chat } = props;
  const [choosingDate, setChoosingDate] = useState(false);
  return (
    <section class="chat-pane" aria-label={chat.name}>
      <header class="chat-head">
        <span class="only-phone">
          <Button icon="back" look="quiet" label={t("viewer.back_to_chats")} onClick={props.onBack} />
        </span>
        <div class="chat-head-words">
          <h2 class="chat-title" dir="auto">
            {chat.name}
          </h2>
          <p class="chat-people" dir="auto">
            {people(chat)}
          </p>
        </div>
        <WhoAmI chat={chat} self={props.context.self} onChange={props.onSelf} />
        {chat.first !== null && (
          <Button icon="calendar" look="quiet" label={t("date.title")} onClick={() => setChoosingDate(true)} />
        )}
        <Button icon="search" look="quiet" label={t("search.in_this_chat")} onClick={props.onSearch} />
      </header>
      <MessageList key={chat.id} chat={chat} context={props.context} target={props.target} />
      {choosingDate && (
        <DateJump
          chat={chat}
          onClose={() => setChoosingDate(false)}
          onGo={(position) => {
            setChoosingDate(false);
            props.onGo(position);
          }}
        />
      )}
    </section>
  );
}
