/** One medium, as large as the window; arrows lead to the next, and it can be kept. */
import { useEffect, useState } from "preact/hooks";
import { Button } from "../components/button";
import { Dialog } from "../components/dialog";
import { ErrorNotice } from "../components/notice";
import { Waiting } from "../components/progress";
import { saveBlob } from "../files/save";
import { t } from "../i18n/translate";
import { kindName } from "./kinds";
import { shownAs } from "./media_type";
import { useMedia, type Media } from "./use_media";

export interface LitMedium {
  media: Media;
  /** The message that shows it. */
  message: number | null;
}

function Shown(props: { media: Media; loaded: ReturnType<typeof useMedia> }) {
  const { media, loaded } = props;
  const [broken, setBroken] = useState(false);
  if (!media.present) return <p>{t("media.missing")}</p>;
  if (loaded.error) return <ErrorNotice error={loaded.error} onRetry={loaded.retry} />;
  if (!loaded.address) return <Waiting />;
  const shown = broken ? null : shownAs(media.mime);
  const fail = () => setBroken(true);
  if (shown === "image") return <img class="lightbox-image" src={loaded.address} alt={media.name} onError={fail} />;
  if (shown === "video") return <video class="lightbox-image" src={loaded.address} controls playsInline aria-label={media.name} onError={fail} />;
  if (shown === "audio") return <audio class="media-audio" src={loaded.address} controls aria-label={media.name} onError={fail} />;
  return <p>{t("media.only_download")}</p>;
}

export function Lightbox(props: {
  lit: LitMedium;
  /** Undefined where there is none. */
  onNewer: (() => void) | undefined;
  onOlder: (() => void) | undefined;
  onJump: (message: number) => void;
  onClose: () => void;
}) {
  const { media, message } = props.lit;
  const loaded = useMedia(media, true);
  const { blob } = loaded;

  useEffect(() => {
    const keyed = (event: KeyboardEvent) => {
      // A player has arrows of its own.
      if (event.target instanceof HTMLMediaElement) return;
      const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
      const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
      if (event.key === forward) props.onNewer?.();
      if (event.key === back) props.onOlder?.();
    };
    addEventListener("keydown", keyed);
    return () => removeEventListener("keydown", keyed);
  }, [props.onNewer, props.onOlder]);

  return (
    <Dialog
      look="full"
      title={media.name || kindName(media.kind)}
      onClose={props.onClose}
      actions={
        <>
          <Button icon="back" look="quiet" label={t("lightbox.older")} disabled={!props.onOlder} onClick={() => props.onOlder?.()} />
          <Button icon="forward" look="quiet" label={t("lightbox.newer")} disabled={!props.onNewer} onClick={() => props.onNewer?.()} />
          {message !== null && <Button icon="chat" look="quiet" label={t("lightbox.jump")} onClick={() => props.onJump(message)} />}
          <Button
            icon="download"
            look="quiet"
            disabled={!blob}
            label={t("files.download_name", { name: media.name })}
            onClick={() => blob && saveBlob(blob, media.name)}
          />
        </>
      }
    >
      <Shown key={media.id} media={media} loaded={loaded} />
    </Dialog>
  );
}
