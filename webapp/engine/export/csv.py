"""CSV: one file a chat, for spreadsheets."""

import csv
import io
from collections.abc import Iterator, Sequence

from webapp.engine.export.chats import ChatFile, Line
from webapp.engine.export.folder import Folder
from webapp.engine.export.lines import about
from webapp.engine.export.writing import TextFile

COLUMNS = (
    "time", "sender", "kind", "text", "details", "media", "quoted", "reactions", "edited", "forwarded", "starred"
)  # fmt: skip
# A cell that begins with one of these is a formula to a spreadsheet, whoever wrote it.
# The last four are the wide ones of East Asian keyboards, which some spreadsheets take for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class CsvExporter:
    """RFC 4180 with a byte order mark, which spreadsheets take as UTF-8."""

    async def chat(self, file: ChatFile, lines: Iterator[Line], folder: Folder) -> None:
        out = TextFile(await folder.open(f"{file.stem}.csv"))
        page = io.StringIO()
        writer = csv.writer(page)
        page.write("\ufeff")
        writer.writerow(COLUMNS)
        iso = file.clock.iso
        for line in lines:
            row, details = line.row, line.details
            quote = details.quote if details else None
            reactions = details.reactions if details else ()
            cells = (
                iso(row.timestamp),
                row.sender_name,
                row.kind,
                row.text,
                "\n".join(about(row, details)),
                line.file,
                f"{quote.sender_name}: {quote.text}" if quote else "",
                "\n".join(f"{reaction.emoji} {reaction.name}" for reaction in reactions),
            )
            writer.writerow((*map(inert, cells), int(row.edited), row.forwarded, int(row.starred)))
            if page.tell() > 1 << 16:
                await out.write(page.getvalue())
                page.seek(0)
                page.truncate()
        await out.write(page.getvalue())
        await out.close()

    async def finish(self, files: Sequence[ChatFile], folder: Folder) -> None:
        return


def inert(cell: str) -> str:
    """The cell as text, never as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
