/** A message on paper: everything is written out, since nothing can be opened there. */
import type { MessageRow } from "../../engine/contract";
import { formatLength, formatMessageDay, formatMessageTime } from "../../i18n/format";
import { t } from "../../i18n/translate";
import { startsDay } from "../days";
import { kindName } from "../kinds";
import { byEmoji } from "../parts/reactions";

function lines(message: MessageRow): string[] {
  const { details, kind, media } = message;
  const found: string[] = [];
  if (media) found.push(`${kindName(kind)}: ${media.name}`);
  else if (kind !== "text" && kind !== "system") found.push(kindName(kind));
  if (details.call && details.call.seconds !== null) found.push(formatLength(details.call.seconds));
  if (details.place) found.push(details.place.name, details.place.address, `${details.place.latitude}, ${details.place.longitude}`);
  for (const option of details.poll?.options ?? []) found.push(`${option.text}: ${option.votes}`);
  for (const contact of details.contacts ?? []) found.push(contact.name, ...contact.phones.split("\n"));
  if (details.plannedEvent) found.push(details.plannedEvent.place, details.plannedEvent.description);
  if (details.reactions) found.push(byEmoji(details.reactions).map(([emoji, names]) => `${emoji} ${names.length}`).join("  "));
  return found.filter(Boolean);
}

export function PrintedMessage(props: {
  message: MessageRow;
  before: MessageRow | null;
  wall: (ms: number) => number;
  picture: string | null;
}) {
  const { message, before, wall, picture } = props;
  const when = message.timestamp === null ? null : wall(message.timestamp);
  return (
    <>
      {when !== null && startsDay(message, before, wall) && <h2>{formatMessageDay(when)}</h2>}
      <div class="printed">
        <p class="printed-head">
          <strong dir="auto">{message.sender ?? ""}</strong> {when !== null && <span>{formatMessageTime(when)}</span>}
          {message.edited && <span> · {t("message.edited")}</span>}
        </p>
        {message.details.quote && (
          <blockquote dir="auto">
            {message.details.quote.sender ?? ""}: {message.details.quote.text || kindName(message.details.quote.kind)}
          </blockquote>
        )}
        {picture && <img src={picture} alt={message.media?.name ?? ""} />}
        {message.text && (
          <p class="printed-text" dir="auto">
            {message.text}
          </p>
        )}
        {lines(message).map((line, place) => (
          <p key={place} class="printed-line" dir="auto">
            {line}
          </p>
        ))}
      </div>
    </>
  );
}
