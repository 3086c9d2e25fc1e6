/**
 * The engine's worker: boots Python (self-hosted, byte-compiled), hands it the bridge, and answers the page's verbs.
 * The verbs themselves are Python: webapp/browser/session.py.
 */
import * as Comlink from "comlink";
import { makeBridge } from "./bridge";
import type { EngineError, Progress } from "./contract";
import type { PyodideAPI } from "pyodide";

/** Filled in by the build: the hashed folder of the runtime, its lock file, and the keys this bundle trusts. */
declare const __ENGINE__: string;
declare const __LOCK__: string;
declare const __PINS__: { opaque_public_key: string; signing_public_key: string };

type Answer = { ok: true; value: unknown } | { ok: false; error: EngineError };
/** Python's `call(name, arguments, on_progress)`: [error or value as JSON, an object that is not JSON]. */
type Call = (name: string, args: unknown[], onProgress: unknown) => Promise<[string, unknown]>;

const started = performance.now();
const engineFolder = new URL(__ENGINE__, self.location.href).href;
let cancelFlag: Int32Array<ArrayBufferLike> = new Int32Array(1);
const flagArrived = new Promise<void>((resolve) => {
  self.addEventListener("message", function take(event: MessageEvent) {
    if (event.data?.cancelFlag) {
      cancelFlag = event.data.cancelFlag;
      self.removeEventListener("message", take);
      resolve();
    }
  });
});

/** Still on its way: the rest of the boot does not wait for it. */
type Picture = { bytes: Promise<ArrayBuffer> };
const FAST_BYTES_PER_MS = 5_000; // 40 Mbit/s

/** Did the runtime's script, fetched just now, arrive as it does on a fast line? (The part after the first byte counts.) */
async function lineIsFast(script: string): Promise<boolean> {
  await fetch(script).then((response) => response.arrayBuffer());
  const entry = performance.getEntriesByName(script).at(-1) as PerformanceResourceTiming | undefined;
  if (!entry || entry.transferSize === 0) return false;
  return entry.encodedBodySize / Math.max(1, entry.responseEnd - entry.responseStart) >= FAST_BYTES_PER_MS;
}

/**
 * Beginning from the picture of a started interpreter saves a third of the boot but costs about 4 MB the first time. So
 * it is used when the browser has it already or the line is fast; else it is fetched once the engine is up, for next time.
 */
async function snapshot(address: string): Promise<Picture | undefined> {
  try {
    const kept = await fetch(address, { cache: "only-if-cached", mode: "same-origin" });
    if (kept.ok) return { bytes: kept.arrayBuffer() };
  } catch {
    // Not kept, or a browser that does not say.
  }
  const saving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
  if (saving) return undefined;
  const fast = await lineIsFast(`${engineFolder}pyodide.asm.mjs`).catch(() => false);
  if (fast) return { bytes: fetch(address).then((response) => response.arrayBuffer()) };
  void booting.then(() => fetch(address)).catch(() => undefined);
  return undefined;
}

async function interpreter(picture: Picture | undefined): Promise<PyodideAPI> {
  const { loadPyodide } = (await import(`${engineFolder}pyodide.mjs`)) as typeof import("pyodide");
  return loadPyodide({
    indexURL: engineFolder,
    lockFileContents: __LOCK__,
    packageBaseUrl: engineFolder,
    // The picture holds the engine; without it the wheel is installed.
    packages: picture ? [] : ["coffer-engine"],
    stdout: () => undefined,
    enableRunUntilComplete: false,
    // The environment that the picture was taken with.
    env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" },
    ...(picture ? { _loadSnapshot: picture.bytes } : {}),
  });
}

async function boot(): Promise<Call> {
  const picture = await snapshot(`${engineFolder}snapshot.bin`);
  picture?.bytes.catch(() => undefined);
  // A picture that does not arrive only costs time: then the interpreter starts from the beginning.
  const pyodide = await interpreter(picture).catch((error) => (picture ? interpreter(undefined) : Promise.reject(error)));
  await flagArrived;
  // For figures and for whoever looks at the worker: how large the interpreter's memory has grown.
  Object.assign(self, { heapBytes: () => (pyodide as unknown as { _module: { HEAPU8: Uint8Array } })._module.HEAPU8.length });
  const session = pyodide.pyimport("webapp.browser.session");
  session.start(JSON.stringify(__PINS__), makeBridge(cancelFlag));
  return session.call as Call;
}

const booting = boot();
booting.catch(() => undefined);

function bootError(error: unknown): EngineError {
  const detail = error instanceof Error ? error.name : "unknown";
  return {
    code: "boot_failed",
    message: "The encryption engine could not start in this browser.",
    next: "Reload the page. If it happens again, update your browser.",
    data: { detail },
  };
}

async function answer(name: string, args: unknown[]): Promise<Answer> {
  let call: Call;
  try {
    call = await booting;
  } catch (error) {
    return { ok: false, error: bootError(error) };
  }
  if (name === "ready") return { ok: true, value: { seconds: (performance.now() - started) / 1000 } };
  // The page's callback, if there is one, comes last; it is a proxy, so it is called and never awaited.
  const last = args.at(-1);
  const onProgress = typeof last === "function" ? (text: string) => void last(JSON.parse(text) as Progress) : undefined;
  const [text, object] = await call(name, onProgress ? args.slice(0, -1) : args, onProgress);
  const result = JSON.parse(text) as Answer;
  return result.ok && object !== undefined ? { ok: true, value: object } : result;
}

Comlink.expose(
  new Proxy(
    {},
    {
      get: (_, name) => (typeof name === "string" && name !== "then" ? (...args: unknown[]) => answer(name, args) : undefined),
    },
  ),
);
