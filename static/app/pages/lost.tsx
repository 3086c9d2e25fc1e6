/** When the password is forgotten, the key is lost, or both: what is possible, and what is not. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../components/button";
import { CheckDigits } from "../components/check_digits";
import { InTrash, TrashSection } from "../components/delete_safe";
import { ShownDigits } from "../components/digits_section";
import { ErrorNotice, Notice } from "../components/notice";
import { Page } from "../components/page";
import { Waiting } from "../components/progress";
import { SetPassword } from "../components/set_password";
import { KeyForm, PasswordForm } from "../components/unlock_form";
import { WithSafe } from "../components/with_safe";
import { engine } from "../engine/client";
import type { Me, SafeSummary } from "../engine/contract";
import { t } from "../i18n/translate";
import { HOME, Link, navigate, paths } from "../router";
import { useProtectors } from "./protectors";

function Done(props: { title: string; text: string; safe: string }) {
  return (
    <Page title={props.title} step="done" back={{ to: paths.safe(props.safe), label: t("safe.backups") }}>
      <Notice tone="success" role="status">
        <p>{props.text}</p>
      </Notice>
      <div class="form-actions">
        <Button look="primary" onClick={() => navigate(paths.safe(props.safe))}>
          {t("home.open_backups")}
        </Button>
        <Link to={paths.protectors(props.safe)} class="button button-quiet">
          {t("protectors.title")}
        </Link>
      </div>
    </Page>
  );
}

/** The first step of a way back in: opening the safe with what is at hand. */
function Opening(props: { title: string; lead: string; safe: SafeSummary; notHere: string; children: ComponentChildren }) {
  return (
    <Page title={props.title} lead={props.lead} step="open" back={{ to: paths.unlock(props.safe.safe), label: t("action.back") }}>
      <div class="card">{props.children}</div>
      <p>
        <Link to={paths.bothLost(props.safe.safe)}>{props.notHere}</Link>
      </p>
    </Page>
  );
}

function NewPassword(props: { safe: SafeSummary; me: Me }) {
  const { protectors, error, load } = useProtectors(props.safe.safe);
  const [done, setDone] = useState(false);
  if (done) return <Done title={t("forgot.done_title")} text={t("forgot.done_text")} safe={props.safe.safe} />;
  return (
    <Page
      title={t("forgot.new_title")}
      lead={t("forgot.new_lead")}
      step="new"
      back={{ to: paths.safe(props.safe.safe), label: t("safe.backups") }}
    >
      <ErrorNotice error={error} onRetry={() => void load()} />
      {!protectors && !error && <Waiting />}
      {protectors && (
        <div class="card">
          <SetPassword
            safe={props.safe.safe}
            email={props.me.email}
            change={protectors.vault?.state === "active"}
            onDone={() => setDone(true)}
          />
        </div>
      )}
    </Page>
  );
}

export function ForgottenPasswordPage(props: { safe: string }) {
  return (
    <WithSafe
      safe={props.safe}
      locked={(safe, me) => (
        <Opening title={t("forgot.title")} lead={t("forgot.lead")} safe={safe} notHere={t("forgot.no_key")}>
          <KeyForm safe={safe} email={me.email} onUnlocked={() => undefined} />
        </Opening>
      )}
    >
      {(safe, me) => <NewPassword key={safe.safe} safe={safe} me={me} />}
    </WithSafe>
  );
}

function SaveKeyAgain(props: { safe: SafeSummary; me: Me }) {
  const [step, setStep] = useState<"save" | "check" | "done">("save");
  if (step === "done") return <Done title={t("lost_key.done_title")} text={t("lost_key.done_text")} safe={props.safe.safe} />;
  const back = { to: paths.safe(props.safe.safe), label: t("safe.backups") };
  if (step === "check") {
    return (
      <Page title={t("confirm.title")} lead={t("lost_key.check_lead")} step="check" back={back}>
        <CheckDigits
          framed
          email={props.me.email}
          label={t("protectors.check_label")}
          check={(text) => engine.proveKey(props.safe.safe, text)}
          backLabel={t("confirm.back")}
          onBack={() => setStep("save")}
          onConfirmed={() => setStep("done")}
        />
      </Page>
    );
  }
  return (
    <Page title={t("lost_key.save_title")} lead={t("lost_key.save_lead")} step="save" back={back}>
      <ShownDigits safe={props.safe.safe} email={props.me.email} />
      <Notice tone="info">
        <p>{t("lost_key.same_key")}</p>
      </Notice>
      <div class="form-actions">
        <Button look="primary" icon="check" onClick={() => setStep("check")}>
          {t("digits.saved")}
        </Button>
      </div>
    </Page>
  );
}

export function LostKeyPage(props: { safe: string }) {
  return (
    <WithSafe
      safe={props.safe}
      locked={(safe, me) => (
        <Opening title={t("lost_key.title")} lead={t("lost_key.lead")} safe={safe} notHere={t("lost_key.no_password")}>
          <PasswordForm safe={safe} email={me.email} onUnlocked={() => undefined} onUseKey={() => navigate(paths.bothLost(safe.safe))} />
        </Opening>
      )}
    >
      {(safe, me) => <SaveKeyAgain key={safe.safe} safe={safe} me={me} />}
    </WithSafe>
  );
}

function BothLost(props: { safe: SafeSummary }) {
  const { safe } = props;
  const guesses = safe.vault && safe.vault.state !== "destroyed" ? safe.vault.guessesLeft : 0;
  return (
    <Page title={t("both_lost.title")} lead={t("both_lost.lead")} back={{ to: paths.unlock(safe.safe), label: t("action.back") }}>
      <section class="card">
        <h2>{t("both_lost.look_title")}</h2>
        <ul class="hints">
          <li>{t("both_lost.look_tab")}</li>
          <li>{t("both_lost.look_manager")}</li>
          <li>{t("both_lost.look_file")}</li>
          <li>{t("both_lost.look_passkey")}</li>
          {guesses > 0 && <li>{t("both_lost.look_guesses", { count: guesses })}</li>}
        </ul>
      </section>
      <Notice tone="warn" title={t("both_lost.else_title")}>
        <p>{t("both_lost.else_text")}</p>
      </Notice>
      <section class="card">
        <h2>{t("both_lost.new_title")}</h2>
        <p>{t("both_lost.new_text")}</p>
        <div class="card-actions">
          <Link to={paths.newSafe} class="button button-primary">
            {t("both_lost.new_safe")}
          </Link>
        </div>
      </section>
      {safe.purgeAfter === null ? (
        <TrashSection safe={safe} />
      ) : (
        <section class="card">
          <h2>{t("trash.badge")}</h2>
          <InTrash safe={safe} />
        </section>
      )}
    </Page>
  );
}

function StillOpen(props: { safe: SafeSummary }) {
  return (
    <Page title={t("both_lost.open_title")} lead={t("both_lost.open_text")} back={{ to: HOME, label: t("nav.safes") }}>
      <div class="form-actions">
        <Link to={paths.lostKey(props.safe.safe)} class="button button-primary">
          {t("both_lost.save_key")}
        </Link>
        <Link to={paths.protectors(props.safe.safe)} class="button button-secondary">
          {t("protectors.title")}
        </Link>
      </div>
    </Page>
  );
}

export function BothLostPage(props: { safe: string }) {
  return (
    <WithSafe safe={props.safe} locked={(safe) => <BothLost safe={safe} />}>
      {(safe) => <StillOpen safe={safe} />}
    </WithSafe>
  );
}
