/** Backing up: choose an export, see what was found, send it, see what was sent. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { BackedUp } from "../components/backed_up";
import { BackupPlace, type Place } from "../components/backup_place";
import { Button } from "../components/button";
import { FileButton } from "../components/file_button";
import { FoundSummary } from "../components/found_summary";
import { ErrorNotice } from "../components/notice";
import { Page } from "../components/page";
import { ProgressPanel } from "../components/progress";
import { ReadingSteps } from "../components/reading_steps";
import { ShrunkNotice } from "../components/shrunk_notice";
import { WithSafe } from "../components/with_safe";
import { engine } from "../engine/client";
import type { BackupResult, EngineError, Progress } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { HOME, useLeaveGuard } from "../router";
import { refreshAccount } from "../state/account";
import { takeCarried } from "../state/carried";
import { useReading } from "../state/use_reading";

type Sending =
  | { is: "not yet" }
  | { is: "sending"; error: EngineError | null }
  | { is: "done"; result: BackupResult };

/** What the person was asked about and wants all the same. */
const NOTHING_SEEN = { shrunk: false, older: false };

function Backup(props: { safe: string }) {
  const work = useReading(useMemo(takeCarried, []));
  const [sending, setSending] = useState<Sending>({ is: "not yet" });
  const [progress, setProgress] = useState<Progress | null>(null);
  const [accepted, setAccepted] = useState(NOTHING_SEEN);
  const [place, setPlace] = useState<Place>({ to: "site" });
  const { step } = work;
  const unfinished = step.is === "reading" || (sending.is === "sending" && !sending.error);
  useLeaveGuard(unfinished ? t("backup.leave") : null);

  useEffect(
    () => () => {
      engine.cancel();
      void engine.forget();
    },
    [],
  );

  async function send(seen: Partial<typeof accepted> = {}) {
    const now = { ...accepted, ...seen };
    setAccepted(now);
    setProgress(null);
    setSending({ is: "sending", error: null });
    try {
      const result = await engine.backup(props.safe, { to: place.to, ...now }, setProgress);
      setSending({ is: "done", result });
      void refreshAccount().catch(() => undefined);
    } catch (thrown) {
      setSending({ is: "sending", error: asEngineError(thrown) });
    }
  }

  function startAgain() {
    setAccepted(NOTHING_SEEN);
    setSending({ is: "not yet" });
    work.startAgain();
  }

  if (sending.is === "done") {
    return (
      <Page title={t("done.title")} lead={t("done.lead")} step="done">
        <BackedUp safe={props.safe} result={sending.result} onAnother={startAgain} />
      </Page>
    );
  }
  if (sending.is === "sending" && !sending.error) {
    return (
      <Page title={t("backup.sending_title")} lead={t("backup.sending_lead")} step="sending">
        <ProgressPanel progress={progress} onCancel={() => engine.cancel()} />
      </Page>
    );
  }
  if (sending.is === "sending" && sending.error?.code === "backup_shrank") {
    return (
      <Page title={t("shrunk.title")} step="shrunk">
        <ShrunkNotice error={sending.error} />
        <div class="form-actions">
          <Button look="primary" onClick={startAgain}>
            {t("found.other")}
          </Button>
          <Button onClick={() => void send({ shrunk: true })}>{t("shrunk.go_on")}</Button>
        </div>
      </Page>
    );
  }
  if (sending.is === "sending") {
    return (
      <Page title={t("backup.stopped_title")} step="stopped">
        <ErrorNotice error={sending.error} />
        <div class="form-actions">
          <Button look="primary" onClick={() => void send()}>
            {t("backup.continue")}
          </Button>
          {sending.error?.code === "head_mismatch" ? (
            <Button onClick={() => void send({ older: true })}>{t("shrunk.go_on")}</Button>
          ) : (
            <Button look="quiet" onClick={startAgain}>
              {t("found.other")}
            </Button>
          )}
        </div>
      </Page>
    );
  }
  if (step.is !== "found") {
    const back = { to: HOME, label: t("nav.safes") };
    return <ReadingSteps work={work} title={t("backup.title")} lead={t("backup.lead")} back={back} />;
  }
  return (
    <Page title={t("found.title")} lead={t("found.lead")} step="found">
      <ErrorNotice error={step.error} />
      <FoundSummary found={step.found} onFlip={work.flip} />
      <p class="cluster">
        <FileButton of="files" icon="plus" label={t("found.add")} onFiles={work.add} />
        <Button look="quiet" onClick={startAgain}>
          {t("found.other")}
        </Button>
      </p>
      <BackupPlace safe={props.safe} place={place} onPlace={setPlace} />
      <div class="form-actions form-actions-sticky">
        <Button look="primary" icon="upload" onClick={() => void send()}>
          {t("found.back_up")}
        </Button>
      </div>
    </Page>
  );
}

export function BackupPage(props: { safe: string }) {
  return (
    <WithSafe safe={props.safe} reason={t("unlock.reason_backup")}>
      {(safe) => <Backup key={safe.safe} safe={safe.safe} />}
    </WithSafe>
  );
}
