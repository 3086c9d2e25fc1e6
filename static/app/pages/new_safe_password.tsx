/** The password step of making a safe. */
import { useState } from "preact/hooks";
import { NewPasswordForm, NO_PASSWORD } from "../components/new_password_form";
import { t } from "../i18n/translate";

export function ChoosePassword(props: { email: string; onBack: () => void; onChosen: (password: string) => void }) {
  const [chosen, setChosen] = useState(NO_PASSWORD);
  return (
    <NewPasswordForm
      framed
      email={props.email}
      chosen={chosen}
      onChange={setChosen}
      onChosen={props.onChosen}
      submit={t("password.continue")}
      back={{ label: t("action.back"), onBack: props.onBack }}
    />
  );
}
