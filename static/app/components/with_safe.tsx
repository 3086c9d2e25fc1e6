/** The pages of one safe share this: find it among the account's safes, and have it unlocked before the page shows. */
import type { ComponentChildren } from "preact";
import type { Me, SafeSummary } from "../engine/contract";
import { t } from "../i18n/translate";
import { HOME, Link } from "../router";
import { useAccount } from "../state/account";
import { Loading, Page } from "./page";
import { UnlockForm, UnlockHelp } from "./unlock_form";

const toSafes = () => ({ to: HOME, label: t("nav.safes") });

export function UnknownSafe() {
  return (
    <Page title={t("safe.unknown_title")} back={toSafes()}>
      <p>{t("safe.unknown_text")}</p>
      <p>
        <Link to={HOME} class="button button-primary">
          {t("nav.to_safes")}
        </Link>
      </p>
    </Page>
  );
}

export function WithSafe(props: {
  safe: string;
  /** Why the page wants it open, above the form. */
  reason?: string;
  /** In the place of that form. */
  locked?: (safe: SafeSummary, me: Me) => ComponentChildren;
  children: (safe: SafeSummary, me: Me) => ComponentChildren;
}) {
  const account = useAccount();
  if (account.is !== "signed_in") return null;
  if (account.safes === null) return <Loading />;
  const safe = account.safes.find((candidate) => candidate.safe === props.safe);
  if (!safe) return <UnknownSafe />;
  if (!safe.unlocked && props.locked) return <>{props.locked(safe, account.me)}</>;
  if (!safe.unlocked) {
    const hasPassword = safe.vaultError !== null || (safe.vault !== null && safe.vault.state !== "destroyed");
    return (
      <Page title={t("unlock.title")} lead={props.reason} back={toSafes()} step="unlock">
        <div class="card">
          <UnlockForm safe={safe} email={account.me.email} onUnlocked={() => undefined} />
        </div>
        <UnlockHelp safe={safe.safe} hasPassword={hasPassword} />
      </Page>
    );
  }
  return <>{props.children(safe, account.me)}</>;
}
