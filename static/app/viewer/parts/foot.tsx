/** The end of a bubble: marks, the time, and, where backups were put together, which of them have the message. */
import { useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import type { MessageRow, OriginRow } from "../../engine/contract";
import { formatList, formatMessageTime, formatNumber } from "../../i18n/format";
import { t } from "../../i18n/translate";
import { originPlace } from "../origins";

/** The files that a message stands in. */
function filesOf(of: readonly MessageRow[], origins: ReadonlyMap<number, OriginRow>): OriginRow[] {
  const ids = new Set(of.flatMap(({ origin, details }) => [origin ?? -1, ...(details.alsoIn ?? [])]));
  return [...ids].flatMap((id) => origins.get(id) ?? []);
}

/** Of a message and what its bubble shows beside it. */
export function Foot(props: {
  of: readonly [MessageRow, ...MessageRow[]];
  wall: (ms: number) => number;
  origins: ReadonlyMap<number, OriginRow> | null;
}) {
  const { of, wall, origins } = props;
  const [open, setOpen] = useState(false);
  const { timestamp } = of[0];
  const names = origins ? filesOf(of, origins).map(originPlace) : [];
  return (
    <>
      <p class="bubble-foot">
        {names.length > 0 && (
          <button
            type="button"
            class="foot-origins"
            aria-expanded={open}
            aria-label={t("origins.of_message", { list: formatList(names) })}
            onClick={() => setOpen(!open)}
          >
            <Icon name="file" />
            {formatNumber(names.length)}
          </button>
        )}
        {of.some(({ starred }) => starred) && <span>{t("message.starred")}</span>}
        {of.some(({ edited }) => edited) && <span>{t("message.edited")}</span>}
        {timestamp !== null && (
          <time dateTime={new Date(wall(timestamp)).toISOString().slice(0, 19)}>{formatMessageTime(wall(timestamp))}</time>
        )}
      </p>
      {open && (
        <ul class="origin-names">
          {names.map((name) => (
            <li key={name} dir="auto">
              {name}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
