/** One message as it is drawn, and what stands above it: the day, the sender. */
import { Icon } from "../components/icon";
import type { MessageRow, OriginRow } from "../engine/contract";
import { formatMessageDay } from "../i18n/format";
import { t } from "../i18n/translate";
import { startsDay } from "./days";
import { kindIcon, kindName } from "./kinds";
import type { LitMedium } from "./lightbox";
import { MessageMedia } from "./media";
import { AlbumGrid, pictured } from "./parts/album";
import { CallCard } from "./parts/call";
import { ContactCards } from "./parts/contacts";
import { EarlierTexts, InviteCard, LinkPreview, PlannedEvent } from "./parts/extras";
import { Foot } from "./parts/foot";
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
  /** The files that the chat's messages come from, by id, where there are several. */
  origins: ReadonlyMap<number, OriginRow> | null;
  onOpen: (media: Media) => void;
  /** Out of an album, newest first. */
  onOpenAmong: (entries: LitMedium[], at: number) => void;
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
      {album !== undefined && !props.message.details.tile && (
        <button type="button" class="text-button" onClick={() => onJump(album)}>
          {t("message.of_album")}
        </button>
      )}
    </>
  );
}

function Bubble(props: { message: MessageRow; before: MessageRow | null; context: BubbleContext }) {
  const { message, before, context } = props;
  const { details } = message;
  const mine = context.self !== null && message.sender === context.self;
  const run = continuesRun(message, before) && !startsDay(message, before, context.wall);
  const album = pictured(message);
  const among = album.some((one) => one.message.id === context.found?.id);
  const found = context.found && (context.found.id === message.id || among) ? context.found : null;
  const wordless = message.kind === "deleted" || message.kind === "omitted" || !message.text;
  const marksIn = (id: number) => (found?.id === id ? found.highlights : []);
  const others = album.flatMap((one) => (one.message === message ? [] : [one.message]));
  const reactions = [...(details.reactions ?? []), ...others.flatMap((one) => one.details.reactions ?? [])];
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
      {album.length > 0 && (
        <AlbumGrid of={album} found={found?.id ?? null} wall={context.wall} onOpen={context.onOpenAmong} />
      )}
      {message.media && !album.some((one) => one.message === message) && (
        <MessageMedia message={message} media={message.media} onOpen={context.onOpen} />
      )}
      {album.length === 0 && <Mark message={message} />}
      {!wordless && message.text && (
        <p class={`bubble-text${message.kind === "poll" || message.kind === "event" ? " bubble-question" : ""}`} dir="auto">
          <MessageText text={message.text} highlights={marksIn(message.id)} mentions={details.mentions ?? []} />
        </p>
      )}
      {others.map((one) =>
        one.text ? (
          <p key={one.id} class="bubble-text" dir="auto">
            <MessageText text={one.text} highlights={marksIn(one.id)} mentions={one.details.mentions ?? []} />
          </p>
        ) : null,
      )}
      <Details message={message} context={context} />
      <Foot of={[message, ...others]} wall={context.wall} origins={context.origins} />
      {reactions.length > 0 && <Reactions given={reactions} />}
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
  const { position, timestamp } = message;
  const day = startsDay(message, before, context.wall) && timestamp !== null && (
    <p class="day">
      <span>{formatMessageDay(context.wall(timestamp))}</span>
    </p>
  );
  // It stands in its album's bubble; here is only its place.
  if (message.details.tile) {
    return (
      <div class="message" data-position={position}>
        {day}
      </div>
    );
  }
  return (
    <div role="listitem" class="message" data-position={position} aria-posinset={position + 1} aria-setsize={context.chatMessages}>
      {day}
      {message.sender === null || message.kind === "system" ? (
        <SystemLine message={message} context={context} />
      ) : (
        <Bubble message={message} before={before} context={context} />
      )}
    </div>
  );
}
