/** Addresses under /app/ through the History API. The server answers each of them with the same page. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { createStore, useStore } from "./state/store";

export const HOME = "/app/";

export const paths = {
  newSafe: "/app/new",
  backup: (safe: string) => `/app/backup/${safe}`,
  unlock: (safe: string) => `/app/unlock/${safe}`,
  safe: (safe: string) => `/app/safe/${safe}`,
  read: (safe: string, snapshot: string) => `/app/read/${safe}/${snapshot}`,
};

export type Route =
  | { page: "home" | "new" | "not_found" }
  | { page: "backup" | "unlock" | "safe"; safe: string }
  | { page: "read"; safe: string; snapshot: string };

const ID = /^[0-9a-f]{32}$/;

export function parseRoute(pathname: string): Route {
  const [page, safe, snapshot, ...rest] = pathname.replace(/^\/app\/?/, "").replace(/\/$/, "").split("/");
  if (rest.length > 0) return { page: "not_found" };
  if (!page) return { page: "home" };
  if (page === "new" && safe === undefined) return { page: "new" };
  if (safe === undefined || !ID.test(safe)) return { page: "not_found" };
  if (page === "read" && snapshot !== undefined && ID.test(snapshot)) return { page: "read", safe, snapshot };
  if ((page === "backup" || page === "unlock" || page === "safe") && snapshot === undefined) return { page, safe };
  return { page: "not_found" };
}

const location_ = createStore(currentAddress());
/** The question asked before a page with unfinished work is left, or null. */
let guard: string | null = null;

function currentAddress(): string {
  return location.pathname + location.hash;
}

function mayLeave(): boolean {
  return guard === null || confirm(guard);
}

addEventListener("popstate", () => {
  const next = currentAddress();
  if (next.split("#")[0] !== location_.get().split("#")[0] && !mayLeave()) {
    history.pushState(null, "", location_.get());
    return;
  }
  location_.set(next);
});

addEventListener("beforeunload", (event) => {
  if (guard !== null) event.preventDefault();
});

export function navigate(address: string, options: { replace?: boolean } = {}): void {
  if (address === location_.get()) return;
  if (address.split("#")[0] !== location_.get().split("#")[0]) {
    if (!mayLeave()) return;
    scrollTo(0, 0);
  }
  if (options.replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  location_.set(address);
}

export function useAddress(): { pathname: string; fragment: string } {
  const [pathname = "", fragment = ""] = useStore(location_).split("#");
  return { pathname, fragment };
}

/** The guarded work is done: the next `navigate` asks nothing. */
export function releaseLeaveGuard(): void {
  guard = null;
}

/** While `question` is not null, leaving the page asks it first. */
export function useLeaveGuard(question: string | null): void {
  useLayoutEffect(() => {
    guard = question;
    return () => {
      guard = null;
    };
  }, [question]);
}

export function Link(props: { to: string; class?: string; label?: string; children: ComponentChildren }) {
  return (
    <a
      href={props.to}
      class={props.class}
      aria-label={props.label}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        navigate(props.to);
      }}
    >
      {props.children}
    </a>
  );
}
