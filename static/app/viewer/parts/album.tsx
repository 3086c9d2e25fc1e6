/** Pictures sent together, as one grid: at most four are shown, and how many more there are. */
import type { MessageRow } from "../../engine/contract";
import { t } from "../../i18n/translate";
import { Tile } from "../gallery/tile";
import type { LitMedium } from "../lightbox";
import type { Media } from "../use_media";

const SHOWN = 4;
const VISUAL: ReadonlySet<string> = new Set(["image", "video", "gif"]);

interface Pictured {
  message: MessageRow;
  media: Media;
}

/** What stands in a message's bubble as a grid, in the order of time: itself where it is a picture, and its album. */
export function pictured(message: MessageRow): Pictured[] {
  const { tiles } = message.details;
  if (!tiles) return [];
  const own = VISUAL.has(message.kind) ? [message] : [];
  return [...own, ...tiles].flatMap((one) => (one.media ? [{ message: one, media: one.media }] : []));
}

export function AlbumGrid(props: {
  of: Pictured[];
  /** The message that was looked for. */
  found: number | null;
  wall: (ms: number) => number;
  onOpen: (entries: LitMedium[], at: number) => void;
}) {
  const { of, wall } = props;
  const more = of.length - SHOWN;
  // Newest first, as everywhere where one looks through media.
  const open = (at: number) => props.onOpen(of.map(({ message, media }) => ({ media, message: message.id })).reverse(), of.length - 1 - at);
  const shown = of.slice(0, SHOWN);
  const last = shown.length - 1;
  const foundAt = of.findIndex(({ message }) => message.id === props.found);
  return (
    <div class={`album album-of-${shown.length}`} role="group" aria-label={t("album.label", { count: of.length })}>
      {shown.map(({ message, media }, at) => (
        <div key={message.id} class={at === Math.min(foundAt, last) ? "album-found" : undefined}>
          <Tile media={media} when={wall(message.timestamp ?? 0)} more={at === last && more > 0 ? more : 0} onOpen={() => open(at)} />
        </div>
      ))}
    </div>
  );
}
