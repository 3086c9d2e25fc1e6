import { Page } from "../components/page";
import { t } from "../i18n/translate";

export function SignedOutPage() {
  const next = encodeURIComponent(location.pathname);
  return (
    <Page title={t("signed_out.title")} lead={t("signed_out.text")}>
      <p>
        <a class="button button-primary" href={`/accounts/login/?next=${next}`}>
          {t("signed_out.sign_in")}
        </a>
      </p>
    </Page>
  );
}
