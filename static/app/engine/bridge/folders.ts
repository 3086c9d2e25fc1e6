/** What the folders of a person's own have in common. */

/** The folder of that path; empty names are passed over. */
export async function folderWithin(root: FileSystemDirectoryHandle, names: string[], create: boolean): Promise<FileSystemDirectoryHandle> {
  let folder = root;
  for (const name of names) if (name) folder = await folder.getDirectoryHandle(name, { create });
  return folder;
}

/** The file at that path, made with its folders. */
export async function fileMade(root: FileSystemDirectoryHandle, path: string): Promise<FileSystemFileHandle> {
  const names = path.split("/");
  const name = names.pop() ?? "";
  return (await folderWithin(root, names, true)).getFileHandle(name, { create: true });
}

/** As Python is told of it. */
export function nameOf(error: unknown): string {
  return error instanceof DOMException ? error.name : "Error";
}
