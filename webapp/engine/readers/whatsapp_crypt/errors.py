"""What can be wrong with an encrypted backup and its key. `file` names the chosen file; `kind` is crypt12, crypt14,
crypt15 or mcrypt1."""

from webapp.engine.errors import CofferError

_KEY_OF = {
    "crypt12": "the file named “key” from the phone",
    "crypt14": "the file named “key” from the phone",
    "crypt15": "the 64-digit key",
    "mcrypt1": "the 64-digit key",
}
_WHERE = {
    "crypt12": "It lies in WhatsApp's private folder on the phone (files/key), which only a rooted phone shows.",
    "crypt14": (
        "It lies in WhatsApp's private folder on the phone (files/key), which only a rooted phone shows. Or switch to "
        "a 64-digit key in WhatsApp under Settings → Chats → Chat backup → End-to-end encrypted backup, back up, and "
        "choose the new file."
    ),
    "crypt15": (
        "You wrote it down when you turned on the end-to-end encrypted backup in WhatsApp; the file "
        "“encrypted_backup.key” is the same key."
    ),
}
_WHERE["mcrypt1"] = _WHERE["crypt15"]


class BackupKeyNeeded(CofferError):
    """The file is encrypted and no key of its kind was given. data: {file, kind}."""

    code = "backup_key_needed"

    def __init__(self, file: str, kind: str) -> None:
        super().__init__(
            f"This backup is encrypted: opening it needs {_KEY_OF[kind]}.",
            next_step=f"Enter or choose the key. {_WHERE[kind]}",
            data={"file": file, "kind": kind},
        )


class _OfKind(CofferError):
    """data: {file, kind}."""

    def __init__(self, file: str, kind: str) -> None:
        super().__init__(data={"file": file, "kind": kind})


class BackupKeyWrong(_OfKind):
    """The file is whole and the key is not its key. data: {file, kind}."""

    code = "backup_key_wrong"
    message = "This is a well-formed key, but not the one that this backup was made with."
    next_step = "Check that key and file are from the same phone and the same time; a new backup may have a new key."


class BackupKeyOrDamage(_OfKind):
    """Nothing sensible comes out at the very beginning, and no checksum tells why. data: {file, kind}."""

    code = "backup_key_or_damage"
    message = "Either this is not the key of this backup, or the file is damaged."
    next_step = "Check the key first. If it is the right one, copy the file from the phone again."


class BackupTruncated(_OfKind):
    """The key fits and the file ends too early. data: {file, kind}."""

    code = "backup_truncated"
    message = "The key fits, but the end of this backup is missing: the file was cut off."
    next_step = "Copy the file from the phone again, and compare its size with the one shown there."


class BackupDamaged(_OfKind):
    """The key fits and the content was changed. data: {file, kind}."""

    code = "backup_damaged"
    message = "The key fits, but this backup is damaged, so nothing of it was used."
    next_step = "Copy the file from the phone again, or choose an older backup from the same folder."


class BackupHeaderDamaged(CofferError):
    """It is one of WhatsApp's encrypted files, but its header is not whole. data: {file}."""

    code = "backup_header_damaged"
    message = "The beginning of this encrypted backup is damaged or incomplete."
    next_step = "Copy the file from the phone again, or choose an older backup from the same folder."

    def __init__(self, file: str) -> None:
        super().__init__(data={"file": file})


class BackupNotByDigits(CofferError):
    """Protected by a password or a passkey: the key is kept by WhatsApp. data: {file, protection}."""

    code = "backup_not_by_digits"
    next_step = (
        "In WhatsApp go to Settings → Chats → Chat backup → End-to-end encrypted backup, turn it off, turn it on again "
        "with “Use 64-digit encryption key instead”, back up, and choose the new file."
    )

    def __init__(self, file: str, protection: str) -> None:
        super().__init__(
            f"This backup is protected by a {protection}. Only WhatsApp itself can open it: the key that the "
            f"{protection} opens is kept by WhatsApp, not in the file.",
            data={"file": file, "protection": protection},
        )


class BackupTooLarge(CofferError):
    """It unpacks to more than can be held here. data: {file, limit}."""

    code = "backup_too_large"
    next_step = "Open it with the command line (python -m webapp.cli inspect), which has room for more."

    def __init__(self, file: str, limit: int) -> None:
        super().__init__(
            f"This backup is too large to be opened here: it unpacks to more than {limit >> 20} MiB.",
            data={"file": file, "limit": limit},
        )


class BackupKeyUnreadable(CofferError):
    """What was given as a key is none. data: {bytes}."""

    code = "backup_key_unreadable"
    message = "The file you gave as the key is not a WhatsApp key."
    next_step = "Choose “encrypted_backup.key” or “key”, or type the 64 digits."

    def __init__(self, size: int) -> None:
        super().__init__(data={"bytes": size})


class BackupNeedsFull(CofferError):
    """Increments hold only what changed. data: {file}."""

    code = "backup_needs_full"
    message = "This file holds only the changes since the last full backup."
    next_step = "Choose it together with the full backup beside it, msgstore.db.crypt15."

    def __init__(self, file: str) -> None:
        super().__init__(data={"file": file})
