/** One chat: its head with the tools, and its messages. */
import { useState } from "preact/hooks";
import { Button } from "../components/button";
import type { ChatRow } from "../engine/contract";
import { formatList } from "../i18n/format";
import { t } from "../i18n/translate";
import type { BubbleContext } from "./bubble";
import { ChatInfo } from "./chat_info";
import { DateJump } from "./date_jump";
import { MessageList, type Target } from "./message_list";

const NAMED = 6;

function people(chat: ChatRow): string {
  const shown = chat.participants.slice(0, NAMED);
  const more = chat.participants.length - shown.length;
  return formatList(more > 0 ? [...shown, t("viewer.more_people", { count: more })] : shown);
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
  const [asking, setAsking] = useState<"date" | "about" | null>(null);
  return (
    <section class="chat-pane" aria-label={chat.name}>
      <header class="chat-head">
        <span class="only-phone">
          <Button icon="back" look="quiet" label={t("viewer.back_to_chats")} onClick={props.onBack} />
        </span>
        <h2 class="chat-head-words">
          <button type="button" class="chat-about" title={t("viewer.about")} onClick={() => setAsking("about")}>
            <span class="chat-title" dir="auto">
              {chat.name}
            </span>
            <span class="chat-people" dir="auto">
              {people(chat)}
            </span>
          </button>
        </h2>
        {chat.first !== null && (
          <Button icon="calendar" look="quiet" label={t("date.title")} onClick={() => setAsking("date")} />
        )}
        <Button icon="search" look="quiet" label={t("search.in_this_chat")} onClick={props.onSearch} />
      </header>
      <MessageList key={chat.id} chat={chat} context={props.context} target={props.target} />
      {asking === "date" && (
        <DateJump
          chat={chat}
          onClose={() => setAsking(null)}
          onGo={(position) => {
            setAsking(null);
            props.onGo(position);
          }}
        />
      )}
      {asking === "about" && (
        <ChatInfo chat={chat} self={props.context.self} onSelf={props.onSelf} onClose={() => setAsking(null)} />
      )}
    </section>
  );
}
