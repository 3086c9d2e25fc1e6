/**
 * The page's side of the engine: starts the worker when the page opens, forwards each verb to it, and turns its answers
 * into values or thrown `EngineError`s. Nothing is decided here.
 */
import * as Comlink from "comlink";
import { pathOf } from "../files/dropped";
import { createStore } from "../state/store";
import { offlineError } from "./failures";
import type { Engine, EngineError } from "./contract";

/** What every verb of the worker really returns: an error that crosses threads would lose its fields if it were thrown. */
export type Answer<T> = { ok: true; value: T } | { ok: false; error: EngineError };

const BOOT_LIMIT_MS = 60_000;
const WAIT_SHOWN_AFTER_MS = 300;

/** `waiting`: somebody has waited for the boot long enough to be told. */
export const engineStatus = createStore<{ state: "starting" | "ready" | "failed"; waiting: boolean }>({
  state: "starting",
  waiting: false,
});

/** True once the site has answered that the session is over; the banner listens. */
export const sessionEnded = createStore(false);

type Verb = Exclude<keyof Engine, "cancel">;
type RemoteVerbs = Record<Verb, (...args: unknown[]) => Promise<Answer<unknown>>>;

/** Every verb. `cancel` can stop the long ones: the flag of an earlier cancel must not stop the next. */
const VERBS: Record<Verb, "quick" | "long"> = {
  ready: "quick",
  me: "quick",
  safes: "quick",
  newKey: "quick",
  confirmNewKey: "quick",
  createSafe: "long",
  unlockWithKey: "quick",
  unlockWithPassword: "long",
  showKey: "quick",
  lock: "quick",
  standing: "quick",
  activity: "quick",
  passkeys: "quick",
  passkeyCeremony: "quick",
  anotherWayProved: "quick",
  proveKey: "quick",
  provePassword: "long",
  addPasskey: "quick",
  unlockWithPasskey: "quick",
  removePasskey: "quick",
  protectors: "quick",
  changePassword: "long",
  addPassword: "long",
  removePassword: "quick",
  deleteSafe: "quick",
  trashSafe: "quick",
  untrashSafe: "quick",
  trashSnapshot: "quick",
  untrashSnapshot: "quick",
  previewKeep: "quick",
  setKeep: "quick",
  keepSafe: "quick",
  answerReminder: "quick",
  useFolder: "quick",
  rehearse: "long",
  sample: "quick",
  inspect: "long",
  forget: "quick",
  openInspected: "quick",
  backup: "long",
  snapshots: "quick",
  openSnapshot: "long",
  chats: "quick",
  messages: "quick",
  placeAt: "quick",
  placeOf: "quick",
  prepareSearch: "long",
  find: "quick",
  gallery: "quick",
  participants: "quick",
  statistics: "quick",
  origins: "quick",
  unknown: "quick",
  thumbnail: "quick",
  media: "quick",
  download: "long",
  saveContainer: "long",
  openContainer: "long",
  exportExtent: "quick",
  exportChats: "long",
};

function bootFailed(detail: string): EngineError {
  return { ...offlineError("boot_failed"), data: { detail } };
}

function startWorker(): { remote: RemoteVerbs; cancelFlag: Int32Array; died: Promise<never> } {
  const address = document.querySelector<HTMLMetaElement>('meta[name="coffer-worker"]')?.content ?? "";
  const worker = new Worker(new URL(address, location.href), { type: "module", name: "coffer-engine" });
  // Without isolation (the offline copy behind a plain file server) there is no shared memory: all works but cancelling.
  const memory = typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(4) : new SharedArrayBuffer(4);
  const cancelFlag = new Int32Array(memory);
  const died = new Promise<never>((_, reject) => {
    worker.addEventListener("error", () => reject(bootFailed("the worker could not be loaded")));
  });
  died.catch(() => engineStatus.set({ state: "failed", waiting: false }));
  worker.postMessage({ cancelFlag });
  return { remote: Comlink.wrap(worker) as unknown as RemoteVerbs, cancelFlag, died };
}

/** A stream to a file cannot be handed to a worker, a plain stream can: this one passes on what it is given. */
function transferable(file: WritableStream<Uint8Array>): WritableStream<Uint8Array> {
  const writer = file.getWriter();
  return new WritableStream({
    write: (bytes) => writer.write(bytes),
    close: () => writer.close(),
    abort: (reason) => writer.abort(reason),
  });
}

/**
 * Functions and streams cannot be copied to the worker: a function is called back, a stream is handed over. So are bytes:
 * they are secrets, and nothing of them stays in the page. A file can be copied, but forgets its folder on the way, so
 * its path goes with it.
 */
function carry(argument: unknown): unknown {
  if (typeof argument === "function") return Comlink.proxy(argument as () => void);
  if (argument instanceof WritableStream) {
    const stream = transferable(argument);
    return Comlink.transfer(stream, [stream]);
  }
  if (argument instanceof Uint8Array) return Comlink.transfer(argument, [argument.buffer]);
  if (Array.isArray(argument) && argument.some((item) => item instanceof File)) {
    return argument.map((item) => (item instanceof File ? { file: item, path: pathOf(item) } : item));
  }
  return argument;
}

function open<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  if (answer.error.code === "signed_out") sessionEnded.set(true);
  throw answer.error;
}

function connect(): Engine {
  const { remote, cancelFlag, died } = startWorker();

  const limit = new Promise<never>((_, reject) => {
    setTimeout(() => reject(bootFailed(`no answer within ${BOOT_LIMIT_MS / 1000} s`)), BOOT_LIMIT_MS);
  });
  const booted = Promise.race([remote.ready().then(open) as Promise<{ seconds: number }>, limit, died]);
  booted.then(
    () => engineStatus.set({ state: "ready", waiting: false }),
    () => engineStatus.set({ state: "failed", waiting: false }),
  );
  limit.catch(() => undefined);

  async function waitForBoot(): Promise<void> {
    const timer = setTimeout(() => {
      const status = engineStatus.get();
      if (status.state === "starting") engineStatus.set({ ...status, waiting: true });
    }, WAIT_SHOWN_AFTER_MS);
    try {
      await booted;
    } finally {
      clearTimeout(timer);
    }
  }

  let longVerb: Promise<unknown> = Promise.resolve();

  async function ask(verb: Verb, args: unknown[]): Promise<unknown> {
    await waitForBoot();
    // After signing in again the engine has to learn the new session first.
    if (sessionEnded.get() && verb !== "me") {
      open(await remote.me());
      sessionEnded.set(false);
    }
    if (VERBS[verb] === "quick") return open(await Promise.race([remote[verb](...args.map(carry)), died]));
    // A verb that was told to stop has to see the flag before it is lowered for the next one.
    if (Atomics.load(cancelFlag, 0) === 1) await longVerb.catch(() => undefined);
    Atomics.store(cancelFlag, 0, 0);
    const answer = Promise.race([remote[verb](...args.map(carry)), died]);
    longVerb = answer;
    return open(await answer);
  }

  const verbs = Object.fromEntries(
    (Object.keys(VERBS) as Verb[]).map((verb) => [verb, (...args: unknown[]) => (verb === "ready" ? booted : ask(verb, args))]),
  );
  return {
    ...(verbs as unknown as Omit<Engine, "cancel">),
    cancel: () => {
      Atomics.store(cancelFlag, 0, 1);
    },
  };
}

export const engine: Engine = connect();
