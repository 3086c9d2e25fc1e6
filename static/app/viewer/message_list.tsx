/**
 * The messages of a chat, however many: only the blocks near the screen are in the document. What the person is reading
 * stays where it is while heights become known, because the scroll position is kept as (block, pixels into it).
 */
import { Component, createRef } from "preact";
import type { ChatRow } from "../engine/contract";
import { Button } from "../components/button";
import { ErrorNotice } from "../components/notice";
import { formatMessageDay } from "../i18n/format";
import { t } from "../i18n/translate";
import { BlockHeights, PER_BLOCK } from "./block_heights";
import type { BubbleContext } from "./bubble";
import { MessageBlock } from "./message_block";
import { MessagePages } from "./message_pages";

/** Where to go: a message, by its place in the chat. A new object goes there again. */
export interface Target {
  position: number;
}

interface Props {
  chat: ChatRow;
  context: BubbleContext;
  target: Target | null;
}

interface State {
  first: number;
  end: number;
  atEnd: boolean;
  day: string | null;
  version: number;
}

const MARGIN_PX = 1_200;
/** How long the day stays over the messages after the last scroll. */
const DAY_SHOWN_MS = 1_500;

export class MessageList extends Component<Props, State> {
  #scroller = createRef<HTMLDivElement>();
  #above = createRef<HTMLDivElement>();
  #below = createRef<HTMLDivElement>();
  #heights = new BlockHeights(this.props.chat.messages);
  #pages = new MessagePages(this.props.chat.id, () => this.setState((state) => ({ version: state.version + 1 })));
  #anchor: "end" | { block: number; offset: number } = "end";
  #target: Target | null = this.props.target;
  #width = 0;
  /** The scroll position that the anchor stands for; another one means that the person has scrolled since. */
  #seen = 0;
  #frame = 0;
  #dayTimer: ReturnType<typeof setTimeout> | undefined;
  #observer = new ResizeObserver(() => this.#resized());

  override state: State = {
    first: Math.max(0, this.#heights.blocks - 2),
    end: this.#heights.blocks,
    atEnd: true,
    day: null,
    version: 0,
  };

  override componentDidMount(): void {
    const scroller = this.#scroller.current;
    if (scroller) this.#observer.observe(scroller);
    this.#settle();
  }

  override componentDidUpdate(before: Props): void {
    if (this.props.target && this.props.target !== before.target) this.goTo(this.props.target);
    else this.#settle();
  }

  override componentWillUnmount(): void {
    this.#pages.close();
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#dayTimer);
  }

  goTo(target: Target): void {
    this.#target = target;
    this.#settle();
  }

  #goToEnd(): void {
    this.#target = null;
    this.#anchor = "end";
    this.#seen = this.#scroller.current?.scrollTop ?? 0;
    this.#heights.spanAround(this.#heights.blocks - 1);
    this.#settle();
  }

