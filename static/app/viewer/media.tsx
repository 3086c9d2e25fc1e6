/** A message's picture, video, sound or file. Pictures load when they come near, everything else when asked for. */
import { useState } from "preact/hooks";
import { Button } from "../components/button";
import { Icon } from "../components/icon";
import { engine } from "../engine/client";
import type { MessageRow } from "../engine/contract";
import { asEngineError, wording } from "../engine/failures";
import { saveBlob } from "../files/save";
import { formatBytes, formatLength } from "../i18n/format";
import { t } from "../i18n/translate";
import { kindIcon, kindName } from "./kinds";
import { shownAs } from "./media_type";
import { useMedia, useNear, useThumbnail, type Media } from "./use_media";

/** Named in the chat, not in the backup: the small picture that the app kept, where there is one, stands for it. */
function MissingCard(props: { media: Media; kind: string }) {
  const [near, ref] = useNear();
  const small = useThumbnail(props.media, near);
  const [broken, setBroken] = useState(false);
  return (
    <div class="media-card media-missing" ref={ref}>
      {small && !broken ? <img class="media-small" src={small} alt="" onError={() => setBroken(true)} /> : <Icon name={kindIcon(props.kind)} />}
      <span class="media-text">
        <span dir="auto">{props.media.name || kindName(props.kind)}</span>
        <small>{t("media.missing")}</small>
      </span>
    </div>
  );
}

function DownloadCard(props: { media: Media }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      saveBlob(await engine.media(props.media.id), props.media.name);
    } catch (thrown) {
      const { message, next } = wording(asEngineError(thrown));
      setProblem(`${message} ${next}`);
    } finally {
      setBusy(false);
    }
  }
  return (
    <div class="media-card">
      <Icon name="file" />
      <span class="media-text">
        <span dir="auto">{props.media.name}</span>
        {props.media.size !== null && <small>{formatBytes(props.media.size)}</small>}
        {problem && <small role="alert">{problem}</small>}
      </span>
      <Button
        icon="download"
        look="quiet"
        busy={busy}
        label={t("files.download_name", { name: props.media.name })}
        onClick={() => void save()}
      />
    </div>
  );
}

function Failure(props: { loaded: ReturnType<typeof useMedia> }) {
  const { error, retry } = props.loaded;
  if (!error) return null;
  return (
    <span class="media-failure" role="alert">
      {wording(error).message}
      <Button look="quiet" onClick={retry}>
        {t("action.retry")}
      </Button>
    </span>
  );
}

function Picture(props: { media: Media; kind: string; onOpen: (media: Media) => void }) {
  const { media, kind } = props;
  const [near, ref] = useNear();
  const loaded = useMedia(media, near);
  const [broken, setBroken] = useState(false);
  if (broken) return <DownloadCard media={media} />;
  return (
    <div class={`media-frame${kind === "sticker" ? " media-sticker" : ""}`} ref={ref}>
      {loaded.address ? (
        <button
          type="button"
          class="media-open"
          aria-label={t("media.open", { name: media.name })}
          onClick={() => props.onOpen(media)}
        >
          <img src={loaded.address} alt="" decoding="async" onError={() => setBroken(true)} />
        </button>
      ) : (
        <span class="media-wait">
          {loaded.error ? <Failure loaded={loaded} /> : <Icon name="image" />}
        </span>
      )}
    </div>
  );
}

function Playable(props: { media: Media; kind: string; shown: "video" | "audio" }) {
  const { media, shown } = props;
  const [wanted, setWanted] = useState(false);
  const loaded = useMedia(media, wanted);
  if (loaded.address) {
    return shown === "video" ? (
      <div class="media-frame">
        {/* A message's own video: the export carries no captions. */}
        <video src={loaded.address} controls autoplay playsInline aria-label={media.name} />
      </div>
    ) : (
      <audio class="media-audio" src={loaded.address} controls autoplay aria-label={media.name} />
    );
  }
  return (
    <div class={shown === "video" ? "media-frame media-wait" : "media-card"}>
      {loaded.error ? (
        <Failure loaded={loaded} />
      ) : (
        <button
          type="button"
          class="media-play"
          aria-busy={wanted}
          aria-label={t("media.play", { name: media.name })}
          onClick={() => setWanted(true)}
        >
          {wanted ? <span class="spinner" aria-hidden="true" /> : <Icon name="play" />}
        </button>
      )}
      <span class="media-text">
        <span>{kindName(props.kind)}</span>
        <small class="dotted">
          {media.duration !== null && <span>{formatLength(media.duration)}</span>}
          {media.size !== null && <span>{formatBytes(media.size)}</span>}
        </small>
      </span>
    </div>
  );
}

export function MessageMedia(props: { message: MessageRow; media: Media; onOpen: (media: Media) => void }) {
  const { message, media } = props;
  if (!media.present) return <MissingCard media={media} kind={message.kind} />;
  const shown = shownAs(media.mime);
  if (shown === "image") return <Picture media={media} kind={message.kind} onOpen={props.onOpen} />;
  if (shown) return <Playable media={media} kind={message.kind} shown={shown} />;
  return <DownloadCard media={media} />;
}
