"""What a message says in words, for the formats that show words: kinds without text, calls, places, polls."""

from webapp.engine.archive.rows import MessageDetails, MessageRow

_KINDS = {
    "image": "Picture",
    "video": "Video",
    "gif": "GIF",
    "audio": "Audio",
    "voice": "Voice message",
    "document": "Document",
    "sticker": "Sticker",
    "contact": "Contact",
    "location": "Location",
    "live_location": "Live location",
    "poll": "Poll",
    "event": "Event",
    "album": "Album",
    "invite": "Invitation into a group",
    "call": "Call",
    "deleted": "This message was deleted",
    "omitted": "Left out by the export",
    "unknown": "A kind of message that could not be read",
}


def about(row: MessageRow, details: MessageDetails | None) -> list[str]:
    """The lines beside the text; none for a plain text."""
    if row.kind in ("text", "system"):
        lines: list[str] = []
    elif row.kind in ("omitted", "unknown") and row.detail:
        lines = [f"{_KINDS[row.kind]}: {row.detail}"]
    else:
        lines = [] if row.kind == "call" and row.text else [_KINDS.get(row.kind, row.kind)]
        if row.detail == "view_once":
            lines[0] += ", to be viewed once"
    if details is None:
        return lines
    if call := details.call:
        length = "" if call.seconds is None else f", {call.seconds // 60}:{call.seconds % 60:02}"
        lines.append(f"{'Video' if call.video else 'Voice'} call, {call.outcome}{length}")
    if place := details.place:
        lines += [line for line in (place.name, place.address) if line]
        lines.append(f"{place.latitude}, {place.longitude}")
    if poll := details.poll:
        lines += [f"{option.text}: {option.votes}" for option in poll.options]
    for card in details.contacts:
        lines.append(" ".join([card.name, *card.phones.split()]))
    if event := details.planned_event:
        lines += [line for line in (event.description, event.place) if line]
    if details.invite:
        lines.append(details.invite.title)
    if details.link:
        lines += [line for line in (details.link.title, details.link.description, details.link.url) if line]
    return lines
