/** The windows in which a passkey is added or removed. Both begin by showing another way in, where that is still owed. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, PasskeySummary, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { formatDate } from "../i18n/format";
import { t } from "../i18n/translate";
import { create } from "../passkey/ceremony";
import { toast } from "../state/toast";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorNotice } from "./notice";
import { Waiting } from "./progress";
import { ProveAnotherWay } from "./prove_another_way";

interface DialogProps {
  safe: SafeSummary;
  email: string;
  onClose: () => void;
  onDone: () => void;
}

const NAME_LETTERS = 64;

function Proved(props: DialogProps & { title: string; children: ComponentChildren }) {
  const [proved, setProved] = useState<boolean | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  useEffect(() => {
    engine.anotherWayProved(props.safe.safe).then(setProved, (thrown) => setError(asEngineError(thrown)));
  }, []);
  return (
    <Dialog title={proved === false ? t("passkey.prove_title") : props.title} onClose={props.onClose}>
      <ErrorNotice error={error} />
      {proved === null && !error && <Waiting />}
      {proved === false && (
        <ProveAnotherWay safe={props.safe} email={props.email} onProved={() => setProved(true)} />
      )}
      {proved === true && props.children}
    </Dialog>
  );
}

export function AddPasskey(props: DialogProps) {
  const { safe } = props.safe;
  const [name, setName] = useState(t("passkey.name_default", { date: formatDate(new Date().toISOString()) }));
  const [busy, setBusy] = useState<"first" | "second" | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  const wrong = !name.trim() || name.trim().length > NAME_LETTERS;

  async function add() {
    setError(null);
    setBusy("first");
    try {
      const ceremony = await engine.passkeyCeremony(safe);
      const user = t("passkey.user", { date: formatDate(props.safe.created) });
      const { credential, prf } = await create(ceremony, user, () => setBusy("second"));
      await engine.addPasskey(safe, name.trim(), credential, prf);
      toast(t("passkey.added"));
      props.onDone();
    } catch (thrown) {
      setError(asEngineError(thrown));
      setBusy(null);
    }
  }

  return (
    <Proved {...props} title={t("passkey.add_title")}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) void add();
        }}
      >
        <div class="field">
          <label class="field-label" for="passkey-name">
            {t("passkey.name_label")}
          </label>
          <input
            id="passkey-name"
            class="input"
            type="text"
            dir="auto"
            value={name}
            maxLength={NAME_LETTERS}
            autocomplete="off"
            aria-describedby="passkey-name-hint"
            aria-invalid={wrong || undefined}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <p class={wrong ? "field-error" : "field-help"} id="passkey-name-hint">
            {wrong ? t("passkey.name_missing") : t("passkey.name_hint")}
          </p>
        </div>
        <p role="status">{busy === "second" && t("passkey.again")}</p>
        <ErrorNotice error={error} />
        <div class="form-actions">
          <Button type="submit" look="primary" icon="passkey" busy={busy !== null} disabled={wrong}>
            {busy ? t("passkey.creating") : t("passkey.create")}
          </Button>
        </div>
      </form>
    </Proved>
  );
}

export function RemovePasskey(props: DialogProps & { passkey: PasskeySummary }) {
  const { passkey } = props;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);

  async function remove() {
    setError(null);
    setBusy(true);
    try {
      await engine.removePasskey(props.safe.safe, passkey.passkey);
      toast(t("passkey.removed"));
      props.onDone();
    } catch (thrown) {
      setError(asEngineError(thrown));
      setBusy(false);
    }
  }

  return (
    <Proved {...props} title={t("passkey.remove_title")}>
      <p>{t("passkey.remove_text", { name: passkey.name })}</p>
      <ErrorNotice error={error} />
      <div class="card-actions">
        <Button look="danger" busy={busy} onClick={() => void remove()}>
          {t("passkey.remove_confirm")}
        </Button>
        <Button look="quiet" onClick={props.onClose}>
          {t("action.cancel")}
        </Button>
      </div>
    </Proved>
  );
}
