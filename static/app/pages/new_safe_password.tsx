/** The password step of making a safe. */
import { useState } from "preact/hooks";
import { Button } from "../components/button";
import { PasswordFields, passwordProblem, type ChosenPassword } from "../components/password_fields";
import { AccountField } from "../components/secret_field";
import { t } from "../i18n/translate";

export function ChoosePassword(props: { email: string; onBack: () => void; onChosen: (password: string) => void }) {
  const [chosen, setChosen] = useState<ChosenPassword>({ password: "", again: "" });
  const [problem, setProblem] = useState<string | null>(null);

  async function submit() {
    const found = await passwordProblem(chosen, props.email);
    setProblem(found);
    if (!found) props.onChosen(chosen.password);
  }

  return (
    <form
      class="form card"
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
      <div class="form-actions">
        <Button type="submit" look="primary">
          {t("password.continue")}
        </Button>
        <Button look="quiet" onClick={props.onBack}>
          {t("action.back")}
        </Button>
      </div>
    </form>
  );
}
