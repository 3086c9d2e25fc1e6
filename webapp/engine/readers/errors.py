"""What can be wrong with the files a person chose. Damage inside a zip is told by `webapp.engine.zip_index`."""

from webapp.engine.errors import CofferError


class NothingChosen(CofferError):
    """No file at all, or only empty ones."""

    code = "empty"
    message = "There is nothing in what you chose: no file, or only empty ones."
    next_step = "Choose the zip file that “Export chat” made on your phone."


class NotAChatExport(CofferError):
    """No reader recognises the content. data: {looks_like}: zip, sqlite, encrypted_backup, text, media, or unknown."""

    code = "not_a_chat_export"
    message = "No chat was found in what you chose."
    next_step = "In WhatsApp open the chat, choose More → Export chat, and choose the file it makes."

    def __init__(self, looks_like: str = "unknown") -> None:
        message = {
            "text": "The text you chose is not an exported chat: no line begins with a date, a time and a name.",
            "sqlite": "This database holds no chats that can be read here.",
            "encrypted_backup": "This is an encrypted backup of a kind that cannot be opened here.",
            "media": "These are pictures or recordings without the chat they belong to.",
            "zip": "The zip file holds no exported chat.",
        }.get(looks_like)
        super().__init__(message, data={"looks_like": looks_like})


class TextTooLarge(CofferError):
    """A chat's text is larger than the reader accepts. data: {bytes, limit}."""

    code = "text_too_large"
    next_step = "Export the chat again without old messages, or choose another file."

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"The chat's text is too large to be read ({size} bytes; the most is {limit}).",
            data={"bytes": size, "limit": limit},
        )
