/** Files that the person chose, and where a restored one goes. */
import { own, type Bytes } from "./bytes";
import { nameOf } from "./folders";

/** A pushable source of bytes that FileReaderSync and Blob.arrayBuffer both read. */
export class BridgedFile {
  constructor(
    private readonly file: File,
    /** Within the dropped or chosen folder. */
    readonly path: string,
  ) {}
  get name(): string {
    return this.file.name;
  }
  get size(): number {
    return this.file.size;
  }
  get modified(): number {
    return this.file.lastModified;
  }
  /** Undefined when the file changed or is gone. */
  readSync(offset: number, length: number): Uint8Array | undefined {
    try {
      return new Uint8Array(new FileReaderSync().readAsArrayBuffer(this.file.slice(offset, offset + length)));
    } catch {
      return undefined;
    }
  }
  async read(offset: number, length: number): Promise<Uint8Array | undefined> {
    try {
      return new Uint8Array(await this.file.slice(offset, offset + length).arrayBuffer());
    } catch {
      return undefined;
    }
  }
}

/** Collects a restored file when no file on disk was offered; Blobs let the browser keep them outside memory. */
export class BlobSink {
  private parts: Blob[] = [];
  async write(data: Bytes): Promise<string> {
    this.parts.push(new Blob([own(data)]));
    return "";
  }
  async close(): Promise<void> {}
  async abort(): Promise<void> {
    this.parts = [];
  }
  blob(): Blob {
    return new Blob(this.parts);
  }
}

export class StreamSink {
  private readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  constructor(stream: WritableStream<Uint8Array>) {
    this.writer = stream.getWriter();
  }
  /** The name of the error, or nothing. */
  async write(data: Bytes): Promise<string> {
    try {
      await this.writer.write(own(data));
      return "";
    } catch (error) {
      return nameOf(error);
    }
  }
  async close(): Promise<void> {
    await this.writer.close();
  }
  async abort(): Promise<void> {
    await this.writer.abort().catch(() => undefined);
  }
}
