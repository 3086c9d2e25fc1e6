"""What a file is, by its first bytes. Names only help where the content has no signature of its own."""

from webapp.engine.readers.events import Kind

HEAD = 64
"""Bytes that are enough to tell."""

UNKNOWN = "application/octet-stream"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"%PDF-", "application/pdf"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"avif": "image/avif",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
}
_OFFICE = "application/vnd.openxmlformats-officedocument."
# Endings that may name a type the content does not show. Nothing here is ever rendered in the page.
_ENDINGS = {
    "docx": _OFFICE + "wordprocessingml.document",
    "xlsx": _OFFICE + "spreadsheetml.sheet",
    "pptx": _OFFICE + "presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "zip": "application/zip",
    "apk": "application/vnd.android.package-archive",
    "txt": "text/plain",
    "csv": "text/csv",
    "vcf": "text/vcard",
    "pdf": "application/pdf",
}
_KIND_OF_ENDING = {
    **dict.fromkeys(("jpg", "jpeg", "png", "heic", "avif"), Kind.IMAGE),
    **dict.fromkeys(("mp4", "mov", "3gp", "webm", "mkv"), Kind.VIDEO),
    **dict.fromkeys(("mp3", "m4a", "aac", "wav", "amr", "ogg"), Kind.AUDIO),
    "opus": Kind.VOICE,
    "gif": Kind.GIF,
    "webp": Kind.STICKER,
    "vcf": Kind.CONTACT,
}


def mime_of(head: bytes, name: str) -> str:
    """The media type of a file from its first HEAD bytes; for content without a signature, from a few safe endings."""
    for signature, mime in _SIGNATURES:
        if head.startswith(signature):
            return mime
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    return _ENDINGS.get(_ending(name), UNKNOWN)


def kind_of(name: str, mime: str) -> Kind:
    """The kind of message a file makes. Names of the phone's own making tell voice notes from music, stickers from
    pictures; `mime` may be UNKNOWN for a file that is not at hand."""
    upper = name.upper()
    if upper.startswith("PTT-") or ("-AUDIO-" in upper and upper.endswith(".OPUS")):
        return Kind.VOICE
    if upper.startswith("STK-") or "-STICKER-" in upper:
        return Kind.STICKER
    if "-GIF-" in upper or mime == "image/gif":
        return Kind.GIF
    family = mime.partition("/")[0]
    if family in ("image", "video", "audio"):
        return Kind(family)
    if mime == "text/vcard":
        return Kind.CONTACT
    if mime != UNKNOWN:
        return Kind.DOCUMENT
    return _KIND_OF_ENDING.get(_ending(name), Kind.DOCUMENT)


def _ending(name: str) -> str:
    return name.rpartition(".")[2].casefold()
