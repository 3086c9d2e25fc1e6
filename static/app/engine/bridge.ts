/**
 * What Python may ask of the browser: WebCrypto, files and requests. Bytes stay JavaScript `Uint8Array`s unless Python
 * asks for them. No logic lives here: segments, nonces, keys and formats are decided in Python (webapp/engine).
 */
import { own, type Bytes } from "./bytes";
import { BackupFolder } from "./backup_folder";
import { ExportFolder } from "./export_folder";

function aesKey(raw: Bytes, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", own(raw), "AES-GCM", false, [use]);
}

const KEY = 32;
const NONCE = 12;
const ROW = NONCE + 8;
const TAG = 16;

/** Rows of nonce (12), start and end (uint32, little endian): a batch of AES-GCM messages over one buffer. */
function* rows(packed: Uint8Array): Generator<{ nonce: Uint8Array<ArrayBuffer>; start: number; end: number }> {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  for (let at = 0; at < packed.byteLength; at += ROW) {
    yield {
      nonce: packed.slice(at, at + NONCE),
      start: view.getUint32(at + NONCE, true),
      end: view.getUint32(at + NONCE + 4, true),
    };
  }
}

/** What stands in front, then every result in order. The room is made while the first results are on their way. */
async function gathered(work: Promise<ArrayBuffer>[], front: Uint8Array, size: number): Promise<Uint8Array> {
  void Promise.allSettled(work);
  const all = new Uint8Array(size);
  all.set(front);
  let at = front.length;
  for (const part of work) {
    const bytes = new Uint8Array(await part);
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

/** A pushable source of bytes that FileReaderSync and Blob.arrayBuffer both read. */
class BridgedFile {
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
class BlobSink {
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

class StreamSink {
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
      return error instanceof DOMException ? error.name : "Error";
    }
  }
  async close(): Promise<void> {
    await this.writer.close();
  }
  async abort(): Promise<void> {
    await this.writer.abort().catch(() => undefined);
  }
}

/** Bytes that become more and more, in one buffer that grows in place; its room is only reserved, not taken. */
class Growing {
  private readonly buffer: ArrayBuffer;
  private size = 0;
  constructor(private readonly limit: number) {
    this.buffer = new ArrayBuffer(0, { maxByteLength: limit + GROWTH });
  }
  /** False when that would be more than the limit. */
  append(bytes: Uint8Array): boolean {
    const size = this.size + bytes.length;
    if (size > this.limit) return false;
    if (size > this.buffer.byteLength) this.buffer.resize(Math.min(size + GROWTH, this.limit + GROWTH));
    new Uint8Array(this.buffer).set(bytes, this.size);
    this.size = size;
    return true;
  }
  finish(): Uint8Array {
    this.buffer.resize(this.size);
    return new Uint8Array(this.buffer, 0, this.size);
  }
  drop(): void {
    this.buffer.resize(0);
  }
}

const GROWTH = 16 * 1024 * 1024;
const FED = 256 * 1024;

/** The same behind zlib. What is wrong with the stream is told at the end: until then it takes what comes. */
class Inflating {
  private readonly out: Growing;
  private readonly writer: WritableStreamDefaultWriter<BufferSource>;
  private readonly reading: Promise<"" | "damaged" | "too_large">;
  constructor(limit: number) {
    this.out = new Growing(limit);
    const stream = new DecompressionStream("deflate");
    this.writer = stream.writable.getWriter();
    this.writer.closed.catch(() => undefined);
    this.reading = this.read(stream.readable.getReader());
  }
  private async read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<"" | "damaged" | "too_large"> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return "";
        if (this.out.append(value)) continue;
        void reader.cancel().catch(() => undefined);
        return "too_large";
      }
    } catch {
      return "damaged";
    }
  }
  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += FED) {
      try {
        await this.writer.ready;
        void this.writer.write(bytes.subarray(at, at + FED) as Uint8Array<ArrayBuffer>).catch(() => undefined);
      } catch {
        return; // Told by `finish`.
      }
    }
  }
  async finish(): Promise<Uint8Array | "damaged" | "too_large"> {
    void this.writer.close().catch(() => undefined);
    const wrong = await this.reading;
    return wrong || this.out.finish();
  }
  drop(): void {
    void this.writer.abort().catch(() => undefined);
    this.out.drop();
  }
}

