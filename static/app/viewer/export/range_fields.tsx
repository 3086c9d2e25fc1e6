/** From which day to which: left empty, everything. */
import { formatList } from "../../i18n/format";
import { t } from "../../i18n/translate";
import type { ExportExtent } from "../../engine/contract";

/** Days as the date field gives them; "" is no bound. */
export interface Days {
  from: string;
  to: string;
}

export function RangeFields(props: { days: Days; first: string | null; last: string | null; onDays: (days: Days) => void }) {
  const { days, first, last, onDays } = props;
  const bounds = { ...(first ? { min: first } : {}), ...(last ? { max: last } : {}) };
  return (
    <fieldset class="choices">
      <legend class="field-label">{t("export.when")}</legend>
      <div class="range-fields">
        <label class="field">
          <span>{t("export.from")}</span>
          <input class="input" type="date" value={days.from} {...bounds} onInput={(event) => onDays({ ...days, from: event.currentTarget.value })} />
        </label>
        <label class="field">
          <span>{t("export.to")}</span>
          <input class="input" type="date" value={days.to} {...bounds} onInput={(event) => onDays({ ...days, to: event.currentTarget.value })} />
        </label>
      </div>
      <p class="field-help">{t("export.when_help")}</p>
    </fieldset>
  );
}

/** What will be written, and what is not there to be written. */
export function ExtentNote(props: { extent: ExportExtent | null; media: boolean }) {
  const { extent, media } = props;
  if (!extent) return <p class="export-extent soft">{t("export.counting")}</p>;
  if (extent.messages === 0) return <p class="export-extent">{t("export.nothing")}</p>;
  const parts = [t("count.messages", { count: extent.messages }), ...(media ? [t("count.media", { count: extent.media })] : [])];
  return (
    <p class="export-extent">
      <strong>{formatList(parts)}</strong>
      {media && extent.missing > 0 && <span class="export-missing soft">{t("export.missing", { count: extent.missing })}</span>}
    </p>
  );
}
