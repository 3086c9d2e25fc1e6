/** A backup that holds another number than was written down when it was made: said, and nothing of it hidden. */
import type { Change } from "../engine/contract";
import { formatBytes, formatNumber } from "../i18n/format";
import { t, type Key } from "../i18n/translate";
import { Notice } from "./notice";

const WHAT: Record<string, Key> = {
  chats: "change.chats",
  messages: "change.messages",
  media: "change.media",
  bytes: "change.bytes",
};

export function ChangeLines(props: { changes: Change[] }) {
  const shown = (what: string, value: number) => (what === "bytes" ? formatBytes(value) : formatNumber(value));
  return (
    <ul>
      {props.changes.map(({ what, before, now }) => (
        <li key={what}>
          {t(WHAT[what] ?? "change.bytes", { before: shown(what, before), now: shown(what, now) })}
        </li>
      ))}
    </ul>
  );
}

export function MismatchNotice(props: { mismatches: Change[] }) {
  if (props.mismatches.length === 0) return null;
  return (
    <Notice tone="warn" role="alert" title={t("mismatch.title")}>
      <p>{t("mismatch.text")}</p>
      <ChangeLines changes={props.mismatches} />
    </Notice>
  );
}
