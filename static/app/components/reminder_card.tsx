/** Now and then: do you still know the password, do you still have the key? Asked once, easily put off, easily ended. */
import { useEffect, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, ReminderAnswer, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { Link, paths } from "../router";
import { noteSafe, refreshAccount } from "../state/account";
import { toast } from "../state/toast";
import { Button } from "./button";
import { CheckDigits } from "./check_digits";
import { ErrorNotice } from "./notice";
import { Section } from "./section";
import { SecretField } from "./secret_field";

type Asked = "password" | "key";

function dueNow(safe: SafeSummary): Asked | null {
  const due = (kind: Asked) => {
    const when = safe.reminders[kind];
    return when !== null && new Date(when).getTime() <= Date.now();
  };
  if (safe.vault?.state === "active" && due("password")) return "password";
  return due("key") ? "key" : null;
}

function PasswordCheck(props: { safe: string; onKnown: () => void; onFailed: () => void }) {
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);

  async function check() {
    setError(null);
    setBusy(true);
    try {
      await engine.provePassword(props.safe, typed);
      props.onKnown();
    } catch (thrown) {
      const failure = asEngineError(thrown);
      setError(failure);
      if (failure.code === "wrong_password") props.onFailed();
    } finally {
      setTyped("");
      setBusy(false);
    }
  }

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void check();
      }}
    >
      <SecretField label={t("reminder.password_label")} value={typed} onInput={setTyped} autocomplete="current-password" />
      <ErrorNotice error={error} />
      <div class="form-actions">
        <Button type="submit" look="primary" busy={busy} disabled={typed === ""}>
          {t("reminder.check")}
        </Button>
      </div>
    </form>
  );
}

export function ReminderCard(props: { safe: SafeSummary; email: string }) {
  const { safe, email } = props;
  const asked = dueNow(safe);
  const [fresh, setFresh] = useState(asked === null);
  const [trying, setTrying] = useState(false);
  const [failed, setFailed] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  useEffect(() => {
    // Unlocking just now may have answered the question already.
    if (!fresh) void refreshAccount().then(() => setFresh(true), () => setFresh(true));
  }, []);
  if (!fresh || !asked) return null;

  async function answer(kind: Asked, given: ReminderAnswer) {
    setError(null);
    try {
      const { due } = await engine.answerReminder(safe.safe, kind, given);
      if (given === "failed") return;
      if (given === "passed") toast(t("reminder.thanks"));
      setTrying(false);
      setFailed(false);
      noteSafe(safe.safe, { reminders: { ...safe.reminders, [kind]: due } });
    } catch (thrown) {
      setError(asEngineError(thrown));
    }
  }

  function missed(kind: Asked) {
    setFailed(true);
    void answer(kind, "failed");
  }

  const password = asked === "password";
  return (
    <Section icon={password ? "password" : "key"} title={password ? t("reminder.password_title") : t("reminder.key_title")}>
      <p>{password ? t("reminder.password_text") : t("reminder.key_text")}</p>
      {trying && password && <PasswordCheck safe={safe.safe} onKnown={() => void answer("password", "passed")} onFailed={() => missed("password")} />}
      {trying && !password && (
        <CheckDigits
          email={email}
          label={t("reminder.key_label")}
          check={(text) => engine.proveKey(safe.safe, text)}
          backLabel={t("reminder.back")}
          onBack={() => setTrying(false)}
          onConfirmed={() => void answer("key", "passed")}
        />
      )}
      {failed && (
        <p>
          <Link to={paths.protectors(safe.safe)}>{t("reminder.change")}</Link>
        </p>
      )}
      <ErrorNotice error={error} />
      <div class="card-actions">
        {!trying && (
          <Button look="primary" onClick={() => setTrying(true)}>
            {password ? t("reminder.try_password") : t("reminder.try_key")}
          </Button>
        )}
        <Button onClick={() => void answer(asked, "later")}>{t("reminder.later")}</Button>
        <Button look="quiet" onClick={() => void answer(asked, "never")}>
          {t("reminder.never")}
        </Button>
      </div>
    </Section>
  );
}
