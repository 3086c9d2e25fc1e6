/**
 * The geometry of a long chat. Its messages are drawn in blocks; a block's height is guessed until it was once on the
 * screen. Only a span of blocks is laid out at a time, because browsers cap how tall a page can be.
 */
export const PER_BLOCK = 40;
/** 50,000 messages of 250 px stay below the lowest cap, Firefox's 17.9 million px. */
const SPAN_BLOCKS = 50_000 / PER_BLOCK;
const GUESSED_MESSAGE_HEIGHT = 60;

export class BlockHeights {
  readonly blocks: number;
  #heights: Float64Array;
  #first = 0;

  constructor(readonly messages: number) {
    this.blocks = Math.max(1, Math.ceil(messages / PER_BLOCK));
    this.#heights = new Float64Array(this.blocks);
    this.forget();
    this.spanAround(this.blocks - 1);
  }

  /** The blocks laid out now: [first, end). */
  get span(): { first: number; end: number } {
    return { first: this.#first, end: Math.min(this.blocks, this.#first + SPAN_BLOCKS) };
  }

  /** Lays out the blocks around `block`; true when the span changed. */
  spanAround(block: number): boolean {
    const latest = Math.max(0, this.blocks - SPAN_BLOCKS);
    const first = Math.min(latest, Math.max(0, block - SPAN_BLOCKS / 2));
    const changed = first !== this.#first;
    this.#first = first;
    return changed;
  }

  /** Back to guesses: the window's width changed. */
  forget(): void {
    for (let block = 0; block < this.blocks; block += 1) {
      const messages = Math.min(PER_BLOCK, this.messages - block * PER_BLOCK);
      this.#heights[block] = Math.max(1, messages) * GUESSED_MESSAGE_HEIGHT;
    }
  }

  height(block: number): number {
    return this.#heights[block] ?? 0;
  }

  measured(block: number, height: number): void {
    if (block < this.blocks) this.#heights[block] = height;
  }

  /** Pixels between the span's start and the block's. */
  top(block: number): number {
    let sum = 0;
    for (let index = this.#first; index < block; index += 1) sum += this.#heights[index] ?? 0;
    return sum;
  }

  /** The block at a distance from the span's start. */
  blockAt(distance: number): number {
    const { first, end } = this.span;
    let sum = 0;
    for (let block = first; block < end; block += 1) {
      sum += this.#heights[block] ?? 0;
      if (sum > distance) return block;
    }
    return end - 1;
  }

  get total(): number {
    return this.top(this.span.end);
  }
}
