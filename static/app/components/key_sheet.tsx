/** The 64 digits, to be read aloud, copied, kept as a file or printed. */
import { formatDate } from "../i18n/format";
import { t } from "../i18n/translate";
import { saveText } from "../files/save";
import { toast } from "../state/toast";
import { Button } from "./button";
import { Notice } from "./notice";
import { useState } from "preact/hooks";

export interface NewKey {
  digits: string;
  fileName: string;
  fileText: string;
}

function KeyGrid(props: { digits: string }) {
  return (
    <ol class="key-grid" aria-label={t("key.grid_label")} translate={false}>
      {props.digits.split(" ").map((group, index) => (
        <li key={index} class="key-group" aria-label={[...group].join(" ")}>
          {group}
        </li>
      ))}
    </ol>
  );
}

/** What comes out of the printer; on the screen it is not shown. */
function PrintSheet(props: { digits: string; email: string }) {
  return (
    <section class="print-sheet" aria-hidden="true">
      <p class="print-brand">{t("app.name")}</p>
      <h2>{t("print.title")}</h2>
      <p>{t("print.purpose")}</p>
      <KeyGrid digits={props.digits} />
      <dl>
        <dt>{t("print.account")}</dt>
        <dd>{props.email}</dd>
        <dt>{t("print.address")}</dt>
        <dd>{`${location.origin}/app/`}</dd>
        <dt>{t("print.date")}</dt>
        <dd>{formatDate(new Date().toISOString())}</dd>
      </dl>
      <p>{t("print.care")}</p>
    </section>
  );
}

export function KeySheet(props: { newKey: NewKey; email: string; onSaved?: () => void }) {
  const { newKey } = props;
  const [refused, setRefused] = useState(false);

  async function copy() {
    try {
      await navigator.clipboard.writeText(newKey.digits);
      toast(t("key.copied"));
      props.onSaved?.();
    } catch {
      setRefused(true);
    }
  }

  return (
    <div class="key-sheet">
      <KeyGrid digits={newKey.digits} />
      <div class="key-actions">
        <Button
          icon="download"
          onClick={() => {
            saveText(newKey.fileText, newKey.fileName);
            props.onSaved?.();
          }}
        >
          {t("key.download")}
        </Button>
        <Button
          icon="print"
          onClick={() => {
            print();
            props.onSaved?.();
          }}
        >
          {t("key.print")}
        </Button>
        <Button icon="copy" onClick={() => void copy()}>
          {t("key.copy")}
        </Button>
      </div>
      {refused && (
        <Notice tone="warn" role="alert">
          <p>{t("key.copy_refused")}</p>
        </Notice>
      )}
      <PrintSheet digits={newKey.digits} email={props.email} />
    </div>
  );
}
