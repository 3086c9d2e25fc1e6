/** One message as it is drawn, and what stands above it: the day, the sender. */
import { Icon } from "../components/icon";
import type { MessageRow } from "../engine/contract";
import { formatMessageDay, formatMessageTime } from "../i18n/format";
import { t } from "../i18n/translate";
import { startsDay } from "./days";
import { kindIcon, kindName } from "./kinds";
import { MessageMedia } from "./media";
import { CallCard } from "./parts/call";
import { ContactCards } from "./parts/contacts";
import { EarlierTexts, InviteCard, LinkPreview, PlannedEvent } from "./parts/extras";
import { PlaceCard } from "./parts/place";
import { PollCard } from "./parts/poll";
import { Quote } from "./parts/quote";
import { Reactions } from "./parts/reactions";
import { senderColour } from "./sender_colour";
import { MessageText } from "./text";
import type { Media } from "./use_media";

/** A pause after which the sender is named again. */
const RUN_MS = 20 * 60_000;

export interface BubbleContext {
  chatMessages: number;
  isGroup: boolean;
  /** The participant whose messages stand on the far side. */
  self: string | null;
  /** The message to draw the eye to, with its found words. */
  found: { id: number; highlights: [number, number][] } | null;
  /** A time as a clock on the wall shows it. */
  wall: (ms: number) => number;
  onOpen: (media: Media) => void;
  onJump: (message: number) => void;
}

function continuesRun(message: MessageRow, before: MessageRow | null): boolean {
  if (!before || before.sender === null || before.sender !== message.sender || before.kind === "system") return false;
  return (message.timestamp ?? 0) - (before.timestamp ?? 0) < RUN_MS;
}

/** Kinds whose words are the app's, not the sender's, and what is special about the message. */
function Mark(props: { message: MessageRow }) {
  const { message } = props;
  const { details, kind, detail } = message;
  if (kind === "deleted") {
    const by = detail === "admin" && details.deletedBy?.name;
    return <p class="bubble-mark">{by ? t("message.deleted_by", { name: by }) : message.text || kindName(kind)}</p>;
  }
  if (kind === "omitted") return <p class="bubble-mark">{detail ? t("message.omitted", { what: kindName(detail) }) : kindName(kind)}</p>;
  if (kind === "unknown") return <p class="bubble-mark">{t("message.unknown", { type: detail })}</p>;
  const drawn = message.media ?? details.call ?? details.place ?? details.contacts ?? details.plannedEvent ?? details.invite;
  if (kind === "text" || (drawn && kind !== "event")) return null;
  if (message.text && kind !== "poll" && kind !== "event") return null;
  return (
    <p class="bubble-kind">
      <Icon name={kindIcon(kind)} />
      {kindName(kind)}
    </p>
  );
}

function Details(props: { message: MessageRow; context: BubbleContext }) {
  const { details } = props.message;
  const { wall, onJump } = props.context;
  const { album } = details;
  return (
    <>
      {details.poll && <PollCard poll={details.poll} />}
      {details.call && <CallCard call={details.call} />}
      {details.place && <PlaceCard place={details.place} />}
      {details.contacts && <ContactCards contacts={details.contacts} />}
      {details.plannedEvent && <PlannedEvent event={details.plannedEvent} wall={wall} />}
      {details.invite && <InviteCard invite={details.invite} />}
      {details.link && <LinkPreview link={details.link} />}
      {details.edits && <EarlierTexts edits={details.edits} wall={wall} />}
      {album !== undefined && (
        <button type="button" class="text-button" onClick={() => onJump(album)}>
          {t("message.of_album")}
        </button>
      )}
    </>
  );
}

function Foot(props: { message: MessageRow; wall: (ms: number) => number }) {
  const { message, wall } = props;
  const { timestamp } = message;
  return (
    <p class="bubble-foot">
      {message.starred && <span>{t("message.starred")}</span>}
      {message.edited && <span>{t("message.edited")}</span>}
      {timestamp !== null && (
        <time dateTime={new Date(wall(timestamp)).toISOString().slice(0, 19)}>{formatMessageTime(wall(timestamp))}</time>
      )}
    </p>
  );
}

function Bubble(props: { message: MessageRow; before: MessageRow | null; context: BubbleContext }) {
  const { message, before, context } = props;
  const { details } = message;
  const mine = context.self !== null && message.sender === context.self;
  const run = continuesRun(message, before) && !startsDay(message, before, context.wall);
  const found = context.found?.id === message.id ? context.found : null;
  const wordless = message.kind === "deleted" || message.kind === "omitted" || !message.text;
  return (
    <div class={`bubble${mine ? " bubble-mine" : ""}${run ? " bubble-run" : ""}${found ? " bubble-found" : ""} ${senderColour(message.senderIndex)}`}>
      {!run && !mine && (
        <p class="bubble-sender" dir="auto">
          {message.sender}
        </p>
      )}
      {run || mine ? <span class="visually-hidden">{t("message.from", { name: message.sender ?? "" })}</span> : null}
      {message.forwarded > 0 && <p class="bubble-note">{t("message.forwarded")}</p>}
      {message.detail === "view_once" && <p class="bubble-note">{t("message.view_once")}</p>}
      {details.quote && <Quote quote={details.quote} onJump={context.onJump} />}
      {message.media && <MessageMedia message={message} media={message.media} onOpen={context.onOpen} />}
      <Mark message={message} />
      {!wordless && message.text && (
        <p class={`bubble-text${message.kind === "poll" || message.kind === "event" ? " bubble-question" : ""}`} dir="auto">
          <MessageText text={message.text} highlights={found?.highlights ?? []} mentions={details.mentions ?? []} />
        </p>
      )}
      <Details message={message} context={context} />
      <Foot message={message} wall={context.wall} />
      {details.reactions && <Reactions given={details.reactions} />}
    </div>
  );
}

function SystemLine(props: { message: MessageRow; context: BubbleContext }) {
  const { message, context } = props;
  const found = context.found?.id === message.id ? context.found : null;
  const event = message.details.systemEvent?.event;
  return (
    <div class={`system-line${found ? " bubble-found" : ""}`} dir="auto">
      {message.text ? (
        <MessageText text={message.text} highlights={found?.highlights ?? []} />
      ) : (
        t("message.system", { event: (event ?? message.detail).replaceAll("_", " ") })
      )}
      {message.details.call && <CallCard call={message.details.call} />}
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
      {startsDay(message, before, context.wall) && message.timestamp !== null && (
        <p class="day">
          <span>{formatMessageDay(context.wall(message.timestamp))}</span>
        </p>
      )}
      {message.sender === null || message.kind === "system" ? (
        <SystemLine message={message} context={context} />
      ) : (
        <Bubble message={message} before={before} context={context} />
      )}
    </div>
  );
}
