/** One part of a settings page: what it is, how it stands, what can be done. */
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

export function Section(props: {
  icon: IconName;
  title: string;
  badge?: { tone: "success" | "warn" | "danger" | "plain"; text: string } | null;
  children: ComponentChildren;
}) {
  return (
    <section class="card settings-section" aria-label={props.title}>
      <header class="settings-head">
        <span class="settings-icon">
          <Icon name={props.icon} />
        </span>
        <h2>{props.title}</h2>
        {props.badge && (
          <span class={props.badge.tone === "plain" ? "badge" : `badge badge-${props.badge.tone}`}>{props.badge.text}</span>
        )}
      </header>
      {props.children}
    </section>
  );
}
