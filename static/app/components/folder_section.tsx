/** Backups in a folder of one's own: chosen anew for each visit, nothing about it is remembered. */
import { useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, OpenedFolder, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { folderPickerThere, pickFolder } from "../files/folder";
import { wasDismissed } from "../files/save";
import { t } from "../i18n/translate";
import { Button } from "./button";
import { ErrorNotice, Notice } from "./notice";
import { Section } from "./section";
import { SnapshotList } from "./snapshot_list";

export function FolderSection(props: { safe: SafeSummary; onFiles: (snapshot: string) => void }) {
  const [folder, setFolder] = useState<OpenedFolder | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);

  async function choose() {
    setError(null);
    try {
      const handle = await pickFolder("backups", "read");
      setBusy(true);
      setFolder(await engine.useFolder(props.safe.safe, handle, false));
    } catch (thrown) {
      if (!wasDismissed(thrown)) setError(asEngineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section icon="folder" title={t("folder.title")}>
      <p>{t("folder.text")}</p>
      {!folderPickerThere() && (
        <Notice tone="info">
          <p>{t("folder.no_picker")}</p>
        </Notice>
      )}
      <ErrorNotice error={error} />
      {folder && folder.refused > 0 && (
        <Notice tone="warn" role="alert" title={t("folder.refused", { count: folder.refused })}>
          <p>{t("folder.refused_text")}</p>
        </Notice>
      )}
      {folder && folder.snapshots.length === 0 && <p class="empty">{t("folder.empty", { name: folder.name })}</p>}
      {folder && folder.snapshots.length > 0 && (
        <>
          <p class="soft">{t("folder.open", { name: folder.name })}</p>
          <SnapshotList safe={props.safe.safe} snapshots={folder.snapshots} onFiles={props.onFiles} />
        </>
      )}
      {folderPickerThere() && (
        <div class="card-actions">
          <Button icon="folder" busy={busy} onClick={() => void choose()}>
            {folder ? t("folder.another") : t("folder.choose")}
          </Button>
        </div>
      )}
    </Section>
  );
}
