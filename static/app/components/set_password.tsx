/** Choosing a password for an unlocked safe: added where there is none, changed where there is one. */
import { useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, Progress } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { FRESH_PASSWORD, noteSafe } from "../state/account";
import { NewPasswordForm, NO_PASSWORD } from "./new_password_form";
import { ErrorNotice } from "./notice";
import { ProgressPanel } from "./progress";

export function SetPassword(props: {
  safe: string;
  email: string;
  /** Is there a working password to change? */
  change: boolean;
  onCancel?: () => void;
  onDone: () => void;
}) {
  const [chosen, setChosen] = useState(NO_PASSWORD);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);

  async function submit(password: string) {
    setError(null);
    setBusy(true);
    try {
      const set = props.change ? engine.changePassword : engine.addPassword;
      await set(props.safe, password, setProgress);
      noteSafe(props.safe, { vault: FRESH_PASSWORD });
      setChosen(NO_PASSWORD);
      props.onDone();
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setBusy(false);
      setProgress(null);
    }
  }

  if (busy) {
    // Once the last step is under way there is nothing left to stop.
    const last = progress?.stage === "promoting";
    return <ProgressPanel plain progress={progress} {...(last ? {} : { onCancel: () => engine.cancel() })} />;
  }
  const changeFailed = props.change && error && error.code !== "change_unsure";
  return (
    <NewPasswordForm
      email={props.email}
      chosen={chosen}
      change={props.change}
      onChange={setChosen}
      onChosen={(password) => void submit(password)}
      submit={props.change ? t("protectors.change_submit") : t("protectors.add_submit")}
      icon="password"
      back={props.onCancel && { label: t("action.cancel"), onBack: props.onCancel }}
    >
      <ErrorNotice error={error} />
      {changeFailed && <p class="soft">{t("protectors.old_works")}</p>}
    </NewPasswordForm>
  );
}
