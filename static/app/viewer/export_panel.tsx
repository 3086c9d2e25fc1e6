/** One chat, or all of them, as files on the person's disk: into a folder where the browser can, else as a zip. */
import { useState } from "preact/hooks";
import { Button } from "../components/button";
import { ErrorNotice } from "../components/notice";
import { ProgressPanel } from "../components/progress";
import { engine } from "../engine/client";
import type { EngineError, ExportFormat, Progress } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { saveBlob, wasDismissed } from "../files/save";
import { t, type Key } from "../i18n/translate";
import { toast } from "../state/toast";
import { zoneBetween } from "./zone";

const FORMATS: [ExportFormat, Key][] = [
  ["html", "export.format_html"],
  ["json", "export.format_json"],
  ["csv", "export.format_csv"],
  ["text", "export.format_text"],
];

interface FolderPicker {
  showDirectoryPicker?: (options: { mode: "readwrite" }) => Promise<FileSystemDirectoryHandle>;
}

/** A folder of its own in the one that the person chooses, so that nothing there is touched; null: the browser cannot. */
async function chooseFolder(name: string): Promise<FileSystemDirectoryHandle | null> {
  const picker = (window as FolderPicker).showDirectoryPicker;
  if (!picker) return null;
  const chosen = await picker.call(window, { mode: "readwrite" });
  return chosen.getDirectoryHandle(name, { create: true });
}

function folderName(): string {
  const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  return t("export.folder", { date: now.slice(0, 16).replace("T", " ").replace(":", ".") });
}

/** chats null: all. first, last: the time they cover, for the person's clock then. */
export function ExportPanel(props: { chats: number[] | null; first: number | null; last: number | null }) {
  const [format, setFormat] = useState<ExportFormat>("html");
  const [media, setMedia] = useState(true);
  const [running, setRunning] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState<EngineError | null>(null);

  async function run() {
    setError(null);
    setProgress(null);
    try {
      const name = folderName();
      const folder = await chooseFolder(name);
      setRunning(true);
      const zone = zoneBetween(props.first, props.last);
      const blob = await engine.exportChats({ chats: props.chats, format, media, zone }, folder, setProgress);
      if (blob) saveBlob(blob, `${name}.zip`);
      toast(t("export.done"));
    } catch (thrown) {
      if (!wasDismissed(thrown)) setError(asEngineError(thrown));
    } finally {
      setRunning(false);
    }
  }

  return (
    <section class="export">
      <h3>{t("export.title")}</h3>
      <label class="field">
        <span class="field-label">{t("export.format")}</span>
        <select
          class="input"
          value={format}
          disabled={running}
          onChange={(event) => setFormat(event.currentTarget.value as ExportFormat)}
        >
          {FORMATS.map(([name, words]) => (
            <option key={name} value={name}>
              {t(words)}
            </option>
          ))}
        </select>
      </label>
      <p>
        <label class="check">
          <input
            type="checkbox"
            checked={media}
            disabled={running}
            onChange={(event) => setMedia(event.currentTarget.checked)}
          />{" "}
          {t("export.media")}
        </label>
      </p>
      {running ? (
        <ProgressPanel plain progress={progress} onCancel={() => engine.cancel()} />
      ) : (
        <Button icon="download" onClick={() => void run()}>
          {t("export.start")}
        </Button>
      )}
      {error && <ErrorNotice error={error} onRetry={() => void run()} />}
    </section>
  );
}
