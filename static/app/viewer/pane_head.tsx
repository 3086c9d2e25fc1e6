/** The head of a pane that is not a chat's messages: what it shows, of which chat, and the way back. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../components/button";
import { t } from "../i18n/translate";

export function PaneHead(props: { title: string; of: string; onBack: () => void; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <header class="chat-head">
      <Button icon="back" look="quiet" label={t("action.back")} onClick={props.onBack} />
      <div class="chat-head-words">
        <h2 class="chat-title" ref={heading} tabIndex={-1}>
          {props.title}
        </h2>
        <p class="chat-people" dir="auto">
          {props.of}
        </p>
      </div>
      {props.children}
    </header>
  );
}
