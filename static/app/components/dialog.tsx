/** A modal window on the browser's own <dialog>: Esc closes it, focus stays inside and returns. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/translate";
import { Button } from "./button";

export function Dialog(props: {
  title: string;
  look?: "sheet" | "full";
  onClose: () => void;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      // The browser returns the focus only of a dialog that is still on the page, and by now this one is gone.
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog dialog-${props.look ?? "sheet"}`}
      aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) props.onClose();
      }}
    >
      <div class="dialog-frame">
        <header class="dialog-header">
          <h2 class="dialog-title" dir="auto">
            {props.title}
          </h2>
          {props.actions}
          <Button icon="close" look="quiet" label={t("action.close")} onClick={props.onClose} />
        </header>
        <div class="dialog-body">{props.children}</div>
      </div>
    </dialog>
  );
}
