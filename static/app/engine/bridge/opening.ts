/** Large encrypted or packed content, opened piece by piece into memory of its own, outside Python's heap. */
import { own, type Bytes } from "./bytes";
import { aesKey } from "./ciphers";

const GROWTH = 16 * 1024 * 1024;
const FED = 256 * 1024;

/** Bytes that become more and more, in one buffer that grows in place; its room is only reserved, not taken. */
export class Growing {
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

/** A whole file to be decrypted piece by piece. Without a nonce its pieces are not authenticated. */
export async function opening(key: Bytes, nonce: Bytes | undefined, packed: boolean, limit: number): Promise<Opening> {
  const [ctr, gcm] = [await aesKey(key, "AES-CTR", "decrypt"), await aesKey(key, "AES-GCM", "encrypt")];
  return new Opening(ctr, gcm, nonce ? own(nonce) : undefined, packed ? new Inflating(limit) : new Growing(limit));
}

/** Raw deflate (a zip member); undefined when damaged or longer than `limit` bytes. */
export async function inflate(data: Bytes, limit: number): Promise<Uint8Array | undefined> {
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
}
