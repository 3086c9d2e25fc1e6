import { Page } from "../components/page";
import { t } from "../i18n/translate";
import { Link, paths } from "../router";

export function SignedOutPage() {
  const next = encodeURIComponent(location.pathname);
  return (
    <Page title={t("signed_out.title")} lead={t("signed_out.text")}>
      <p class="cluster">
        <a class="button button-primary" href={`/accounts/login/?next=${next}`}>
          {t("signed_out.sign_in")}
        </a>
        <Link to={paths.open} class="button button-secondary">
          {t("signed_out.open")}
        </Link>
      </p>
    </Page>
  );
}
