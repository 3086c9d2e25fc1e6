/** The frame of a page: its heading takes the focus when the page opens, so that a screen reader starts there. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Link } from "../router";
import { t } from "../i18n/translate";
import { Icon } from "./icon";
import { Waiting } from "./progress";

export function Page(props: {
  title: string;
  lead?: ComponentChildren;
  back?: { to: string; label: string };
  /** Names the step, so that a new step of the same page takes the focus too. */
  step?: string;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Before the page is painted: later, on a slow machine, it would take the focus from whoever has begun to type.
  useLayoutEffect(() => {
    document.title = t("page.title", { title: props.title });
    if (document.activeElement === document.body || props.step) heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [props.step, props.title]);
  return (
    <main id="main" class="page page-narrow">
      {props.back && (
        <Link to={props.back.to} class="back-link">
          <Icon name="back" />
          {props.back.label}
        </Link>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {props.title}
      </h1>
      {props.lead && <p class="lead">{props.lead}</p>}
      {props.children}
    </main>
  );
}

/** Before it is known which page it will be. */
export function Loading() {
  return (
    <main id="main" class="page page-narrow">
      <h1 class="visually-hidden">{t("app.name")}</h1>
      <Waiting />
    </main>
  );
}
