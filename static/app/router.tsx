/** Addresses under /app/ through the History API. The server answers each of them with the same page. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { createStore, useStore } from "./state/store";

export { HOME, paths, parseRoute, type Route } from "./routes";

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
