/** Before passkeys are changed by somebody who came in by one: the digits or the password are shown to work. */
import { useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { Button } from "./button";
import { KeyEntry, ofTheKey } from "./key_entry";
import { ErrorNotice } from "./notice";
import { AccountField, SecretField } from "./secret_field";
import { Tabs } from "./tabs";

type Way = "password" | "key";

export function ProveAnotherWay(props: { safe: SafeSummary; email: string; onProved: () => void }) {
  const { safe } = props;
  const hasPassword = safe.vault !== null && safe.vault.state !== "destroyed";
  const [way, setWay] = useState<Way>(hasPassword ? "password" : "key");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);

  async function prove(typed: string) {
    setError(null);
    setBusy(true);
    try {
      await (way === "password" ? engine.provePassword(safe.safe, typed) : engine.proveKey(safe.safe, typed));
      props.onProved();
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  const ofTheField = ofTheKey(error);
  const form = (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) void prove(text);
      }}
    >
      <AccountField email={props.email} />
      {way === "password" ? (
        <SecretField label={t("unlock.password_label")} value={text} autocomplete="current-password" onInput={setText} />
      ) : (
        <KeyEntry
          label={t("unlock.key_label")}
          value={text}
          autocomplete="current-password"
          error={ofTheField}
          onInput={setText}
          onFile={(content) => void prove(content)}
        />
      )}
      <ErrorNotice error={ofTheField ? null : error} />
      <div class="form-actions">
        <Button type="submit" look="primary" busy={busy} disabled={!text.trim()}>
          {t("passkey.prove")}
        </Button>
      </div>
    </form>
  );
  return (
    <>
      <p>{t("passkey.prove_text")}</p>
      {hasPassword ? (
        <Tabs<Way>
          label={t("passkey.prove_ways")}
          chosen={way}
          onChoose={(chosen) => {
            setWay(chosen);
            setText("");
            setError(null);
          }}
          tabs={[
            { id: "password", label: t("unlock.with_password"), icon: "password" },
            { id: "key", label: t("unlock.with_key"), icon: "key" },
          ]}
        >
          {form}
        </Tabs>
      ) : (
        form
      )}
    </>
  );
}
