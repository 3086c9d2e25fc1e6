/** The messages of one chat, asked from the engine a block at a time and dropped again when far away. */
import { engine } from "../engine/client";
import type { EngineError, MessageRow } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { PER_BLOCK } from "./block_heights";

export interface MessagePage {
  rows: MessageRow[];
  /** The message before the first, for day lines and runs of one sender. */
  before: MessageRow | null;
}

const KEPT = 48;
const AT_ONCE = 2;

export class MessagePages {
  #pages = new Map<number, MessagePage>();
  #wanted: number[] = [];
  #running = new Set<number>();
  #closed = false;
  failed: EngineError | null = null;

  constructor(
    private readonly chat: number,
    private readonly onChange: () => void,
  ) {}

  page(block: number): MessagePage | undefined {
    return this.#pages.get(block);
  }

  /** The blocks on or near the screen, most urgent first; replaces what was wanted before. */
  want(blocks: number[]): void {
    this.#wanted = blocks.filter((block) => !this.#pages.has(block) && !this.#running.has(block));
    for (const block of blocks) {
      const page = this.#pages.get(block);
      if (!page) continue;
      this.#pages.delete(block);
      this.#pages.set(block, page);
    }
    this.#work();
  }

  retry(): void {
    this.failed = null;
    this.#work();
  }

  close(): void {
    this.#closed = true;
  }

  #work(): void {
    while (!this.#closed && !this.failed && this.#running.size < AT_ONCE) {
      const block = this.#wanted.shift();
      if (block === undefined) return;
      this.#running.add(block);
      void this.#load(block);
    }
  }

  async #load(block: number): Promise<void> {
    const first = block * PER_BLOCK;
    const extra = first > 0 ? 1 : 0;
    try {
      const rows = await engine.messages(this.chat, first - extra, PER_BLOCK + extra);
      this.#pages.set(block, { rows: rows.slice(extra), before: extra ? (rows[0] ?? null) : null });
      for (const oldest of this.#pages.keys()) {
        if (this.#pages.size <= KEPT) break;
        this.#pages.delete(oldest);
      }
    } catch (thrown) {
      this.failed = asEngineError(thrown);
      this.#wanted.unshift(block);
    } finally {
      this.#running.delete(block);
    }
    if (this.#closed) return;
    this.onChange();
    this.#work();
  }
}
