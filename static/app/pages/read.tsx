/** Opens a backup, then shows it. */
import { useEffect, useState } from "preact/hooks";
import { MismatchNotice } from "../components/mismatch_notice";
import { ErrorNotice } from "../components/notice";
import { Page } from "../components/page";
import { ProgressPanel } from "../components/progress";
import { WithSafe } from "../components/with_safe";
import { engine } from "../engine/client";
import type { ChatRow, EngineError, OpenedSnapshot, Progress } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { navigate, paths } from "../router";
import { Viewer } from "../viewer/viewer";

function Read(props: { safe: string; snapshot: string }) {
  const { safe, snapshot } = props;
  const [opened, setOpened] = useState<{ snapshot: OpenedSnapshot; chats: ChatRow[] } | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState<EngineError | null>(null);

  async function open() {
    setError(null);
    setProgress(null);
    try {
      const found = await engine.openSnapshot(safe, snapshot, setProgress);
      setOpened({ snapshot: found, chats: await engine.chats() });
    } catch (thrown) {
      const failure = asEngineError(thrown);
      if (failure.code === "cancelled") navigate(paths.safe(safe));
      else setError(failure);
    }
  }
  useEffect(() => void open(), [safe, snapshot]);

  if (opened) {
    return (
      <>
        <MismatchNotice mismatches={opened.snapshot.mismatches} />
        <Viewer opened={opened.snapshot} chats={opened.chats} local={false} onLeave={() => navigate(paths.safe(safe))} onKeep={null} />
      </>
    );
  }
  return (
    <Page title={t("read.opening_title")} lead={t("read.opening_lead")} back={{ to: paths.safe(safe), label: t("safe.backups") }}>
      <ErrorNotice error={error} onRetry={() => void open()} />
      {!error && <ProgressPanel progress={progress} onCancel={() => engine.cancel()} />}
    </Page>
  );
}

export function ReadPage(props: { safe: string; snapshot: string }) {
  return (
    <WithSafe safe={props.safe} reason={t("unlock.reason")}>
      {() => <Read key={props.snapshot} safe={props.safe} snapshot={props.snapshot} />}
    </WithSafe>
  );
}
