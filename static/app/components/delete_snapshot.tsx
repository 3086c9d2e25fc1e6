/** Deleting one backup: into the trash for a week. */
import { useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, SnapshotSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { formatDateTime } from "../i18n/format";
import { t } from "../i18n/translate";
import { toast } from "../state/toast";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorNotice } from "./notice";

export function DeleteSnapshot(props: { safe: string; snapshot: SnapshotSummary; onClose: () => void; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);

  async function remove() {
    setError(null);
    setBusy(true);
    try {
      await engine.trashSnapshot(props.safe, props.snapshot.snapshot);
      toast(t("snapshot.deleted"));
      props.onDone();
    } catch (thrown) {
      setError(asEngineError(thrown));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("snapshot.delete_title")} onClose={props.onClose}>
      <p>{t("snapshot.delete_text", { when: formatDateTime(props.snapshot.created) })}</p>
      <ErrorNotice error={error} />
      <div class="form-actions">
        <Button look="danger" busy={busy} onClick={() => void remove()}>
          {t("snapshot.delete_submit")}
        </Button>
        <Button look="quiet" onClick={props.onClose}>
          {t("action.cancel")}
        </Button>
      </div>
    </Dialog>
  );
}
