/**
 * Takes a picture of the interpreter's memory after it has started and imported the engine, so that a page can begin there:
 *
 *   node static/build/snapshot.mjs ENGINE_FOLDER        writes ENGINE_FOLDER/snapshot.bin
 *
 * What would differ from run to run (randomness, time, zone) is fixed while the picture is taken, so two builds give the same
 * bytes. That makes two things known in advance: the state of `random`, which the page seeds anew before anything else
 * (webapp/browser/session.py), and the seed of string hashes. Secrets come from os.urandom, which asks the browser each time.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
let state = 1;
function predictable(array) {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let at = 0; at < bytes.length; at++) bytes[at] = state = (state * 73 + 11) & 255;
  return array;
}
Object.defineProperty(globalThis, "crypto", { value: { getRandomValues: predictable } });
process.env.TZ = "UTC";
Date.now = () => 0;
performance.now = () => 0;

const { loadPyodide } = await import("pyodide");
const pyodide = await loadPyodide({
  _makeSnapshot: true,
  env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" },
  stdLibURL: join(folder, "python_stdlib.zip"),
  lockFileContents: readFileSync(join(folder, "pyodide-lock.json"), "utf8"),
  packageBaseUrl: `${folder}/`,
  enableRunUntilComplete: false,
});
const wheel = readdirSync(folder).find((name) => name.endsWith(".whl"));
pyodide.FS.writeFile("/tmp/engine.whl", readFileSync(join(folder, wheel)));
// The files themselves are not part of the picture; every module of the wheel is imported, so none is missed.
pyodide.runPython(`
import gc, importlib, os, random, site, sys, zipfile
place = next(path for path in sys.path if path.endswith("site-packages"))
with zipfile.ZipFile("/tmp/engine.whl") as archive:
    names = sorted(name for name in archive.namelist() if name.endswith(".pyc"))
    archive.extractall(place)
os.unlink("/tmp/engine.whl")
importlib.invalidate_caches()
for name in names:
    module = name.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".")
    importlib.import_module(module)
import encodings.cp437, encodings.utf_16, encodings.utf_16_be, encodings.utf_16_le, asyncio, _strptime, traceback
random.seed(0)
del archive, names, name, module, place
gc.collect()
`);
writeFileSync(join(folder, "snapshot.bin"), pyodide.makeMemorySnapshot());
