/** Where a backup goes: to this site, or into a folder of one's own. */
import { useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { folderPickerThere, pickFolder } from "../files/folder";
import { wasDismissed } from "../files/save";
import { t } from "../i18n/translate";
import { Button } from "./button";
import { ErrorNotice } from "./notice";

export type Place = { to: "site" } | { to: "folder"; name: string };

export function BackupPlace(props: { safe: string; place: Place; onPlace: (place: Place) => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const { place } = props;
  if (!folderPickerThere()) return null;

  async function choose() {
    setError(null);
    try {
      const handle = await pickFolder("backups", "readwrite");
      setBusy(true);
      const { name } = await engine.useFolder(props.safe, handle, true);
      props.onPlace({ to: "folder", name });
    } catch (thrown) {
      if (!wasDismissed(thrown)) setError(asEngineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <section class="card backup-place" aria-label={t("place.title")}>
      <h2>{t("place.title")}</h2>
      <p>{place.to === "site" ? t("place.site") : t("place.folder", { name: place.name })}</p>
      <ErrorNotice error={error} />
      <div class="card-actions">
        <Button icon="folder" busy={busy} onClick={() => void choose()}>
          {place.to === "site" ? t("place.choose_folder") : t("folder.another")}
        </Button>
        {place.to === "folder" && (
          <Button look="quiet" onClick={() => props.onPlace({ to: "site" })}>
            {t("place.choose_site")}
          </Button>
        )}
      </div>
      {place.to === "folder" && <p class="soft">{t("place.folder_note")}</p>}
    </section>
  );
}
