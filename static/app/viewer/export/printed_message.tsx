/** A message on paper: everything is written out, since nothing can be opened there. */
import type { MessageRow } from "../../engine/contract";
import { formatLength, formatMessageDay, formatMessageTime } from "../../i18n/format";
import { t } from "../../i18n/translate";
import { startsDay } from "../days";
import { kindName } from "../kinds";
import { pictured } from "../parts/album";
import { byEmoji } from "../parts/reactions";
import { senderColour } from "../sender_colour";

function mediumLine({ kind, media }: MessageRow): string {
  if (!media) return "";
  const name = `${kindName(kind)}: ${media.name}`;
  return media.present ? name : t("print.missing", { name });
}

/** What a message says beside its text. `drawn`: its medium is on the paper. */
function lines(message: MessageRow, drawn: boolean): string[] {
  const { details, kind, media } = message;
  const found: string[] = [];
  if (media) found.push(drawn ? "" : mediumLine(message));
  else if (kind !== "text" && kind !== "system" && !details.tiles) found.push(kindName(kind));
  if (details.call && details.call.seconds !== null) found.push(formatLength(details.call.seconds));
  if (details.place) found.push(details.place.name, details.place.address, `${details.place.latitude}, ${details.place.longitude}`);
  for (const option of details.poll?.options ?? []) found.push(`${option.text}: ${option.votes}`);
  for (const contact of details.contacts ?? []) found.push(contact.name, ...contact.phones.split("\n"));
  if (details.plannedEvent) found.push(details.plannedEvent.place, details.plannedEvent.description);
  if (details.invite) found.push(details.invite.title);
  if (details.link) found.push(details.link.title, details.link.url);
  return found;
}

function Lines(props: { of: string[] }) {
  return (
    <>
      {props.of.filter(Boolean).map((line, place) => (
        <p key={place} class="printed-line" dir="auto">
          {line}
        </p>
      ))}
    </>
  );
}

/** Pictures that are at hand, beside each other; the others by their names. */
function Pictures(props: { message: MessageRow; pictures: ReadonlyMap<number, string> }) {
  const { message, pictures } = props;
  const grid = message.details.tiles ? pictured(message) : [];
  const shown = grid.length > 0 ? grid.map((one) => one.message) : [message];
  const drawn = shown.filter(({ media }) => media && pictures.has(media.id));
  const others = grid.filter(({ message: one, media }) => one !== message && !pictures.has(media.id));
  return (
    <>
      {drawn.length > 0 && (
        <div class={drawn.length > 1 ? "printed-album" : undefined}>
          {drawn.map(({ id, media }) => (
            <img key={id} src={pictures.get(media?.id ?? -1)} alt={media?.name ?? ""} />
          ))}
        </div>
      )}
      <Lines of={others.map(({ message: one }) => mediumLine(one))} />
    </>
  );
}

export function PrintedMessage(props: {
  message: MessageRow;
  before: MessageRow | null;
  /** The participant whose messages stand on the far side. */
  self: string | null;
  wall: (ms: number) => number;
  /** Addresses of the pictures, by medium. */
  pictures: ReadonlyMap<number, string>;
}) {
  const { message, before, wall, pictures } = props;
  const { details, sender } = message;
  const when = message.timestamp === null ? null : wall(message.timestamp);
  const day = when !== null && startsDay(message, before, wall) && <h2>{formatMessageDay(when)}</h2>;
  // It is on the paper with its album.
  if (details.tile) return <>{day}</>;
  if (sender === null || message.kind === "system") {
    return (
      <>
        {day}
        <p class="printed-system" dir="auto">
          {message.text ?? ""}
        </p>
        <Lines of={lines({ ...message, kind: "system" }, false)} />
      </>
    );
  }
  const mine = props.self !== null && sender === props.self;
  const drawn = message.media !== null && pictures.has(message.media.id);
  const reactions = [...(details.reactions ?? []), ...(details.tiles ?? []).flatMap((one) => one.details.reactions ?? [])];
  return (
    <>
      {day}
      <div class={`printed${mine ? " printed-mine" : ""} ${senderColour(message.senderIndex)}`}>
        <p class="printed-head">
          <strong dir="auto">{sender}</strong> {when !== null && <span>{formatMessageTime(when)}</span>}
          {message.edited && <span> · {t("message.edited")}</span>}
          {message.forwarded > 0 && <span> · {t("message.forwarded")}</span>}
        </p>
        {details.quote && (
          <blockquote dir="auto">
            {details.quote.sender ?? ""}: {details.quote.text || kindName(details.quote.kind)}
          </blockquote>
        )}
        <Pictures message={message} pictures={pictures} />
        {[message, ...(details.tiles ?? [])].map((one) =>
          one.text ? (
            <p key={one.id} class="printed-text" dir="auto">
              {one.text}
            </p>
          ) : null,
        )}
        <Lines of={[...lines(message, drawn), byEmoji(reactions).map(([emoji, names]) => `${emoji} ${names.length}`).join("  ")]} />
      </div>
    </>
  );
}
