/** A folder on the person's disk that an export is written into, one file at a time. Every answer is an error's name, or "". */
import { own, type Bytes } from "./bytes";
import { fileMade, nameOf } from "./folders";

export class ExportFolder {
  private stream: FileSystemWritableFileStream | undefined;
  constructor(private readonly root: FileSystemDirectoryHandle) {}

  async open(path: string): Promise<string> {
    return this.tried(async () => {
      this.stream = await (await fileMade(this.root, path)).createWritable();
    });
  }
  async write(data: Bytes): Promise<string> {
    return this.tried(async () => this.stream?.write(own(data)));
  }
  async close(): Promise<string> {
    return this.tried(async () => this.stream?.close());
  }
  async abort(): Promise<void> {
    await this.stream?.abort().catch(() => undefined);
  }
  private async tried(step: () => Promise<unknown>): Promise<string> {
    try {
      await step();
      return "";
    } catch (error) {
      return nameOf(error);
    }
  }
}
