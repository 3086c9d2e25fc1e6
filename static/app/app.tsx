/** The frame around every page, and which page an address shows. */
import { useEffect } from "preact/hooks";
import { BootLine, Offline, SessionBanner, Toast } from "./components/banners";
import { ErrorBoundary } from "./components/error_boundary";
import { Header } from "./components/header";
import { ErrorNotice } from "./components/notice";
import { Loading, Page } from "./components/page";
import { t } from "./i18n/translate";
import { ActivityPage } from "./pages/activity";
import { BackupPage } from "./pages/backup";
import { HomePage } from "./pages/home";
import { BothLostPage, ForgottenPasswordPage, LostKeyPage } from "./pages/lost";
import { NewSafePage } from "./pages/new_safe";
import { ProtectorsPage } from "./pages/protectors";
import { OpenPage } from "./pages/open";
import { OpenContainerPage } from "./pages/open_container";
import { ReadPage } from "./pages/read";
import { SafePage } from "./pages/safe";
import { SignedOutPage } from "./pages/signed_out";
import { UnlockPage } from "./pages/unlock";
import { HOME, Link, parseRoute, useAddress, type Route } from "./router";
import { refreshAccount, useAccount, type AccountState } from "./state/account";

function NotFound() {
  return (
    <Page title={t("not_found.title")} lead={t("not_found.text")}>
      <p>
        <Link to={HOME} class="button button-primary">
          {t("nav.to_safes")}
        </Link>
      </p>
    </Page>
  );
}

function Pages(props: { route: Route; account: AccountState }) {
  const { route, account } = props;
  if (route.page === "open") return <OpenPage />;
  if (route.page === "open-container") return <OpenContainerPage />;
  switch (account.is) {
    case "loading":
      return <Loading />;
    case "signed_out":
      return <SignedOutPage />;
    case "failed":
      return (
        <Page title={t("start_failed.title")}>
          <ErrorNotice error={account.error} retryLabel={t("action.reload")} onRetry={() => location.reload()} />
        </Page>
      );
    case "signed_in":
      switch (route.page) {
        case "home":
          return <HomePage safes={account.safes} />;
        case "new":
          return <NewSafePage me={account.me} hasSafes={(account.safes?.length ?? 0) > 0} />;
        case "backup":
          return <BackupPage safe={route.safe} />;
        case "unlock":
          return <UnlockPage safe={route.safe} />;
        case "safe":
          return <SafePage safe={route.safe} />;
        case "activity":
          return <ActivityPage safe={route.safe} />;
        case "protectors":
          return <ProtectorsPage safe={route.safe} />;
        case "forgotten-password":
          return <ForgottenPasswordPage safe={route.safe} />;
        case "lost-key":
          return <LostKeyPage safe={route.safe} />;
        case "both-lost":
          return <BothLostPage safe={route.safe} />;
        case "read":
          return <ReadPage safe={route.safe} snapshot={route.snapshot} />;
        case "not_found":
          return <NotFound />;
      }
  }
}

export function App() {
  const account = useAccount();
  const { pathname } = useAddress();
  const route = parseRoute(pathname);
  useEffect(() => {
    document.documentElement.lang = "en";
  }, []);
  // Opening a backup asks nobody anything: who is signed in is asked when another page wants to know.
  const opening = route.page === "open" || route.page === "open-container";
  const asks = !opening && account.is === "loading";
  useEffect(() => {
    if (asks) void refreshAccount();
  }, [asks]);
  return (
    <ErrorBoundary>
      <a class="skip-link" href="#main">
        {t("nav.skip")}
      </a>
      <Header me={account.is === "signed_in" ? account.me : null} opening={opening} />
      <SessionBanner />
      <Offline />
      <ErrorBoundary key={pathname}>
        <Pages route={route} account={account} />
      </ErrorBoundary>
      <BootLine />
      <Toast />
    </ErrorBoundary>
  );
}
