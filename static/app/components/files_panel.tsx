/** The original files of a backup, each to be downloaded bit for bit. */
import { useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, Progress } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { baseName, chooseTarget, saveBlob, wasDismissed } from "../files/save";
import { formatBytes } from "../i18n/format";
import { t } from "../i18n/translate";
import { toast } from "../state/toast";
import { Button } from "./button";
import { Icon } from "./icon";
import { ErrorNotice } from "./notice";
import { ProgressPanel } from "./progress";

export function FilesPanel(props: { files: { path: string; size: number }[] }) {
  const [running, setRunning] = useState<string | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [failed, setFailed] = useState<{ path: string; error: EngineError } | null>(null);

  async function download(path: string) {
    setFailed(null);
    setProgress(null);
    try {
      const target = await chooseTarget(baseName(path));
      setRunning(path);
      const blob = await engine.download(path, target, setProgress);
      if (blob) saveBlob(blob, baseName(path));
      toast(t("files.saved", { name: baseName(path) }));
    } catch (thrown) {
      if (!wasDismissed(thrown)) setFailed({ path, error: asEngineError(thrown) });
    } finally {
      setRunning(null);
    }
  }

  return (
    <div class="files">
      <p class="soft">{t("files.text")}</p>
      <ul class="rows">
        {props.files.map((file) => (
          <li key={file.path} class="row row-file">
            <Icon name="file" />
            <div class="row-main">
              <strong dir="auto">{file.path}</strong>
              <span class="soft">{formatBytes(file.size)}</span>
            </div>
            <Button
              icon="download"
              disabled={running !== null}
              label={t("files.download_name", { name: file.path })}
              onClick={() => void download(file.path)}
            >
              {t("action.download")}
            </Button>
            {running === file.path && <ProgressPanel plain progress={progress} onCancel={() => engine.cancel()} />}
            {failed?.path === file.path && <ErrorNotice error={failed.error} onRetry={() => void download(file.path)} />}
          </li>
        ))}
      </ul>
    </div>
  );
}
