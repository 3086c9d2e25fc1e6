/** The product's interpreter, wheel and bridge in a worker that runs given Python: for figures, never shipped. */
import { makeBridge } from "../../static/app/engine/bridge";

const flag = new Int32Array(new SharedArrayBuffer(4));
const MIB = 1024 * 1024;
const SEGMENT = 512 * 1024;

/** Plain JavaScript calling WebCrypto on the same segments: seal and open `mib` MiB, in milliseconds. */
async function plainJavaScript(mib: number): Promise<string> {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["encrypt", "decrypt"]);
  const batch = crypto.getRandomValues(new Uint8Array(65536));
  const source = new Uint8Array(8 * MIB);
  for (let at = 0; at < source.length; at += batch.length) source.set(batch, at);
  const times = { seal: 0, open: 0 };
  for (let done = 0; done < mib; done += 8) {
    const segments = Math.ceil(source.length / (SEGMENT - 16));
    const sealed = new Uint8Array(source.length + 16 * segments);
    let start = performance.now();
    await Promise.all(
      Array.from({ length: segments }, async (_, n) => {
        const iv = new Uint8Array(12);
        new DataView(iv.buffer).setUint32(7, n);
        const part = source.subarray(n * (SEGMENT - 16), (n + 1) * (SEGMENT - 16));
        sealed.set(new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, part)), n * SEGMENT);
      }),
    );
    times.seal += performance.now() - start;
    const opened = new Uint8Array(source.length);
    start = performance.now();
    await Promise.all(
      Array.from({ length: segments }, async (_, n) => {
        const iv = new Uint8Array(12);
        new DataView(iv.buffer).setUint32(7, n);
        const part = sealed.subarray(n * SEGMENT, (n + 1) * SEGMENT);
        opened.set(new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, part)), n * (SEGMENT - 16));
      }),
    );
    times.open += performance.now() - start;
  }
  return JSON.stringify(times);
}

/** A file as a person would choose it: its bytes are the browser's, not this worker's. */
async function fileAt(address: string): Promise<File> {
  const response = await fetch(address, { cache: "no-store" });
  return new File([await response.blob()], address.split("/").pop() ?? "");
}

Object.assign(self, { plainJavaScript, fileAt });

self.onmessage = async ({ data }: MessageEvent<{ engine: string; lock: string; python: string; arguments: unknown }>) => {
  try {
    const { loadPyodide } = await import(`${data.engine}pyodide.mjs`);
    const pyodide = await loadPyodide({
      indexURL: data.engine,
      lockFileContents: data.lock,
      packageBaseUrl: data.engine,
      packages: ["coffer-engine"],
      enableRunUntilComplete: false,
    });
    const bridge = makeBridge(flag);
    await bridge.loadSodium();
    pyodide.pyimport("webapp.browser.bridge").connect(bridge);
    pyodide.globals.set("arguments", JSON.stringify(data.arguments ?? null));
    postMessage({ value: JSON.parse(await pyodide.runPythonAsync(data.python)) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
