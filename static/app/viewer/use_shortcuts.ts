/** Listens to the viewer's keys while nothing lies over it. */
import { useEffect } from "preact/hooks";
import { actionOf, type Action } from "./shortcuts";

export function useShortcuts(on: boolean, act: (action: Action) => void, escape: () => void): void {
  useEffect(() => {
    const keyed = (event: KeyboardEvent) => {
      if (document.querySelector("dialog[open]")) return;
      if (event.key === "Escape") return escape();
      const action = actionOf(event);
      // With the letters switched off, the two keys that every reader knows stay.
      if (!action || (!on && action !== "search" && action !== "help")) return;
      event.preventDefault();
      act(action);
    };
    addEventListener("keydown", keyed);
    return () => removeEventListener("keydown", keyed);
  });
}

/** The browser's own key for printing would print what is on the screen: the whole chat is offered instead. */
export function usePrintKey(on: boolean, print: () => void): void {
  useEffect(() => {
    if (!on) return;
    const keyed = (event: KeyboardEvent) => {
      if (event.key !== "p" || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      print();
    };
    addEventListener("keydown", keyed);
    return () => removeEventListener("keydown", keyed);
  });
}
