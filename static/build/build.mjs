/**
 * Builds the browser app: `node static/build/build.mjs --pins PINS.json [--out static/dist] [--engine .build/engine]`
 *
 *   engine folder   Pyodide (self-hosted, from npm), the standard library and the engine wheel as bytecode, its lock
 *   bundles         main and worker by esbuild, split where something is loaded late
 *   index.html      with the hashed addresses filled in
 *   manifest.json   the SHA-256 of every file, and one digest over all of them
 *
 * Every file under assets/ carries its content's hash in its name or folder, so it never changes under one address. The
 * same inputs give the same bytes. PINS.json holds the vault's public keys: the bundle trusts no other vault.
 */
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";

const { values: options } = parseArgs({
  options: {
    pins: { type: "string" },
    out: { type: "string", default: "static/dist" },
    engine: { type: "string", default: ".build/engine" },
  },
});
if (!options.pins) throw new Error("give --pins FILE: the vault's public keys, as `manage.py vault_identity` prints them");

const RUNTIME = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"];
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => relative(folder, join(e.parentPath, e.name))).sort();
}

async function digestOf(folder, names) {
  const hash = createHash("sha256");
  for (const name of names) hash.update(`${name}\0${sha256(await readFile(join(folder, name)))}\n`);
  return hash.digest("hex");
}

/** Copies runtime, standard library and wheel into a folder named by their content; returns its name. */
async function placeEngine(assets) {
  const staged = join(assets, "engine-staged");
  await mkdir(staged, { recursive: true });
  for (const name of RUNTIME) await cp(join("node_modules/pyodide", name), join(staged, name));
  for (const name of await readdir(options.engine)) await cp(join(options.engine, name), join(staged, name));
  const names = await filesUnder(staged);
  const folder = `engine-${(await digestOf(staged, names)).slice(0, 16)}`;
  await rename(staged, join(assets, folder));
  return folder;
}

async function bundle(assets, engineFolder, pins) {
  const result = await esbuild.build({
    entryPoints: { main: "static/app/main.tsx", worker: "static/app/engine/worker.ts", style: "static/app/styles/app.css" },
    outdir: assets,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022", "chrome123", "firefox120", "safari17.5"],
    minify: true,
    legalComments: "none",
    charset: "utf8",
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".woff2": "file", ".svg": "file" },
    // libsodium's Node branches are never taken in a browser.
    external: ["module", "fs", "path", "crypto", "node:*"],
    define: {
      __ENGINE__: JSON.stringify(`./${engineFolder}/`),
      __LOCK__: JSON.stringify(await readFile(join(options.engine, "pyodide-lock.json"), "utf8")),
      __PINS__: JSON.stringify(pins),
    },
    metafile: true,
    logLevel: "warning",
  });
  const entry = (name) => {
    const found = Object.entries(result.metafile.outputs).find(([, output]) => output.entryPoint === name);
    if (!found) throw new Error(`no output for ${name}`);
    return `/app/assets/${relative(assets, found[0])}`;
  };
  return {
    script: entry("static/app/main.tsx"),
    worker: entry("static/app/engine/worker.ts"),
    style: entry("static/app/styles/app.css"),
  };
}

async function page(out, addresses, engineFolder) {
  const template = await readFile("static/app/index.html", "utf8");
  const filled = template
    .replaceAll("%SCRIPT%", addresses.script)
    .replaceAll("%STYLE%", addresses.style)
    .replaceAll("%WORKER%", addresses.worker)
    .replaceAll("%ENGINE%", `/app/assets/${engineFolder}/`);
  if (/%[A-Z]+%/.test(filled)) throw new Error("index.html has a placeholder that the build does not know");
  await writeFile(join(out, "index.html"), filled);
}

async function writeManifest(out) {
  const names = (await filesUnder(out));
  const files = {};
  for (const name of names) files[name] = sha256(await readFile(join(out, name)));
  const digest = await digestOf(out, names);
  await writeFile(join(out, "manifest.json"), `${JSON.stringify({ digest, files }, null, 1)}\n`);
  return digest;
}

const pins = JSON.parse(await readFile(options.pins, "utf8"));
const staged = `${options.out}.new`;
const assets = join(staged, "assets");
await rm(staged, { recursive: true, force: true });
await mkdir(assets, { recursive: true });
const engineFolder = await placeEngine(assets);
await page(staged, await bundle(assets, engineFolder, pins), engineFolder);
const digest = await writeManifest(staged);
await rm(options.out, { recursive: true, force: true });
await rename(staged, options.out);
console.log(`${options.out}: ${digest}`);
