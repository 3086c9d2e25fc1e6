"""One export: which chats, in which format, with which media."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from webapp.engine.archive.details import details_of
from webapp.engine.archive.queries import MESSAGE_QUERY, Archive, message_row
from webapp.engine.archive.rows import ChatRow, MediaRow, MessageDetails, MessageRow
from webapp.engine.errors import CofferError
from webapp.engine.export.clock import Clock
from webapp.engine.export.extent import extent_of_chat
from webapp.engine.export.folder import Folder, media_name, safe_name
from webapp.engine.ports import Data, Progress, Reporter

FORMATS = ("html", "json", "csv", "text")
BATCH = 500
"""Messages between two reports."""

MISSING = "files that are missing.txt"
MISSING_HEAD = "The chats name these files; they were not in the backup."

FetchMedia = Callable[[MediaRow], Awaitable[Data]]


class UnknownFormat(CofferError):
    """No such format. data: {format}."""

    code = "export_format"
    message = "Chats cannot be exported in this format."
    next_step = "Choose HTML, JSON, CSV or text."


class NoSuchChat(CofferError):
    """No such chat. data: {chat}."""

    code = "no_such_chat"
    message = "There is no chat of this name in the backup."
    next_step = "Check the name; without one, all chats are exported."


@dataclass(frozen=True, slots=True)
class Line:
    """A message as an exporter gets it. `file`: path of its medium within the export, empty where there is none."""

    row: MessageRow
    details: MessageDetails | None
    file: str


@dataclass(slots=True)
class ExportJob:
    """chats: ids, None for all. fetch_media gives the bytes of a medium that is in the backup; None leaves media out.
    zone as in `clock.Clock`. `missing` has a line for every medium that a chat names and that is not there; unless
    media were left out, it is written into the export too."""

    archive: Archive
    format: str
    chats: Sequence[int] | None = None
    fetch_media: FetchMedia | None = None
    zone: Sequence[tuple[int, int]] = ()
    since: int | None = None
    until: int | None = None
    """Milliseconds as the archive has them, half-open; with either, chats that have nothing in between are left out."""
    missing: list[str] = field(default_factory=list, init=False)
    messages: int = field(default=0, init=False)

    @property
    def missing_media(self) -> int:
        """How many."""
        return len(self.missing)


@dataclass(frozen=True, slots=True)
class ChatFile:
    """A chat with what its exporter needs: `stem` names its files. Of a range of time, the chat's count of messages and
    their first and last time are those of the range."""

    chat: ChatRow
    stem: str
    clock: Clock
    people: dict[int, str]
    archive: Archive


class Exporter(Protocol):
    """Writes chats in one format."""

    async def chat(self, file: ChatFile, lines: Iterator[Line], folder: Folder) -> None: ...

    async def finish(self, files: Sequence[ChatFile], folder: Folder) -> None:
        """After all chats: what leads to them."""
        ...


async def export_chats(job: ExportJob, folder: Folder, report: Reporter) -> None:
    """Writes everything and closes the folder. Progress("exporting", messages done, in all).

    Raises UnknownFormat, NoSuchChat, DiskFull, NetworkDown, ChunkDamaged, Cancelled.
    """
    exporter = _exporter(job.format)
    chosen = [chat for chat in job.archive.chats() if job.chats is None or chat.id in job.chats]
    if job.chats is not None and len(chosen) < len(set(job.chats)):
        raise NoSuchChat(data={"chats": list(job.chats)})
    if job.since is not None or job.until is not None:
        chosen = [within for chat in chosen if (within := _within(job, chat)).messages]
    total = sum(chat.messages for chat in chosen)
    names = job.archive.names()
    files: list[ChatFile] = []
    for number, chat in enumerate(chosen, start=1):
        clock = Clock(chat.floating, job.zone)
        file = ChatFile(chat, safe_name(f"{number:03} {chat.title}"), clock, names.get(chat.id, {}), job.archive)
        files.append(file)
        media: dict[int, MediaRow] = {}
        await exporter.chat(file, _lines(job, file, media, report, total), folder)
        for medium in media.values():
            report.check()
            await _write_medium(job, file, medium, folder)
    if job.missing:
        await _write_missing(job, folder)
    report(Progress("exporting", job.messages, total, {"missing": job.missing_media}))
    await exporter.finish(files, folder)
    await folder.close()


def _exporter(format: str) -> Exporter:
    if format == "html":
        from webapp.engine.export.html import HtmlExporter

        return HtmlExporter()
    if format == "json":
        from webapp.engine.export.json import JsonExporter

        return JsonExporter()
    if format == "csv":
        from webapp.engine.export.csv import CsvExporter

        return CsvExporter()
    if format == "text":
        from webapp.engine.export.text import TextExporter

        return TextExporter()
    raise UnknownFormat(data={"format": format})


def _lines(job: ExportJob, file: ChatFile, media: dict[int, MediaRow], report: Reporter, total: int) -> Iterator[Line]:
    """A chat's messages in order; the media they show are left in `media`, to be written after the chat."""
    for rows, details in _batches(job, file.chat.id):
        report.check()
        for row in rows:
            path = ""
            if row.media is not None and job.fetch_media is not None:
                if row.media.source is None:
                    job.missing.append(_missing(file, row.media))
                else:
                    media[row.media.id] = row.media
                    path = _path(row.media)
            yield Line(row, details.get(row.id), path)
        job.messages += len(rows)
        report(Progress("exporting", job.messages, total))


def _path(media: MediaRow) -> str:
    return f"media/{media_name(media.id, media.name)}"


def _missing(file: ChatFile, media: MediaRow) -> str:
    """One line: chat and file."""
    return " ".join(f"{file.chat.title}: {media.name or media.title or media.kind}".split())


async def _write_missing(job: ExportJob, folder: Folder) -> None:
    sink = await folder.open(MISSING)
    await sink.write("\n".join([MISSING_HEAD, "", *job.missing, ""]).encode("utf-8", "replace"))
    await sink.close()


async def _write_medium(job: ExportJob, file: ChatFile, media: MediaRow, folder: Folder) -> None:
    if job.fetch_media is None:
        return
    try:
        data = await job.fetch_media(media)
    except CofferError as error:
        if error.code != "not_in_backup":
            raise
        job.missing.append(_missing(file, media))
        return
    sink = await folder.open(_path(media))
    await sink.write(data)
    await sink.close()


def _within(job: ExportJob, chat: ChatRow) -> ChatRow:
    """The chat as if it had only the messages of the job's range of time."""
    extent = extent_of_chat(job.archive, chat.id, job.since, job.until)
    return replace(chat, messages=extent.messages, first=extent.first, last=extent.last)


def _batches(job: ExportJob, chat: int) -> Iterator[tuple[list[MessageRow], dict[int, MessageDetails]]]:
    # One statement read to its end, so that messages of the same time and place in the source cannot be lost.
    connection = job.archive.connection
    cursor = connection.execute(
        f"{MESSAGE_QUERY} WHERE m.chat = :chat AND (:since IS NULL OR m.timestamp >= :since)"
        " AND (:until IS NULL OR m.timestamp < :until) ORDER BY m.timestamp, m.sequence",
        {"chat": chat, "since": job.since, "until": job.until},
    )
    while batch := cursor.fetchmany(BATCH):
        rows = [message_row(row) for row in batch]
        yield rows, details_of(connection, [row.id for row in rows])
