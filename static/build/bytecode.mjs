/**
 * Byte-compiles Python sources with Pyodide's own interpreter, in Node: its .pyc files are the only ones that interpreter
 * loads, and a stdlib shipped as sources would be compiled again at every start of the page.
 *
 *   node static/build/bytecode.mjs SOURCE_FOLDER TARGET_FOLDER PREFIX OPTIMIZE
 *
 * Every SOURCE/x.py becomes TARGET/x.pyc, other files are copied. PREFIX stands before paths in tracebacks. The hash seed
 * is fixed and the .pyc carry the hash of their source, so two runs give the same bytes.
 */
import { loadPyodide } from "pyodide";

const [source, target, prefix, optimize] = process.argv.slice(2);
const pyodide = await loadPyodide({ env: { PYTHONHASHSEED: "0" } });
for (const [place, folder] of [["/source", source], ["/target", target]]) {
  pyodide.FS.mkdirTree(place);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: folder }, place);
}
pyodide.globals.set("prefix", prefix);
pyodide.globals.set("optimize", Number(optimize));
const count = pyodide.runPython(`
import pathlib, py_compile, shutil, sys
source, target, count = pathlib.Path("/source"), pathlib.Path("/target"), 0
for path in sorted(source.rglob("*")):
    relative = path.relative_to(source)
    place = target / relative
    if path.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    elif path.suffix == ".py":
        place.parent.mkdir(parents=True, exist_ok=True)
        py_compile.compile(
            str(path), str(place.with_suffix(".pyc")), f"{prefix}/{relative}", doraise=True, optimize=optimize,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
        count += 1
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
count
`);
console.log(`${count} modules compiled to ${target}`);
