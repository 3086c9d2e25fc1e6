/** Reading chosen files: what is needed to open them, how far it is, what was found. Both pages that take files use it. */
import { useRef, useState } from "preact/hooks";
import { asksForKey } from "../components/backup_key";
import { engine } from "../engine/client";
import type { BackupSecret, DateOrder, EngineError, Found, Progress } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import type { Carried, Chosen } from "./carried";

export type ReadingStep =
  | { is: "choose"; error: EngineError | null }
  | { is: "reading" }
  /** Waits for the key of an encrypted file; the error says of which, or that the one given does not open it. */
  | { is: "key"; error: EngineError }
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
  /** Reads what can be had of a damaged backup, though nobody can vouch for it; null where there is none. */
  salvage: (() => void) | null;
  flip: (order: DateOrder) => void;
  readSample: () => void;
  startAgain: () => void;
}

/** Only WhatsApp's databases are whole files that may be damaged in one place. */
function canBeSalvaged(error: EngineError): boolean {
  const { kind } = error.data;
  return (error.code === "backup_damaged" || error.code === "backup_truncated") && typeof kind === "string" && kind.startsWith("crypt");
}

export function useReading(start: Carried | null = null): ReadingWork {
  const [step, setStep] = useState<ReadingStep>(start ? { is: "found", found: start.found, error: null } : { is: "choose", error: null });
  const [progress, setProgress] = useState<Progress | null>(null);
  const chosen = useRef<Chosen[]>(start?.chosen ?? []);
  const found = useRef<Found | null>(start?.found ?? null);
  const pending = useRef<Chosen | null>(null);
  const order = useRef<DateOrder | null>(null);
  const [torn, setTorn] = useState<Chosen | null>(null);

  function rest(error: EngineError | null) {
    const told = error?.code === "cancelled" ? null : error;
    setStep(found.current ? { is: "found", found: found.current, error: told } : { is: "choose", error: told });
  }

  /** Reads one more group, merged with those before it. */
  async function inspect(group: Chosen): Promise<void> {
    setProgress(null);
    setTorn(null);
    setStep({ is: "reading" });
    const add = chosen.current.length > 0;
    try {
      found.current = await engine.inspect(group.files, { dateOrder: order.current, keys: group.keys, salvage: group.salvage === true, add }, setProgress);
      chosen.current = [...chosen.current, group];
      pending.current = null;
      rest(null);
    } catch (thrown) {
      const error = asEngineError(thrown);
      if (asksForKey(error)) {
        pending.current = { files: group.files, keys: [] };
        setStep({ is: "key", error });
        return;
      }
      pending.current = null;
      if (canBeSalvaged(error)) setTorn(group);
      rest(error);
    }
  }

  function forgetAll() {
    setTorn(null);
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
      if (asked) void inspect({ ...asked, keys: [key] });
    },
    salvage: torn && (() => void inspect({ ...torn, salvage: true })),
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
