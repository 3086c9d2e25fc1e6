/** Choosing a password: its strength as one types, and the same again. */
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/translate";
import { SecretField } from "./secret_field";
import { loadJudge, type Judge, type Strength } from "./strength";

export interface ChosenPassword {
  password: string;
  again: string;
}

/** What stands in the way of this choice, judged now: who submits at once may be quicker than the judge has arrived. */
export async function passwordProblem(chosen: ChosenPassword, email: string): Promise<string | null> {
  if (!chosen.password) return t("password.missing");
  const judge = await loadJudge();
  if (!judge(chosen.password, known(email)).enough) return t("password.too_weak");
  if (chosen.password !== chosen.again) return t("password.different");
  return null;
}

const known = (email: string) => [email, email.split("@")[0] ?? "", "coffer"];

function StrengthMeter(props: { strength: Strength | null }) {
  const { strength } = props;
  return (
    <div class="strength">
      <div class="meter" data-level={strength?.score ?? 0} aria-hidden="true">
        <span />
        <span />
        <span />
        <span />
      </div>
      <p class="strength-words" role="status">
        {strength && (
          <>
            <span class="visually-hidden">{t("strength.label")}</span> <strong>{strength.word}</strong> {strength.advice}
          </>
        )}
      </p>
    </div>
  );
}

export function PasswordFields(props: {
  email: string;
  chosen: ChosenPassword;
  onChange: (chosen: ChosenPassword) => void;
  problem: string | null;
  /** Does it take another one's place? */
  change?: boolean | undefined;
}) {
  const { chosen, onChange } = props;
  const [judge, setJudge] = useState<{ judge: Judge } | null>(null);
  useEffect(() => {
    void loadJudge().then((loaded) => setJudge({ judge: loaded }));
  }, []);
  const strength = chosen.password && judge ? judge.judge(chosen.password, known(props.email)) : null;

  return (
    <>
      <SecretField
        label={t(props.change ? "password.new_label" : "password.label")}
        value={chosen.password}
        autocomplete="new-password"
        onInput={(password) => onChange({ ...chosen, password })}
        hint={t("password.hint")}
      />
      <StrengthMeter strength={strength} />
      <SecretField
        label={t("password.again")}
        value={chosen.again}
        autocomplete="new-password"
        onInput={(again) => onChange({ ...chosen, again })}
        error={props.problem}
      />
    </>
  );
}
