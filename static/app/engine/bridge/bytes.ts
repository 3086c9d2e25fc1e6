/** Bytes that cross between Python and JavaScript. */
import { room, spent, withHead } from "./rooms";

/** A Python `bytes` that arrives as a proxy, or bytes already on this side. */
export type Bytes = Uint8Array | Joined | { getBuffer(kind: "u8"): { data: Uint8Array; release(): void } };

export function own(value: Bytes): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array) return value as Uint8Array<ArrayBuffer>;
  if (value instanceof Joined) return value.whole();
  const buffer = value.getBuffer("u8");
  // A view on the wasm heap detaches when the heap grows, so it is copied at once.
  const copy = new Uint8Array(buffer.data);
  buffer.release();
  return copy;
}

/** All parts in order, and `padding` zeros behind them: one array only for whoever needs one. */
export class Joined {
  readonly length: number;
  private readonly parts: Uint8Array<ArrayBuffer>[];
  private array: Uint8Array<ArrayBuffer> | undefined;

  constructor(parts: Bytes[], padding: number) {
    this.parts = parts.map(own);
    this.length = this.parts.reduce((size, part) => size + part.length, padding);
  }

  whole(): Uint8Array<ArrayBuffer> {
    return (this.array ??= this.inFront() ?? this.copied(0, this.length, room(this.length)));
  }

  /** The bytes of [start, end): where they lie, if that is one part, else a copy. */
  piece(start: number, end: number): Uint8Array<ArrayBuffer> {
    if (this.array) return this.array.subarray(start, end);
    let at = 0;
    for (const part of this.parts) {
      if (start >= at && end <= at + part.length) return part.subarray(start - at, end - at);
      at += part.length;
    }
    return this.copied(start, end, new Uint8Array(end - start));
  }

  /** Its bytes, and those of its parts, are where they had to go (see rooms.ts). */
  spent(): void {
    if (this.array) spent(this.array);
    this.parts.forEach(spent);
  }

  /** A short head and what it stands in front of. */
  private inFront(): Uint8Array<ArrayBuffer> | undefined {
    const [head, bytes] = this.parts;
    if (this.parts.length !== 2 || !head || !bytes || head.length + bytes.length !== this.length) return undefined;
    return withHead(head, bytes);
  }

  private copied(start: number, end: number, target: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    let at = 0;
    for (const part of this.parts) {
      const from = Math.max(start, at);
      const to = Math.min(end, at + part.length);
      if (from < to) target.set(part.subarray(from - at, to - at), from - start);
      at += part.length;
    }
    // Room may have held something before.
    if (end > at) target.fill(0, Math.max(start, at) - start);
    return target;
  }
}

/** The bytes of [start, end), not copied where that can be avoided. */
export function piece(data: Bytes, start: number, end: number): Uint8Array<ArrayBuffer> {
  return data instanceof Joined ? data.piece(start, end) : own(data).subarray(start, end);
}
