/** The side with the chats: what is open, how much of it, and the tools for all of it. */
import { Button } from "../components/button";
import type { ChatRow, OpenedSnapshot } from "../engine/contract";
import { t } from "../i18n/translate";
import { ChatList } from "./chat_list";
import type { Action } from "./shortcuts";

export function Side(props: {
  opened: OpenedSnapshot;
  chats: ChatRow[];
  chosen: number | null;
  local: boolean;
  onLeave: () => void;
  onKeep: (() => void) | null;
  onAction: (action: Action) => void;
  onFiles: () => void;
  onMedia: () => void;
  onStatistics: () => void;
  onChoose: (chat: ChatRow) => void;
}) {
  const { counts } = props.opened;
  return (
    <aside class="viewer-side" aria-label={t("viewer.chats")}>
      <header class="side-head">
        <Button icon="back" look="quiet" label={props.local ? t("viewer.close") : t("viewer.leave")} onClick={props.onLeave} />
        <h2 class="side-title">{t("viewer.title")}</h2>
        <Button icon="keyboard" look="quiet" label={t("keys.title")} onClick={() => props.onAction("help")} />
        <Button icon="search" look="quiet" label={t("search.everywhere")} onClick={() => props.onAction("search_all")} />
      </header>
      <p class="side-counts">
        <span>{t("count.chats", { count: counts.chats })}</span>
        <span>{t("count.messages", { count: counts.messages })}</span>
        <span>{t("count.media", { count: counts.media })}</span>
      </p>
      <div class="side-tools">
        <Button icon="image" look="quiet" label={t("gallery.of_all")} onClick={props.onMedia} />
        <Button icon="chart" look="quiet" label={t("statistics.of_all")} onClick={props.onStatistics} />
        <Button icon="download" look="quiet" label={t("export.title")} onClick={() => props.onAction("export")} />
        <Button icon="folder" look="quiet" label={props.local ? t("origins.about") : t("files.title")} onClick={props.onFiles} />
        {props.onKeep && (
          <Button icon="upload" onClick={props.onKeep}>
            {t("open.keep")}
          </Button>
        )}
      </div>
      <ChatList chats={props.chats} chosen={props.chosen} onChoose={props.onChoose} />
    </aside>
  );
}
