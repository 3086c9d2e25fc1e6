/** The password of an unlocked safe: add, change, remove. It goes only after something else was seen to open the safe. */
import { useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, Protectors } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { formatDateTime } from "../i18n/format";
import { t } from "../i18n/translate";
import { FRESH_PASSWORD, noteSafe } from "../state/account";
import { toast } from "../state/toast";
import { Button } from "./button";
import { CheckDigits } from "./check_digits";
import { Dialog } from "./dialog";
import { ErrorNotice, Notice } from "./notice";
import { Section } from "./section";
import { SetPassword } from "./set_password";

interface SectionProps {
  safe: string;
  email: string;
  protectors: Protectors;
  onChanged: () => void;
}

function RemoveDialog(props: SectionProps & { onClose: () => void }) {
  const [proved, setProved] = useState(props.protectors.digitsProved);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);

  async function remove() {
    setError(null);
    setBusy(true);
    try {
      await engine.removePassword(props.safe);
      noteSafe(props.safe, { vault: { state: "destroyed", guessesLeft: 0 } });
      toast(t("protectors.removed"));
      props.onClose();
      props.onChanged();
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("protectors.remove_title")} onClose={props.onClose}>
      {proved ? (
        <>
          <p>{t("protectors.remove_text")}</p>
          <ErrorNotice error={error} />
          <div class="form-actions">
            <Button look="danger" busy={busy} onClick={() => void remove()}>
              {t("protectors.remove_submit")}
            </Button>
            <Button look="quiet" onClick={props.onClose}>
              {t("protectors.keep")}
            </Button>
          </div>
        </>
      ) : (
        <>
          <p>{t("protectors.remove_first")}</p>
          <CheckDigits
            email={props.email}
            label={t("protectors.check_label")}
            check={(text) => engine.proveKey(props.safe, text)}
            backLabel={t("protectors.keep")}
            onBack={props.onClose}
            onConfirmed={() => setProved(true)}
          />
        </>
      )}
    </Dialog>
  );
}

export function PasswordSection(props: SectionProps) {
  const [doing, setDoing] = useState<"nothing" | "setting" | "removing">("nothing");
  const { vault, digitsProved } = props.protectors;
  const works = vault?.state === "active";

  return (
    <Section
      icon="password"
      title={t("protectors.password_title")}
      badge={
        vault === null
          ? { tone: "plain", text: t("protectors.password_none") }
          : works
            ? vault.guessesLeft < FRESH_PASSWORD.guessesLeft
              ? { tone: "warn", text: t("unlock.guesses", { count: vault.guessesLeft }) }
              : { tone: "success", text: t("protectors.password_works") }
            : { tone: "plain", text: t("protectors.password_none") }
      }
    >
      <p>{works ? t("protectors.password_text") : t("protectors.password_why")}</p>
      {works && vault.created && <p class="soft">{t("protectors.password_since", { when: formatDateTime(vault.created) })}</p>}
      {works && vault.lockedUntil && (
        <Notice tone="warn">
          <p>{t("protectors.locked", { until: formatDateTime(vault.lockedUntil) })}</p>
        </Notice>
      )}
      {works && vault.staged && doing === "nothing" && (
        <Notice tone="info" title={t("protectors.staged_title")}>
          <p>{t("protectors.staged_text")}</p>
        </Notice>
      )}
      {works && !digitsProved && doing === "nothing" && (
        <Notice tone="info">
          <p>{t("protectors.why_digits")}</p>
        </Notice>
      )}
      {doing === "setting" ? (
        <SetPassword
          safe={props.safe}
          email={props.email}
          change={works}
          onCancel={() => setDoing("nothing")}
          onDone={() => {
            setDoing("nothing");
            toast(works ? t("protectors.changed") : t("protectors.added"));
            props.onChanged();
          }}
        />
      ) : (
        <div class="card-actions">
          <Button icon="password" look={works ? "plain" : "primary"} onClick={() => setDoing("setting")}>
            {works ? t("protectors.change") : t("protectors.add")}
          </Button>
          {works && (
            <Button look="quiet" onClick={() => setDoing("removing")}>
              {t("protectors.remove")}
            </Button>
          )}
        </div>
      )}
      {doing === "removing" && <RemoveDialog {...props} onClose={() => setDoing("nothing")} />}
    </Section>
  );
}
