/** Choosing a password and handing it on once nothing stands in its way. What was typed stays with whoever shows the form. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button } from "./button";
import type { IconName } from "./icon";
import { PasswordFields, passwordProblem, type ChosenPassword } from "./password_fields";
import { AccountField } from "./secret_field";

export const NO_PASSWORD: ChosenPassword = { password: "", again: "" };

export function NewPasswordForm(props: {
  email: string;
  chosen: ChosenPassword;
  onChange: (chosen: ChosenPassword) => void;
  onChosen: (password: string) => void;
  /** In a frame of its own, where it is all there is on a page. */
  framed?: boolean;
  /** Does it take another one's place? */
  change?: boolean;
  submit: string;
  icon?: IconName;
  back?: { label: string; onBack: () => void } | undefined;
  /** Between the fields and the buttons. */
  children?: ComponentChildren;
}) {
  const { email, chosen, back } = props;
  const [problem, setProblem] = useState<string | null>(null);

  async function submit() {
    const found = await passwordProblem(chosen, email);
    setProblem(found);
    if (!found) props.onChosen(chosen.password);
  }

  return (
    <form
      class={props.framed ? "form card" : "form"}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <AccountField email={email} />
      <PasswordFields
        email={email}
        chosen={chosen}
        problem={problem}
        change={props.change}
        onChange={(changed) => {
          props.onChange(changed);
          setProblem(null);
        }}
      />
      {props.children}
      <div class="form-actions">
        <Button type="submit" look="primary" {...(props.icon ? { icon: props.icon } : {})}>
          {props.submit}
        </Button>
        {back && (
          <Button look="quiet" onClick={back.onBack}>
            {back.label}
          </Button>
        )}
      </div>
    </form>
  );
}
