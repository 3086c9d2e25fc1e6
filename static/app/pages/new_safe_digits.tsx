/** Saving the digits, and proving that they were saved before anything depends on them. */
import { Button } from "../components/button";
import { CheckDigits } from "../components/check_digits";
import { KeySheet, type NewKey } from "../components/key_sheet";
import { Notice } from "../components/notice";
import { engine } from "../engine/client";
import { t } from "../i18n/translate";

export function SaveDigits(props: {
  newKey: NewKey;
  email: string;
  hasPassword: boolean;
  onSaved: () => void;
  onSkip: () => void;
}) {
  return (
    <>
      <KeySheet newKey={props.newKey} email={props.email} />
      <Notice tone={props.hasPassword ? "info" : "warn"}>
        <p>{props.hasPassword ? t("digits.why_too") : t("digits.only_way")}</p>
      </Notice>
      <div class="form-actions">
        <Button look="primary" icon="check" onClick={props.onSaved}>
          {t("digits.saved")}
        </Button>
        {props.hasPassword && (
          <Button look="quiet" onClick={props.onSkip}>
            {t("digits.not_now")}
          </Button>
        )}
      </div>
    </>
  );
}

export function ConfirmDigits(props: { email: string; onBack: () => void; onConfirmed: () => void }) {
  return (
    <CheckDigits
      framed
      email={props.email}
      label={t("confirm.label")}
      check={engine.confirmNewKey}
      backLabel={t("confirm.back")}
      onBack={props.onBack}
      onConfirmed={props.onConfirmed}
    />
  );
}