/** One AES-GCM message as large as a file, in pieces. Counters and tags are Python's matter. */
class Opening {
  private taking: Promise<unknown> = Promise.resolve();
  private over = false;
  private finished = false;
  constructor(
    private readonly ctr: CryptoKey,
    private readonly gcm: CryptoKey,
    private readonly nonce: Uint8Array<ArrayBuffer> | undefined,
    private readonly out: Growing | Inflating,
  ) {}
  /** Decrypts the next piece; its tag as associated data of an empty message, or nothing. */
  async piece(sealed: Uint8Array<ArrayBuffer>, counter: Bytes): Promise<Uint8Array> {
    const parameters = { name: "AES-CTR", counter: own(counter), length: 32 };
    const [plain, tag] = await Promise.all([
      crypto.subtle.decrypt(parameters, this.ctr, sealed),
      this.nonce
        ? crypto.subtle.encrypt({ name: "AES-GCM", iv: this.nonce, additionalData: sealed }, this.gcm, new Uint8Array())
        : new ArrayBuffer(0),
    ]);
    sealed.buffer.transfer(0);
    // While one piece is unpacked the next is read and decrypted.
    await this.taking;
    this.taking = this.take(new Uint8Array(plain));
    return new Uint8Array(tag);
  }
  private async take(plain: Uint8Array<ArrayBuffer>): Promise<void> {
    if ((await this.out.append(plain)) === false) this.over = true;
  }
  async finish(): Promise<Uint8Array | "damaged" | "too_large"> {
    await this.taking;
    if (this.over) return "too_large";
    const result = await this.out.finish();
    this.finished = typeof result !== "string";
    return result;
  }
  /** Gives the memory back, unless `finish` handed it out. */
  drop(): void {
    if (!this.finished) this.out.drop();
  }
}

/** What is used of Emscripten's file system. */
interface Files {
  writeFile(path: string, data: Uint8Array, options: { canOwn: boolean }): void;
}

export interface Reply {
  /** 0: no reply arrived; -1: cancelled. */
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

export function makeBridge(cancelFlag: Int32Array) {
  let csrf = "";
  let sodium: typeof import("libsodium-wrappers-sumo").default | undefined;

  /** Aborts when the page sets the cancel flag. */
  function cancelSignal(): { signal: AbortSignal; done: () => void } {
    const controller = new AbortController();
    let watching = true;
    const watch = (): void => {
      if (!watching) return;
      if (Atomics.load(cancelFlag, 0) !== 0) return controller.abort();
      const waited = Atomics.waitAsync?.(cancelFlag, 0, 0, 1000);
      if (waited?.async) void waited.value.then(watch);
      else setTimeout(watch, 200);
    };
    watch();
    return { signal: controller.signal, done: () => void (watching = false) };
  }

  async function fetched(address: string, options: RequestInit, body: Bytes | undefined, cancellable: boolean): Promise<Reply> {
    const { signal, done } = cancelSignal();
    const init: RequestInit = { ...options, cache: "no-store", redirect: "error", referrerPolicy: "no-referrer" };
    if (body !== undefined) init.body = own(body);
    if (cancellable) init.signal = signal;
    try {
      const response = await fetch(address, init);
      const content = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, headers: Object.fromEntries(response.headers), body: content };
    } catch {
      return { status: cancellable && signal.aborted ? -1 : 0, headers: {}, body: new Uint8Array() };
    } finally {
      done();
    }
  }

