/** Going to a day: messages stand in order, so a handful of questions to the engine find the place. */
import { useState } from "preact/hooks";
import { Button } from "../components/button";
import { Dialog } from "../components/dialog";
import { ErrorNotice } from "../components/notice";
import { engine } from "../engine/client";
import type { ChatRow, EngineError } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";

const LOOK_AHEAD = 20;

/** The first position whose message is not before `ms`. */
async function positionOf(chat: ChatRow, ms: number): Promise<number> {
  let low = 0;
  let high = chat.messages - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const rows = await engine.messages(chat.id, middle, LOOK_AHEAD);
    const dated = rows.find((row) => row.timestamp !== null);
    if (dated?.timestamp != null && dated.timestamp < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

const asDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export function DateJump(props: { chat: ChatRow; onGo: (position: number) => void; onClose: () => void }) {
  const { chat } = props;
  const first = chat.first ?? 0;
  const last = chat.last ?? 0;
  const [day, setDay] = useState(asDay(last));
  const [error, setError] = useState<EngineError | null>(null);
  return (
    <Dialog title={t("date.title")} onClose={props.onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          const ms = Date.parse(day);
          if (Number.isNaN(ms)) return;
          positionOf(chat, ms).then(props.onGo, (thrown) => setError(asEngineError(thrown)));
        }}
      >
        <label class="field">
          <span class="field-label">{t("date.label")}</span>
          <input
            class="input"
            type="date"
            required
            value={day}
            min={asDay(first)}
            max={asDay(last)}
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
