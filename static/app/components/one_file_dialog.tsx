/**
 * "Download all as one file": the digits are shown and saved first, since whoever opens the file without the site has no
 * vault to ask.
 */
import { useEffect, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, Progress, SnapshotSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { chooseTarget, saveBlob, wasDismissed } from "../files/save";
import { formatBytes } from "../i18n/format";
import { t } from "../i18n/translate";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { KeySheet, type NewKey } from "./key_sheet";
import { ErrorNotice, Notice } from "./notice";
import { ProgressPanel, Waiting } from "./progress";

export function OneFileDialog(props: { safe: string; email: string; snapshot: SnapshotSummary; onClose: () => void }) {
  const { snapshot } = props;
  const name = `coffer-backup-${snapshot.created.slice(0, 10)}.coffer`;
  const [key, setKey] = useState<NewKey | null>(null);
  const [kept, setKept] = useState(false);
  const [running, setRunning] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  const [done, setDone] = useState(false);

  useEffect(() => {
    engine.showKey(props.safe).then(setKey, (thrown) => setError(asEngineError(thrown)));
    return () => engine.cancel();
  }, []);

  async function save() {
    setError(null);
    setProgress(null);
    try {
      const target = await chooseTarget(name);
      setRunning(true);
      const blob = await engine.saveContainer(props.safe, snapshot.snapshot, target, setProgress);
      if (blob) saveBlob(blob, name);
      setDone(true);
    } catch (thrown) {
      const failure = asEngineError(thrown);
      if (!wasDismissed(thrown) && failure.code !== "cancelled") setError(failure);
    } finally {
      setRunning(false);
    }
  }

  if (done) {
    return (
      <Dialog title={t("one_file.done_title")} onClose={props.onClose}>
        <Notice tone="success">
          <p>{t("one_file.done_text", { name })}</p>
        </Notice>
        <p>
          <a href="/app/offline.zip" download>
            {t("one_file.offline")}
          </a>
        </p>
        <p class="soft">{t("one_file.offline_text")}</p>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("one_file.title")} onClose={props.onClose}>
      <p>{t("one_file.text", { size: formatBytes(snapshot.bytes) })}</p>
      <ErrorNotice error={error} />
      {running ? (
        <ProgressPanel plain progress={progress} onCancel={() => engine.cancel()} />
      ) : (
        <>
          <h3>{t("one_file.key_title")}</h3>
          <p>{t("one_file.key_text")}</p>
          {key ? <KeySheet newKey={key} email={props.email} onSaved={() => setKept(true)} /> : !error && <Waiting />}
          {key && (
            <>
              <label class="choice">
                <input type="checkbox" checked={kept} onChange={(event) => setKept(event.currentTarget.checked)} />
                <span>{t("one_file.kept")}</span>
              </label>
              <div class="form-actions">
                <Button look="primary" icon="download" disabled={!kept} onClick={() => void save()}>
                  {t("one_file.save")}
                </Button>
              </div>
            </>
          )}
        </>
      )}
    </Dialog>
  );
}
