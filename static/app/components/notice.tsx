/** A sentence in a box, and the way every engine error is shown: what is wrong, what to do next, a way to try again. */
import type { ComponentChildren } from "preact";
import type { EngineError } from "../engine/contract";
import { wording } from "../engine/failures";
import { t } from "../i18n/translate";
import { Button } from "./button";
import { Icon, type IconName } from "./icon";

export type Tone = "info" | "success" | "warn" | "danger";

const ICONS: Record<Tone, IconName> = { info: "info", success: "check", warn: "warning", danger: "warning" };

export function Notice(props: { tone: Tone; role?: "alert" | "status"; title?: string; children: ComponentChildren }) {
  return (
    <div class={`notice notice-${props.tone}`} role={props.role}>
      <Icon name={ICONS[props.tone]} />
      <div class="notice-body">
        {props.title && <p class="notice-title">{props.title}</p>}
        {props.children}
      </div>
    </div>
  );
}

export function ErrorNotice(props: { error: EngineError | null; onRetry?: () => void; retryLabel?: string }) {
  if (!props.error) return null;
  const { message, next } = wording(props.error);
  return (
    <Notice tone={props.error.code === "cancelled" ? "info" : "danger"} role="alert" title={message}>
      <p>{next}</p>
      {props.onRetry && (
        <p class="notice-actions">
          <Button onClick={props.onRetry}>{props.retryLabel ?? t("action.retry")}</Button>
        </p>
      )}
    </Notice>
  );
}
