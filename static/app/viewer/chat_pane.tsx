/** One chat: its head with the tools, and its messages. */
import { Button } from "../components/button";
import type { ChatRow } from "../engine/contract";
import { formatList } from "../i18n/format";
import { t } from "../i18n/translate";
import type { BubbleContext } from "./bubble";
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
  onBack: () => void;
  onAbout: () => void;
  onDate: () => void;
  onMedia: () => void;
  onStatistics: () => void;
  onExport: () => void;
  onSearch: () => void;
}) {
  const { chat } = props;
  return (
    <section class="chat-pane" aria-label={chat.name}>
      <header class="chat-head">
        <span class="only-phone">
          <Button icon="back" look="quiet" label={t("viewer.back_to_chats")} onClick={props.onBack} />
        </span>
        <h2 class="chat-head-words">
          <button type="button" class="chat-about" title={t("viewer.about")} onClick={props.onAbout}>
            <span class="chat-title">
              <bdi>{chat.name}</bdi>
            </span>
            <span class="chat-people">
              <bdi>{people(chat)}</bdi>
            </span>
          </button>
        </h2>
        <span class="chat-tools">
          {chat.first !== null && <Button icon="calendar" look="quiet" label={t("date.title")} onClick={props.onDate} />}
          <Button icon="image" look="quiet" label={t("gallery.of_chat")} onClick={props.onMedia} />
          <Button icon="chart" look="quiet" label={t("statistics.of_chat")} onClick={props.onStatistics} />
          <Button icon="download" look="quiet" label={t("export.of_chat")} onClick={props.onExport} />
          <Button icon="search" look="quiet" label={t("search.in_this_chat")} onClick={props.onSearch} />
        </span>
      </header>
      <MessageList key={chat.id} chat={chat} context={props.context} target={props.target} />
    </section>
  );
}
