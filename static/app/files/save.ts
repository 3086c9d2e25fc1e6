/** Hands a file to the person's disk: streamed where the browser can, else as a blob under a download link. */
const REVOKE_AFTER_MS = 60_000;

interface SavePicker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
}

export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS);
}

export function saveText(text: string, name: string): void {
  saveBlob(new Blob([text], { type: "text/plain;charset=utf-8" }), name);
}

/** A stream to a place the person chooses; null where the browser has no such dialog. Throws AbortError when they cancel it. */
export async function chooseTarget(name: string): Promise<FileSystemWritableFileStream | null> {
  const picker = (window as SavePicker).showSaveFilePicker;
  if (!picker) return null;
  const handle = await picker.call(window, { suggestedName: name });
  return handle.createWritable();
}

export function wasDismissed(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}

export function baseName(path: string): string {
  return path.split("/").at(-1) || path;
}
