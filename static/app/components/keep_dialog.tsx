/** From looking at a backup to keeping it: signs in beside this tab, which holds what was read, then goes to the safe. */
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/translate";
import { HOME, navigate, paths } from "../router";
import { accountStore, refreshAccount } from "../state/account";
import { carriedStore, type Carried } from "../state/carried";
import { useStore } from "../state/store";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorNotice } from "./notice";
import { Waiting } from "./progress";

function leave(carried: Carried): void {
  const account = accountStore.get();
  if (account.is !== "signed_in" || account.safes === null) return;
  carriedStore.set(carried);
  const only = account.safes.length === 1 ? account.safes[0] : undefined;
  navigate(only ? paths.backup(only.safe) : account.safes.length === 0 ? paths.newSafe : HOME);
}

export function KeepDialog(props: { carried: Carried; onClose: () => void }) {
  const account = useStore(accountStore);
  const [busy, setBusy] = useState(false);

  async function ask() {
    setBusy(true);
    await refreshAccount().catch(() => undefined);
    setBusy(false);
    leave(props.carried);
  }
  useEffect(() => void ask(), []);

  return (
    <Dialog title={t("keep_seen.title")} onClose={props.onClose}>
      {busy || account.is === "loading" || account.is === "signed_in" ? (
        <Waiting />
      ) : (
        <>
          <p>{t("keep_seen.text")}</p>
          {account.is === "failed" && <ErrorNotice error={account.error} />}
          <p>{t("keep_seen.tab")}</p>
          <div class="form-actions">
            <a class="button button-primary" href="/accounts/signup/" target="_blank" rel="noopener noreferrer">
              {t("keep_seen.sign_up")}
            </a>
            <a class="button button-secondary" href="/accounts/login/?next=/app/" target="_blank" rel="noopener noreferrer">
              {t("signed_out.sign_in")}
            </a>
            <Button look="quiet" onClick={() => void ask()}>
              {t("banner.signed_in_again")}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
