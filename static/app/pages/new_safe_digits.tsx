/** Saving the digits, and proving that they were saved before anything depends on them. */
import { useState } from "preact/hooks";
import { Button } from "../components/button";
import { KeyEntry } from "../components/key_entry";
import { KeySheet, type NewKey } from "../components/key_sheet";
import { ErrorNotice, Notice } from "../components/notice";
import { AccountField } from "../components/secret_field";
import { engine } from "../engine/client";
import type { EngineError } from "../engine/contract";
import { asEngineError } from "../engine/failures";
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
  const [text, setText] = useState("");
  const [error, setError] = useState<EngineError | null>(null);
  const [busy, setBusy] = useState(false);

  async function check(key: string) {
    setBusy(true);
    setError(null);
    try {
      const { matches } = await engine.confirmNewKey(key);
      if (matches) props.onConfirmed();
      else setError({ code: "key_differs", message: t("confirm.differs"), next: t("confirm.differs_next"), data: {} });
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  const ofTheField = error && error.code.startsWith("key_") ? error : null;
  return (
    <form
      class="form card"
      onSubmit={(event) => {
        event.preventDefault();
        void check(text);
      }}
    >
      <AccountField email={props.email} />
      <KeyEntry
        label={t("confirm.label")}
        value={text}
        autocomplete="new-password"
        error={ofTheField}
        onInput={(typed) => {
          setText(typed);
          setError(null);
        }}
        onFile={(content) => void check(content)}
      />
      <ErrorNotice error={ofTheField ? null : error} />
      <div class="form-actions">
        <Button type="submit" look="primary" icon="check" busy={busy}>
          {t("confirm.check")}
        </Button>
        <Button look="quiet" onClick={props.onBack}>
          {t("confirm.back")}
        </Button>
      </div>
    </form>
  );
}
