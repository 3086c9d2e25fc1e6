/** Opening a safe with one of its passkeys: one button, no guess. */
import { useEffect, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { canUsePasskeys, evaluate } from "../passkey/ceremony";
import { noteSafe } from "../state/account";
import { toast } from "../state/toast";
import { Button } from "./button";
import { ErrorNotice, Notice } from "./notice";

export function PasskeyUnlock(props: { safe: SafeSummary; onUnlocked: () => void }) {
  const { safe } = props.safe;
  const [able, setAble] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  useEffect(() => void canUsePasskeys().then(setAble), []);

  async function unlock() {
    setError(null);
    setBusy(true);
    try {
      const { credential, prf } = await evaluate(await engine.passkeyCeremony(safe));
      await engine.unlockWithPasskey(safe, credential, prf);
      noteSafe(safe, { unlocked: true });
      toast(t("unlock.done"));
      props.onUnlocked();
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  if (!able) {
    return (
      <Notice tone="info" title={t("passkey.unsupported_title")}>
        <p>{t("passkey.unsupported_text")}</p>
      </Notice>
    );
  }
  return (
    <div class="passkey-unlock">
      <Button look="primary" icon="passkey" busy={busy} onClick={() => void unlock()}>
        {busy ? t("unlock.asking_passkey") : t("unlock.with_passkey")}
      </Button>
      <p class="soft">{t("unlock.passkey_hint")}</p>
      <ErrorNotice error={error} />
      <p class="passkey-or" aria-hidden="true">
        <span>{t("unlock.or")}</span>
      </p>
    </div>
  );
}
