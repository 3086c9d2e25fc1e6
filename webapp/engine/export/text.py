"""Plain text: one file a chat, one line a message, like the exports of the apps themselves."""

from collections.abc import Iterator, Sequence

from webapp.engine.export.chats import ChatFile, Line
from webapp.engine.export.folder import Folder
from webapp.engine.export.lines import about
from webapp.engine.export.writing import TextFile


class TextExporter:
    """`2022-05-20 10:00:00 - Ann: text`; further lines of a message are indented, so none can pass for another."""

    async def chat(self, file: ChatFile, lines: Iterator[Line], folder: Folder) -> None:
        out = TextFile(await folder.open(f"{file.stem}.txt"))
        wall = file.clock.wall
        for line in lines:
            row = line.row
            words = [row.text] if row.text else []
            words += about(row, line.details)
            if line.file:
                words.append(f"<{line.file}>")
            body = "\n".join(words).replace("\r", "\n").replace("\u2028", "\n").replace("\n", "\n    ")
            name = f"{' '.join(row.sender_name.split())}: " if row.sender is not None else ""
            edited = " (edited)" if row.edited else ""
            await out.write(f"{wall(row.timestamp)} - {name}{body}{edited}\n")
        await out.close()

    async def finish(self, files: Sequence[ChatFile], folder: Folder) -> None:
        return
