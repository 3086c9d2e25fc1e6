"""HTML: a folder that any browser opens, without scripts and without a single request elsewhere.

Each chat is cut into pages of PAGE messages. All content is escaped; the pages' own policy forbids scripts, frames and
requests, so that even a mistake here could run nothing.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape

from webapp.engine.archive.rows import MessageDetails, MessageRow
from webapp.engine.export.chats import ChatFile, Line
from webapp.engine.export.folder import Folder
from webapp.engine.export.html_style import STYLE
from webapp.engine.export.lines import about
from webapp.engine.export.writing import TextFile

PAGE = 1000
"""Messages a page."""

_POLICY = (
    "default-src 'none'; style-src 'self' file:; img-src 'self' file:; media-src 'self' file:;"
    " base-uri 'none'; form-action 'none'"
)
_SHOWN_IMAGES = re.compile(r"\.(jpe?g|png|gif|webp|avif|bmp)\Z", re.IGNORECASE)
_SHOWN_VIDEO = re.compile(r"\.(mp4|m4v|webm|mov|3gp)\Z", re.IGNORECASE)
_SHOWN_AUDIO = re.compile(r"\.(opus|ogg|oga|mp3|m4a|aac|wav|amr|flac)\Z", re.IGNORECASE)
# Of the escaped text; an address ends at spaces, quotes and angle brackets.
_ADDRESS = re.compile(r"\bhttps?://(?:(?!&(?:quot|#x27|lt|gt);)[^\s<>])+")


def _head(title: str) -> str:
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n'
        '<meta name="color-scheme" content="light dark">\n<link rel="stylesheet" href="style.css">\n'
    )


class HtmlExporter:
    """`index.html`, `style.css`, and pages of messages."""

    async def chat(self, file: ChatFile, lines: Iterator[Line], folder: Folder) -> None:
        pages = max(1, -(-file.chat.messages // PAGE))
        places = _quoted_places(file)
        page = ChatPage(file, places)
        number = 1
        for line in lines:
            if page.count == PAGE:
                await self._write(page, number, pages, folder)
                number += 1
                page = ChatPage(file, places)
            page.add(line)
        await self._write(page, number, max(pages, number), folder)

    async def finish(self, files: Sequence[ChatFile], folder: Folder) -> None:
        out = TextFile(await folder.open("style.css"))
        await out.write(STYLE)
        await out.close()
        out = TextFile(await folder.open("index.html"))
        await out.write(f"{_head('Chats')}<main class=list>\n<h1>Chats</h1>\n<ul>\n")
        for file in files:
            chat, clock = file.chat, file.clock
            span = ""
            if chat.first is not None and chat.last is not None:
                span = f"{clock.wall(chat.first)[:10]} – {clock.wall(chat.last)[:10]}"
            await out.write(
                f'<li><a href="{escape(page_name(file, 1))}"><b dir=auto>{escape(chat.title)}</b></a>'
                f" <span>{chat.messages:,} messages</span> <span>{span}</span></li>\n"
            )
        await out.write("</ul>\n</main>\n")
        await out.close()

    async def _write(self, page: "ChatPage", number: int, pages: int, folder: Folder) -> None:
        file = page.file
        title = escape(file.chat.title)
        out = TextFile(await folder.open(page_name(file, number)))
        links = _navigation(file, number, pages)
        await out.write(
            f"{_head(file.chat.title)}<header><h1 dir=auto>{title}</h1>{links}</header>\n<main>\n"
            f"{''.join(page.parts)}</main>\n<footer>{links}</footer>\n"
        )
        await out.close()


def page_name(file: ChatFile, number: int) -> str:
    """The file of a chat's page."""
    return f"{file.stem}.html" if number == 1 else f"{file.stem} {number}.html"


def _navigation(file: ChatFile, number: int, pages: int) -> str:
    links = ['<a href="index.html">All chats</a>']
    if number > 1:
        links.append(f'<a rel=prev href="{escape(page_name(file, number - 1))}">Earlier</a>')
    if pages > 1:
        links.append(f"<span>Page {number} of {pages}</span>")
    if number < pages:
        links.append(f'<a rel=next href="{escape(page_name(file, number + 1))}">Later</a>')
    return f"<nav>{' '.join(links)}</nav>"


def _quoted_places(file: ChatFile) -> dict[int, int]:
    """Of messages that others quote: their place among those exported, so that links lead to the right page."""
    connection, chat = file.archive.connection, file.chat
    quoted = {
        id
        for (id,) in connection.execute(
            "SELECT q.quoted FROM quotes q JOIN messages m ON m.id = q.quoted WHERE m.chat = ?", (chat.id,)
        )
    }
    if not quoted:
        return {}
    ids = connection.execute(
        "SELECT id FROM messages WHERE chat = ? AND timestamp BETWEEN ? AND ? ORDER BY timestamp, sequence",
        (chat.id, chat.first, chat.last),
    )
    return {id: place for place, (id,) in enumerate(ids) if id in quoted}


