"""Signal's `message.type`: a base type in the lowest five bits, flags above. From Signal-Android."""

from typing import Literal

BASE_MASK = 0x1F
OUTGOING = frozenset((2, 11, 21, 22, 23, 24, 25, 26))
_CALLS: dict[int, tuple[bool, bool]] = {
    1: (False, False),
    2: (False, False),
    3: (False, True),
    8: (True, True),
    10: (True, False),
    11: (True, False),
    12: (False, False),
}
GROUP_CALL = 12
_SPECIAL_MASK = 0xF00000000
_SPECIAL = {
    2: ("gift", "A gift was sent"),
    3: ("payment", "A payment was sent"),
    4: ("payment_requested", "Payments were asked for"),
    5: ("payment_activated", "Payments were turned on"),
    6: ("reported_spam", "Reported as spam"),
    7: ("request_accepted", "The message request was accepted"),
    8: ("blocked", "Blocked"),
    9: ("unblocked", "Unblocked"),
    10: ("poll_ended", "A poll ended"),
}
_BASE = {
    4: ("joined_app", "Joined Signal"),
    5: ("unsupported", "A message of an unsupported kind"),
    6: ("invalid", "A message that could not be read"),
    7: ("profile_changed", "The profile was changed"),
    9: ("group_upgraded", "The group was brought to the new kind"),
    13: ("undecryptable", "A message could not be decrypted"),
    14: ("number_changed", "The phone number was changed"),
    15: ("donation_asked", "Signal asked for a donation"),
    16: ("chats_merged", "Two chats became one"),
    17: ("sms_removed", "SMS are no longer kept in Signal"),
    18: ("number_switched", "Now writes from another number"),
}
_FLAGS = (
    (0x20000, "participant_left", "Left the group"),
    (0x40000, "timer_changed", "Changed when messages disappear"),
    (0x10000, "group_changed", "The group was changed"),
    (0x400000, "session_reset", "The secure session was reset"),
    (0x200, "safety_number_changed", "The safety number changed"),
    (0x4000, "safety_number_verified", "The safety number was verified"),
    (0x2000, "safety_number_unverified", "The safety number is no longer verified"),
    (0x8000, "key_exchange", "Keys were exchanged"),
)
_WRITTEN = range(20, 28)

CallOutcome = Literal["answered", "missed", "declined", "unknown"]


def is_outgoing(kind: int) -> bool:
    """Whether the phone's owner wrote or called."""
    return kind & BASE_MASK in OUTGOING


def call_of(kind: int) -> tuple[bool, bool] | None:
    """(with video, missed) for a call, None for anything else."""
    return _CALLS.get(kind & BASE_MASK) if not kind & 0x10000 else None


def system_of(kind: int) -> tuple[str, str] | None:
    """(our word, a sentence) for what the app itself tells; None for what a person wrote."""
    special = _SPECIAL.get((kind & _SPECIAL_MASK) >> 32)
    if special is not None:
        return special
    for flag, event, sentence in _FLAGS:
        if kind & flag:
            return event, sentence
    base = kind & BASE_MASK
    if base in _WRITTEN:
        return None
    return _BASE.get(base, (f"type_{base}", "A line that Signal itself wrote"))


def is_known(kind: int) -> bool:
    """Whether every part of the type is one we have a word for."""
    base = kind & BASE_MASK
    return base in _WRITTEN or base in _CALLS or base in _BASE
