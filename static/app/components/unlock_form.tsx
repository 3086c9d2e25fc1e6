/** Opening a safe with a passkey, its password or its key. Says exactly what is wrong and how many guesses are left. */
import { useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { formatDateTime } from "../i18n/format";
import { t } from "../i18n/translate";
import { Link, paths } from "../router";
import { FRESH_PASSWORD, noteSafe } from "../state/account";
import { toast } from "../state/toast";
import { Button } from "./button";
import { KeyEntry, ofTheKey } from "./key_entry";
import { ErrorNotice, Notice } from "./notice";
import { PasskeyUnlock } from "./passkey_unlock";
import { AccountField, SecretField } from "./secret_field";
import { Tabs } from "./tabs";

type Way = "password" | "key";

interface FormProps {
  safe: SafeSummary;
  email: string;
  onUnlocked: () => void;
}

export function PasswordForm(props: FormProps & { onUseKey: () => void }) {
  const { safe } = props;
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const vault = safe.vault;

  async function unlock() {
    setError(null);
    setBusy(true);
    try {
      const { failuresBefore } = await engine.unlockWithPassword(safe.safe, password, () => undefined);
      noteSafe(safe.safe, { unlocked: true, vault: vault && FRESH_PASSWORD });
      toast(failuresBefore > 0 ? t("unlock.failures_before", { count: failuresBefore }) : t("unlock.done"));
      setPassword("");
      props.onUnlocked();
    } catch (thrown) {
      const failure = asEngineError(thrown);
      const left = failure.data["guesses_left"];
      if (typeof left === "number" && vault) noteSafe(safe.safe, { vault: { ...vault, guessesLeft: left } });
      // After the last wrong guess the vault destroys its part by itself; nothing can be typed that would help.
      const over = failure.code === "record_destroyed" || (failure.code === "wrong_password" && left === 0);
      if (over) noteSafe(safe.safe, { vault: { state: "destroyed", guessesLeft: 0 } });
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  if (vault?.state === "destroyed") {
    return (
      <Notice tone="warn" title={t("unlock.destroyed_title")}>
        <p>{t("unlock.destroyed_text")}</p>
        <p class="notice-actions">
          <Button icon="key" onClick={props.onUseKey}>
            {t("unlock.use_key")}
          </Button>
        </p>
      </Notice>
    );
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (password) void unlock();
      }}
    >
      <AccountField email={props.email} />
      <SecretField
        label={t("unlock.password_label")}
        value={password}
        autocomplete="current-password"
        onInput={setPassword}
        hint={vault && vault.guessesLeft < FRESH_PASSWORD.guessesLeft ? t("unlock.guesses", { count: vault.guessesLeft }) : t("unlock.password_hint")}
      />
      <ErrorNotice error={error} />
      <div class="form-actions">
        <Button type="submit" look="primary" icon="unlocked" busy={busy} disabled={!password}>
          {busy ? t("unlock.asking_vault") : t("unlock.unlock")}
        </Button>
      </div>
    </form>
  );
}

export function KeyForm(props: FormProps) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);

  async function unlock(key: string) {
    setError(null);
    setBusy(true);
    try {
      await engine.unlockWithKey(props.safe.safe, key);
      noteSafe(props.safe.safe, { unlocked: true });
      toast(t("unlock.done"));
      setText("");
      props.onUnlocked();
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  const ofTheField = ofTheKey(error);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) void unlock(text);
      }}
    >
      <AccountField email={props.email} />
      <KeyEntry
        label={t("unlock.key_label")}
        value={text}
        autocomplete="current-password"
        error={ofTheField}
        onInput={(typed) => {
          setText(typed);
          setError(null);
        }}
        onFile={(content) => void unlock(content)}
      />
      <ErrorNotice error={ofTheField ? null : error} />
      <div class="form-actions">
        <Button type="submit" look="primary" icon="unlocked" busy={busy} disabled={!text.trim()}>
          {busy ? t("unlock.checking") : t("unlock.unlock")}
        </Button>
      </div>
    </form>
  );
}

/** Below the form: what to do when neither field can be filled in. */
export function UnlockHelp(props: { safe: string; hasPassword: boolean }) {
  return (
    <ul class="unlock-help">
      {props.hasPassword && (
        <>
          <li>
            <Link to={paths.forgottenPassword(props.safe)}>{t("help.forgotten")}</Link>
          </li>
          <li>
            <Link to={paths.lostKey(props.safe)}>{t("help.lost_key")}</Link>
          </li>
        </>
      )}
      <li>
        <Link to={paths.bothLost(props.safe)}>{props.hasPassword ? t("help.both") : t("help.lost_key")}</Link>
      </li>
    </ul>
  );
}

export function UnlockForm(props: FormProps) {
  return (
    <>
      {props.safe.passkeys > 0 && <PasskeyUnlock safe={props.safe} onUnlocked={props.onUnlocked} />}
      <TypedForm {...props} />
    </>
  );
}

function TypedForm(props: FormProps) {
  const { safe } = props;
  const hasPassword = safe.vault !== null || safe.vaultError !== null;
  const [way, setWay] = useState<Way>(hasPassword && safe.vault?.state !== "destroyed" ? "password" : "key");
  if (!hasPassword) return <KeyForm {...props} />;
  return (
    <Tabs<Way>
      label={t("unlock.ways")}
      chosen={way}
      onChoose={setWay}
      tabs={[
        { id: "password", label: t("unlock.with_password"), icon: "password" },
        { id: "key", label: t("unlock.with_key"), icon: "key" },
      ]}
    >
      {way === "password" ? (
        <>
          {safe.vaultError && <ErrorNotice error={safe.vaultError} />}
          <PasswordForm {...props} onUseKey={() => setWay("key")} />
        </>
      ) : (
        <KeyForm {...props} />
      )}
    </Tabs>
  );
}

/** A safe has no name: it is told apart by the day it was made. */
export function safeName(safe: SafeSummary): string {
  return t("safe.name", { date: formatDateTime(safe.created) });
}
