/**
 * A folder that backups are kept in, of the person's choice. Paths, names and formats are Python's matter
 * (webapp/engine/folder.py); nothing of the handle is stored.
 */
import { own, type Bytes } from "./bytes";
import { fileMade, folderWithin, nameOf } from "./folders";

const ABSENT = -1;
const UNREACHABLE = -2;

function isAbsent(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "NotFoundError" || error.name === "TypeMismatchError");
}

export class BackupFolder {
  constructor(private readonly root: FileSystemDirectoryHandle) {}

  private async file(path: string): Promise<File> {
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    return (await (await folderWithin(this.root, parts, false)).getFileHandle(name)).getFile();
  }

  /** Undefined when the folder cannot be reached; empty when there is no folder of that name. */
  async names(path: string): Promise<string[] | undefined> {
    try {
      const names: string[] = [];
      for await (const [name, handle] of (await folderWithin(this.root, path.split("/"), false)).entries()) {
        if (handle.kind === "file") names.push(name);
      }
      return names;
    } catch (error) {
      return isAbsent(error) && (await this.reachable()) ? [] : undefined;
    }
  }

  async size(path: string): Promise<number> {
    try {
      return (await this.file(path)).size;
    } catch (error) {
      return isAbsent(error) && (await this.reachable()) ? ABSENT : UNREACHABLE;
    }
  }

  async read(path: string): Promise<Uint8Array | number> {
    try {
      return new Uint8Array(await (await this.file(path)).arrayBuffer());
    } catch (error) {
      return isAbsent(error) && (await this.reachable()) ? ABSENT : UNREACHABLE;
    }
  }

  /** All or nothing: the browser writes beside the file and puts it in place when it is closed. An error's name, or "". */
  async write(path: string, data: Bytes): Promise<string> {
    try {
      const stream = await (await fileMade(this.root, path)).createWritable();
      try {
        await stream.write(own(data));
        await stream.close();
      } catch (error) {
        await stream.abort().catch(() => undefined);
        throw error;
      }
      return "";
    } catch (error) {
      return nameOf(error);
    }
  }

  /** A folder that was removed or unplugged says "not found" for everything in it, which must not look empty. */
  private async reachable(): Promise<boolean> {
    try {
      await this.root.keys().next();
      return true;
    } catch {
      return false;
    }
  }
}
