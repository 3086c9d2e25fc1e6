import { t } from "../i18n/translate";
import { HOME, Link } from "../router";

/** The mark of static/site/logo.svg, drawn inline so that it takes the theme's accent. */
export function Brand() {
  return (
    <Link to={HOME} class="brand">
      <svg class="brand-mark" viewBox="0 0 32 32" width="30" height="30" aria-hidden="true" focusable="false">
        <rect class="brand-field" width="32" height="32" rx="8" />
        <path class="brand-chest" d="M7 14.5V13a6 6 0 0 1 6-6h6a6 6 0 0 1 6 6v1.500z" />
        <path class="brand-chest" d="M7 16.500h18V23a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2z" />
        <circle class="brand-field" cx="16" cy="16" r="3.600" />
        <path class="brand-chest" d="M16 14.600a1.400 1.400 0 0 1 .7 2.600l.4 2.300h-2.200l.4-2.300a1.400 1.400 0 0 1 .7-2.600z" />
      </svg>
      {t("app.name")}
    </Link>
  );
}
