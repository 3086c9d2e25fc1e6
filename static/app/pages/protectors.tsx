/** Ways to open this safe: one section a protector, and the end of the safe below them. */
import { useEffect, useState } from "preact/hooks";
import { DeleteSection } from "../components/delete_safe";
import { DigitsSection } from "../components/digits_section";
import { ErrorNotice } from "../components/notice";
import { Page } from "../components/page";
import { PasskeySection } from "../components/passkey_section";
import { PasswordSection } from "../components/password_section";
import { Waiting } from "../components/progress";
import { WithSafe } from "../components/with_safe";
import { engine } from "../engine/client";
import type { EngineError, Me, Protectors, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { paths } from "../router";

/** What opens the safe, asked again after each change. */
export function useProtectors(safe: string) {
  const [protectors, setProtectors] = useState<Protectors | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  async function load() {
    setError(null);
    try {
      setProtectors(await engine.protectors(safe));
    } catch (thrown) {
      setError(asEngineError(thrown));
    }
  }
  useEffect(() => void load(), [safe]);
  return { protectors, error, load };
}

function Ways(props: { safe: SafeSummary; me: Me }) {
  const { safe, me } = props;
  const { protectors, error, load } = useProtectors(safe.safe);
  return (
    <Page
      title={t("protectors.title")}
      lead={t("protectors.lead")}
      back={{ to: paths.safe(safe.safe), label: t("safe.backups") }}
    >
      <ErrorNotice error={error} onRetry={() => void load()} />
      {!protectors && !error && <Waiting />}
      {protectors && (
        <>
          <DigitsSection safe={safe.safe} email={me.email} proved={protectors.digitsProved} onProved={() => void load()} />
          <PasswordSection safe={safe.safe} email={me.email} protectors={protectors} onChanged={() => void load()} />
          <PasskeySection safe={safe} email={me.email} />
        </>
      )}
      <DeleteSection safe={safe} email={me.email} />
    </Page>
  );
}

export function ProtectorsPage(props: { safe: string }) {
  return (
    <WithSafe safe={props.safe} reason={t("protectors.reason")}>
      {(safe, me) => <Ways key={safe.safe} safe={safe} me={me} />}
    </WithSafe>
  );
}
