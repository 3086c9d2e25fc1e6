/** Entering the 64 digits: typed, pasted, filled in by a password manager, or read from the saved file. */
import type { EngineError } from "../engine/contract";
import { wording } from "../engine/failures";
import { t } from "../i18n/translate";
import { OneFileButton } from "./file_button";
import { SecretField } from "./secret_field";

const KEY_DIGITS = 64;
/** Far more than a key file ever holds; anything larger was chosen by mistake. */
const KEY_FILE_LIMIT = 64 * 1024;

/** An error of what was typed, to be told at the field; null for every other. */
export function ofTheKey(error: EngineError | null): EngineError | null {
  return error?.code.startsWith("key_") ? error : null;
}

/** Digits so far, for the counter only: the engine decides what a key is. */
function digitsIn(text: string): number {
  return text.replace(/[^0-9a-z]/gi, "").length;
}

export function KeyEntry(props: {
  label: string;
  value: string;
  onInput: (text: string) => void;
  /** A whole file's text was chosen: nothing more has to be typed. */
  onFile: (text: string) => void;
  autocomplete: "current-password" | "new-password";
  error: EngineError | null;
}) {
  const words = props.error && wording(props.error);
  return (
    <div class="key-entry">
      <SecretField
        label={props.label}
        value={props.value}
        onInput={props.onInput}
        autocomplete={props.autocomplete}
        monospaced
        hint={
          <span>
            {t("key.hint")} <span class="key-count">{t("key.count", { got: digitsIn(props.value), all: KEY_DIGITS })}</span>
          </span>
        }
        error={words && `${words.message} ${words.next}`}
      />
      <div class="key-file">
        <span class="soft">{t("key.or")}</span>
        <OneFileButton
          icon="file"
          label={t("key.choose_file")}
          accept=".txt,text/plain"
          onFile={(file) => void file.slice(0, KEY_FILE_LIMIT).text().then(props.onFile)}
        />
      </div>
    </div>
  );
}
