/** Asks for a folder of the person's choice. The handle lives as long as the page; nothing of it is stored. */
interface FolderPicker {
  showDirectoryPicker?: (options: { id: string; mode: "read" | "readwrite" }) => Promise<FileSystemDirectoryHandle>;
}

export function folderPickerThere(): boolean {
  return typeof (window as FolderPicker).showDirectoryPicker === "function";
}

/** Throws AbortError when the person changes their mind. */
export async function pickFolder(use: "backups" | "exports", mode: "read" | "readwrite"): Promise<FileSystemDirectoryHandle> {
  const picker = (window as FolderPicker).showDirectoryPicker;
  if (!picker) throw new DOMException("no folder picker", "NotSupportedError");
  return picker.call(window, { id: `coffer-${use}`, mode });
}
