/** Bytes that cross between Python and JavaScript. */

/** A Python `bytes` that arrives as a proxy, or bytes already on this side. */
export type Bytes = Uint8Array | { getBuffer(kind: "u8"): { data: Uint8Array; release(): void } };

export function own(value: Bytes): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array) return value as Uint8Array<ArrayBuffer>;
  const buffer = value.getBuffer("u8");
  // A view on the wasm heap detaches when the heap grows, so it is copied at once.
  const copy = new Uint8Array(buffer.data);
  buffer.release();
  return copy;
}

/** All parts in order, and `padding` zeros behind them. */
export function joined(parts: Bytes[], padding: number): Uint8Array {
  const arrays = parts.map(own);
  const all = new Uint8Array(arrays.reduce((size, part) => size + part.length, padding));
  let at = 0;
  for (const part of arrays) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
