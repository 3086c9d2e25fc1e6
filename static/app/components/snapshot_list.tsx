/** The backups of a safe: date, kind, counts, size, what changed, and what can be done with each. */
import type { ComponentChildren } from "preact";
import type { SnapshotChanges, SnapshotSummary } from "../engine/contract";
import { formatBytes, formatDateTime } from "../i18n/format";
import { t, type Key } from "../i18n/translate";
import { Link, paths } from "../router";
import { Button } from "./button";
import { Icon } from "./icon";

const SOURCES: Record<string, Key> = {
  merged: "source.merged",
  whatsapp_text: "source.whatsapp_text",
  whatsapp_android: "source.whatsapp_android",
  whatsapp_ios: "source.whatsapp_ios",
  telegram: "source.telegram",
  signal: "source.signal",
};

/** What is different, in words; nothing where nothing is. */
function changesInWords(changes: SnapshotChanges): string[] {
  const { messages, media, added, changed, removed } = changes;
  const words: string[] = [];
  if (messages > 0) words.push(t("changes.messages_more", { count: messages }));
  if (messages < 0) words.push(t("changes.messages_less", { count: -messages }));
  if (media > 0) words.push(t("changes.media_more", { count: media }));
  if (media < 0) words.push(t("changes.media_less", { count: -media }));
  if (added) words.push(t("changes.added", { count: added }));
  if (changed) words.push(t("changes.changed", { count: changed }));
  if (removed) words.push(t("changes.removed", { count: removed }));
  return words;
}

export function Changes(props: { changes: SnapshotChanges; class?: string }) {
  const words = changesInWords(props.changes);
  return (
    <p class={`dotted ${props.class ?? ""}`}>
      {words.length === 0 ? <span>{t("changes.none")}</span> : words.map((word) => <span key={word}>{word}</span>)}
    </p>
  );
}

function Facts(props: { snapshot: SnapshotSummary }) {
  const { source, counts, bytes } = props.snapshot;
  const kind = source ? SOURCES[source] : undefined;
  return (
    <p class="soft dotted">
      {kind && <span>{t(kind)}</span>}
      <span>{formatBytes(bytes)}</span>
      {counts && <span>{t("count.chats", { count: counts.chats })}</span>}
      {counts && <span>{t("count.messages", { count: counts.messages })}</span>}
      {counts && <span>{t("count.media", { count: counts.media })}</span>}
    </p>
  );
}

function Row(props: {
  safe: string;
  snapshot: SnapshotSummary;
  onFiles: () => void;
  onOneFile?: () => void;
  onDelete?: () => void;
  children?: ComponentChildren;
}) {
  const { snapshot } = props;
  const when = formatDateTime(snapshot.created);
  return (
    <li class="card snapshot-card">
      <div class="row-main">
        <h3>{when}</h3>
        <Facts snapshot={snapshot} />
        {snapshot.changes && <Changes class="soft snapshot-changes" changes={snapshot.changes} />}
      </div>
      <div class="card-actions">
        <Link to={paths.read(props.safe, snapshot.snapshot)} class="button button-primary">
          <Icon name="chat" />
          {t("safe.read")}
        </Link>
        <Button icon="download" onClick={props.onFiles}>
          {t("safe.originals")}
        </Button>
        {props.onOneFile && (
          <Button icon="file" onClick={props.onOneFile}>
            {t("one_file.title")}
          </Button>
        )}
        {props.onDelete && (
          <Button look="quiet" label={t("snapshot.delete_of", { when })} onClick={props.onDelete}>
            {t("snapshot.delete")}
          </Button>
        )}
      </div>
    </li>
  );
}

export function SnapshotList(props: {
  safe: string;
  snapshots: SnapshotSummary[];
  onFiles: (snapshot: string) => void;
  onOneFile?: (snapshot: SnapshotSummary) => void;
  /** Without it nothing can be deleted here. */
  onDelete?: (snapshot: SnapshotSummary) => void;
}) {
  return (
    <ul class="safe-list">
      {props.snapshots.map((snapshot) => (
        <Row
          key={snapshot.snapshot}
          safe={props.safe}
          snapshot={snapshot}
          onFiles={() => props.onFiles(snapshot.snapshot)}
          {...(props.onOneFile ? { onOneFile: () => props.onOneFile?.(snapshot) } : {})}
          {...(props.onDelete && !snapshot.newest ? { onDelete: () => props.onDelete?.(snapshot) } : {})}
        />
      ))}
    </ul>
  );
}

/** Deleted backups, and the way back for as long as there is one. */
export function TrashedList(props: { snapshots: SnapshotSummary[]; busy: string | null; onTakeOut: (snapshot: SnapshotSummary) => void }) {
  return (
    <ul class="rows">
      {props.snapshots.map((snapshot) => (
        <li key={snapshot.snapshot} class="row">
          <div class="row-main">
            <strong>{formatDateTime(snapshot.created)}</strong>
            <span class="soft">{t("snapshot.gone_after", { when: formatDateTime(snapshot.purgeAfter ?? "") })}</span>
          </div>
          <Button
            busy={props.busy === snapshot.snapshot}
            label={t("snapshot.take_out_of", { when: formatDateTime(snapshot.created) })}
            onClick={() => props.onTakeOut(snapshot)}
          >
            {t("snapshot.take_out")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
