"""A Telegram message's text: a string, or a list of strings and entities, → plain text that loses nothing."""

from collections.abc import Mapping


def plain(text: object) -> str:
    """The text as it is shown; where a link hides behind other words, its address follows in brackets."""
    if isinstance(text, str):
        return text
    if not isinstance(text, list):
        return ""
    return "".join(_part(part) for part in text)


def mentions(text: object) -> tuple[str, ...]:
    """Who is mentioned: `user123` where the export tells the id, else the name after `@`."""
    found: list[str] = []
    for part in text if isinstance(text, list) else ():
        if isinstance(part, dict):
            if part.get("type") == "mention_name" and isinstance(part.get("user_id"), int):
                found.append(f"user{part['user_id']}")
            elif part.get("type") == "mention" and isinstance(part.get("text"), str):
                found.append(part["text"].removeprefix("@"))
    return tuple(found)


def _part(part: object) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, Mapping):
        return ""
    words = part.get("text")
    shown = words if isinstance(words, str) else ""
    address = part.get("href")
    if part.get("type") == "text_link" and isinstance(address, str) and address not in ("", shown):
        return f"{shown} ({address})"
    return shown
