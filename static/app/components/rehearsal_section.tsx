/** "Prove that I can restore": runs a rehearsal, shows what it found, and offers a mail once a month. */
import { useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, Progress, Rehearsal, RehearsalNote, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { formatBytes, formatDateTime, formatNumber } from "../i18n/format";
import { t } from "../i18n/translate";
import { noteSafe } from "../state/account";
import { Button } from "./button";
import { MismatchNotice } from "./mismatch_notice";
import { ErrorNotice, Notice } from "./notice";
import { ProgressPanel } from "./progress";
import { Section } from "./section";

function Last(props: { note: RehearsalNote | null }) {
  const { note } = props;
  if (!note) return <p>{t("rehearsal.never")}</p>;
  const when = formatDateTime(note.made);
  return <p>{note.passed ? t("rehearsal.last_passed", { when }) : t("rehearsal.last_failed", { when })}</p>;
}

function Result(props: { found: Rehearsal }) {
  const { found } = props;
  if (found.passed) {
    return (
      <Notice tone="success" role="status" title={t("rehearsal.passed")}>
        <p>
          {t("rehearsal.passed_text", {
            chunks: formatNumber(found.chunks),
            sampled: formatNumber(found.sampled),
            size: formatBytes(found.sampledBytes),
          })}
        </p>
      </Notice>
    );
  }
  return (
    <>
      <Notice tone="danger" role="alert" title={t("rehearsal.failed")}>
        {found.missing > 0 && <p>{t("rehearsal.missing", { count: found.missing })}</p>}
        <p>{t("rehearsal.failed_next")}</p>
      </Notice>
      <MismatchNotice mismatches={found.mismatches} />
      <ErrorNotice error={found.error} />
    </>
  );
}

function Monthly(props: { safe: SafeSummary }) {
  const [error, setError] = useState<EngineError | null>(null);
  const { safe, reminders } = props.safe;
  const on = reminders.rehearsal !== null;

  async function change(wanted: boolean) {
    setError(null);
    try {
      const { due } = await engine.answerReminder(safe, "rehearsal", wanted ? "again" : "never");
      noteSafe(safe, { reminders: { ...reminders, rehearsal: due } });
    } catch (thrown) {
      setError(asEngineError(thrown));
    }
  }

  return (
    <>
      <label class="choice">
        <input type="checkbox" checked={on} onChange={(event) => void change(event.currentTarget.checked)} />
        <span>{t("rehearsal.monthly")}</span>
      </label>
      <ErrorNotice error={error} />
    </>
  );
}

export function RehearsalSection(props: { safe: SafeSummary; newest: string }) {
  const { safe } = props;
  const [running, setRunning] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [found, setFound] = useState<Rehearsal | null>(null);
  const [error, setError] = useState<EngineError | null>(null);

  async function run() {
    setError(null);
    setFound(null);
    setProgress(null);
    setRunning(true);
    try {
      const result = await engine.rehearse(safe.safe, props.newest, setProgress);
      setFound(result);
      if (result.made) noteSafe(safe.safe, { rehearsal: { ...result, made: result.made } });
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setRunning(false);
    }
  }

  const note = safe.rehearsal;
  const badge = !note
    ? null
    : note.passed
      ? ({ tone: "success", text: t("rehearsal.badge_passed") } as const)
      : ({ tone: "danger", text: t("rehearsal.badge_failed") } as const);
  return (
    <Section icon="check" title={t("rehearsal.title")} badge={badge}>
      <p>{t("rehearsal.text")}</p>
      {!found && !running && <Last note={note} />}
      {running && <ProgressPanel plain progress={progress} onCancel={() => engine.cancel()} />}
      {found && <Result found={found} />}
      <ErrorNotice error={error} />
      {!running && (
        <div class="card-actions">
          <Button look={note ? "plain" : "primary"} icon="check" onClick={() => void run()}>
            {t("rehearsal.run")}
          </Button>
        </div>
      )}
      <Monthly safe={safe} />
    </Section>
  );
}
