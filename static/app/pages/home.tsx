/** The safes of the account, or what to do when there is none yet. */
import { Button } from "../components/button";
import { InTrash } from "../components/delete_safe";
import { Icon } from "../components/icon";
import { ErrorNotice, Notice } from "../components/notice";
import { Page } from "../components/page";
import { Waiting } from "../components/progress";
import { safeName } from "../components/unlock_form";
import { engine } from "../engine/client";
import type { SafeSummary } from "../engine/contract";
import { formatBytes, formatDateTime } from "../i18n/format";
import { t } from "../i18n/translate";
import { Link, navigate, paths } from "../router";
import { FRESH_PASSWORD, noteSafe } from "../state/account";

function VaultBadge(props: { safe: SafeSummary }) {
  const { vault } = props.safe;
  if (!vault) return null;
  if (vault.state === "destroyed") return <span class="badge badge-danger">{t("safe.password_destroyed")}</span>;
  if (vault.state === "paused") return <span class="badge badge-warn">{t("activity.paused_title")}</span>;
  if (vault.guessesLeft >= FRESH_PASSWORD.guessesLeft) return null;
  return <span class="badge badge-warn">{t("unlock.guesses", { count: vault.guessesLeft })}</span>;
}

function SafeCard(props: { safe: SafeSummary }) {
  const { safe } = props;
  return (
    <li class="card safe-card">
      <div class="safe-head">
        <span class={`safe-emblem${safe.unlocked ? " safe-emblem-open" : ""}`}>
          <Icon name={safe.unlocked ? "unlocked" : "locked"} />
        </span>
        <div>
          <h2 class="safe-name">{safeName(safe)}</h2>
          <p class="safe-state">
            {safe.purgeAfter && <span class="badge badge-warn">{t("trash.badge")}</span>}
            <span class="badge">{safe.unlocked ? t("safe.unlocked") : t("safe.locked")}</span>
            <VaultBadge safe={safe} />
          </p>
        </div>
      </div>
      <dl class="facts">
        <div>
          <dt>{t("safe.last_backup")}</dt>
          <dd>{safe.lastSnapshot ? formatDateTime(safe.lastSnapshot) : t("safe.no_backup")}</dd>
        </div>
        <div>
          <dt>{t("safe.backups")}</dt>
          <dd>{t("count.backups", { count: safe.snapshots })}</dd>
        </div>
        <div>
          <dt>{t("safe.size")}</dt>
          <dd>{formatBytes(safe.bytes)}</dd>
        </div>
      </dl>
      {safe.purgeAfter && <InTrash safe={safe} />}
      {safe.vault?.state === "destroyed" && (
        <Notice tone="warn" title={t("unlock.destroyed_title")}>
          <p>{t("unlock.destroyed_text")}</p>
        </Notice>
      )}
      <div class="card-actions">
        {!safe.purgeAfter && (
          <Link to={paths.backup(safe.safe)} class={`button ${safe.snapshots === 0 ? "button-primary" : "button-secondary"}`}>
            <Icon name="upload" />
            {t("home.back_up")}
          </Link>
        )}
        {safe.snapshots > 0 && (
          <Link to={paths.safe(safe.safe)} class={`button ${safe.purgeAfter ? "button-secondary" : "button-primary"}`}>
            <Icon name="chat" />
            {t("home.open_backups")}
          </Link>
        )}
        {safe.snapshots === 0 && !safe.purgeAfter && (
          <Link to={paths.safe(safe.safe)} class="button button-quiet">
            {t("home.open_safe")}
          </Link>
        )}
        {safe.vault && (
          <Link to={paths.activity(safe.safe)} class="button button-quiet">
            {t("activity.title")}
          </Link>
        )}
        {safe.unlocked && (
          <Button
            look="quiet"
            icon="locked"
            onClick={() => {
              noteSafe(safe.safe, { unlocked: false });
              void engine.lock(safe.safe);
            }}
          >
            {t("safe.lock")}
          </Button>
        )}
      </div>
    </li>
  );
}

function Welcome() {
  return (
    <Page title={t("welcome.title")} lead={t("welcome.lead")}>
      <ol class="steps">
        <li>
          <h2>{t("welcome.step1_title")}</h2>
          <p>{t("welcome.step1_text")}</p>
        </li>
        <li>
          <h2>{t("welcome.step2_title")}</h2>
          <p>{t("welcome.step2_text")}</p>
        </li>
        <li>
          <h2>{t("welcome.step3_title")}</h2>
          <p>{t("welcome.step3_text")}</p>
        </li>
      </ol>
      <div class="form-actions">
        <Button look="primary" icon="shield" onClick={() => navigate(paths.newSafe)}>
          {t("welcome.start")}
        </Button>
      </div>
    </Page>
  );
}

export function HomePage(props: { safes: SafeSummary[] | null }) {
  const { safes } = props;
  if (!safes) {
    return (
      <Page title={t("home.title")}>
        <Waiting />
      </Page>
    );
  }
  if (safes.length === 0) return <Welcome />;
  const vaultError = safes.find((safe) => safe.vaultError)?.vaultError ?? null;
  return (
    <Page title={t("home.title")} lead={t("home.lead", { count: safes.length })}>
      <ErrorNotice error={vaultError} />
      <ul class="safe-list">
        {safes.map((safe) => (
          <SafeCard key={safe.safe} safe={safe} />
        ))}
      </ul>
      <div class="form-actions">
        <Button look="quiet" icon="plus" onClick={() => navigate(paths.newSafe)}>
          {t("home.another_safe")}
        </Button>
      </div>
    </Page>
  );
}
