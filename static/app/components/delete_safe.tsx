/** The end of a safe: at once while it is open, after typing the account's e-mail; through the trash while it is locked. */
import { useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { formatBytes, formatDateTime } from "../i18n/format";
import { t } from "../i18n/translate";
import { HOME, navigate } from "../router";
import { noteSafe, refreshAccount } from "../state/account";
import { toast } from "../state/toast";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorNotice } from "./notice";
import { Section } from "./section";

/** What would go, so that nobody deletes the wrong safe. */
function What(props: { safe: SafeSummary }) {
  const { safe } = props;
  return (
    <p class="soft dotted">
      <span>{t("safe.name", { date: formatDateTime(safe.created) })}</span>
      <span>{t("count.backups", { count: safe.snapshots })}</span>
      <span>{formatBytes(safe.bytes)}</span>
    </p>
  );
}

function DeleteDialog(props: { safe: SafeSummary; email: string; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);

  async function remove() {
    if (typed.trim().toLowerCase() !== props.email.toLowerCase()) {
      setProblem(t("delete.different", { email: props.email }));
      return;
    }
    setError(null);
    setBusy(true);
    try {
      await engine.deleteSafe(props.safe.safe);
      toast(t("delete.done"));
      navigate(HOME);
      await refreshAccount();
    } catch (thrown) {
      setError(asEngineError(thrown));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("delete.title")} onClose={props.onClose}>
      <p>{t("delete.text")}</p>
      <What safe={props.safe} />
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void remove();
        }}
      >
        <div class="field">
          <label class="field-label" for="delete-email">{t("delete.label", { email: props.email })}</label>
          <input
            id="delete-email"
            class="input"
            type="email"
            autocomplete="off"
            value={typed}
            aria-invalid={problem !== null}
            aria-describedby={problem ? "delete-problem" : undefined}
            onInput={(event) => {
              setTyped(event.currentTarget.value);
              setProblem(null);
            }}
          />
          {problem && (
            <p id="delete-problem" class="field-error" role="alert">
              {problem}
            </p>
          )}
        </div>
        <ErrorNotice error={error} />
        <div class="form-actions">
          <Button type="submit" look="danger" busy={busy}>
            {t("delete.submit")}
          </Button>
          <Button look="quiet" onClick={props.onClose}>
            {t("delete.keep")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function DeleteSection(props: { safe: SafeSummary; email: string }) {
  const [asking, setAsking] = useState(false);
  return (
    <Section icon="warning" title={t("delete.title")}>
      <p>{t("delete.section_text")}</p>
      <div class="card-actions">
        <Button look="danger" onClick={() => setAsking(true)}>
          {t("delete.open")}
        </Button>
      </div>
      {asking && <DeleteDialog safe={props.safe} email={props.email} onClose={() => setAsking(false)} />}
    </Section>
  );
}

/** For a safe that nobody can open any more. */
export function TrashSection(props: { safe: SafeSummary }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);

  async function trash() {
    setError(null);
    setBusy(true);
    try {
      const { purgeAfter } = await engine.trashSafe(props.safe.safe);
      noteSafe(props.safe.safe, { purgeAfter });
      toast(t("trash.done"));
      navigate(HOME);
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section icon="warning" title={t("trash.title")}>
      <p>{t("trash.text")}</p>
      <div class="card-actions">
        <Button onClick={() => setAsking(true)}>{t("trash.open")}</Button>
      </div>
      {asking && (
        <Dialog title={t("trash.title")} onClose={() => setAsking(false)}>
          <p>{t("trash.confirm")}</p>
          <What safe={props.safe} />
          <ErrorNotice error={error} />
          <div class="form-actions">
            <Button look="danger" busy={busy} onClick={() => void trash()}>
              {t("trash.submit")}
            </Button>
            <Button look="quiet" onClick={() => setAsking(false)}>
              {t("delete.keep")}
            </Button>
          </div>
        </Dialog>
      )}
    </Section>
  );
}

/** A safe in the trash, and the way back. */
export function InTrash(props: { safe: SafeSummary }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const { safe } = props;

  async function takeOut() {
    setError(null);
    setBusy(true);
    try {
      await engine.untrashSafe(safe.safe);
      noteSafe(safe.safe, { purgeAfter: null });
      toast(t("trash.taken_out"));
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <p>{t("trash.until", { when: formatDateTime(safe.purgeAfter ?? "") })}</p>
      <ErrorNotice error={error} />
      <div class="card-actions">
        <Button look="primary" busy={busy} onClick={() => void takeOut()}>
          {t("trash.take_out")}
        </Button>
      </div>
    </>
  );
}