class ChatPage:
    """The messages of one page, as HTML."""

    def __init__(self, file: ChatFile, places: dict[int, int]) -> None:
        self.file = file
        self.parts: list[str] = []
        self.count = 0
        self._places = places
        self._day = ""
        self._album: _Album | None = None

    def add(self, line: Line) -> None:
        """One more message."""
        row, details = line.row, line.details
        self.count += 1
        if details is not None and details.tile and self._album is not None and details.album == self._album.message:
            self._album.add(line)
            self.parts[-1] = self._album.html()
            return
        self._album = None
        wall = self.file.clock.wall(row.timestamp)
        day, time = wall[:10], wall[11:16]
        if day != self._day:
            self._day = day
            self.parts.append(f"<h2>{day}</h2>\n")
        if row.kind == "system":
            self.parts.append(f"<p class=system id=m{row.id} dir=auto>{escape(row.text)}</p>\n")
            return
        own = " own" if row.sender is not None and row.sender == self.file.chat.owner else ""
        head = [f"<article class='m c{(row.sender or 0) % 8}{own}' id=m{row.id}>"]
        if not own:
            head.append(f"<b dir=auto>{escape(row.sender_name)}</b>")
        if row.forwarded:
            head.append("<small>Forwarded</small>")
        if details is not None and details.quote is not None:
            head.append(self._quote(details))
        medium = _medium(line)
        tail = [f"<p dir=auto>{_linked(row.text)}</p>"] if row.text else []
        if row.kind != "text" or details is not None:
            words = about(row, details)
            if line.file and words and row.detail != "view_once":
                words = words[1:]
            tail += [f"<p class=about dir=auto>{_linked(word)}</p>" for word in words]
        tail.append(f"<footer>{_footer(line, time)}</footer></article>\n")
        if medium or row.kind == "album":
            self._album = _Album(row, "".join(head), medium, "".join(tail))
        self.parts.append("".join([*head, medium, *tail]))

    def _quote(self, details: MessageDetails) -> str:
        quote = details.quote
        if quote is None:
            return ""
        words = escape(quote.text[:300] or quote.kind)
        inner = f"<b dir=auto>{escape(quote.sender_name)}</b> <span dir=auto>{words}</span>"
        place = None if quote.quoted is None else self._places.get(quote.quoted)
        if place is None:
            return f"<blockquote>{inner}</blockquote>"
        page = escape(page_name(self.file, place // PAGE + 1))
        return f'<blockquote><a href="{page}#m{quote.quoted}">{inner}</a></blockquote>'


class _Album:
    """A message, and the pictures of its album that follow it, in one bubble."""

    def __init__(self, row: MessageRow, head: str, medium: str, tail: str) -> None:
        self.message = row.id
        self._head, self._tail = head, tail
        self._own = medium
        self._tiles: list[str] = []
        self._captions: list[str] = []

    def add(self, line: Line) -> None:
        """One more picture."""
        row = line.row
        self._tiles.append(f"<span id=m{row.id}>{_medium(line)}</span>")
        if row.text:
            self._captions.append(f"<p dir=auto>{_linked(row.text)}</p>")
        if given := _reactions(line.details):
            self._captions.append(f"<p>{given}</p>")

    def html(self) -> str:
        """The bubble with what was added so far."""
        own = [f"<span>{self._own}</span>"] if self._own else []
        grid = "".join([*own, *self._tiles])
        return f"{self._head}<div class=album>{grid}</div>{''.join(self._captions)}{self._tail}"


def _linked(text: str) -> str:
    """Escaped text in which web addresses are links."""
    escaped = escape(text)
    if "://" not in escaped:
        return escaped
    return _ADDRESS.sub(lambda match: f'<a rel="noreferrer noopener" href="{match[0]}">{match[0]}</a>', escaped)


def _medium(line: Line) -> str:
    path, media = escape(line.file), line.row.media
    if media is None:
        return ""
    if not path:
        what = "is not in the backup" if media.source is None else "was left out"
        return f"<p class=gone dir=auto>{escape(media.title or media.name)} {what}</p>"
    name = escape(media.title or media.name)
    size = f' width="{media.width}" height="{media.height}"' if media.width and media.height else ""
    if _SHOWN_IMAGES.search(line.file):
        return f'<a href="{path}"><img src="{path}" alt="{name}" loading=lazy{size}></a>'
    if _SHOWN_VIDEO.search(line.file):
        return f'<video src="{path}" controls preload=none title="{name}"{size}></video>'
    if _SHOWN_AUDIO.search(line.file):
        return f'<audio src="{path}" controls preload=none title="{name}"></audio>'
    return f'<a class=file href="{path}" download dir=auto>{name}</a>'


def _footer(line: Line, time: str) -> str:
    row, details = line.row, line.details
    parts = [f"<time>{time}</time>"]
    if row.edited:
        parts.append("<span>edited</span>")
    if row.starred:
        parts.append("<span>starred</span>")
    if given := _reactions(details):
        parts.append(given)
    return " ".join(parts)


def _reactions(details: MessageDetails | None) -> str:
    return " ".join(
        f'<span class=reaction title="{escape(reaction.name)}">{escape(reaction.emoji)}</span>'
        for reaction in (details.reactions if details is not None else ())
    )
