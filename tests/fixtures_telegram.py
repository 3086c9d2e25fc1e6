"""Our own Telegram exports: messages as the desktop program writes them."""

import json
from typing import Any

Json = dict[str, Any]
NOT_INCLUDED = "(File not included. Change data exporting settings to download.)"


def message(number: int, text: Any = "", who: tuple[str, int] = ("Ann", 11), **more: Any) -> Json:
    """One message at 2022-05-12 10:00:00 UTC plus `number` minutes."""
    return {
        "id": number,
        "type": "message",
        "date": f"2022-05-12T12:{number % 60:02}:00",
        "date_unixtime": str(1652349600 + 60 * number),
        "from": who[0],
        "from_id": f"user{who[1]}",
        "text": text,
        **more,
    }


def service(number: int, action: str, who: tuple[str, int] = ("Ann", 11), **more: Any) -> Json:
    line = message(number, "", who)
    del line["from"], line["from_id"]
    return {**line, "type": "service", "actor": who[0], "actor_id": f"user{who[1]}", "action": action, **more}


def chat(messages: list[Json], name: str | None = "Ben", kind: str = "personal_chat", number: int = 22) -> Json:
    return {"name": name, "type": kind, "id": number, "messages": messages}


def account(*chats: Json, left: tuple[Json, ...] = (), user: int = 11) -> Json:
    return {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": user, "first_name": "Ann"},
        "contacts": {"about": "…", "list": [{"first_name": "Ben"}] * 3},
        "chats": {"about": "…", "list": list(chats)},
        "left_chats": {"about": "…", "list": list(left)},
    }


def written(export: Json) -> bytes:
    """The bytes of `result.json`, indented by one space as the program does."""
    return json.dumps(export, ensure_ascii=False, indent=1).encode()
