"""What Telegram itself tells in a chat (type `service`) → our word for it, its arguments, and a sentence to read."""

from webapp.engine.readers.details import Call, SystemEvent
from webapp.engine.readers.telegram.message import Json, number_of, text_of

_WORDS = {
    "create_group": ("group_created", "created the group"),
    "create_channel": ("group_created", "created the channel"),
    "invite_members": ("participant_added", "added"),
    "remove_members": ("participant_removed", "removed"),
    "join_group_by_link": ("joined_by_link", "joined by a link"),
    "join_group_by_request": ("joined_by_request", "joined by request"),
    "edit_group_title": ("subject_changed", "changed the name to"),
    "edit_group_photo": ("photo_changed", "changed the picture"),
    "delete_group_photo": ("photo_removed", "removed the picture"),
    "pin_message": ("message_pinned", "pinned a message"),
    "migrate_to_supergroup": ("group_upgraded", "made the group a supergroup"),
    "migrate_from_group": ("group_upgraded", "made the group a supergroup"),
    "clear_history": ("history_cleared", "cleared the history"),
    "take_screenshot": ("screenshot_taken", "took a screenshot"),
    "set_messages_ttl": ("timer_changed", "changed when messages disappear"),
    "set_chat_theme": ("theme_changed", "changed the theme"),
    "edit_chat_theme": ("theme_changed", "changed the theme"),
    "group_call": ("group_call", "had a call with the group"),
    "topic_created": ("topic_created", "made the topic"),
    "topic_edit": ("topic_changed", "changed the topic"),
    "joined_telegram": ("joined_app", "joined Telegram"),
}
_CALL_ACTION = "phone_call"
_OUTCOMES = {"missed": "missed", "busy": "declined", "hangup": "cancelled", "disconnect": "failed"}


def is_call(message: Json) -> bool:
    """Whether the line is a call between two."""
    return message.get("action") == _CALL_ACTION


def call_of(message: Json) -> Call:
    """The call that such a line tells."""
    seconds = number_of(message.get("duration_seconds"))
    if seconds:
        return Call(False, "answered", seconds)
    match _OUTCOMES.get(text_of(message.get("discard_reason"))):
        case "missed":
            return Call(False, "missed")
        case "declined":
            return Call(False, "declined")
        case "cancelled":
            return Call(False, "cancelled")
        case "failed":
            return Call(False, "failed")
    return Call(False, "unknown")


def event_of(message: Json, actor: int | None) -> tuple[SystemEvent, str, bool]:
    """(event, sentence, whether its action is one we know)."""
    action = text_of(message.get("action")) or "unknown"
    name = text_of(message.get("actor")) or text_of(message.get("from"))
    event, words = _WORDS.get(action, (action[:100], action.replace("_", " ")[:100]))
    arguments: dict[str, object] = {}
    if actor is not None:
        arguments["actor"] = actor
    title = text_of(message.get("title")) or text_of(message.get("new_title"))
    members = message.get("members")
    names = [text_of(member) or "?" for member in (members if isinstance(members, list) else [])]
    pinned = number_of(message.get("message_id"))
    if title:
        arguments["title"] = title
    if names:
        arguments["names"] = names
    if pinned is not None:
        arguments["key"] = str(pinned)
    listed = f" {', '.join(names)}" if names else ""
    what = listed or (f" “{title}”" if title else "")
    if title and names:
        what = f" “{title}” with{listed}"
    return SystemEvent(event, arguments), f"{name} {words}{what}".strip(), action in _WORDS
