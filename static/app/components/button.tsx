/** The one button: primary for what the page is for, plain beside it, quiet for what is rarely wanted. */
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

export interface ButtonProps {
  children?: ComponentChildren;
  /** Needed when there is no visible text. */
  label?: string;
  icon?: IconName;
  look?: "primary" | "plain" | "quiet" | "danger";
  type?: "button" | "submit";
  disabled?: boolean;
  busy?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  onClick?: () => void;
}

const CLASSES = {
  primary: "button button-primary",
  plain: "button button-secondary",
  quiet: "button button-quiet",
  danger: "button button-danger",
} as const;

export function Button(props: ButtonProps) {
  return (
    <button
      type={props.type ?? "button"}
      class={`${CLASSES[props.look ?? "plain"]}${props.children ? "" : " button-icon"}`}
      aria-label={props.label}
      title={props.children ? undefined : props.label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-busy={props.busy || undefined}
      disabled={props.disabled || props.busy}
      onClick={props.onClick}
    >
      {props.icon && <Icon name={props.icon} />}
      {props.children && <span>{props.children}</span>}
    </button>
  );
}
