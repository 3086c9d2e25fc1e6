/**
 * Large buffers that are used again. A fresh one costs the system more than any cipher that fills it: its pages are
 * given one by one and zeroed, at every use.
 */

/** Spare bytes in front, so that a request's head can be written there instead of copying all that follows. */
const FRONT = 64;
/** Smaller ones come from memory that the browser reuses by itself. */
const LARGE = 1024 * 1024;
/** How many wait to be used again, and how long the last of them may wait. */
const SPARES = 4;
const IDLE_MS = 5000;

const ours = new WeakSet<ArrayBufferLike>();
const headless = new WeakSet<ArrayBufferLike>();
let spares: ArrayBuffer[] = [];
let idle: ReturnType<typeof setTimeout> | undefined;

/** An array of that many bytes, whatever they are: its maker writes every one of them. */
export function room(size: number): Uint8Array<ArrayBuffer> {
  if (size < LARGE) return new Uint8Array(size);
  const at = spares.findIndex((spare) => spare.byteLength >= FRONT + size);
  const buffer = at < 0 ? new ArrayBuffer(FRONT + size) : (spares.splice(at, 1)[0] as ArrayBuffer);
  ours.add(buffer);
  headless.add(buffer);
  return new Uint8Array(buffer, FRONT, size);
}

/** head ‖ bytes in the room of `bytes` itself, if there is some in front that no other head took. */
export function withHead(head: Uint8Array, bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const { buffer, byteOffset, length } = bytes;
  if (byteOffset !== FRONT || head.length > FRONT || !headless.delete(buffer)) return undefined;
  const whole = new Uint8Array(buffer as ArrayBuffer, FRONT - head.length, head.length + length);
  whole.set(head);
  return whole;
}

/** Its bytes are where they had to go. Whoever still looks at them finds nothing: the buffer itself moves on. */
export function spent(bytes: Uint8Array): void {
  if (!ours.delete(bytes.buffer) || !("transfer" in ArrayBuffer.prototype)) return;
  spares = [...spares, (bytes.buffer as ArrayBuffer).transfer()].sort((a, b) => b.byteLength - a.byteLength).slice(0, SPARES);
  clearTimeout(idle);
  idle = setTimeout(() => void (spares = []), IDLE_MS);
}
