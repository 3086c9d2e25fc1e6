/** The steps that come before anything is shown or sent: choosing files, their key, reading. */
import type { ComponentChildren } from "preact";
import { engine } from "../engine/client";
import { t } from "../i18n/translate";
import type { ReadingWork } from "../state/use_reading";
import { BackupKeyForm } from "./backup_key";
import { FileDrop } from "./file_drop";
import { ErrorNotice } from "./notice";
import { Page } from "./page";
import { ProgressPanel } from "./progress";

/** Null once something was found. */
export function ReadingSteps(props: {
  work: ReadingWork;
  title: string;
  lead: string;
  back?: { to: string; label: string };
  note?: ComponentChildren;
}) {
  const { work } = props;
  const { step } = work;
  const back = props.back ? { back: props.back } : {};
  switch (step.is) {
    case "choose":
      return (
        <Page title={props.title} lead={props.lead} {...back} step="choose">
          {props.note}
          <ErrorNotice error={step.error} {...(work.salvage ? { onRetry: work.salvage, retryLabel: t("backup_key.salvage") } : {})} />
          {work.salvage && <p class="soft">{t("backup_key.salvage_text")}</p>}
          <FileDrop onFiles={work.read} onSample={work.readSample} />
        </Page>
      );
    case "reading":
      return (
        <Page title={t("backup.reading_title")} lead={t("backup.reading_lead")} step="reading">
          <ProgressPanel progress={work.progress} onCancel={() => engine.cancel()} />
        </Page>
      );
    case "key":
      return (
        <Page title={t("backup_key.title")} lead={t("backup_key.lead")} step="key">
          <BackupKeyForm error={step.error} onKey={work.giveKey} onOther={work.startAgain} />
        </Page>
      );
    case "found":
      return null;
  }
}
