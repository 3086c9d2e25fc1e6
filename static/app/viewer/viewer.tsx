/** Reading an opened backup: chats on one side, messages on the other; on a phone one after the other. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { ChatRow, OpenedSnapshot } from "../engine/contract";
import { wallClock } from "../i18n/format";
import { t } from "../i18n/translate";
import { navigate, useAddress } from "../router";
import type { BubbleContext } from "./bubble";
import { ChatInfo } from "./chat_info";
import { ChatPane } from "./chat_pane";
import { DateJump } from "./date_jump";
import { ExportDialog } from "./export/export_dialog";
import { PrintChat, type PrintJob } from "./export/print_chat";
import { GalleryPane } from "./gallery/gallery_pane";
import { Lightbox } from "./lightbox";
import type { Target } from "./message_list";
import { fragmentOf, placeOfFragment, type Pane } from "./place";
import { useSearch } from "./search";
import { SearchPanel } from "./search_panel";
import { guessSelf } from "./self";
import type { Action } from "./shortcuts";
import { ShortcutsDialog } from "./shortcuts_dialog";
import { Side } from "./side";
import { SourceInfo } from "./source_info";
import { spanOf } from "./span";
import { StatisticsPane } from "./statistics/statistics_pane";
import { useLit } from "./use_lit";
import { useOrigins } from "./use_origins";
import { usePrintKey, useShortcuts } from "./use_shortcuts";

type Searching = "no" | "chat" | "everywhere";
type Asking = "date" | "about" | "export" | "pdf" | "keys" | "files" | PrintJob | null;

export function Viewer(props: {
  opened: OpenedSnapshot;
  chats: ChatRow[];
  /** Files of this device, which are in no safe. */
  local: boolean;
  onLeave: () => void;
  /** To back up what is seen; null where it is backed up. */
  onKeep: (() => void) | null;
}) {
  const { opened, chats } = props;
  const { pathname, fragment } = useAddress();
  const place = placeOfFragment(fragment);
  const chosen = chats.find((chat) => chat.id === place.chat) ?? null;
  const [searching, setSearching] = useState<Searching>("no");
  const [asking, setAsking] = useState<Asking>(null);
  const [keysOn, setKeysOn] = useState(true);
  const [target, setTarget] = useState<{ chat: number; to: Target } | null>(null);
  const [jumped, setJumped] = useState<number | null>(null);
  const [selves, setSelves] = useState<ReadonlyMap<number, string | null>>(new Map());
  const lit = useLit();
  const origins = useOrigins(chosen);
  const scope = searching === "chat" && chosen ? chosen : null;
  const floatingAll = chats.every((chat) => chat.floating);
  const { search, ask, narrow, goTo, loadOlder } = useSearch(scope?.id ?? null, scope ? scope.floating : floatingAll);

  const go = (chat: number | null, pane: Pane = "messages", replace = false) => {
    const fragment = fragmentOf({ chat, pane });
    navigate(fragment ? `${pathname}#${fragment}` : pathname, { replace });
  };
  const show = (chat: number, position: number) => {
    setTarget({ chat, to: { position } });
    go(chat);
  };
  async function jump(message: number) {
    const found = await engine.placeOf(message).catch(() => null);
    if (!found) return;
    setJumped(message);
    show(found.chat, found.position);
  }

  useEffect(() => {
    document.title = t("page.title", { title: t("read.title") });
    const only = chats.length === 1 ? chats[0] : undefined;
    if (only && !fragment) go(only.id, "messages", true);
  }, []);

  function step(by: number) {
    const from = chats.findIndex((chat) => chat.id === chosen?.id);
    const next = chats[from < 0 ? 0 : from + by];
    if (next) go(next.id);
  }

  function act(action: Action): void {
    const chat = chosen?.id ?? null;
    const acts: Record<Action, () => void> = {
      search: () => setSearching(chosen ? "chat" : "everywhere"),
      search_all: () => setSearching("everywhere"),
      help: () => setAsking("keys"),
      date: () => chosen?.first != null && setAsking("date"),
      media: () => go(chat, "media"),
      statistics: () => go(chat, "statistics"),
      about: () => setAsking(chosen ? "about" : "files"),
      export: () => setAsking("export"),
      previous_chat: () => step(-1),
      next_chat: () => step(1),
    };
    acts[action]();
  }
  useShortcuts(keysOn, act, () => {
    if (searching !== "no") setSearching("no");
    else if (place.pane !== "messages") go(chosen?.id ?? null);
    else if (chosen) go(null);
  });

  usePrintKey(chosen !== null && place.pane === "messages", () => setAsking("pdf"));

  const hit = search.at >= 0 ? search.hits[search.at] : undefined;
  const self = chosen ? (selves.has(chosen.id) ? (selves.get(chosen.id) ?? null) : guessSelf(chosen)) : null;
  const wallOf = (id: number | null) => {
    const chat = chats.find((candidate) => candidate.id === id);
    return (ms: number) => wallClock(ms, chat ? chat.floating : floatingAll);
  };
  const context = useMemo<BubbleContext | null>(
    () =>
      chosen && {
        chatMessages: chosen.messages,
        isGroup: chosen.isGroup,
        self,
        found:
          hit && searching !== "no"
            ? { id: hit.message.id, highlights: hit.highlights }
            : jumped !== null
              ? { id: jumped, highlights: [] }
              : null,
        wall: wallOf(chosen.id),
        origins,
        onOpen: (media) => lit.openOne([{ media, message: null }], 0, chosen.id),
        onOpenAmong: (entries, at) => lit.openOne(entries, at, chosen.id),
        onJump: (message) => void jump(message),
      },
    [chosen?.id, self, hit, searching, jumped, origins],
  );

  function showHit(index: number) {
    goTo(index);
    const message = search.hits[index]?.message;
    if (!message) return;
    show(message.chat, message.position);
    // On a phone the keyboard would cover the message that was found.
    if (matchMedia("(pointer: coarse)").matches && document.activeElement instanceof HTMLElement) document.activeElement.blur();
  }

  const close = () => setAsking(null);
  const paneIs = place.pane !== "messages" || chosen !== null;
  return (
    <main id="main" class={`viewer${paneIs ? " viewer-chat" : ""}${searching === "no" ? "" : " viewer-searching"}`}>
      <h1 class="visually-hidden">{t("read.title")}</h1>
      <Side
        opened={opened}
        chats={chats}
        chosen={chosen?.id ?? null}
        local={props.local}
        onLeave={props.onLeave}
        onKeep={props.onKeep}
        onAction={act}
        onFiles={() => setAsking("files")}
        onMedia={() => go(null, "media")}
        onStatistics={() => go(null, "statistics")}
        onChoose={(chat) => {
          setTarget(null);
          setJumped(null);
          go(chat.id);
        }}
      />
      {searching !== "no" && (
        <SearchPanel
          key={scope?.id ?? "everywhere"}
          chat={scope}
          search={search}
          wallOf={wallOf}
          onAsk={ask}
          onNarrow={narrow}
          onOlder={loadOlder}
          onGo={showHit}
          onEverywhere={scope && chats.length > 1 ? () => setSearching("everywhere") : null}
          onClose={() => setSearching("no")}
        />
      )}
      {place.pane === "media" ? (
        <GalleryPane key={chosen?.id ?? "all"} chat={chosen} wall={wallOf(chosen?.id ?? null)} onOpen={lit.openAmong} onBack={() => go(chosen?.id ?? null)} />
      ) : place.pane === "statistics" ? (
        <StatisticsPane
          key={chosen?.id ?? "all"}
          chat={chosen}
          {...spanOf(chosen ? [chosen] : chats)}
          onBack={() => go(chosen?.id ?? null)}
        />
      ) : chosen && context ? (
        <ChatPane
          chat={chosen}
          context={context}
          target={target?.chat === chosen.id ? target.to : null}
          onBack={() => go(null)}
          onAbout={() => setAsking("about")}
          onDate={() => setAsking("date")}
          onMedia={() => go(chosen.id, "media")}
          onStatistics={() => go(chosen.id, "statistics")}
          onExport={() => setAsking("export")}
          onSearch={() => setSearching("chat")}
        />
      ) : (
        <div class="viewer-empty">
          <p>{chats.length > 0 ? t("viewer.choose") : t("viewer.nothing")}</p>
        </div>
      )}
      {asking === "files" && <SourceInfo opened={opened} local={props.local} onClose={close} />}
      {asking === "keys" && <ShortcutsDialog on={keysOn} onSwitch={setKeysOn} onClose={close} />}
      {(asking === "export" || asking === "pdf") && (
        <ExportDialog chat={chosen} chats={chats} self={self} form={asking === "pdf" ? "pdf" : "html"} onPrint={setAsking} onClose={close} />
      )}
      {asking === "date" && chosen && (
        <DateJump
          chat={chosen}
          onClose={close}
          onGo={(position) => {
            close();
            show(chosen.id, position);
          }}
        />
      )}
      {asking === "about" && chosen && (
        <ChatInfo chat={chosen} self={self} onSelf={(name) => setSelves(new Map(selves).set(chosen.id, name))} onClose={close} />
      )}
      {asking !== null && typeof asking === "object" && <PrintChat job={asking} onClose={close} />}
      {lit.lit && (
        <Lightbox
          lit={lit.lit}
          onNewer={lit.newer}
          onOlder={lit.older}
          onJump={(message) => {
            lit.close();
            void jump(message);
          }}
          onClose={lit.close}
        />
      )}
    </main>
  );
}
