/** Opening a backup that is one file: with the 64 digits and nothing else. No account, no site. */
import { useEffect, useState } from "preact/hooks";
import { Button } from "../components/button";
import { OneFileButton } from "../components/file_button";
import { KeyEntry, ofTheKey } from "../components/key_entry";
import { ErrorNotice, Notice } from "../components/notice";
import { Page } from "../components/page";
import { ProgressPanel } from "../components/progress";
import { engine } from "../engine/client";
import type { ChatRow, EngineError, OpenedSnapshot, Progress } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { formatBytes } from "../i18n/format";
import { t } from "../i18n/translate";
import { navigate, paths } from "../router";
import { loadCharts } from "../viewer/statistics/charts";
import { Viewer } from "../viewer/viewer";

export function OpenContainerPage() {
  const [file, setFile] = useState<File | null>(null);
  const [digits, setDigits] = useState("");
  const [opening, setOpening] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  const [opened, setOpened] = useState<{ snapshot: OpenedSnapshot; chats: ChatRow[] } | null>(null);

  useEffect(() => {
    // Later, nothing may be fetched any more.
    loadCharts();
    return () => engine.cancel();
  }, []);

  async function open(text: string) {
    if (!file) return;
    setError(null);
    setProgress(null);
    setOpening(true);
    try {
      const snapshot = await engine.openContainer(file, text, setProgress);
      setOpened({ snapshot, chats: await engine.chats() });
      setDigits("");
    } catch (thrown) {
      const failure = asEngineError(thrown);
      if (failure.code !== "cancelled") setError(failure);
    } finally {
      setOpening(false);
    }
  }

  function leave() {
    setOpened(null);
    navigate(paths.openContainer, { replace: true });
  }

  if (opened) return <Viewer opened={opened.snapshot} chats={opened.chats} local={false} onLeave={leave} onKeep={null} />;
  if (opening) {
    return (
      <Page title={t("read.opening_title")} step="opening">
        <ProgressPanel progress={progress} onCancel={() => engine.cancel()} />
      </Page>
    );
  }
  const ofTheField = ofTheKey(error);
  return (
    <Page title={t("container.title")} lead={t("container.lead")} step="choose">
      <Notice tone="success" title={t("open.stays_title")}>
        <p>{t("container.stays")}</p>
      </Notice>
      <ErrorNotice error={ofTheField ? null : error} />
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault();
          void open(digits);
        }}
      >
        <div class="cluster">
          <OneFileButton
            icon="file"
            look={file ? "plain" : "primary"}
            label={t("container.choose")}
            onFile={(chosen) => {
              setError(null);
              setFile(chosen);
            }}
          />
          {file && (
            <span role="status">
              {file.name} <span class="soft">{formatBytes(file.size)}</span>
            </span>
          )}
        </div>
        {file && (
          <>
            <KeyEntry
              label={t("container.key")}
              value={digits}
              onInput={setDigits}
              onFile={(text) => void open(text)}
              autocomplete="current-password"
              error={ofTheField}
            />
            <div class="form-actions">
              <Button look="primary" type="submit" disabled={digits.trim() === ""}>
                {t("container.open")}
              </Button>
            </div>
          </>
        )}
      </form>
    </Page>
  );
}
