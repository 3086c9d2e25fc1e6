/** Choosing a password: its strength as one types, and the same again. */
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/translate";
import { SecretField } from "./secret_field";
import { loadJudge, type Judge, type Strength } from "./strength";

export interface ChosenPassword {
  password: string;
  again: string;
  strength: Strength | null;
}

export function passwordProblem(chosen: ChosenPassword): string | null {
  if (!chosen.password) return t("password.missing");
  if (!chosen.strength?.enough) return t("password.too_weak");
  if (chosen.password !== chosen.again) return t("password.different");
  return null;
}

const known = (email: string) => [email, email.split("@")[0] ?? "", "coffer"];

/** The choice with its strength: who submits at once (a password manager does) may be quicker than the judge arrives. */
export async function judged(chosen: ChosenPassword, email: string): Promise<ChosenPassword> {
  if (chosen.strength || !chosen.password) return chosen;
  const judge = await loadJudge();
  return { ...chosen, strength: judge(chosen.password, known(email)) };
}

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
}) {
  const { chosen, onChange } = props;
  const [judge, setJudge] = useState<{ judge: Judge } | null>(null);
  useEffect(() => {
    void loadJudge().then((loaded) => setJudge({ judge: loaded }));
  }, []);
  const rate = (password: string) => (password && judge ? judge.judge(password, known(props.email)) : null);

  useEffect(() => {
    if (judge && chosen.password && !chosen.strength) onChange({ ...chosen, strength: rate(chosen.password) });
  }, [judge]);

  return (
    <>
      <SecretField
        label={t("password.label")}
        value={chosen.password}
        autocomplete="new-password"
        onInput={(password) => onChange({ ...chosen, password, strength: rate(password) })}
        hint={t("password.hint")}
      />
      <StrengthMeter strength={chosen.strength} />
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
