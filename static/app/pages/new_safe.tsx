/**
 * Making a safe, one step at a time: choose what opens it, save the digits (and prove that they were saved), or choose a
 * password and be urged to save the digits too; then the safe is registered.
 */
import { useEffect, useState } from "preact/hooks";
import { ErrorNotice } from "../components/notice";
import { Page } from "../components/page";
import { ProgressPanel, Waiting } from "../components/progress";
import type { NewKey } from "../components/key_sheet";
import { engine } from "../engine/client";
import type { EngineError, Me, Progress } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { HOME, navigate, paths, releaseLeaveGuard, useLeaveGuard } from "../router";
import { refreshAccount } from "../state/account";
import { toast } from "../state/toast";
import { ChooseProtector } from "./new_safe_choose";
import { ConfirmDigits, SaveDigits } from "./new_safe_digits";
import { ChoosePassword } from "./new_safe_password";

type Step = "choose" | "password" | "digits" | "confirm" | "creating";

const BACK = { to: HOME, label: "" };

export function NewSafePage(props: { me: Me; hasSafes: boolean }) {
  const { me } = props;
  const [step, setStep] = useState<Step>("choose");
  const [password, setPassword] = useState<string | null>(null);
  const [newKey, setNewKey] = useState<NewKey | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  useLeaveGuard(newKey === null ? null : t("new.leave"));

  async function makeKey() {
    setError(null);
    try {
      setNewKey(await engine.newKey());
    } catch (thrown) {
      setError(asEngineError(thrown));
    }
  }

  useEffect(() => {
    if (step === "digits" && !newKey) void makeKey();
  }, [step]);

  async function create() {
    setStep("creating");
    setError(null);
    setProgress(null);
    try {
      const { safe } = await engine.createSafe({ password }, setProgress);
      await refreshAccount();
      toast(t("new.made"));
      releaseLeaveGuard();
      navigate(paths.backup(safe), { replace: true });
    } catch (thrown) {
      setError(asEngineError(thrown));
    }
  }

  const back = { ...BACK, label: props.hasSafes ? t("nav.safes") : t("nav.start") };
  switch (step) {
    case "choose":
      return (
        <Page title={t("new.title")} lead={t("new.lead")} back={back} step="choose">
          <ChooseProtector
            onChoose={(protector) => {
              setPassword(null);
              setStep(protector === "key" ? "digits" : "password");
            }}
          />
        </Page>
      );
    case "password":
      return (
        <Page title={t("password.title")} lead={t("password.lead")} step="password">
          <ChoosePassword
            email={me.email}
            onBack={() => setStep("choose")}
            onChosen={(chosen) => {
              setPassword(chosen);
              setStep("digits");
            }}
          />
        </Page>
      );
    case "digits":
      return (
        <Page
          title={password === null ? t("digits.title") : t("digits.also_title")}
          lead={password === null ? t("digits.lead") : t("digits.also_lead")}
          step="digits"
        >
          <ErrorNotice error={error} onRetry={() => void makeKey()} />
          {newKey ? (
            <SaveDigits
              newKey={newKey}
              email={me.email}
              hasPassword={password !== null}
              onSaved={() => setStep("confirm")}
              onSkip={() => void create()}
            />
          ) : (
            !error && <Waiting label={t("digits.making")} />
          )}
        </Page>
      );
    case "confirm":
      return (
        <Page title={t("confirm.title")} lead={t("confirm.lead")} step="confirm">
          <ConfirmDigits email={me.email} onBack={() => setStep("digits")} onConfirmed={() => void create()} />
        </Page>
      );
    case "creating":
      return (
        <Page title={t("new.creating_title")} step="creating">
          {error ? (
            <ErrorNotice error={error} onRetry={() => void create()} />
          ) : (
            <ProgressPanel progress={progress} label={password === null ? t("new.registering_key") : t("new.registering_password")} />
          )}
        </Page>
      );
  }
}
