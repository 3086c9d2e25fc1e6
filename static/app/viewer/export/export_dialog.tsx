/** Writing chats to the person's disk: which, in which form, where to. */
import { useState } from "preact/hooks";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice, Notice } from "../../components/notice";
import { ProgressPanel } from "../../components/progress";
import { engine } from "../../engine/client";
import type { ChatRow, EngineError, ExportFormat, Progress } from "../../engine/contract";
import { asEngineError } from "../../engine/failures";
import { folderPickerThere } from "../../files/folder";
import { chooseTarget, saveBlob, wasDismissed } from "../../files/save";
import { t, type Key } from "../../i18n/translate";
import { zoneSpans } from "../../i18n/zone";
import { useLeaveGuard } from "../../router";
import { toast } from "../../state/toast";
import { beginningOf, dayOf, endOf } from "../days";
import { spanOf } from "../span";
import type { PrintJob } from "./print_chat";
import { ExtentNote, RangeFields, type Days } from "./range_fields";
import { chooseFolder, fileName } from "./target";
import { useExtent } from "./use_extent";

export type Form = ExportFormat | "pdf";

const FORMS: readonly [Form, Key, Key][] = [
  ["html", "export.html", "export.html_text"],
  ["pdf", "export.pdf", "export.pdf_text"],
  ["text", "export.text", "export.text_text"],
  ["csv", "export.csv", "export.csv_text"],
  ["json", "export.json", "export.json_text"],
];
/** A browser lays out no more than this on paper in bearable time. */
const MOST_PRINTED = 20_000;

function Choices(props: {
  chat: ChatRow | null;
  form: Form;
  all: boolean;
  media: boolean;
  onForm: (form: Form) => void;
  onAll: (all: boolean) => void;
  onMedia: (media: boolean) => void;
}) {
  const { chat, form } = props;
  return (
    <>
      {chat && (
        <fieldset class="choices">
          <legend class="field-label">{t("export.what")}</legend>
          <label class="choice">
            <input type="radio" name="scope" checked={!props.all} onChange={() => props.onAll(false)} />
            <span dir="auto">{t("export.this_chat", { name: chat.name })}</span>
          </label>
          <label class="choice">
            <input type="radio" name="scope" checked={props.all} disabled={form === "pdf"} onChange={() => props.onAll(true)} />
            <span>{t("export.all_chats")}</span>
          </label>
        </fieldset>
      )}
      <fieldset class="choices">
        <legend class="field-label">{t("export.form")}</legend>
        {FORMS.filter(([name]) => chat || name !== "pdf").map(([name, title, text]) => (
          <label key={name} class="choice">
            <input type="radio" name="form" checked={form === name} onChange={() => props.onForm(name)} />
            <span>
              <strong>{t(title)}</strong> <span class="soft">{t(text)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label class="choice">
        <input type="checkbox" checked={props.media} onChange={(event) => props.onMedia(event.currentTarget.checked)} />
        <span>{form === "pdf" ? t("export.with_pictures") : t("export.with_media")}</span>
      </label>
    </>
  );
}

export function ExportDialog(props: {
  /** The chat that is open, or null. */
  chat: ChatRow | null;
  chats: ChatRow[];
  /** The participant whose messages stand on the far side. */
  self: string | null;
  /** To begin with. */
  form: Form;
  onPrint: (job: PrintJob) => void;
  onClose: () => void;
}) {
  const { chat, chats } = props;
  const [form, setForm] = useState<Form>(chat ? props.form : "html");
  const [days, setDays] = useState<Days>({ from: "", to: "" });
  const [all, setAll] = useState(chat === null);
  const [media, setMedia] = useState(true);
  const [progress, setProgress] = useState<Progress | "starting" | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  useLeaveGuard(progress ? t("backup.leave") : null);
  const one = all && form !== "pdf" ? null : chat;
  const name = fileName(one?.name ?? t("viewer.title"));
  const chosen = one ? [one] : chats;
  const floating = chosen.every((row) => row.floating);
  const { first, last } = spanOf(chosen);
  const since = beginningOf(days.from, floating);
  const until = endOf(days.to, floating);
  const { extent, error: uncounted } = useExtent(one?.id ?? null, since, until);
  const tooLong = form === "pdf" && (extent?.messages ?? 0) > MOST_PRINTED;
  const nothing = extent?.messages === 0;

  async function write(format: ExportFormat, target: () => Promise<FileSystemDirectoryHandle | FileSystemWritableFileStream | null>) {
    setError(null);
    try {
      const to = await target();
      setProgress("starting");
      const options = { chats: one ? [one.id] : null, format, media, zone: zoneSpans(first, last), since, until };
      const blob = await engine.exportChats(options, to, setProgress);
      if (blob) saveBlob(blob, `${name}.zip`);
      toast(t("export.done"));
      props.onClose();
    } catch (thrown) {
      if (!wasDismissed(thrown)) setError(asEngineError(thrown));
    } finally {
      setProgress(null);
    }
  }

  if (progress) {
    return (
      <Dialog title={t("export.title")} onClose={() => engine.cancel()}>
        <ProgressPanel plain progress={progress === "starting" ? null : progress} onCancel={() => engine.cancel()} />
      </Dialog>
    );
  }
  return (
    <Dialog title={t("export.title")} onClose={props.onClose}>
      <Choices
        chat={chat}
        form={form}
        all={all && form !== "pdf"}
        media={media}
        onForm={setForm}
        onAll={setAll}
        onMedia={setMedia}
      />
      <RangeFields days={days} first={dayOf(first, floating)} last={dayOf(last, floating)} onDays={setDays} />
      <div role="status">
        <ExtentNote extent={extent} media={media} />
      </div>
      {tooLong && (
        <Notice tone="info">
          <p>{t("export.too_long", { count: MOST_PRINTED })}</p>
        </Notice>
      )}
      <ErrorNotice error={error ?? uncounted} />
      <p class="soft">{t("export.plain")}</p>
      <div class="form-actions">
        {form === "pdf" ? (
          <Button look="primary" icon="print" disabled={tooLong || nothing} onClick={() => chat && props.onPrint({ chat, self: props.self, pictures: media, since, until })}>
            {t("export.print")}
          </Button>
        ) : (
          <>
            <Button look="primary" icon="download" disabled={nothing} onClick={() => void write(form, () => chooseTarget(`${name}.zip`))}>
              {t("export.as_zip")}
            </Button>
            {folderPickerThere() && (
              <Button icon="folder" disabled={nothing} onClick={() => void write(form, () => chooseFolder(name))}>
                {t("export.into_folder")}
              </Button>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}
