/** A block of messages; redrawn only when its own messages or the marked message change. */
import { Component } from "preact";
import { Message, type BubbleContext } from "./bubble";
import type { MessagePage } from "./message_pages";

interface Props {
  block: number;
  page: MessagePage | undefined;
  /** Kept free until the messages are here. */
  height: number;
  context: BubbleContext;
}

export class MessageBlock extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return next.page !== this.props.page || next.context !== this.props.context;
  }

  override render() {
    const { block, page, height, context } = this.props;
    if (!page) return <div data-block={block} class="block-wait" style={{ blockSize: `${height}px` }} />;
    return (
      <div data-block={block}>
        {page.rows.map((message, index) => (
          <Message
            key={message.id}
            message={message}
            before={index === 0 ? page.before : (page.rows[index - 1] ?? null)}
            context={context}
          />
        ))}
      </div>
    );
  }
}
