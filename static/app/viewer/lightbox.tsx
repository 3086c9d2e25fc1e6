/** A picture alone, as large as the window, with a way to keep it. */
import { Button } from "../components/button";
import { Dialog } from "../components/dialog";
import { ErrorNotice } from "../components/notice";
import { Waiting } from "../components/progress";
import { saveBlob } from "../files/save";
import { t } from "../i18n/translate";
import { useMedia, type Media } from "./use_media";

export function Lightbox(props: { media: Media; onClose: () => void }) {
  const { media } = props;
  const loaded = useMedia(media, true);
  const { blob } = loaded;
  return (
    <Dialog
      look="full"
      title={media.name}
      onClose={props.onClose}
      actions={
        <Button
          icon="download"
          look="quiet"
          disabled={!blob}
          label={t("files.download_name", { name: media.name })}
          onClick={() => blob && saveBlob(blob, media.name)}
        />
      }
    >
      <ErrorNotice error={loaded.error} onRetry={loaded.retry} />
      {loaded.address ? <img class="lightbox-image" src={loaded.address} alt={media.name} /> : !loaded.error && <Waiting />}
    </Dialog>
  );
}
