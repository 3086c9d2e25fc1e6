/** How long backups stay: which ones a rule keeps, and when the whole safe would expire. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, KeepRule, SafeSummary, SnapshotSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { formatDate, formatDateTime } from "../i18n/format";
import { t, type Key } from "../i18n/translate";
import { noteSafe } from "../state/account";
import { toast } from "../state/toast";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorNotice, Notice } from "./notice";
import { Section } from "./section";

const MOST = 1000;
const FIELDS: readonly [keyof KeepRule, Key][] = [
  ["last", "keep.last"],
  ["daily", "keep.daily"],
  ["weekly", "keep.weekly"],
  ["monthly", "keep.monthly"],
];
/** A start for whoever has none. */
const SUGGESTED: KeepRule = { last: 3, daily: 7, weekly: 4, monthly: 12 };
const ASK_AFTER_MS = 300;
const SOON_MS = 60 * 86_400_000;

function ruleInWords(rule: KeepRule | null): string {
  if (!rule) return t("keep.everything");
  return t("keep.rule", { last: rule.last, daily: rule.daily, weekly: rule.weekly, monthly: rule.monthly });
}

function NumberField(props: { label: string; value: number; onInput: (value: number) => void }) {
  const id = useId();
  return (
    <div class="field keep-number">
      <label class="field-label" for={id}>
        {props.label}
      </label>
      <input
        id={id}
        class="input"
        type="number"
        inputMode="numeric"
        min={0}
        max={MOST}
        value={props.value}
        onInput={(event) => {
          const value = Math.trunc(Number(event.currentTarget.value));
          if (value >= 0 && value <= MOST) props.onInput(value);
        }}
      />
    </div>
  );
}

/** What the rule would delete now, asked of the site whenever it changes. */
function usePreview(safe: string, rule: KeepRule | null): { leaving: string[] | null; error: EngineError | null } {
  const [state, setState] = useState<{ leaving: string[] | null; error: EngineError | null }>({ leaving: null, error: null });
  const newest = useRef(0);
  useEffect(() => {
    const question = ++newest.current;
    const timer = setTimeout(() => {
      engine.previewKeep(safe, rule).then(
        (leaving) => question === newest.current && setState({ leaving, error: null }),
        (thrown) => question === newest.current && setState({ leaving: null, error: asEngineError(thrown) }),
      );
    }, ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [safe, JSON.stringify(rule)]);
  return state;
}

function KeepDialog(props: { safe: SafeSummary; snapshots: SnapshotSummary[]; onClose: () => void; onDone: () => void }) {
  const { safe } = props;
  const [all, setAll] = useState(safe.keep === null);
  const [numbers, setNumbers] = useState<KeepRule>(safe.keep ?? SUGGESTED);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const rule = all ? null : numbers;
  const preview = usePreview(safe.safe, rule);
  const leaving = props.snapshots.filter((snapshot) => preview.leaving?.includes(snapshot.snapshot));

  async function save() {
    setError(null);
    setBusy(true);
    try {
      const { trashed } = await engine.setKeep(safe.safe, rule);
      noteSafe(safe.safe, { keep: rule });
      toast(trashed ? t("keep.saved_trashed", { count: trashed }) : t("keep.saved"));
      props.onDone();
    } catch (thrown) {
      setError(asEngineError(thrown));
      setBusy(false);
    }
  }

  return (
    <Dialog title={t("keep.title")} onClose={props.onClose}>
      <p>{t("keep.text")}</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <fieldset class="choices">
          <legend class="visually-hidden">{t("keep.title")}</legend>
          <label class="choice">
            <input type="radio" name="keep" checked={all} onChange={() => setAll(true)} />
            <span>{t("keep.everything")}</span>
          </label>
          <label class="choice">
            <input type="radio" name="keep" checked={!all} onChange={() => setAll(false)} />
            <span>{t("keep.some")}</span>
          </label>
        </fieldset>
        {!all && (
          <div class="keep-numbers">
            {FIELDS.map(([name, label]) => (
              <NumberField
                key={name}
                label={t(label)}
                value={numbers[name]}
                onInput={(value) => setNumbers({ ...numbers, [name]: value })}
              />
            ))}
          </div>
        )}
        <div class="keep-preview" role="status">
          {preview.leaving && leaving.length === 0 && <p class="soft">{t("keep.none_leave")}</p>}
          {leaving.length > 0 && (
            <>
              <p>{t("keep.leave", { count: leaving.length })}</p>
              <ul>
                {leaving.map((snapshot) => (
                  <li key={snapshot.snapshot}>{formatDateTime(snapshot.created)}</li>
                ))}
              </ul>
            </>
          )}
        </div>
        <ErrorNotice error={error ?? preview.error} />
        <div class="form-actions">
          <Button type="submit" look="primary" busy={busy} disabled={preview.leaving === null}>
            {t("keep.submit")}
          </Button>
          <Button look="quiet" onClick={props.onClose}>
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Expiry(props: { safe: SafeSummary }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<EngineError | null>(null);
  const { expires } = props.safe;
  if (!expires) return null;
  const soon = new Date(expires).getTime() - Date.now() < SOON_MS;

  async function keep() {
    setError(null);
    setBusy(true);
    try {
      noteSafe(props.safe.safe, await engine.keepSafe(props.safe.safe));
      toast(t("expiry.kept"));
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      setBusy(false);
    }
  }

  const text = <p>{t("expiry.text", { date: formatDate(expires) })}</p>;
  return (
    <>
      {soon ? (
        <Notice tone="warn" title={t("expiry.soon")}>
          {text}
        </Notice>
      ) : (
        text
      )}
      <ErrorNotice error={error} />
      <div class="card-actions">
        <Button busy={busy} onClick={() => void keep()}>
          {t("expiry.keep")}
        </Button>
      </div>
    </>
  );
}

export function KeepSection(props: { safe: SafeSummary; snapshots: SnapshotSummary[]; onChanged: () => void }) {
  const [editing, setEditing] = useState(false);
  return (
    <Section icon="calendar" title={t("keep.section")}>
      <p>{ruleInWords(props.safe.keep)}</p>
      <div class="card-actions">
        <Button onClick={() => setEditing(true)}>{t("keep.change")}</Button>
      </div>
      <Expiry safe={props.safe} />
      {editing && (
        <KeepDialog
          safe={props.safe}
          snapshots={props.snapshots}
          onClose={() => setEditing(false)}
          onDone={() => {
            setEditing(false);
            props.onChanged();
          }}
        />
      )}
    </Section>
  );
}
