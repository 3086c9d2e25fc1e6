/** libsodium for Python: what WebCrypto does not have. */
import { own, type Bytes } from "./bytes";

export function makeSodium() {
  let sodium: typeof import("libsodium-wrappers-sumo").default | undefined;

  return {
    /** Fetched when first needed, beside the boot and not in its way. */
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
  };
}
