/** Choosing a password for an unlocked safe: added where there is none, changed where there is one. */
import { useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, Progress } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { FRESH_PASSWORD, noteSafe } from "../state/account";
import { Button } from "./button";
import { ErrorNotice } from "./notice";
import { PasswordFields, passwordProblem, type ChosenPassword } from "./password_fields";
import { ProgressPanel } from "./progress";
import { AccountField } from "./secret_field";

export function SetPassword(props: {
  safe: string;
  email: string;
  /** Is there a working password to change? */
  change: boolean;
  onCancel?: () => void;
  onDone: () => void;
}) {
  const [chosen, setChosen] = useState<ChosenPassword>({ password: "", again: "" });
  const [problem, setProblem] = useState<string | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);

  async function submit() {
    const found = await passwordProblem(chosen, props.email);
    setProblem(found);
    if (found) return;
    setError(null);
    setBusy(true);
    try {
      const set = props.change ? engine.changePassword : engine.addPassword;
      await set(props.safe, chosen.password, setProgress);
      noteSafe(props.safe, { vault: FRESH_PASSWORD });
      setChosen({ password: "", again: "" });
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
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <AccountField email={props.email} />
      <PasswordFields
        email={props.email}
        chosen={chosen}
        problem={problem}
        onChange={(changed) => {
          setChosen(changed);
          setProblem(null);
        }}
      />
      <ErrorNotice error={error} />
      {changeFailed && <p class="soft">{t("protectors.old_works")}</p>}
      <div class="form-actions">
        <Button type="submit" look="primary" icon="password">
          {props.change ? t("protectors.change_submit") : t("protectors.add_submit")}
        </Button>
        {props.onCancel && (
          <Button look="quiet" onClick={props.onCancel}>
            {t("action.cancel")}
          </Button>
        )}
      </div>
    </form>
  );
}
