/** "Open a backup": files are read and shown on this device. No account, and no request once the page is here. */
import { useEffect, useState } from "preact/hooks";
import { Button } from "../components/button";
import { FileButton } from "../components/file_button";
import { FoundSummary } from "../components/found_summary";
import { KeepDialog } from "../components/keep_dialog";
import { ErrorNotice, Notice } from "../components/notice";
import { Page } from "../components/page";
import { ReadingSteps } from "../components/reading_steps";
import { engine, engineStatus } from "../engine/client";
import type { ChatRow, EngineError, OpenedSnapshot } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { holdIcon } from "../files/icon";
import { t } from "../i18n/translate";
import { Link, navigate, paths } from "../router";
import { carriedStore } from "../state/carried";
import { useStore } from "../state/store";
import { useReading } from "../state/use_reading";
import { loadCharts } from "../viewer/statistics/charts";
import { Viewer } from "../viewer/viewer";

export function OpenPage() {
  const work = useReading();
  const [opened, setOpened] = useState<{ snapshot: OpenedSnapshot; chats: ChatRow[] } | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  const [keeping, setKeeping] = useState(false);
  const [fetched, setFetched] = useState(false);
  const ready = useStore(engineStatus).state === "ready" && fetched;
  const { step } = work;

  useEffect(() => {
    // Later, nothing may be fetched any more.
    void Promise.allSettled([loadCharts(), holdIcon()]).then(() => setFetched(true));
    return () => {
      engine.cancel();
      if (!carriedStore.get()) void engine.forget().catch(() => undefined);
    };
  }, []);

  async function show() {
    setError(null);
    try {
      const snapshot = await engine.openInspected();
      setOpened({ snapshot, chats: await engine.chats() });
    } catch (thrown) {
      setError(asEngineError(thrown));
    }
  }

  function close() {
    setOpened(null);
    navigate(paths.open, { replace: true });
  }

  const keep = keeping && step.is === "found" && (
    <KeepDialog carried={{ found: step.found, chosen: work.chosen() }} onClose={() => setKeeping(false)} />
  );

  if (opened) {
    return (
      <>
        <Viewer opened={opened.snapshot} chats={opened.chats} local onLeave={close} onKeep={() => setKeeping(true)} />
        {keep}
      </>
    );
  }
  if (step.is !== "found") {
    const note = (
      <Notice tone="success" title={t("open.stays_title")}>
        <p>{t("open.stays_text")}</p>
        <p role="status">{ready ? t("open.offline") : t("open.loading")}</p>
        <p>
          <Link to={paths.openContainer}>{t("container.link")}</Link>
        </p>
      </Notice>
    );
    return <ReadingSteps work={work} title={t("open.title")} lead={t("open.lead")} note={note} />;
  }
  return (
    <Page title={t("found.title")} lead={t("open.found_lead")} step="found">
      <ErrorNotice error={step.error ?? error} />
      <FoundSummary found={step.found} onFlip={work.flip} />
      <p class="cluster">
        <FileButton of="files" icon="plus" label={t("found.add")} onFiles={work.add} />
        <Button look="quiet" onClick={work.startAgain}>
          {t("found.other")}
        </Button>
      </p>
      <div class="form-actions form-actions-sticky">
        <Button look="primary" icon="chat" onClick={() => void show()}>
          {t("open.read")}
        </Button>
        <Button icon="upload" onClick={() => setKeeping(true)}>
          {t("open.keep")}
        </Button>
      </div>
      {keep}
    </Page>
  );
}
