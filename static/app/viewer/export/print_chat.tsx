/**
 * A chat on paper, or as a PDF by the browser's own print dialog. It is laid out beside the app, in an element that only
 * paper shows, and is gone afterwards.
 */
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/notice";
import { ProgressPanel } from "../../components/progress";
import { engine } from "../../engine/client";
import type { ChatRow, EngineError, MessageRow, Progress } from "../../engine/contract";
import { asEngineError } from "../../engine/failures";
import { wallClock } from "../../i18n/format";
import { t } from "../../i18n/translate";
import { shownAs } from "../media_type";
import { PrintedMessage } from "./printed_message";

const AT_ONCE = 500;

/** Pictures as addresses, decoded, so that none is missing on paper. */
async function pictures(rows: readonly MessageRow[], stopped: () => boolean): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (const { media } of rows) {
    if (stopped()) break;
    if (!media?.present || shownAs(media.mime) !== "image") continue;
    try {
      const bytes = await engine.media(media.id);
      const address = URL.createObjectURL(bytes.slice(0, bytes.size, media.mime));
      const image = new Image();
      image.src = address;
      await image.decode().catch(() => undefined);
      found.set(media.id, address);
    } catch {
      // A picture that cannot be had is named on the paper instead.
    }
  }
  return found;
}

export function PrintChat(props: { chat: ChatRow; withPictures: boolean; onClose: () => void }) {
  const { chat } = props;
  const [progress, setProgress] = useState<Progress>({ stage: "exporting", done: 0, total: chat.messages, details: {} });
  const [error, setError] = useState<EngineError | null>(null);
  const stopped = useRef(false);

  async function print() {
    const rows: MessageRow[] = [];
    let shown = new Map<number, string>();
    const sheet = document.createElement("div");
    sheet.id = "print-root";
    try {
      while (rows.length < chat.messages && !stopped.current) {
        const more = await engine.messages(chat.id, rows.length, AT_ONCE);
        if (more.length === 0) break;
        rows.push(...more);
        setProgress({ stage: "exporting", done: rows.length, total: chat.messages, details: { messages: rows.length } });
      }
      if (props.withPictures) shown = await pictures(rows, () => stopped.current);
      if (stopped.current) return;
      const wall = (ms: number) => wallClock(ms, chat.floating);
      document.body.append(sheet);
      render(
        <>
          <h1 dir="auto">{chat.name}</h1>
          <p>{t("count.messages", { count: chat.messages })}</p>
          {rows.map((row, place) => (
            <PrintedMessage key={row.id} message={row} before={rows[place - 1] ?? null} wall={wall} picture={shown.get(row.media?.id ?? -1) ?? null} />
          ))}
        </>,
        sheet,
      );
      const title = document.title;
      document.title = chat.name;
      window.print();
      document.title = title;
      props.onClose();
    } catch (thrown) {
      setError(asEngineError(thrown));
    } finally {
      render(null, sheet);
      sheet.remove();
      for (const address of shown.values()) URL.revokeObjectURL(address);
    }
  }

  useEffect(() => {
    void print();
    return () => {
      stopped.current = true;
    };
  }, []);

  return (
    <Dialog title={t("export.preparing")} onClose={props.onClose}>
      <ErrorNotice error={error} />
      {!error && <ProgressPanel plain progress={progress} onCancel={props.onClose} />}
    </Dialog>
  );
}
