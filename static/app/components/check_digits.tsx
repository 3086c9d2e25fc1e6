/** Typing or loading the 64 digits to see that what was saved is right. */
import { useState } from "preact/hooks";
import type { EngineError } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { Button } from "./button";
import { KeyEntry, ofTheKey } from "./key_entry";
import { ErrorNotice } from "./notice";
import { AccountField } from "./secret_field";

export function CheckDigits(props: {
  email: string;
  label: string;
  /** In a frame of its own, where it is all there is on a page. */
  framed?: boolean;
  /** Rejects where the digits are wrong; some checks say so by their answer. */
  check: (text: string) => Promise<{ matches: boolean } | void>;
  backLabel: string;
  onBack: () => void;
  onConfirmed: () => void;
}) {
  const [text, setText] = useState("");
  const [error, setError] = useState<EngineError | null>(null);
  const [busy, setBusy] = useState(false);

  async function check(key: string) {
    setBusy(true);
    setError(null);
    try {
      const answer = await props.check(key);
      if (!answer || answer.matches) props.onConfirmed();
      else setError({ code: "key_differs", message: t("confirm.differs"), next: t("confirm.differs_next"), data: {} });
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  const ofTheField = ofTheKey(error);
  return (
    <form
      class={props.framed ? "form card" : "form"}
      onSubmit={(event) => {
        event.preventDefault();
        void check(text);
      }}
    >
      <AccountField email={props.email} />
      <KeyEntry
        label={props.label}
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
          {props.backLabel}
        </Button>
      </div>
    </form>
  );
}