  #resized(): void {
    const width = this.#scroller.current?.clientWidth ?? 0;
    if (width !== this.#width) {
      this.#width = width;
      this.#heights.forget();
    }
    this.#settle();
  }

  /** Measures what is drawn, puts the scroll position where the anchor says, and draws what is now near the screen. */
  #settle(): void {
    const scroller = this.#scroller.current;
    if (!scroller) return;
    if (!this.#target && Math.abs(scroller.scrollTop - this.#seen) > 1) this.#anchorHere(scroller);
    for (const element of scroller.querySelectorAll<HTMLElement>("[data-block]")) {
      this.#heights.measured(Number(element.dataset["block"]), element.getBoundingClientRect().height);
    }
    if (this.#target) this.#anchorTarget(scroller, this.#target);
    this.#space();
    if (this.#anchor === "end") scroller.scrollTop = scroller.scrollHeight;
    else {
      const wanted = this.#heights.top(this.#anchor.block) + this.#anchor.offset;
      if (Math.abs(scroller.scrollTop - wanted) > 0.5) scroller.scrollTop = wanted;
    }
    this.#seen = scroller.scrollTop;
    this.#draw(scroller);
  }

  /** Anchors on what is at the top of the screen now. */
  #anchorHere(scroller: HTMLElement): void {
    const { scrollTop, clientHeight, scrollHeight } = scroller;
    const { end } = this.#heights.span;
    this.#seen = scrollTop;
    if (scrollTop + clientHeight >= scrollHeight - 2 && end === this.#heights.blocks) this.#anchor = "end";
    else {
      const block = this.#heights.blockAt(scrollTop);
      this.#anchor = { block, offset: scrollTop - this.#heights.top(block) };
    }
  }

  /** Anchors on the target; it stays the target until its message is in the document and can be measured. */
  #anchorTarget(scroller: HTMLElement, target: Target): void {
    const block = Math.min(this.#heights.blocks - 1, Math.floor(target.position / PER_BLOCK));
    const { first, end } = this.#heights.span;
    if (block < first || block >= end) this.#heights.spanAround(block);
    const element = scroller.querySelector<HTMLElement>(`[data-position="${target.position}"]`);
    if (!element) {
      this.#anchor = { block, offset: (target.position % PER_BLOCK) * (this.#heights.height(block) / PER_BLOCK) };
      return;
    }
    const frame = element.closest<HTMLElement>("[data-block]");
    const within = element.getBoundingClientRect().top - (frame?.getBoundingClientRect().top ?? 0);
    const room = Math.max(0, scroller.clientHeight - element.offsetHeight);
    this.#anchor = { block, offset: within - room / 3 };
    this.#target = null;
  }

  /** The empty space that stands for the blocks that are not drawn. */
  #space(): void {
    const { first, end } = this.#heights.span;
    const { state } = this;
    const above = this.#heights.top(Math.max(first, Math.min(state.first, end)));
    const below = this.#heights.total - this.#heights.top(Math.max(first, Math.min(state.end, end)));
    if (this.#above.current) this.#above.current.style.blockSize = `${above}px`;
    if (this.#below.current) this.#below.current.style.blockSize = `${Math.max(0, below)}px`;
  }

  #draw(scroller: HTMLElement): void {
    const reach = scroller.clientHeight + MARGIN_PX;
    const middle = this.#anchor === "end" ? this.#heights.total - scroller.clientHeight : this.#heights.top(this.#anchor.block) + this.#anchor.offset;
    const first = this.#heights.blockAt(Math.max(0, middle - MARGIN_PX));
    const end = this.#heights.blockAt(middle + reach) + 1;
    const seen = this.#heights.blockAt(Math.max(0, middle));
    const blocks = Array.from({ length: end - first }, (_, index) => first + index);
    blocks.sort((a, b) => Math.abs(a - seen) - Math.abs(b - seen));
    this.#pages.want(blocks);
    const atEnd = this.#anchor === "end";
    const { state } = this;
    if (state.first !== first || state.end !== end || state.atEnd !== atEnd) this.setState({ first, end, atEnd });
  }

  #showDay(scroller: HTMLElement): void {
    clearTimeout(this.#dayTimer);
    this.#dayTimer = setTimeout(() => this.setState({ day: null }), DAY_SHOWN_MS);
    const day = this.#dayAtTop(scroller);
    if (this.state.day !== day) this.setState({ day });
  }

  #dayAtTop(scroller: HTMLElement): string | null {
    if (this.#anchor === "end") return null;
    const page = this.#pages.page(this.#anchor.block);
    const top = scroller.getBoundingClientRect().top;
    const frame = scroller.querySelector(`[data-block="${this.#anchor.block}"]`);
    const elements = [...(frame?.querySelectorAll<HTMLElement>("[data-position]") ?? [])];
    const index = elements.findIndex((element) => element.getBoundingClientRect().bottom > top);
    // Where the day is written anyway, it is not said twice.
    const written = elements[index]?.querySelector(".day")?.getBoundingClientRect();
    if (written && written.bottom > top) return null;
    const timestamp = page?.rows[index]?.timestamp;
    return timestamp == null ? null : formatMessageDay(this.props.context.wall(timestamp));
  }

  #scrolled = (): void => {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const scroller = this.#scroller.current;
      if (!scroller || this.#target) return;
      this.#anchorHere(scroller);
      const { first, end } = this.#heights.span;
      // Near an edge of the span that is not the chat's own: lay out the next part of the chat.
      if (this.#anchor !== "end") {
        const { block } = this.#anchor;
        if ((block < first + 3 && first > 0) || (block > end - 4 && end < this.#heights.blocks)) {
          this.#heights.spanAround(block);
          this.#settle();
          return;
        }
      }
      this.#draw(scroller);
      this.#showDay(scroller);
    });
  };

  #keyed = (event: KeyboardEvent): void => {
    const scroller = this.#scroller.current;
    if (!scroller || event.target !== scroller) return;
    if (event.key === "Home") this.goTo({ position: 0 });
    else if (event.key === "End") this.#goToEnd();
    else if (event.key === "ArrowDown") scroller.scrollBy(0, 60);
    else if (event.key === "ArrowUp") scroller.scrollBy(0, -60);
    else return;
    event.preventDefault();
  };

  override render() {
    const { chat, context } = this.props;
    const { first, end, atEnd, day } = this.state;
    const blocks = Array.from({ length: end - first }, (_, index) => first + index);
    return (
      <div class="messages-frame">
        {day && (
          <p class="day-now" aria-hidden="true">
            <span>{day}</span>
          </p>
        )}
        <div
          class="messages"
          ref={this.#scroller}
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label={t("viewer.messages_label", { name: chat.name })}
          onScroll={this.#scrolled}
          onKeyDown={this.#keyed}
        >
          <div role="list" aria-label={t("count.messages", { count: chat.messages })}>
            <div ref={this.#above} />
            {blocks.map((block) => (
              <MessageBlock
                key={block}
                block={block}
                page={this.#pages.page(block)}
                height={this.#heights.height(block)}
                context={context}
              />
            ))}
            <div ref={this.#below} />
          </div>
        </div>
        {this.#pages.failed && (
          <div class="messages-failure">
            <ErrorNotice
              error={this.#pages.failed}
              onRetry={() => {
                this.#pages.retry();
                this.forceUpdate();
              }}
            />
          </div>
        )}
        {!atEnd && (
          <div class="to-end">
            <Button icon="end" label={t("viewer.to_end")} onClick={() => this.#goToEnd()} />
          </div>
        )}
      </div>
    );
  }
}
