/** Going to a day. */
import { useState } from "preact/hooks";
import { Button } from "../components/button";
import { Dialog } from "../components/dialog";
import { ErrorNotice } from "../components/notice";
import { engine } from "../engine/client";
import type { ChatRow, EngineError } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { beginningOf, dayOf } from "./days";

export function DateJump(props: { chat: ChatRow; onGo: (position: number) => void; onClose: () => void }) {
  const { chat } = props;
  const first = dayOf(chat.first ?? 0, chat.floating) ?? "";
  const last = dayOf(chat.last ?? 0, chat.floating) ?? "";
  const [day, setDay] = useState(last);
  const [error, setError] = useState<EngineError | null>(null);

  async function go() {
    const ms = beginningOf(day, chat.floating);
    if (ms === null) return;
    try {
      props.onGo(Math.min(await engine.placeAt(chat.id, ms), chat.messages - 1));
    } catch (thrown) {
      setError(asEngineError(thrown));
    }
  }

  return (
    <Dialog title={t("date.title")} onClose={props.onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <label class="field">
          <span class="field-label">{t("date.label")}</span>
          <input
            class="input"
            type="date"
            required
            value={day}
            min={first}
            max={last}
            onInput={(event) => setDay(event.currentTarget.value)}
          />
        </label>
        <ErrorNotice error={error} />
        <div class="form-actions">
          <Button type="submit" look="primary">
            {t("date.go")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