  return {
    cancelled: (): boolean => Atomics.load(cancelFlag, 0) !== 0,

    setCsrf: (token: string): void => void (csrf = token),

    request: (method: string, path: string, body: Bytes | undefined, headers: Record<string, string>, cancellable: boolean): Promise<Reply> =>
      fetched(path, { method, headers: method === "GET" ? headers : { ...headers, "x-csrftoken": csrf }, credentials: "same-origin" }, body, cancellable),

    /** To the operator's bucket, at an address that the site signed: nothing of the session goes along. */
    external: (method: string, url: string, body: Bytes | undefined, headers: Record<string, string>, cancellable: boolean): Promise<Reply> =>
      fetched(url, { method, headers, credentials: "omit", mode: "cors" }, body, cancellable),

    join(parts: Bytes[], padding: number): Uint8Array {
      const arrays = parts.map(own);
      const joined = new Uint8Array(arrays.reduce((size, part) => size + part.length, padding));
      let at = 0;
      for (const part of arrays) {
        joined.set(part, at);
        at += part.length;
      }
      return joined;
    },

    slice: (data: Uint8Array, start: number, end: number): Uint8Array => data.subarray(start, end),

    async sha256(data: Bytes): Promise<Uint8Array> {
      return new Uint8Array(await crypto.subtle.digest("SHA-256", own(data)));
    },

    async hmacSha256(key: Bytes, data: Bytes): Promise<Uint8Array> {
      const imported = await crypto.subtle.importKey("raw", own(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      return new Uint8Array(await crypto.subtle.sign("HMAC", imported, own(data)));
    },

    /** header ‖ every segment sealed, all in flight at once: one await for Python. order: key ‖ header ‖ rows. */
    async sealSegments(order: Bytes, headerBytes: number, source: Bytes): Promise<Uint8Array> {
      const [given, content] = [own(order), own(source)];
      const front = given.subarray(KEY, KEY + headerBytes);
      const segments = [...rows(given.subarray(KEY + headerBytes))];
      const imported = await aesKey(given.subarray(0, KEY), "encrypt");
      const work = segments.map(({ nonce, start, end }) =>
        crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, imported, content.subarray(start, end)),
      );
      return gathered(work, front, segments.reduce((size, { start, end }) => size + end - start + TAG, front.length));
    },

    /** Undefined when any tag is wrong: nothing of the others is handed out. */
    async openSegments(order: Bytes, source: Bytes): Promise<Uint8Array | undefined> {
      const [given, content] = [own(order), own(source)];
      const segments = [...rows(given.subarray(KEY))];
      const imported = await aesKey(given.subarray(0, KEY), "decrypt");
      const work = segments.map(({ nonce, start, end }) =>
        crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, imported, content.subarray(start, end)),
      );
      const size = segments.reduce((sum, { start, end }) => sum + end - start - TAG, 0);
      return gathered(work, new Uint8Array(), size).catch(() => undefined);
    },

    async aesGcm(sealing: boolean, key: Bytes, nonce: Bytes, data: Bytes, associatedData: Bytes): Promise<Uint8Array | undefined> {
      const parameters = { name: "AES-GCM", iv: own(nonce), additionalData: own(associatedData) };
      const [content, imported] = [own(data), await aesKey(key, sealing ? "encrypt" : "decrypt")];
      try {
        const work = sealing
          ? crypto.subtle.encrypt(parameters, imported, content)
          : crypto.subtle.decrypt(parameters, imported, content);
        return new Uint8Array(await work);
      } catch {
        return undefined;
      }
    },

    /** One message of AES-256-CTR; the whole first block is the counter. */
    async aesCtr(key: Bytes, counter: Bytes, data: Bytes): Promise<Uint8Array> {
      const imported = await crypto.subtle.importKey("raw", own(key), "AES-CTR", false, ["encrypt"]);
      return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CTR", counter: own(counter), length: 128 }, imported, own(data)));
    },

    /** Undefined where the padding is wrong. */
    async aesCbcOpen(key: Bytes, iv: Bytes, data: Bytes): Promise<Uint8Array | undefined> {
      const imported = await crypto.subtle.importKey("raw", own(key), "AES-CBC", false, ["decrypt"]);
      try {
        return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv: own(iv) }, imported, own(data)));
      } catch {
        return undefined;
      }
    },

    /** The beginnings of many key streams, all in flight at once. counters: 16 bytes each, joined. */
    async aesCtrStreams(key: Bytes, counters: Bytes, length: number): Promise<Uint8Array> {
      const [given, zeros] = [own(counters), new Uint8Array(length)];
      const imported = await crypto.subtle.importKey("raw", own(key), "AES-CTR", false, ["encrypt"]);
      const work: Promise<ArrayBuffer>[] = [];
      for (let at = 0; at < given.length; at += 16) {
        work.push(crypto.subtle.encrypt({ name: "AES-CTR", counter: given.slice(at, at + 16), length: 128 }, imported, zeros));
      }
      return gathered(work, new Uint8Array(), work.length * length);
    },

    /** A whole file to be decrypted piece by piece. Without a nonce its pieces are not authenticated. */
    async opening(key: Bytes, nonce: Bytes | undefined, packed: boolean, limit: number): Promise<Opening> {
      const ctr = await crypto.subtle.importKey("raw", own(key), "AES-CTR", false, ["decrypt"]);
      const gcm = await aesKey(key, "encrypt");
      return new Opening(ctr, gcm, nonce ? own(nonce) : undefined, packed ? new Inflating(limit) : new Growing(limit));
    },

    growing: (limit: number): Growing => new Growing(limit),
    /** An array as a file that SQLite reads where it lies, outside the heap. */
    placeFile: (files: Files, path: string, bytes: Uint8Array): void => files.writeFile(path, bytes, { canOwn: true }),

    /** Raw deflate (a zip member); undefined when damaged or longer than `limit` bytes. */
    async inflate(data: Bytes, limit: number): Promise<Uint8Array | undefined> {
      const output = new Uint8Array(limit);
      let filled = 0;
      try {
        const reader = new Blob([own(data)]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return filled === limit ? output : undefined;
          if (filled + value.length > limit) {
            await reader.cancel();
            return undefined;
          }
          output.set(value, filled);
          filled += value.length;
        }
      } catch {
        return undefined;
      }
    },

    file: (file: File, path: string): BridgedFile => new BridgedFile(file, path),
    blobSink: (): BlobSink => new BlobSink(),
    isFolder: (target: unknown): boolean => target instanceof FileSystemDirectoryHandle,
    backupFolder: (handle: FileSystemDirectoryHandle): BackupFolder => new BackupFolder(handle),
    exportFolder: (handle: FileSystemDirectoryHandle): ExportFolder => new ExportFolder(handle),
    streamSink: (stream: WritableStream<Uint8Array>): StreamSink => new StreamSink(stream),
    /** The same bytes, of a type that the page can show; nothing is copied. */
    typed: (blob: Blob, type: string): Blob => blob.slice(0, blob.size, type),
    blob: (data: Bytes, type: string): Blob => new Blob([own(data)], { type }),
    toFile: (data: Bytes, name: string, type: string): File => new File([own(data)], name, { type }),

    /** libsodium is fetched when first needed, beside the boot and not in its way. */
    async loadSodium(): Promise<void> {
      if (sodium) return;
      const loaded = (await import("libsodium-wrappers-sumo")).default;
      await loaded.ready;
      sodium = loaded;
    },

    /** One libsodium function by name over byte arguments; undefined when it refuses them. */
    sodium(name: string, ...args: (Bytes | number)[]): Uint8Array | boolean | undefined {
      if (!sodium) throw new Error("libsodium is not loaded");
      const call = (sodium as unknown as Record<string, (...values: unknown[]) => Uint8Array | boolean>)[name];
      if (!call) throw new Error(`libsodium has no ${name}`);
      try {
        return call(...args.map((value) => (typeof value === "number" ? value : own(value))));
      } catch {
        return undefined;
      }
    },

    argon2id(message: Bytes, salt: Bytes, memoryBytes: number, passes: number, outputBytes: number): Uint8Array {
      if (!sodium) throw new Error("libsodium is not loaded");
      return sodium.crypto_pwhash(outputBytes, own(message), own(salt), passes, memoryBytes, sodium.crypto_pwhash_ALG_ARGON2ID13);
    },

    /** The person's clock and zone, for the date on a saved key. */
    now: (): string => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19),
    today: (): string => new Date().toLocaleDateString("sv-SE"),
    site: (): string => location.host,
  };
}

export type Bridge = ReturnType<typeof makeBridge>;
