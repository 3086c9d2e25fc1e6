import { Dialog } from "../components/dialog";
import { t } from "../i18n/translate";
import { FIXED_KEYS, SHORTCUTS } from "./shortcuts";

export function ShortcutsDialog(props: { on: boolean; onSwitch: (on: boolean) => void; onClose: () => void }) {
  return (
    <Dialog title={t("keys.title")} onClose={props.onClose}>
      <dl class="keys">
        {SHORTCUTS.map(({ key, text }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
        {FIXED_KEYS.map(([keys, text]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <label class="choice">
        <input type="checkbox" checked={props.on} onChange={(event) => props.onSwitch(event.currentTarget.checked)} />
        <span>{t("keys.switch")}</span>
      </label>
    </Dialog>
  );
}
