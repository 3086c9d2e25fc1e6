/** Counts by name, the largest first: a table whose rows are bars. */
import { useState } from "preact/hooks";
import { Button } from "../../components/button";
import { formatNumber, formatPercent } from "../../i18n/format";
import { t } from "../../i18n/translate";
import type { Counted } from "./over_time";

const FIRST = 12;

export function Ranking(props: { title: string; column: string; rows: readonly Counted[] }) {
  const [all, setAll] = useState(false);
  const { rows } = props;
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  const most = Math.max(1, ...rows.map((row) => row.count));
  return (
    <section class="chart card">
      <h3>{props.title}</h3>
      <table class="ranking">
        <thead class="visually-hidden">
          <tr>
            <th scope="col">{props.column}</th>
            <th scope="col">{t("found.messages")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, all ? rows.length : FIRST).map((row, place) => (
            <tr key={place}>
              <th scope="row" dir="auto">
                {row.label}
                <meter class="poll-bar" min={0} max={most} value={row.count} aria-hidden="true" />
              </th>
              <td>
                {formatNumber(row.count)} <small class="soft">{formatPercent(row.count / Math.max(1, total))}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > FIRST && !all && (
        <Button look="quiet" onClick={() => setAll(true)}>
          {t("statistics.show_all", { count: rows.length })}
        </Button>
      )}
    </section>
  );
}
