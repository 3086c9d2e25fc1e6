/** Where an export is put: dropped (folders too), chosen, or the sample. */
import { useState } from "preact/hooks";
import { droppedFiles } from "../files/dropped";
import { t } from "../i18n/translate";
import { Button } from "./button";
import { FileButton } from "./file_button";
import { Icon } from "./icon";

const FOLDERS_CAN_BE_CHOSEN = "webkitdirectory" in HTMLInputElement.prototype && matchMedia("(pointer: fine)").matches;

export function FileDrop(props: { onFiles: (files: File[]) => void; onSample: () => void }) {
  const [over, setOver] = useState(false);
  return (
    <>
      <section
        class="dropzone"
        data-over={over}
        aria-label={t("drop.label")}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          if (event.dataTransfer) void droppedFiles(event.dataTransfer).then((files) => files.length > 0 && props.onFiles(files));
        }}
      >
        <Icon name="upload" class="drop-icon" />
        <p class="drop-title">{t("drop.title")}</p>
        <p class="soft">{t("drop.text")}</p>
        <div class="drop-actions">
          <FileButton of="files" look="primary" icon="file" label={t("drop.choose")} onFiles={props.onFiles} />
          {FOLDERS_CAN_BE_CHOSEN && <FileButton of="folder" icon="folder" label={t("drop.choose_folder")} onFiles={props.onFiles} />}
        </div>
      </section>
      <p class="drop-sample">
        <span class="soft">{t("drop.no_export")}</span> <Button onClick={props.onSample}>{t("drop.sample")}</Button>
      </p>
      <details class="how">
        <summary>{t("how.title")}</summary>
        <ol>
          <li>{t("how.step1")}</li>
          <li>{t("how.step2")}</li>
          <li>{t("how.step3")}</li>
          <li>{t("how.step4")}</li>
        </ol>
        <p class="soft">{t("how.note")}</p>
      </details>
    </>
  );
}
