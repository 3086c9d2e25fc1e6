/** Reading chosen files: what is needed to open them, how far it is, what was found. Both pages that take files use it. */
import { useRef, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { BackupSecret, EngineError, Found, Progress } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import type { Carried, Chosen } from "./carried";

export type Order = "day-month" | "month-day";

export type ReadingStep =
  | { is: "choose"; error: EngineError | null }
  | { is: "reading" }
  /** Waits for the key of an encrypted file; `wrong`: the one given before did not open it. */
  | { is: "key"; file: string; kind: string; wrong: EngineError | null }
  | { is: "found"; found: Found; error: EngineError | null };

export interface ReadingWork {
  step: ReadingStep;
  progress: Progress | null;
  /** All that was chosen so far. */
  chosen: () => Chosen[];
  read: (files: File[]) => void;
  /** A further backup of the same chats, merged with what was read. */
  add: (files: File[]) => void;
  giveKey: (key: BackupSecret) => void;
  flip: (order: Order) => void;
  readSample: () => void;
  startAgain: () => void;
}

const KEY_PROBLEMS: ReadonlySet<string> = new Set([
  "backup_key_wrong",
  "backup_key_or_damage",
  "backup_key_unreadable",
  "key_wrong_length",
  "key_bad_letter",
]);

export function useReading(start: Carried | null = null): ReadingWork {
  const [step, setStep] = useState<ReadingStep>(start ? { is: "found", found: start.found, error: null } : { is: "choose", error: null });
  const [progress, setProgress] = useState<Progress | null>(null);
  const chosen = useRef<Chosen[]>(start?.chosen ?? []);
  const found = useRef<Found | null>(start?.found ?? null);
  const pending = useRef<{ group: Chosen; kind: string; file: string } | null>(null);
  const order = useRef<Order | null>(null);

  function rest(error: EngineError | null) {
    const told = error?.code === "cancelled" ? null : error;
    setStep(found.current ? { is: "found", found: found.current, error: told } : { is: "choose", error: told });
  }

  /** Reads one more group, merged with those before it. */
  async function inspect(group: Chosen): Promise<void> {
    setProgress(null);
    setStep({ is: "reading" });
    const add = chosen.current.length > 0;
    try {
      found.current = await engine.inspect(group.files, { dateOrder: order.current, keys: group.keys, add }, setProgress);
      chosen.current = [...chosen.current, group];
      pending.current = null;
      rest(null);
    } catch (thrown) {
      const error = asEngineError(thrown);
      const asked = pending.current;
      const { file = asked?.file ?? "", kind = asked?.kind ?? "" } = error.data as { file?: string; kind?: string };
      const given = asked !== null || group.keys.length > 0;
      if (error.code === "backup_key_needed" || (given && KEY_PROBLEMS.has(error.code))) {
        // Asked for again although one was given: what was given is of another kind.
        pending.current = { group: { files: group.files, keys: [] }, kind, file };
        setStep({ is: "key", file, kind, wrong: given ? error : null });
        return;
      }
      pending.current = null;
      rest(error);
    }
  }

  function forgetAll() {
    chosen.current = [];
    found.current = null;
    pending.current = null;
  }

  async function readAll(groups: Chosen[]) {
    forgetAll();
    for (const group of groups) {
      await inspect(group);
      if (!found.current) return;
    }
  }

  return {
    step,
    progress,
    chosen: () => chosen.current,
    read: (files) => {
      order.current = null;
      void readAll([{ files, keys: [] }]);
    },
    add: (files) => void inspect({ files, keys: [] }),
    giveKey: (key) => {
      const asked = pending.current;
      if (asked) void inspect({ ...asked.group, keys: [key] });
    },
    flip: (wanted) => {
      order.current = wanted;
      void readAll(chosen.current);
    },
    readSample: () => {
      setProgress(null);
      setStep({ is: "reading" });
      engine.sample().then(
        (file) => readAll([{ files: [file], keys: [] }]),
        (thrown) => rest(asEngineError(thrown)),
      );
    },
    startAgain: () => {
      forgetAll();
      void engine.forget().catch(() => undefined);
      setStep({ is: "choose", error: null });
    },
  };
}
