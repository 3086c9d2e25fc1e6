/** WebCrypto for Python: hashes and AES in the shapes that the formats need. Keys, nonces and layouts are decided there. */
import { Joined, own, piece, type Bytes } from "./bytes";
import { room } from "./rooms";

export function aesKey(raw: Bytes, mode: "AES-GCM" | "AES-CTR" | "AES-CBC", use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", own(raw), mode, false, [use]);
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
  const all = room(size);
  all.set(front);
  let at = front.length;
  for (const part of work) {
    const bytes = new Uint8Array(await part);
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

export const ciphers = {
  async sha256(data: Bytes): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", own(data)));
  },

  async hmacSha256(key: Bytes, data: Bytes): Promise<Uint8Array> {
    const imported = await crypto.subtle.importKey("raw", own(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", imported, own(data)));
  },

  /** header ‖ every segment sealed, all in flight at once: one await for Python. order: key ‖ header ‖ rows. */
  async sealSegments(order: Bytes, headerBytes: number, source: Bytes): Promise<Uint8Array> {
    const given = own(order);
    const content = source instanceof Joined ? source : own(source);
    const front = given.subarray(KEY, KEY + headerBytes);
    const segments = [...rows(given.subarray(KEY + headerBytes))];
    const imported = await aesKey(given.subarray(0, KEY), "AES-GCM", "encrypt");
    const work = segments.map(({ nonce, start, end }) =>
      crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, imported, piece(content, start, end)),
    );
    return gathered(work, front, segments.reduce((size, { start, end }) => size + end - start + TAG, front.length));
  },

  /** Undefined when any tag is wrong: nothing of the others is handed out. */
  async openSegments(order: Bytes, source: Bytes): Promise<Uint8Array | undefined> {
    const [given, content] = [own(order), own(source)];
    const segments = [...rows(given.subarray(KEY))];
    const imported = await aesKey(given.subarray(0, KEY), "AES-GCM", "decrypt");
    const work = segments.map(({ nonce, start, end }) =>
      crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, imported, content.subarray(start, end)),
    );
    const size = segments.reduce((sum, { start, end }) => sum + end - start - TAG, 0);
    return gathered(work, new Uint8Array(), size).catch(() => undefined);
  },

  async aesGcm(sealing: boolean, key: Bytes, nonce: Bytes, data: Bytes, associatedData: Bytes): Promise<Uint8Array | undefined> {
    const parameters = { name: "AES-GCM", iv: own(nonce), additionalData: own(associatedData) };
    const [content, imported] = [own(data), await aesKey(key, "AES-GCM", sealing ? "encrypt" : "decrypt")];
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
    const imported = await aesKey(key, "AES-CTR", "encrypt");
    return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CTR", counter: own(counter), length: 128 }, imported, own(data)));
  },

  /** Undefined where the padding is wrong. */
  async aesCbcOpen(key: Bytes, iv: Bytes, data: Bytes): Promise<Uint8Array | undefined> {
    const imported = await aesKey(key, "AES-CBC", "decrypt");
    try {
      return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv: own(iv) }, imported, own(data)));
    } catch {
      return undefined;
    }
  },

  /** The beginnings of many key streams, all in flight at once. counters: 16 bytes each, joined. */
  async aesCtrStreams(key: Bytes, counters: Bytes, length: number): Promise<Uint8Array> {
    const [given, zeros] = [own(counters), new Uint8Array(length)];
    const imported = await aesKey(key, "AES-CTR", "encrypt");
    const work: Promise<ArrayBuffer>[] = [];
    for (let at = 0; at < given.length; at += 16) {
      work.push(crypto.subtle.encrypt({ name: "AES-CTR", counter: given.slice(at, at + 16), length: 128 }, imported, zeros));
    }
    return gathered(work, new Uint8Array(), work.length * length);
  },
};
