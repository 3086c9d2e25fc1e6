/** Asks for what opens an encrypted backup: WhatsApp's 64 digits or key file, or Signal's 30 digits. */
import { useRef, useState } from "preact/hooks";
import type { BackupSecret, EngineError } from "../engine/contract";
import { wording } from "../engine/failures";
import { baseName } from "../files/save";
import { t, type Key } from "../i18n/translate";
import { Button } from "./button";
import { ErrorNotice } from "./notice";
import { SecretField } from "./secret_field";

interface Asked {
  typed: Key | null;
  digits: number;
  where: Key;
  file: Key | null;
}

const ASKED: Record<string, Asked> = {
  signal: { typed: "backup_key.signal_label", digits: 30, where: "backup_key.signal_where", file: null },
  crypt15: { typed: "backup_key.digits_label", digits: 64, where: "backup_key.digits_where", file: "backup_key.choose_root" },
  mcrypt1: { typed: "backup_key.digits_label", digits: 64, where: "backup_key.digits_where", file: "backup_key.choose_root" },
  crypt14: { typed: null, digits: 0, where: "backup_key.file_where", file: "backup_key.choose_legacy" },
  crypt12: { typed: null, digits: 0, where: "backup_key.file_where", file: "backup_key.choose_legacy" },
};
const TYPED: Asked = { typed: "backup_key.digits_label", digits: 64, where: "backup_key.digits_where", file: "backup_key.choose_root" };

const digitsIn = (text: string): number => text.replace(/[^0-9a-z]/gi, "").length;

export function BackupKeyForm(props: {
  file: string;
  kind: string;
  wrong: EngineError | null;
  onKey: (key: BackupSecret) => void;
  onCancel: () => void;
}) {
  const asked = ASKED[props.kind] ?? TYPED;
  const [text, setText] = useState("");
  const chooser = useRef<HTMLInputElement>(null);
  const words = props.wrong && wording(props.wrong);
  return (
    <form
      class="form card"
      onSubmit={(event) => {
        event.preventDefault();
        if (asked.typed && text.trim()) props.onKey(text.trim());
      }}
    >
      <p class="soft" dir="auto">
        {t("backup_key.of", { file: baseName(props.file) })}
      </p>
      {asked.typed ? (
        <SecretField
          label={t(asked.typed)}
          value={text}
          onInput={setText}
          autocomplete="off"
          monospaced
          hint={
            <span>
              {t(asked.where)} <span class="key-count">{t("key.count", { got: digitsIn(text), all: asked.digits })}</span>
            </span>
          }
          error={words && `${words.message} ${words.next}`}
        />
      ) : (
        <>
          <p>{t(asked.where)}</p>
          <ErrorNotice error={props.wrong} />
        </>
      )}
      {asked.file && (
        <div class="key-file">
          {asked.typed && <span class="soft">{t("key.or")}</span>}
          <Button icon="file" look={asked.typed ? "plain" : "primary"} onClick={() => chooser.current?.click()}>
            {t(asked.file)}
          </Button>
          <input
            ref={chooser}
            type="file"
            hidden
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              event.currentTarget.value = "";
              if (file) props.onKey(file);
            }}
          />
        </div>
      )}
      <div class="form-actions">
        {asked.typed && (
          <Button type="submit" look="primary" icon="unlocked" disabled={!text.trim()}>
            {t("backup_key.open")}
          </Button>
        )}
        <Button look="quiet" onClick={props.onCancel}>
          {t("found.other")}
        </Button>
      </div>
    </form>
  );
}
