/** One message as it is drawn, and what stands above it: the day, the sender. */
import type { MessageRow } from "../engine/contract";
import { dayNumber, formatMessageDay, formatMessageTime } from "../i18n/format";
import { t } from "../i18n/translate";
import { kindName, MessageMedia } from "./media";
import { MessageText } from "./text";
import type { Media } from "./use_media";

const COLOURS = 8;
/** A pause after which the sender is named again. */
const RUN_MS = 20 * 60_000;

export interface BubbleContext {
  chatMessages: number;
  isGroup: boolean;
  /** The participant whose messages stand on the far side. */
  self: string | null;
  /** The message to draw the eye to, with its found words. */
  found: { id: number; highlights: [number, number][] } | null;
  onOpen: (media: Media) => void;
}

function startsDay(message: MessageRow, before: MessageRow | null): boolean {
  if (message.timestamp === null) return false;
  return before?.timestamp == null || dayNumber(before.timestamp) !== dayNumber(message.timestamp);
}

function continuesRun(message: MessageRow, before: MessageRow | null): boolean {
  if (!before || before.sender === null || before.sender !== message.sender || before.kind === "system") return false;
  return (message.timestamp ?? 0) - (before.timestamp ?? 0) < RUN_MS;
}

/** Kinds whose words are the app's, not the sender's. */
function Mark(props: { message: MessageRow }) {
  const { message } = props;
  if (message.kind === "deleted" || message.kind === "omitted") {
    return <p class="bubble-mark">{message.text && message.kind === "deleted" ? message.text : kindName(message.kind)}</p>;
  }
  if (!message.media && message.kind !== "text" && !message.text) return <p class="bubble-kind">{kindName(message.kind)}</p>;
  return null;
}

function Bubble(props: { message: MessageRow; before: MessageRow | null; context: BubbleContext }) {
  const { message, before, context } = props;
  const mine = context.self !== null && message.sender === context.self;
  const run = continuesRun(message, before) && !startsDay(message, before);
  const colour = (message.senderIndex ?? 0) % COLOURS;
  const found = context.found?.id === message.id ? context.found : null;
  const wordless = message.kind === "deleted" || message.kind === "omitted" || !message.text;
  return (
    <div class={`bubble${mine ? " bubble-mine" : ""}${run ? " bubble-run" : ""}${found ? " bubble-found" : ""} sender-${colour}`}>
      {!run && !mine && (
        <p class="bubble-sender" dir="auto">
          {message.sender}
        </p>
      )}
      {run || mine ? <span class="visually-hidden">{t("message.from", { name: message.sender ?? "" })}</span> : null}
      {message.media && <MessageMedia message={message} media={message.media} onOpen={context.onOpen} />}
      <Mark message={message} />
      {!wordless && message.text && (
        <p class="bubble-text" dir="auto">
          <MessageText text={message.text} highlights={found?.highlights ?? []} />
        </p>
      )}
      <p class="bubble-foot">
        {message.edited && <span>{t("message.edited")}</span>}
        {message.timestamp !== null && (
          <time dateTime={new Date(message.timestamp).toISOString().slice(0, 19)}>{formatMessageTime(message.timestamp)}</time>
        )}
      </p>
    </div>
  );
}

export function Message(props: { message: MessageRow; before: MessageRow | null; context: BubbleContext }) {
  const { message, before, context } = props;
  return (
    <div
      role="listitem"
      class="message"
      data-position={message.position}
      aria-posinset={message.position + 1}
      aria-setsize={context.chatMessages}
    >
      {startsDay(message, before) && message.timestamp !== null && (
        <p class="day">
          <span>{formatMessageDay(message.timestamp)}</span>
        </p>
      )}
      {message.sender === null || message.kind === "system" ? (
        <p class="system-line" dir="auto">
          {message.text}
        </p>
      ) : (
        <Bubble message={message} before={before} context={context} />
      )}
    </div>
  );
}
