/** A backup that is done: what was new, what was there already, file by file. */
import type { BackupResult } from "../engine/contract";
import { formatBytes, formatDuration } from "../i18n/format";
import { t } from "../i18n/translate";
import { Link, paths } from "../router";
import { Button } from "./button";
import { Icon } from "./icon";
import { Changes } from "./snapshot_list";

function Files(props: { files: BackupResult["files"] }) {
  return (
    <ul class="rows">
      {props.files.map((file) => (
        <li key={file.path} class="row">
          <div class="row-main">
            <strong dir="auto">{file.path}</strong>
            <span class="soft dotted">
              <span>{t("done.file_new", { size: formatBytes(file.new) })}</span>
              <span>{t("done.file_known", { size: formatBytes(file.known) })}</span>
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}

export function BackedUp(props: { safe: string; result: BackupResult; onAnother: () => void }) {
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
      {result.changes && (
        <section class="card">
          <h2>{t("done.changes_title")}</h2>
          <Changes changes={result.changes} />
        </section>
      )}
      {result.files.length > 0 && (
        <details class="how">
          <summary>{t("done.files", { count: result.files.length })}</summary>
          <Files files={result.files} />
        </details>
      )}
      <div class="form-actions">
        <Link to={paths.read(props.safe, result.snapshot)} class="button button-primary">
          <Icon name="chat" />
          {t("done.read")}
        </Link>
        <Link to={paths.safe(props.safe)} class="button button-secondary">
          {t("done.all")}
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
