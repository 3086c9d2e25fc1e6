"""What WhatsApp's numbers mean. What is not here is kept as `unknown` and counted."""

from webapp.engine.readers.events import Kind

VIEW_ONCE = "view_once"

MESSAGE_TYPES: dict[int, tuple[Kind, str]] = {
    0: (Kind.TEXT, ""),
    1: (Kind.IMAGE, ""),
    2: (Kind.AUDIO, ""),
    3: (Kind.VIDEO, ""),
    4: (Kind.CONTACT, ""),
    5: (Kind.LOCATION, ""),
    7: (Kind.SYSTEM, ""),
    8: (Kind.CALL, ""),
    9: (Kind.DOCUMENT, ""),
    10: (Kind.CALL, ""),
    13: (Kind.GIF, ""),
    14: (Kind.CONTACT, ""),
    15: (Kind.DELETED, ""),
    16: (Kind.LIVE_LOCATION, ""),
    20: (Kind.STICKER, ""),
    24: (Kind.INVITE, ""),
    42: (Kind.IMAGE, VIEW_ONCE),
    43: (Kind.VIDEO, VIEW_ONCE),
    64: (Kind.DELETED, "admin"),
    66: (Kind.POLL, ""),
    82: (Kind.VOICE, VIEW_ONCE),
    90: (Kind.CALL, ""),
    92: (Kind.EVENT, ""),
    99: (Kind.ALBUM, ""),
    106: (Kind.POLL, ""),
}
SYSTEM_TYPE = 7
DELETED_TYPES = (15, 64)
MISSED_CALL_TYPE = 10
LIVE_LOCATION_TYPE = 16

REACTION, POLL_VOTE, EDIT = 56, 67, 74
"""Types of `message_add_on`."""

ANSWERED, DECLINED = 5, 4
"""`call_log.call_result`."""

# action_type → our word for it, and a sentence. {who} is who did it, {whom} those it was done to, {text} the value.
SYSTEM_EVENTS: dict[int, tuple[str, str]] = {
    1: ("subject_changed", "{who} changed the group name to “{text}”"),
    4: ("participant_added", "{who} was added"),
    5: ("participant_left", "{who} left"),
    6: ("icon_changed", "{who} changed the group icon"),
    7: ("owner_removed", "You were removed"),
    9: ("broadcast_created", "{who} created a broadcast list"),
    10: ("number_changed", "{whom} changed their phone number"),
    11: ("group_created", "{who} created the group “{text}”"),
    12: ("participant_added", "{who} added {whom}"),
    13: ("participant_left", "{whom} left"),
    14: ("participant_removed", "{who} removed {whom}"),
    15: ("admin_made", "{whom} became an admin"),
    18: ("security_code_changed", "The security code changed"),
    19: ("encrypted", "Messages are end-to-end encrypted"),
    20: ("joined_by_link", "{whom} joined by a link"),
    27: ("description_changed", "{who} changed the group description"),
    28: ("number_changed", "{whom} changed their phone number"),
    46: ("business_account", "This is a business account"),
    47: ("business_account", "This is an official business account"),
    50: ("business_account", "This business account became a standard account"),
    56: ("disappearing_changed", "{who} changed the time after which messages disappear"),
    57: ("security_code_changed", "The security code changed"),
    58: ("contact_blocked", "This contact was blocked or unblocked"),
    67: ("encrypted", "Messages and calls are end-to-end encrypted"),
    69: ("business_account", "This business uses a service of Meta for this chat"),
}
