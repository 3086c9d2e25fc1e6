/** Asks for what opens a chosen backup that is encrypted itself: Signal's 30 digits, WhatsApp's 64, or a key file. */
import { useState } from "preact/hooks";
import type { BackupSecret, EngineError } from "../engine/contract";
import { wording } from "../engine/failures";
import { t } from "../i18n/translate";
import { Button } from "./button";
import { OneFileButton } from "./file_button";
import { SecretField } from "./secret_field";

/** These say that a key is missing or is not the right one; typing it again can help. */
const ASKING = ["backup_key_needed", "backup_key_wrong", "backup_key_or_damage", "backup_key_unreadable", "key_wrong_length", "key_bad_letter"];

export function asksForKey(error: EngineError): boolean {
  return ASKING.includes(error.code);
}

export function BackupKeyForm(props: { error: EngineError; onKey: (key: BackupSecret) => void; onOther: () => void }) {
  const [key, setKey] = useState("");
  const words = wording(props.error);
  const wrong = props.error.code !== "backup_key_needed";
  return (
    <form
      class="card backup-key"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim()) props.onKey(key);
      }}
    >
      {!wrong && (
        <p>
          {words.message} <span class="soft">{words.next}</span>
        </p>
      )}
      <SecretField
        label={t("backup_key.label")}
        value={key}
        onInput={setKey}
        autocomplete="current-password"
        monospaced
        hint={t("backup_key.hint")}
        error={wrong ? `${words.message} ${words.next}` : undefined}
      />
      <div class="form-actions">
        <Button look="primary" type="submit" disabled={!key.trim()}>
          {t("backup_key.open")}
        </Button>
        <OneFileButton icon="file" label={t("backup_key.choose_file")} onFile={props.onKey} />
        <Button onClick={props.onOther}>{t("backup_key.other")}</Button>
      </div>
      <p class="soft">{t("backup_key.stays")}</p>
    </form>
  );
}
