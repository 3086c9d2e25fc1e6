/** One medium in the gallery. Its bytes are fetched while it is near the screen, and let go of when it is far. */
import { useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import { formatBytes, formatLength, formatMessageDate } from "../../i18n/format";
import { t } from "../../i18n/translate";
import { kindIcon, kindName } from "../kinds";
import { shownAs } from "../media_type";
import { useMedia, useNear, useThumbnail, type Media } from "../use_media";

/** Larger pictures are shown in the grid only by the small picture the app kept. */
const LARGEST_BYTES = 20_000_000;

export function Tile(props: {
  media: Media;
  when: number;
  /** How many more it stands for. */
  more?: number;
  onOpen: () => void;
}) {
  const { media, when, more = 0 } = props;
  const [near, ref] = useNear(false);
  const [broken, setBroken] = useState(false);
  const picture = media.present && shownAs(media.mime) === "image" && (media.size ?? 0) <= LARGEST_BYTES;
  const loaded = useMedia(media, near && picture);
  const small = useThumbnail(media, near && !picture);
  const address = loaded.address ?? small;
  const own = t("gallery.tile", { kind: kindName(media.kind), name: media.name, date: formatMessageDate(when) });
  const name = more > 0 ? t("album.and_more", { name: own, count: more }) : own;
  const visual = picture || media.kind === "video" || media.kind === "gif" || media.kind === "image" || media.kind === "sticker";
  if (!visual) {
    return (
      <button type="button" class="tile-row" ref={ref} aria-label={name} onClick={props.onOpen}>
        <Icon name={kindIcon(media.kind)} />
        <span class="media-text">
          <span dir="auto">{media.name || kindName(media.kind)}</span>
          <small class="dotted">
            <span>{formatMessageDate(when)}</span>
            {media.duration !== null && <span>{formatLength(media.duration)}</span>}
            {media.size !== null && <span>{formatBytes(media.size)}</span>}
            {!media.present && <span>{t("media.missing")}</span>}
          </small>
        </span>
      </button>
    );
  }
  return (
    <button type="button" class="tile" ref={ref} aria-label={name} onClick={props.onOpen}>
      {address && !broken ? (
        <img src={address} alt="" decoding="async" onError={() => setBroken(true)} />
      ) : (
        <Icon name={kindIcon(media.kind)} />
      )}
      {media.kind === "video" && media.present && (
        <span class="tile-length">
          <Icon name="play" />
          {media.duration !== null && formatLength(media.duration)}
        </span>
      )}
      {!media.present && <span class="tile-gone">{t("media.missing")}</span>}
      {more > 0 && <span class="tile-more">{t("album.more", { number: more })}</span>}
    </button>
  );
}
