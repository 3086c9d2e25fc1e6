/** One safe: its backups, its key, its lock. */
import { useEffect, useState } from "preact/hooks";
import { Button } from "../components/button";
import { DeleteSnapshot } from "../components/delete_snapshot";
import { Dialog } from "../components/dialog";
import { ShownDigits } from "../components/digits_section";
import { FilesPanel } from "../components/files_panel";
import { FolderSection } from "../components/folder_section";
import { Icon } from "../components/icon";
import { KeepSection } from "../components/keep_section";
import { MismatchNotice } from "../components/mismatch_notice";
import { ErrorNotice, Notice } from "../components/notice";
import { OneFileDialog } from "../components/one_file_dialog";
import { Page } from "../components/page";
import { ProgressPanel, Waiting } from "../components/progress";
import { RehearsalSection } from "../components/rehearsal_section";
import { ReminderCard } from "../components/reminder_card";
import { SnapshotList, TrashedList } from "../components/snapshot_list";
import { WithSafe } from "../components/with_safe";
import { safeName } from "../components/unlock_form";
import { engine } from "../engine/client";
import type { EngineError, Me, OpenedSnapshot, Progress, SafeSummary, SnapshotSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { HOME, Link, navigate, paths } from "../router";
import { noteSafe } from "../state/account";
import { toast } from "../state/toast";

/** The original files of a backup: its manifest has to be opened first. */
function OriginalsDialog(props: { safe: string; snapshot: string; onClose: () => void }) {
  const [opened, setOpened] = useState<OpenedSnapshot | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState<EngineError | null>(null);

  async function open() {
    setError(null);
    try {
      setOpened(await engine.openSnapshot(props.safe, props.snapshot, setProgress));
    } catch (thrown) {
      setError(asEngineError(thrown));
    }
  }
  useEffect(() => void open(), []);

  return (
    <Dialog title={t("files.title")} onClose={props.onClose}>
      <ErrorNotice error={error} onRetry={() => void open()} />
      <MismatchNotice mismatches={opened?.mismatches ?? []} />
      {opened ? <FilesPanel files={opened.files} /> : !error && <ProgressPanel plain progress={progress} />}
    </Dialog>
  );
}

function KeyDialog(props: { safe: string; email: string; onClose: () => void }) {
  return (
    <Dialog title={t("safe.key_title")} onClose={props.onClose}>
      <p>{t("safe.key_text")}</p>
      <ShownDigits safe={props.safe} email={props.email} />
    </Dialog>
  );
}

function Safe(props: { safe: SafeSummary; me: Me }) {
  const { safe } = props;
  const [snapshots, setSnapshots] = useState<SnapshotSummary[] | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  const [warning, setWarning] = useState<EngineError | null>(null);
  const [showing, setShowing] = useState<
    "key" | { snapshot: string } | { leaving: SnapshotSummary } | { whole: SnapshotSummary } | null
  >(null);
  const [takingOut, setTakingOut] = useState<string | null>(null);

  async function load() {
    setError(null);
    try {
      setSnapshots(await engine.snapshots(safe.safe));
    } catch (thrown) {
      setError(asEngineError(thrown));
    }
  }
  useEffect(() => {
    void load();
    engine.standing(safe.safe).then(
      (standing) => setWarning(standing.warning),
      (thrown) => setWarning(asEngineError(thrown)),
    );
  }, [safe.safe]);

  async function takeOut(snapshot: SnapshotSummary) {
    setError(null);
    setTakingOut(snapshot.snapshot);
    try {
      await engine.untrashSnapshot(safe.safe, snapshot.snapshot);
      toast(t("snapshot.taken_out"));
      await load();
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setTakingOut(null);
    }
  }

  const staying = snapshots?.filter((snapshot) => snapshot.trashed === null) ?? null;
  const trashed = snapshots?.filter((snapshot) => snapshot.trashed !== null) ?? [];
  const showFiles = (snapshot: string) => setShowing({ snapshot });

  async function lock() {
    await engine.lock(safe.safe);
    noteSafe(safe.safe, { unlocked: false });
    navigate(HOME);
  }

  return (
    <Page title={t("safe.backups")} lead={safeName(safe)} back={{ to: HOME, label: t("nav.safes") }}>
      <div class="card-actions">
        <Link to={paths.backup(safe.safe)} class="button button-secondary">
          <Icon name="upload" />
          {t("home.back_up")}
        </Link>
        <Button icon="key" onClick={() => setShowing("key")}>
          {t("safe.show_key")}
        </Button>
        <Link to={paths.protectors(safe.safe)} class="button button-secondary">
          <Icon name="shield" />
          {t("protectors.title")}
        </Link>
        <Link to={paths.activity(safe.safe)} class="button button-secondary">
          <Icon name="calendar" />
          {t("activity.title")}
        </Link>
        <Button icon="locked" onClick={() => void lock()}>
          {t("safe.lock")}
        </Button>
      </div>
      {safe.vault?.state === "destroyed" && (
        <Notice tone="warn" title={t("unlock.destroyed_title")}>
          <p>{t("safe.destroyed_open")}</p>
        </Notice>
      )}
      <ErrorNotice error={warning} />
      <ErrorNotice error={error} onRetry={() => void load()} />
      {!snapshots && !error && <Waiting />}
      <ReminderCard safe={safe} email={props.me.email} />
      {staying?.length === 0 && (
        <div class="empty">
          <p>{t("safe.empty")}</p>
          <p>
            <Link to={paths.backup(safe.safe)}>{t("safe.empty_next")}</Link>
          </p>
        </div>
      )}
      {staying && staying.length > 0 && (
        <>
          <h2 class="visually-hidden">{t("safe.list")}</h2>
          <SnapshotList
            safe={safe.safe}
            snapshots={staying}
            onFiles={showFiles}
            onOneFile={(whole) => setShowing({ whole })}
            onDelete={(leaving) => setShowing({ leaving })}
          />
        </>
      )}
      {trashed.length > 0 && (
        <details class="how">
          <summary>{t("snapshot.trash", { count: trashed.length })}</summary>
          <TrashedList snapshots={trashed} busy={takingOut} onTakeOut={(snapshot) => void takeOut(snapshot)} />
        </details>
      )}
      {staying?.[0] && <RehearsalSection safe={safe} newest={staying[0].snapshot} />}
      {staying && <KeepSection safe={safe} snapshots={staying} onChanged={() => void load()} />}
      <FolderSection safe={safe} onFiles={showFiles} />
      {showing === "key" && <KeyDialog safe={safe.safe} email={props.me.email} onClose={() => setShowing(null)} />}
      {showing !== null && showing !== "key" && "whole" in showing && (
        <OneFileDialog safe={safe.safe} email={props.me.email} snapshot={showing.whole} onClose={() => setShowing(null)} />
      )}
      {showing !== null && showing !== "key" && "leaving" in showing && (
        <DeleteSnapshot
          safe={safe.safe}
          snapshot={showing.leaving}
          onClose={() => setShowing(null)}
          onDone={() => {
            setShowing(null);
            void load();
          }}
        />
      )}
      {showing !== null && showing !== "key" && "snapshot" in showing && (
        <OriginalsDialog safe={safe.safe} snapshot={showing.snapshot} onClose={() => setShowing(null)} />
      )}
    </Page>
  );
}

export function SafePage(props: { safe: string }) {
  return (
    <WithSafe safe={props.safe} reason={t("unlock.reason")}>
      {(safe, me) => <Safe key={safe.safe} safe={safe} me={me} />}
    </WithSafe>
  );
}
