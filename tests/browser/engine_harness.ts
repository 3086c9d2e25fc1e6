/**
 * Starts the product's own engine (runtime, standard library, wheel) with the product's own bridge, for
 * test_pyodide_vectors.py. Built and served by that test alone; nothing of it ships.
 */
import { makeBridge } from "../../static/app/engine/bridge";

interface Interpreter {
  FS: { mkdirTree(path: string): void; writeFile(path: string, text: string): void };
  pyimport(name: string): { connect(bridge: unknown): void };
  runPythonAsync(code: string): Promise<unknown>;
}

let interpreter: Interpreter;

async function start(folder: string, picture: boolean): Promise<void> {
  const engine = new URL(folder, location.href).href;
  const { loadPyodide } = await import(`${engine}pyodide.mjs`);
  interpreter = await loadPyodide({
    indexURL: engine,
    lockFileContents: await (await fetch(`${engine}pyodide-lock.json`)).text(),
    packageBaseUrl: engine,
    packages: picture ? [] : ["coffer-engine"],
    env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" },
    ...(picture ? { _loadSnapshot: (await fetch(`${engine}snapshot.bin`)).arrayBuffer() } : {}),
  });
  const bridge = makeBridge(new Int32Array(new SharedArrayBuffer(4)));
  await bridge.loadSodium();
  interpreter.pyimport("webapp.browser.bridge").connect(bridge);
}

/** Writes files (path → text) and runs Python, whose last expression is a string. */
async function run(files: Record<string, string>, code: string): Promise<unknown> {
  for (const [path, text] of Object.entries(files)) {
    interpreter.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    interpreter.FS.writeFile(path, text);
  }
  return interpreter.runPythonAsync(code);
}

Object.assign(window, { engine: { start, run } });
