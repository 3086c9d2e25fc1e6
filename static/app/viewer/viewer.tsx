/** Reading an opened backup: chats on one side, messages on the other; on a phone one after the other. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { Button } from "../components/button";
import { Dialog } from "../components/dialog";
import { FilesPanel } from "../components/files_panel";
import { Icon } from "../components/icon";
import type { ChatRow, OpenedSnapshot } from "../engine/contract";
import { t } from "../i18n/translate";
import { Link, navigate, paths, useAddress } from "../router";
import type { BubbleContext } from "./bubble";
import { ChatList } from "./chat_list";
import { ChatPane } from "./chat_pane";
import { Lightbox } from "./lightbox";
import type { Target } from "./message_list";
import { useSearch } from "./search";
import { SearchPanel } from "./search_panel";
import { guessSelf } from "./self";
import type { Media } from "./use_media";

type Searching = "no" | "chat" | "everywhere";

function typing(event: KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
}

export function Viewer(props: { safe: string; opened: OpenedSnapshot; chats: ChatRow[] }) {
  const { safe, opened, chats } = props;
  const { pathname, fragment } = useAddress();
  const chosen = chats.find((chat) => `chat-${chat.id}` === fragment) ?? null;
  const [searching, setSearching] = useState<Searching>("no");
  const [showingFiles, setShowingFiles] = useState(false);
  const [lit, setLit] = useState<Media | null>(null);
  const [target, setTarget] = useState<{ chat: number; to: Target } | null>(null);
  const [selves, setSelves] = useState<ReadonlyMap<number, string | null>>(new Map());
  const scope = searching === "chat" && chosen ? chosen : null;
  const { search, ask, goTo } = useSearch(scope?.id ?? null);

  const address = (chat: ChatRow | null) => (chat ? `${pathname}#chat-${chat.id}` : pathname);

  useEffect(() => {
    document.title = t("page.title", { title: t("read.title") });
    const only = chats.length === 1 ? chats[0] : undefined;
    if (only && !fragment) navigate(address(only), { replace: true });
  }, []);

  useEffect(() => {
    const keyed = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]")) return;
      if (event.key === "/" && !typing(event) && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        setSearching(chosen ? "chat" : "everywhere");
      } else if (event.key === "Escape" && searching !== "no") setSearching("no");
      else if (event.key === "Escape" && chosen) navigate(address(null));
    };
    addEventListener("keydown", keyed);
    return () => removeEventListener("keydown", keyed);
  }, [chosen, searching, pathname]);

  const hit = search.at >= 0 ? search.hits[search.at] : undefined;
  const self = chosen ? (selves.has(chosen.id) ? (selves.get(chosen.id) ?? null) : guessSelf(chosen)) : null;
  const context = useMemo<BubbleContext | null>(
    () =>
      chosen && {
        chatMessages: chosen.messages,
        isGroup: chosen.isGroup,
        self,
        found: hit && searching !== "no" ? { id: hit.message.id, highlights: hit.highlights } : null,
        onOpen: setLit,
      },
    [chosen?.id, self, hit, searching],
  );

  function showHit(index: number) {
    goTo(index);
    const message = search.hits[index]?.message;
    const chat = chats.find((candidate) => candidate.id === message?.chat);
    if (!message || !chat) return;
    setTarget({ chat: chat.id, to: { position: message.position } });
    navigate(address(chat));
    // On a phone the keyboard would cover the message that was found.
    if (matchMedia("(pointer: coarse)").matches && document.activeElement instanceof HTMLElement) document.activeElement.blur();
  }

  return (
    <main id="main" class={`viewer${chosen ? " viewer-chat" : ""}${searching === "no" ? "" : " viewer-searching"}`}>
      <h1 class="visually-hidden">{t("read.title")}</h1>
      <aside class="viewer-side" aria-label={t("viewer.chats")}>
        <header class="side-head">
          <Link to={paths.safe(safe)} class="button button-quiet button-icon" label={t("viewer.leave")}>
            <Icon name="back" />
          </Link>
          <h2 class="side-title">{t("viewer.title")}</h2>
          <Button icon="folder" look="quiet" label={t("files.title")} onClick={() => setShowingFiles(true)} />
          <Button icon="search" look="quiet" label={t("search.everywhere")} onClick={() => setSearching("everywhere")} />
        </header>
        <p class="side-counts">
          <span>{t("count.chats", { count: opened.counts.chats })}</span>
          <span>{t("count.messages", { count: opened.counts.messages })}</span>
          <span>{t("count.media", { count: opened.counts.media })}</span>
        </p>
        <ChatList
          chats={chats}
          chosen={chosen?.id ?? null}
          onChoose={(chat) => {
            setTarget(null);
            navigate(address(chat));
          }}
        />
      </aside>
      {searching !== "no" && (
        <SearchPanel
          key={scope?.id ?? "everywhere"}
          chat={scope}
          search={search}
          onAsk={ask}
          onGo={showHit}
          onEverywhere={scope && chats.length > 1 ? () => setSearching("everywhere") : null}
          onClose={() => setSearching("no")}
        />
      )}
      {chosen && context ? (
        <ChatPane
          chat={chosen}
          context={context}
          target={target?.chat === chosen.id ? target.to : null}
          onSelf={(name) => setSelves(new Map(selves).set(chosen.id, name))}
          onBack={() => navigate(address(null))}
          onSearch={() => setSearching("chat")}
          onGo={(position) => setTarget({ chat: chosen.id, to: { position } })}
        />
      ) : (
        <div class="viewer-empty">
          <p>{t("viewer.choose")}</p>
        </div>
      )}
      {showingFiles && (
        <Dialog title={t("files.title")} onClose={() => setShowingFiles(false)}>
          <FilesPanel files={opened.files} />
        </Dialog>
      )}
      {lit && <Lightbox media={lit} onClose={() => setLit(null)} />}
    </main>
  );
}
