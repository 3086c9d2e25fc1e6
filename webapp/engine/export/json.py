"""JSON: one file a chat, with everything the archive has of it, and `chats.json` that lists them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from webapp.engine.archive.rows import MessageDetails
from webapp.engine.export.chats import ChatFile, Line
from webapp.engine.export.folder import Folder
from webapp.engine.export.writing import TextFile

VERSION = 1


class JsonExporter:
    """`{"chat": {…}, "participants": […], "messages": […]}`, one message a line."""

    async def chat(self, file: ChatFile, lines: Iterator[Line], folder: Folder) -> None:
        out = TextFile(await folder.open(f"{file.stem}.json"))
        people = [_filled(person, ("id", "name", "phone", "name_source", "rank")) for person in
                  file.archive.participants(file.chat.id)]  # fmt: skip
        await out.write(f'{{"format": "coffer-export", "version": {VERSION},\n"chat": {_text(_chat(file))},\n')
        await out.write(f'"participants": {_text(people)},\n"messages": [')
        separator = "\n"
        for line in lines:
            await out.write(separator + _text(_message(file, line)))
            separator = ",\n"
        await out.write("\n]}\n")
        await out.close()

    async def finish(self, files: Sequence[ChatFile], folder: Folder) -> None:
        out = TextFile(await folder.open("chats.json"))
        listed = [{**_chat(file), "file": f"{file.stem}.json"} for file in files]
        await out.write(_text({"format": "coffer-export", "version": VERSION, "chats": listed}) + "\n")
        await out.close()


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _chat(file: ChatFile) -> dict[str, Any]:
    chat = file.chat
    told = _filled(chat, ("title", "app", "group", "messages", "description", "address"))
    for name in ("first", "last", "created"):
        if (moment := getattr(chat, name)) is not None:
            told[name] = file.clock.iso(moment)
    return {**told, "floating": chat.floating, "owner": chat.owner}


def _message(file: ChatFile, line: Line) -> dict[str, Any]:
    row = line.row
    told: dict[str, Any] = {"id": row.id, "time": file.clock.iso(row.timestamp), "timestamp": row.timestamp}
    if row.sender is not None:
        told |= {"sender": row.sender_name, "sender_id": row.sender}
    told |= _filled(row, ("kind", "detail", "text", "edited", "forwarded", "starred"))
    if row.media is not None:
        medium = row.media
        told["media"] = _filled(medium, ("name", "title", "kind", "mime", "size", "width", "height", "duration"))
        if line.file:
            told["media"]["file"] = line.file
    if line.details is not None:
        told |= _details(line.details)
    return told


def _details(details: MessageDetails) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name in ("quote", "deletion", "call", "place", "link", "planned_event", "invite"):
        if (value := getattr(details, name)) is not None:
            told[name] = value._asdict()
    for name in ("reactions", "mentions", "edits", "contacts"):
        if values := getattr(details, name):
            told[name] = [value._asdict() for value in values]
    if poll := details.poll:
        told["poll"] = {
            "options": [option._asdict() for option in poll.options],
            "votes": [vote._asdict() for vote in poll.votes],
            "choices": poll.choices,
            "ends": poll.ends,
        }
    if details.album is not None:
        told["album"] = details.album
    if event := details.system_event:
        told["system_event"] = {"event": event.event, "arguments": dict(event.arguments)}
    return told


def _filled(row: object, names: Sequence[str]) -> dict[str, Any]:
    """These fields of a row, without the empty ones."""
    return {name: value for name in names if (value := getattr(row, name)) not in (None, "", False, 0)}
