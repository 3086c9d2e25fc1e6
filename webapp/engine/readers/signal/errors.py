"""What can be wrong with an encrypted backup of Signal. `file` names the chosen file; `kind` is always signal."""

from webapp.engine.errors import CofferError


class _OfBackup(CofferError):
    def __init__(self, file: str, **data: object) -> None:
        super().__init__(data={"file": file, "kind": "signal", **data})


class BackupKeyNeeded(_OfBackup):
    """No passphrase of 30 digits was given. data: {file, kind}."""

    code = "backup_key_needed"
    message = "This Signal backup is encrypted: opening it needs its passphrase of 30 digits."
    next_step = "Enter the 30 digits that Signal showed when you turned on backups."


class BackupKeyWrong(_OfBackup):
    """The passphrase is not this backup's. data: {file, kind}."""

    code = "backup_key_wrong"
    message = "These 30 digits do not open this Signal backup."
    next_step = "Compare them with what you noted; turning backups off and on in Signal makes new ones."


class BackupDamaged(_OfBackup):
    """The passphrase is right and a later part does not verify. Nothing of it is shown. data: {file, kind, at}."""

    code = "backup_damaged"
    message = "The Signal backup is damaged: a part of it is not what the phone wrote."
    next_step = "Copy the file from the phone again, then choose the new copy."


class BackupTruncated(_OfBackup):
    """The passphrase is right and the end is missing. data: {file, kind}."""

    code = "backup_truncated"
    message = "The Signal backup is not complete: its end is missing."
    next_step = "Copy the file from the phone again, and wait until the copy is finished."


class BackupTooNew(_OfBackup):
    """The file says it is of a version that this reader does not know. data: {file, kind, version}."""

    code = "backup_too_new"
    message = "This Signal backup is of a newer kind than Coffer can read."
    next_step = "Reload the page to get the newest version of Coffer, then try again."


class BackupTooLarge(_OfBackup):
    """The messages alone take more memory than there is. data: {file, kind, bytes, limit}."""

    code = "backup_too_large"
    message = "The messages of this Signal backup are too many to be held in memory here."
    next_step = "Read it with the command line on a computer with more memory."
