/** Backing up: choose an export, see what was found, send it, see what was sent. */
import { useEffect, useRef, useState } from "preact/hooks";
import { asksForKey, BackupKeyForm } from "../components/backup_key";
import { Button } from "../components/button";
import { FileDrop } from "../components/file_drop";
import { FoundSummary } from "../components/found_summary";
import { Icon } from "../components/icon";
import { ErrorNotice } from "../components/notice";
import { Page } from "../components/page";
import { ProgressPanel } from "../components/progress";
import { WithSafe } from "../components/with_safe";
import { engine } from "../engine/client";
import type { BackupResult, BackupSecret, EngineError, Found, Progress } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { formatBytes, formatDuration } from "../i18n/format";
import { t } from "../i18n/translate";
import { HOME, Link, paths, useLeaveGuard } from "../router";
import { refreshAccount } from "../state/account";

type Order = "day-month" | "month-day";
type Step =
  | { is: "choose"; error: EngineError | null }
  | { is: "key"; error: EngineError }
  | { is: "reading" }
  | { is: "found"; found: Found }
  | { is: "sending"; found: Found; error: EngineError | null }
  | { is: "done"; result: BackupResult };

function Done(props: { safe: string; result: BackupResult; onAnother: () => void }) {
  const { result } = props;
  return (
    <>
      <dl class="facts card">
        <div>
          <dt>{t("done.sent")}</dt>
          <dd>{formatBytes(result.sentBytes)}</dd>
        </div>
        <div>
          <dt>{t("done.known")}</dt>
          <dd>{formatBytes(result.knownBytes)}</dd>
        </div>
        <div>
          <dt>{t("done.time")}</dt>
          <dd>{formatDuration(result.seconds)}</dd>
        </div>
      </dl>
      <div class="form-actions">
        <Link to={paths.read(props.safe, result.snapshot)} class="button button-primary">
          <Icon name="chat" />
          {t("done.read")}
        </Link>
        <Button icon="plus" onClick={props.onAnother}>
          {t("done.another")}
        </Button>
      </div>
      <section class="next-steps">
        <h2>{t("done.next_title")}</h2>
        <ul>
          <li>{t("done.next_check")}</li>
          <li>{t("done.next_key")}</li>
          <li>{t("done.next_again")}</li>
        </ul>
      </section>
    </>
  );
}

function Backup(props: { safe: string }) {
  const [step, setStep] = useState<Step>({ is: "choose", error: null });
  const [progress, setProgress] = useState<Progress | null>(null);
  const chosen = useRef<File[]>([]);
  /** What opens the chosen backup, kept while its dates are being set right. */
  const keys = useRef<BackupSecret[]>([]);
  const unfinished = step.is === "reading" || (step.is === "sending" && !step.error);
  useLeaveGuard(unfinished ? t("backup.leave") : null);

  useEffect(
    () => () => {
      engine.cancel();
      void engine.forget();
    },
    [],
  );

  async function read(files: File[], dateOrder: Order | null) {
    if (files !== chosen.current) keys.current = [];
    chosen.current = files;
    setProgress(null);
    setStep({ is: "reading" });
    try {
      setStep({ is: "found", found: await engine.inspect(files, { dateOrder, keys: keys.current }, setProgress) });
    } catch (thrown) {
      const error = asEngineError(thrown);
      setStep(asksForKey(error) ? { is: "key", error } : { is: "choose", error: error.code === "cancelled" ? null : error });
    }
  }

  function open(key: BackupSecret) {
    keys.current = [key];
    void read(chosen.current, null);
  }

  async function readSample() {
    setProgress(null);
    setStep({ is: "reading" });
    try {
      await read([await engine.sample()], null);
    } catch (thrown) {
      setStep({ is: "choose", error: asEngineError(thrown) });
    }
  }

  async function send(found: Found) {
    setProgress(null);
    setStep({ is: "sending", found, error: null });
    try {
      const result = await engine.backup(props.safe, setProgress);
      setStep({ is: "done", result });
      void refreshAccount().catch(() => undefined);
    } catch (thrown) {
      setStep({ is: "sending", found, error: asEngineError(thrown) });
    }
  }

  function startAgain() {
    void engine.forget().catch(() => undefined);
    setStep({ is: "choose", error: null });
  }

  const back = { to: HOME, label: t("nav.safes") };
  switch (step.is) {
    case "choose":
      return (
        <Page title={t("backup.title")} lead={t("backup.lead")} back={back} step="choose">
          <ErrorNotice error={step.error} />
          <FileDrop onFiles={(files) => void read(files, null)} onSample={() => void readSample()} />
        </Page>
      );
    case "key":
      return (
        <Page title={t("backup_key.title")} lead={t("backup_key.lead")} back={back} step="key">
          <BackupKeyForm error={step.error} onKey={open} onOther={startAgain} />
        </Page>
      );
    case "reading":
      return (
        <Page title={t("backup.reading_title")} lead={t("backup.reading_lead")} step="reading">
          <ProgressPanel progress={progress} onCancel={() => engine.cancel()} />
        </Page>
      );
    case "found":
      return (
        <Page title={t("found.title")} lead={t("found.lead")} step="found">
          <FoundSummary found={step.found} onFlip={(order) => void read(chosen.current, order)} />
          <div class="form-actions form-actions-sticky">
            <Button look="primary" icon="upload" onClick={() => void send(step.found)}>
              {t("found.back_up")}
            </Button>
            <Button look="quiet" onClick={startAgain}>
              {t("found.other")}
            </Button>
          </div>
        </Page>
      );
    case "sending":
      return (
        <Page
          title={step.error ? t("backup.stopped_title") : t("backup.sending_title")}
          lead={step.error ? undefined : t("backup.sending_lead")}
          step={step.error ? "stopped" : "sending"}
        >
          {step.error ? (
            <>
              <ErrorNotice error={step.error} />
              <div class="form-actions">
                <Button look="primary" onClick={() => void send(step.found)}>
                  {t("backup.continue")}
                </Button>
                <Button look="quiet" onClick={startAgain}>
                  {t("found.other")}
                </Button>
              </div>
            </>
          ) : (
            <ProgressPanel progress={progress} onCancel={() => engine.cancel()} />
          )}
        </Page>
      );
    case "done":
      return (
        <Page title={t("done.title")} lead={t("done.lead")} step="done">
          <Done safe={props.safe} result={step.result} onAnother={startAgain} />
        </Page>
      );
  }
}

export function BackupPage(props: { safe: string }) {
  return (
    <WithSafe safe={props.safe} title={t("unlock.title")} reason={t("unlock.reason_backup")}>
      {(safe) => <Backup key={safe.safe} safe={safe.safe} />}
    </WithSafe>
  );
}
