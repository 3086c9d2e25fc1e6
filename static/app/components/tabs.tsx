/** Tabs as the ARIA pattern describes them: arrows move, the chosen panel follows. */
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icon";

export interface Tab<Id extends string> {
  id: Id;
  label: string;
  icon: IconName;
}

export function Tabs<Id extends string>(props: {
  label: string;
  tabs: Tab<Id>[];
  chosen: Id;
  onChoose: (id: Id) => void;
  children: ComponentChildren;
}) {
  const name = useId();
  const strip = useRef<HTMLDivElement>(null);

  function move(step: number) {
    const index = props.tabs.findIndex((tab) => tab.id === props.chosen);
    const next = (index + step + props.tabs.length) % props.tabs.length;
    const tab = props.tabs[next];
    if (!tab) return;
    props.onChoose(tab.id);
    strip.current?.querySelectorAll<HTMLButtonElement>('[role="tab"]')[next]?.focus();
  }

  return (
    <div class="tabbed">
      <div
        class="tabs"
        role="tablist"
        aria-label={props.label}
        ref={strip}
        onKeyDown={(event) => {
          if (event.key === "ArrowRight") move(document.dir === "rtl" ? -1 : 1);
          if (event.key === "ArrowLeft") move(document.dir === "rtl" ? 1 : -1);
        }}
      >
        {props.tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            class="tab"
            id={`${name}-${tab.id}-tab`}
            aria-selected={tab.id === props.chosen}
            aria-controls={`${name}-${tab.id}-panel`}
            tabIndex={tab.id === props.chosen ? 0 : -1}
            onClick={() => props.onChoose(tab.id)}
          >
            <Icon name={tab.icon} />
            {tab.label}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        class="tab-panel"
        id={`${name}-${props.chosen}-panel`}
        aria-labelledby={`${name}-${props.chosen}-tab`}
      >
        {props.children}
      </div>
    </div>
  );
}
