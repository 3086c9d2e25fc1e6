/** What hangs on few messages: link previews, planned events, invitations, earlier texts. */
import { Icon } from "../../components/icon";
import type { MessageDetails } from "../../engine/contract";
import { formatMoment } from "../../i18n/format";
import { t } from "../../i18n/translate";
import { MessageText, webAddress } from "../text";

/** The preview that the app kept; nothing of the address is fetched. */
export function LinkPreview(props: { link: NonNullable<MessageDetails["link"]> }) {
  const { link } = props;
  if (!link.title && !link.description) return null;
  const href = webAddress(link.url);
  const words = (
    <>
      {link.title && <strong dir="auto">{link.title}</strong>}
      {link.description && <span dir="auto">{link.description}</span>}
      {href && (
        <small class="soft" dir="ltr">
          {new URL(href).host}
        </small>
      )}
    </>
  );
  if (!href) return <div class="link-preview">{words}</div>;
  return (
    <a class="link-preview" href={href} rel="noopener noreferrer" target="_blank">
      {words}
    </a>
  );
}

export function PlannedEvent(props: { event: NonNullable<MessageDetails["plannedEvent"]>; wall: (ms: number) => number }) {
  const { event, wall } = props;
  return (
    <div class="media-card">
      <Icon name="calendar" />
      <span class="media-text">
        {event.cancelled && <strong>{t("event.cancelled")}</strong>}
        {event.starts !== null && (
          <span>
            {event.ends === null
              ? formatMoment(wall(event.starts))
              : t("found.span", { first: formatMoment(wall(event.starts)), last: formatMoment(wall(event.ends)) })}
          </span>
        )}
        {event.place && <span dir="auto">{event.place}</span>}
        {event.description && (
          <span dir="auto">
            <MessageText text={event.description} />
          </span>
        )}
      </span>
    </div>
  );
}

export function InviteCard(props: { invite: NonNullable<MessageDetails["invite"]> }) {
  return (
    <div class="media-card">
      <Icon name="people" />
      <span class="media-text">
        <span>{t("kind.invite")}</span>
        <strong dir="auto">{props.invite.title}</strong>
      </span>
    </div>
  );
}

/** What stood there before an edit, where somebody kept it. */
export function EarlierTexts(props: { edits: NonNullable<MessageDetails["edits"]>; wall: (ms: number) => number }) {
  const kept = props.edits.filter((edit) => edit.text !== null);
  if (kept.length === 0) return null;
  return (
    <details class="earlier">
      <summary>{t("message.earlier", { count: kept.length })}</summary>
      <ul>
        {kept.map((edit, place) => (
          <li key={place}>
            {edit.timestamp !== null && <small class="soft">{t("message.until", { when: formatMoment(props.wall(edit.timestamp)) })}</small>}
            <span dir="auto">{edit.text}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
