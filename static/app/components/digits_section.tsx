/** The 64 digits of an unlocked safe: show and save them, and check that what was saved is right. */
import { useEffect, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { toast } from "../state/toast";
import { Button } from "./button";
import { CheckDigits } from "./check_digits";
import { KeySheet, type NewKey } from "./key_sheet";
import { ErrorNotice } from "./notice";
import { Waiting } from "./progress";
import { Section } from "./section";

export function ShownDigits(props: { safe: string; email: string }) {
  const [key, setKey] = useState<NewKey | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  useEffect(() => {
    engine.showKey(props.safe).then(setKey, (thrown) => setError(asEngineError(thrown)));
  }, [props.safe]);
  return (
    <>
      <ErrorNotice error={error} />
      {key ? <KeySheet newKey={key} email={props.email} /> : !error && <Waiting />}
    </>
  );
}

export function DigitsSection(props: { safe: string; email: string; proved: boolean; onProved: () => void }) {
  const [doing, setDoing] = useState<"nothing" | "showing" | "checking">("nothing");
  return (
    <Section
      icon="key"
      title={t("protectors.digits_title")}
      badge={props.proved ? { tone: "success", text: t("protectors.digits_proved") } : null}
    >
      <p>{t("protectors.digits_text")}</p>
      {doing === "showing" && <ShownDigits safe={props.safe} email={props.email} />}
      {doing === "checking" ? (
        <CheckDigits
          email={props.email}
          label={t("protectors.check_label")}
          check={(text) => engine.proveKey(props.safe, text)}
          backLabel={t("action.cancel")}
          onBack={() => setDoing("nothing")}
          onConfirmed={() => {
            setDoing("nothing");
            toast(t("protectors.digits_right"));
            props.onProved();
          }}
        />
      ) : (
        <div class="card-actions">
          <Button
            icon="key"
            expanded={doing === "showing"}
            onClick={() => setDoing(doing === "showing" ? "nothing" : "showing")}
          >
            {doing === "showing" ? t("protectors.hide") : t("protectors.show")}
          </Button>
          <Button icon="check" onClick={() => setDoing("checking")}>
            {t("protectors.check")}
          </Button>
        </div>
      )}
    </Section>
  );
}
