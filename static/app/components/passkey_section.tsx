/** The passkeys of an open safe: which there are, adding one, removing one. */
import { useEffect, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { EngineError, PasskeySummary, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { formatDate } from "../i18n/format";
import { t } from "../i18n/translate";
import { canUsePasskeys } from "../passkey/ceremony";
import { noteSafe } from "../state/account";
import { Button } from "./button";
import { Icon } from "./icon";
import { ErrorNotice, Notice } from "./notice";
import { AddPasskey, RemovePasskey } from "./passkey_dialogs";
import { Waiting } from "./progress";
import { Section } from "./section";

function Row(props: { passkey: PasskeySummary; onRemove: () => void }) {
  const { passkey } = props;
  return (
    <li class="passkey-row">
      <Icon name="passkey" />
      <div class="row-main">
        <h3 class="passkey-name" dir="auto">
          {passkey.name}
        </h3>
        <p class="soft dotted">
          <span>{t("passkey.added_on", { date: formatDate(passkey.created) })}</span>
          <span>
            {passkey.lastUsed ? t("passkey.used_on", { date: formatDate(passkey.lastUsed) }) : t("passkey.never_used")}
          </span>
        </p>
      </div>
      <Button look="quiet" icon="close" label={t("passkey.remove_name", { name: passkey.name })} onClick={props.onRemove} />
    </li>
  );
}

export function PasskeySection(props: { safe: SafeSummary; email: string }) {
  const { safe } = props.safe;
  const [able, setAble] = useState(true);
  const [passkeys, setPasskeys] = useState<PasskeySummary[] | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  const [showing, setShowing] = useState<"add" | PasskeySummary | null>(null);

  async function load() {
    setError(null);
    try {
      const found = await engine.passkeys(safe);
      setPasskeys(found);
      noteSafe(safe, { passkeys: found.length });
    } catch (thrown) {
      setError(asEngineError(thrown));
    }
  }
  useEffect(() => {
    void load();
    void canUsePasskeys().then(setAble);
  }, [safe]);

  const done = () => {
    setShowing(null);
    void load();
  };
  return (
    <Section icon="passkey" title={t("passkey.title")}>
      <p>{t("passkey.text")}</p>
      <p class="soft">{t("passkey.never_only")}</p>
      <ErrorNotice error={error} onRetry={() => void load()} />
      {!passkeys && !error && <Waiting />}
      {passkeys?.length === 0 && <p class="empty">{t("passkey.none")}</p>}
      {passkeys && passkeys.length > 0 && (
        <ul class="passkey-list" aria-label={t("passkey.list")}>
          {passkeys.map((passkey) => (
            <Row key={passkey.passkey} passkey={passkey} onRemove={() => setShowing(passkey)} />
          ))}
        </ul>
      )}
      {able ? (
        <div class="card-actions">
          <Button icon="plus" onClick={() => setShowing("add")}>
            {t("passkey.add")}
          </Button>
        </div>
      ) : (
        <Notice tone="info" title={t("passkey.unsupported_title")}>
          <p>{t("passkey.unsupported_text")}</p>
        </Notice>
      )}
      {showing === "add" && (
        <AddPasskey safe={props.safe} email={props.email} onClose={() => setShowing(null)} onDone={done} />
      )}
      {showing !== null && showing !== "add" && (
        <RemovePasskey
          safe={props.safe}
          email={props.email}
          passkey={showing}
          onClose={() => setShowing(null)}
          onDone={done}
        />
      )}
    </Section>
  );
}
