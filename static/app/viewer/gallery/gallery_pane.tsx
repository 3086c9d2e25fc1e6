/** All pictures, videos, sounds and files of a chat or of all chats, by month. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../components/button";
import { ErrorNotice } from "../../components/notice";
import { Waiting } from "../../components/progress";
import type { GalleryPage } from "../../engine/contract";
import { formatMonth, formatNumber, monthNumber } from "../../i18n/format";
import { t, type Key } from "../../i18n/translate";
import type { LitMedium } from "../lightbox";
import { PaneHead } from "../pane_head";
import { Tile } from "./tile";
import { useGallery } from "./use_gallery";

const GROUPS: readonly [name: Key, kinds: readonly string[]][] = [
  ["gallery.pictures", ["image", "gif"]],
  ["gallery.videos", ["video"]],
  ["gallery.sounds", ["voice", "audio"]],
  ["gallery.files", ["document"]],
  ["gallery.stickers", ["sticker"]],
];

type Entry = GalleryPage["entries"][number];

/** Entries that follow each other in one month. */
function byMonth(entries: readonly Entry[], wall: (ms: number) => number): Entry[][] {
  const months: Entry[][] = [];
  for (const entry of entries) {
    const last = months.at(-1);
    if (last?.[0] && monthNumber(wall(last[0].timestamp)) === monthNumber(wall(entry.timestamp))) last.push(entry);
    else months.push([entry]);
  }
  return months;
}

/** Asks for more when the end comes near. */
function End(props: { onNear: () => void }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && props.onNear(), { rootMargin: "800px" });
    observer.observe(element.current);
    return () => observer.disconnect();
  });
  return <div ref={element} class="gallery-end" />;
}

export function GalleryPane(props: {
  chat: { id: number; name: string } | null;
  wall: (ms: number) => number;
  onOpen: (entries: LitMedium[], at: number) => void;
  onBack: () => void;
}) {
  const { chat, wall } = props;
  const [kinds, setKinds] = useState<readonly string[]>([]);
  const { entries, counts, more, error, loadMore } = useGallery(chat?.id ?? null, kinds);
  const groups = GROUPS.map(([name, of]) => ({ name, of, count: of.reduce((sum, kind) => sum + (counts?.[kind] ?? 0), 0) }));
  const total = Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
  let place = 0;
  return (
    <section class="chat-pane" aria-label={t("gallery.title")}>
      <PaneHead title={t("gallery.title")} of={chat?.name ?? t("viewer.all_chats")} onBack={props.onBack} />
      <div class="pane-scroll">
        <div class="chips" role="group" aria-label={t("gallery.kinds")}>
          <Button look="plain" pressed={kinds.length === 0} onClick={() => setKinds([])}>
            {t("gallery.chip", { name: t("gallery.all"), number: total })}
          </Button>
          {groups.filter(({ count }) => count > 0).map(({ name, of, count }) => (
            <Button key={name} look="plain" pressed={kinds === of} onClick={() => setKinds(of)}>
              {t("gallery.chip", { name: t(name), number: count })}
            </Button>
          ))}
        </div>
        <ErrorNotice error={error} onRetry={loadMore} />
        {counts === null && !error && <Waiting />}
        {counts !== null && entries.length === 0 && <p class="empty">{t("gallery.empty")}</p>}
        {byMonth(entries, wall).map((month) => (
          <section key={month[0]?.message} class="gallery-month">
            <h3>{formatMonth(wall(month[0]?.timestamp ?? 0))}</h3>
            <ul class="tiles">
              {month.map((entry) => {
                const at = place++;
                return (
                  <li key={`${entry.message}-${entry.media.id}`} class={`tile-of-${entry.media.kind}`}>
                    <Tile media={entry.media} when={wall(entry.timestamp)} onOpen={() => props.onOpen(entries, at)} />
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
        {more && <End onNear={loadMore} />}
        {counts !== null && !more && entries.length > 0 && (
          <p class="soft gallery-count">{t("gallery.shown", { count: entries.length, all: formatNumber(total) })}</p>
        )}
      </div>
    </section>
  );
}

