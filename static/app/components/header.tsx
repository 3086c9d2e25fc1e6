/** The top of every page: the way home and the account's menu. */
import { useEffect, useRef } from "preact/hooks";
import type { Me } from "../engine/contract";
import { t } from "../i18n/translate";
import { HOME, Link, paths, useAddress } from "../router";
import { Brand } from "./brand";
import { Icon } from "./icon";

function AccountMenu(props: { me: Me }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const { pathname } = useAddress();
  const close = () => {
    if (menu.current) menu.current.open = false;
  };
  useEffect(close, [pathname]);
  useEffect(() => {
    const outside = (event: Event) => {
      if (!menu.current?.contains(event.target as Node)) close();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);
  return (
    <details
      class="account-menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        close();
        menu.current?.querySelector("summary")?.focus();
      }}
    >
      <summary class="account-summary" aria-label={t("nav.account", { email: props.me.email })}>
        <span class="avatar" aria-hidden="true">
          {props.me.email.slice(0, 1).toUpperCase()}
        </span>
        <span class="account-email">{props.me.email}</span>
        <Icon name="down" />
      </summary>
      <ul class="account-items">
        <li class="account-who">{props.me.email}</li>
        <li>
          <Link to={HOME}>{t("nav.safes")}</Link>
        </li>
        <li>
          <a href="/accounts/sessions/">{t("nav.sessions")}</a>
        </li>
        <li>
          <a href="/accounts/logout/">{t("nav.sign_out")}</a>
        </li>
      </ul>
    </details>
  );
}

export function Header(props: { me: Me | null; opening: boolean }) {
  return (
    <header class="site-header">
      <div class="site-header-inner page page-bar">
        <Brand />
        <nav class="header-nav" aria-label={t("nav.pages")}>
          {props.opening ? (
            <Link to={HOME} class="button button-quiet">
              {t("nav.safes")}
            </Link>
          ) : (
            <Link to={paths.open} class="button button-quiet">
              {t("open.title")}
            </Link>
          )}
        </nav>
        {props.me && <AccountMenu me={props.me} />}
      </div>
    </header>
  );
}
