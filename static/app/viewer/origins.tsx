/** Which files the messages came from; after merging, what each of them alone has. */
import type { OriginRow } from "../engine/contract";
import { t, type Key } from "../i18n/translate";

const READERS: Record<string, Key> = {
  whatsapp_text: "reader.whatsapp_text",
  whatsapp_android: "reader.whatsapp_android",
  whatsapp_ios: "reader.whatsapp_ios",
  telegram: "reader.telegram",
  signal: "reader.signal",
};

function readerName(reader: string): string {
  const name = READERS[reader];
  return name ? t(name) : reader;
}

/** Where a file is: its name, and the path within it where it is a zip. */
export function originPlace({ name, member }: OriginRow): string {
  return member && member !== name ? t("origins.within", { name, member }) : name;
}

export function Origins(props: { rows: OriginRow[] }) {
  if (props.rows.length === 0) return null;
  return (
    <>
      <h3>{t("origins.title")}</h3>
      <ul class="rows">
        {props.rows.map((row) => (
          <li key={row.id} class="row">
            <span class="row-main">
              <strong dir="auto">{row.name}</strong>
              <small class="soft" dir="auto">
                {row.member && row.member !== row.name ? `${readerName(row.reader)} · ${row.member}` : readerName(row.reader)}
              </small>
            </span>
            <span class="row-side soft">
              <span>{t("count.messages", { count: row.messages })}</span>
              {props.rows.length > 1 && <span>{t("origins.only", { count: row.only })}</span>}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
