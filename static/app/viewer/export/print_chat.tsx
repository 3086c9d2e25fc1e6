/**
 * A chat on paper, or as a PDF by the browser's own print dialog. It is laid out beside the app, in an element that only
 * paper shows, and is gone afterwards.
 */
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Dialog } from "../../components/dialog";
import { formatSpan } from "../../components/found_summary";
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

/** Which messages: times in milliseconds as in MessageRow, half-open; null: no bound. */
export interface PrintJob {
  chat: ChatRow;
  /** The participant whose messages stand on the far side. */
  self: string | null;
  pictures: boolean;
  since: number | null;
  until: number | null;
}

export function PrintChat(props: { job: PrintJob; onClose: () => void }) {
  const { chat, since, until } = props.job;
  const [progress, setProgress] = useState<Progress>({ stage: "exporting", done: 0, total: chat.messages, details: {} });
  const [error, setError] = useState<EngineError | null>(null);
  const stopped = useRef(false);

  async function print() {
    const rows: MessageRow[] = [];
    let shown = new Map<number, string>();
    const sheet = document.createElement("div");
    sheet.id = "print-root";
    try {
      const first = since === null ? 0 : await engine.placeAt(chat.id, since);
      const end = until === null ? chat.messages : await engine.placeAt(chat.id, until);
      while (first + rows.length < end && !stopped.current) {
        const more = await engine.messages(chat.id, first + rows.length, Math.min(AT_ONCE, end - first - rows.length));
        if (more.length === 0) break;
        rows.push(...more);
        setProgress({ stage: "exporting", done: rows.length, total: end - first, details: { messages: rows.length } });
      }
      if (props.job.pictures) shown = await pictures(rows, () => stopped.current);
      if (stopped.current) return;
      const wall = (ms: number) => wallClock(ms, chat.floating);
      const wallOf = (row: MessageRow | undefined) => (row?.timestamp == null ? null : wall(row.timestamp));
      document.body.append(sheet);
      render(
        <>
          <h1 dir="auto">{chat.name}</h1>
          <p class="printed-about">
            {formatSpan(wallOf(rows.at(0)), wallOf(rows.at(-1)))} · {t("count.messages", { count: rows.length })}
          </p>
          {rows.map((row, place) => (
            <PrintedMessage key={row.id} message={row} before={rows[place - 1] ?? null} self={props.job.self} wall={wall} pictures={shown} />
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
