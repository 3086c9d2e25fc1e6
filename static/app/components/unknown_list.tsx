/** What was not understood, counted: nothing is dropped in silence. */
import { formatNumber } from "../i18n/format";
import { t, type Key } from "../i18n/translate";

const WORDS: Record<string, Key> = {
  leading_text: "unknown.leading_text",
  undecodable_text: "unknown.undecodable_text",
  impossible_date: "unknown.impossible_date",
  message_type: "unknown.message_type",
  system_event: "unknown.system_event",
  unreferenced_file: "unknown.unreferenced_file",
  orphan_message: "unknown.orphan_message",
};

/** "message_type:112" → what it is and which one. */
export function unknownRows(counted: Record<string, number>): { what: string; detail: string; count: number }[] {
  return Object.entries(counted).map(([name, count]) => {
    const [what = "", ...detail] = name.split(":");
    return { what, detail: detail.join(":"), count };
  });
}

export function UnknownList(props: { rows: { what: string; detail: string; count: number }[] }) {
  return (
    <ul class="rows">
      {props.rows.map(({ what, detail, count }) => {
        const words = WORDS[what];
        return (
          <li key={`${what}:${detail}`} class="row">
            <span class="row-main" dir="auto">
              {words ? t(words) : what.replaceAll("_", " ")} {detail}
            </span>
            <span class="row-side soft">{formatNumber(count)}</span>
          </li>
        );
      })}
    </ul>
  );
}
