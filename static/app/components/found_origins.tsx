/** Which of the chosen files the messages come from, and what each of them alone has, where there are several. */
import type { Found } from "../engine/contract";
import { t } from "../i18n/translate";

export function FoundOrigins(props: { origins: Found["origins"] }) {
  if (props.origins.length < 2) return null;
  return (
    <>
      <h2>{t("found.origins_title")}</h2>
      <ul class="rows">
        {props.origins.map((origin) => (
          <li key={`${origin.label} ${origin.name}`} class="row">
            <div class="row-main">
              <strong dir="auto">{origin.name}</strong>
              <span class="soft">{origin.label}</span>
            </div>
            <div class="row-side soft">
              <span>{t("count.messages", { count: origin.messages })}</span>
              {origin.only < origin.messages && <span>{t("found.origin_only", { count: origin.only })}</span>}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
