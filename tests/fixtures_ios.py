"""Our own ChatStorage of an iPhone, with contacts, calls and media, as a folder or as a device backup."""

import hashlib
import sqlite3
from pathlib import Path

from tests.fixtures_signal import field_of

Row = dict[str, object]
START = 700_000_000.5
ME, ANN, BEN = (f"4930{number:04}@s.whatsapp.net" for number in (1, 2, 3))
GROUP = "1234-5678@g.us"
CARD = "BEGIN:VCARD\nFN:Zed\nTEL;x=1:+49 1\nEND:VCARD"
JPEG = b"\xff\xd8\xff" + bytes(60)
DOMAIN = "AppDomainGroup-group.net.whatsapp.WhatsApp.shared"

TABLES = {
    "ZWACHATSESSION": "Z_PK INTEGER PRIMARY KEY, ZCONTACTJID, ZPARTNERNAME, ZARCHIVED, ZSESSIONTYPE",
    "ZWAGROUPMEMBER": "Z_PK INTEGER PRIMARY KEY, ZCHATSESSION, ZMEMBERJID, ZCONTACTNAME, ZISADMIN, ZISACTIVE",
    "ZWAPROFILEPUSHNAME": "Z_PK INTEGER PRIMARY KEY, ZJID, ZPUSHNAME",
    "ZWAMESSAGE": "Z_PK INTEGER PRIMARY KEY, ZCHATSESSION, ZMESSAGETYPE, ZGROUPEVENTTYPE, ZISFROMME, ZMESSAGEDATE, "
    "ZSENTDATE, ZTEXT, ZFROMJID, ZTOJID, ZSTANZAID, ZSTARRED, ZGROUPMEMBER, ZMEDIAITEM, ZMESSAGEINFO, ZSORT",
    "ZWAMEDIAITEM": "Z_PK INTEGER PRIMARY KEY, ZMEDIALOCALPATH, ZTITLE, ZVCARDSTRING, ZVCARDNAME, ZFILESIZE, "
    "ZMOVIEDURATION, ZLATITUDE FLOAT, ZLONGITUDE FLOAT, ZMETADATA BLOB, ZXMPPTHUMBPATH",
    "ZWAMESSAGEINFO": "Z_PK INTEGER PRIMARY KEY, ZMESSAGE, ZRECEIPTINFO BLOB",
}  # fmt: skip
CONTACTS = {"ZWAADDRESSBOOKCONTACT": "Z_PK INTEGER PRIMARY KEY, ZWHATSAPPID, ZFULLNAME, ZLID"}
CALLS = {
    "ZWACDCALLEVENT": "Z_PK INTEGER PRIMARY KEY, Z1CALLEVENTS, ZDATE, ZDURATION, ZGROUPJIDSTRING, ZCALLIDSTRING",
    "ZWAAGGREGATECALLEVENT": "Z_PK INTEGER PRIMARY KEY, ZINCOMING, ZMISSED, ZVIDEO",
    "ZWACDCALLEVENTPARTICIPANT": "Z_PK INTEGER PRIMARY KEY, Z1PARTICIPANTS, ZJIDSTRING",
}


def database(tables: dict[str, str], rows: list[tuple[str, Row]]) -> bytes:
    connection = sqlite3.connect(":memory:")
    for name, columns in tables.items():
        connection.execute(f"CREATE TABLE {name} ({columns})")
    for name, row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content


def quote(stanza: str, author: str, text: str) -> bytes:
    return field_of(5, stanza.encode()) + field_of(6, author.encode()) + field_of(19, field_of(1, text.encode()))


def reaction(emoji: str, author: str = "") -> bytes:
    """One's own is listed under 2, others' under 1 with their jid before the emoji."""
    if author:
        entry = field_of(1, b"3A00000000000000FFFF") + field_of(2, author.encode()) + field_of(3, emoji.encode())
        return field_of(7, field_of(1, entry + field_of(4, 1_700_000_000_000)))
    return field_of(7, field_of(2, field_of(1, b"3A00000000000000EEEE") + field_of(2, emoji.encode())))


def message(number: int, kind: int = 0, text: str | None = None, mine: int = 0, chat: int = 1, **more: object) -> Row:
    return {
        "Z_PK": number, "ZCHATSESSION": chat, "ZMESSAGETYPE": kind, "ZISFROMME": mine, "ZTEXT": text,
        "ZMESSAGEDATE": START + number, "ZSTANZAID": f"3A{number:018}", "ZSORT": number,
        "ZFROMJID": None if mine else ANN, "ZTOJID": ANN if mine else ME, **more,
    }  # fmt: skip


def story() -> dict[str, bytes]:
    """Path below the group's folder → content: three databases and the media they name."""
    rows: list[tuple[str, Row]] = [
        ("ZWACHATSESSION", {"Z_PK": 1, "ZCONTACTJID": ANN, "ZPARTNERNAME": "Ann", "ZARCHIVED": 0}),
        ("ZWACHATSESSION", {"Z_PK": 2, "ZCONTACTJID": GROUP, "ZPARTNERNAME": "Trip", "ZARCHIVED": 1}),
        ("ZWACHATSESSION", {"Z_PK": 3, "ZCONTACTJID": f"{ANN}@status", "ZPARTNERNAME": "x"}),
        ("ZWAGROUPMEMBER", {"Z_PK": 1, "ZCHATSESSION": 2, "ZMEMBERJID": "99@lid", "ZISADMIN": 1, "ZISACTIVE": 1}),
        ("ZWAPROFILEPUSHNAME", {"Z_PK": 1, "ZJID": BEN, "ZPUSHNAME": "benny"}),
        ("ZWAMESSAGE", message(1, 10, None, ZGROUPEVENTTYPE=2)),
        ("ZWAMESSAGE", message(2, 0, "hello 😀", ZMESSAGEINFO=1)),
        ("ZWAMESSAGEINFO", {"Z_PK": 1, "ZRECEIPTINFO": reaction("👍") + reaction("😂", ANN)}),
        ("ZWAMESSAGE", message(3, 0, "answer", 1, ZMEDIAITEM=1, ZSTARRED=1)),
        ("ZWAMEDIAITEM", {"Z_PK": 1, "ZMETADATA": quote(f"3A{2:018}", ANN, "hello 😀")}),
        ("ZWAMESSAGE", message(4, 1, None, 1, ZMEDIAITEM=2)),
        ("ZWAMEDIAITEM", {
            "Z_PK": 2, "ZMEDIALOCALPATH": f"Media/{ANN}/0/1/a.jpg", "ZTITLE": "caption", "ZVCARDSTRING": "image/jpeg",
            "ZFILESIZE": 5, "ZLATITUDE": 30, "ZLONGITUDE": 40, "ZXMPPTHUMBPATH": f"Media/{ANN}/0/1/a.thumb",
        }),
        ("ZWAMESSAGE", message(5, 3, None, ZMEDIAITEM=3)),
        ("ZWAMEDIAITEM", {"Z_PK": 3, "ZMEDIALOCALPATH": "Media/gone.opus", "ZVCARDSTRING": "audio/ogg", "ZFILESIZE": 9,
                          "ZMOVIEDURATION": 7}),
        ("ZWAMESSAGE", message(6, 4, None, ZMEDIAITEM=4)),
        ("ZWAMEDIAITEM", {"Z_PK": 4, "ZVCARDNAME": "Zed", "ZVCARDSTRING": CARD}),
        ("ZWAMESSAGE", message(7, 5, None, ZMEDIAITEM=5)),
        ("ZWAMEDIAITEM", {"Z_PK": 5, "ZLATITUDE": 1.5, "ZLONGITUDE": -2.5, "ZTITLE": "Café"}),
        ("ZWAMESSAGE", message(8, 7, "see https://a.b/c now", ZMEDIAITEM=6)),
        ("ZWAMEDIAITEM", {"Z_PK": 6, "ZTITLE": "A page"}),
        ("ZWAMESSAGE", message(9, 14, None, ZMEDIAITEM=None)),
        ("ZWAMESSAGE", message(10, 77, "what")),
        ("ZWAMESSAGE", message(11, 0, "from a member", chat=2, ZFROMJID=GROUP, ZGROUPMEMBER=1)),
        ("ZWAMESSAGE", message(12, 6, None, chat=2, ZFROMJID=GROUP, ZGROUPEVENTTYPE=3)),
        ("ZWAMESSAGE", message(13, 0, "status", chat=3)),
        ("ZWAMESSAGE", message(14, 0, "of no chat", chat=77)),
        ("ZWAMESSAGE", message(15, 0, "undated", ZMESSAGEDATE=0)),
    ]  # fmt: skip
    calls: list[tuple[str, Row]] = [
        ("ZWAAGGREGATECALLEVENT", {"Z_PK": 1, "ZINCOMING": 1, "ZMISSED": 0, "ZVIDEO": 1}),
        ("ZWACDCALLEVENT", {"Z_PK": 1, "Z1CALLEVENTS": 1, "ZDATE": START, "ZDURATION": 61.2, "ZCALLIDSTRING": "C1"}),
        ("ZWACDCALLEVENTPARTICIPANT", {"Z_PK": 1, "Z1PARTICIPANTS": 1, "ZJIDSTRING": ANN}),
        ("ZWAAGGREGATECALLEVENT", {"Z_PK": 2, "ZINCOMING": 0, "ZMISSED": 1, "ZVIDEO": 0}),
        ("ZWACDCALLEVENT", {"Z_PK": 2, "Z1CALLEVENTS": 2, "ZDATE": START, "ZDURATION": 0, "ZCALLIDSTRING": "C2"}),
        ("ZWACDCALLEVENTPARTICIPANT", {"Z_PK": 2, "Z1PARTICIPANTS": 2, "ZJIDSTRING": BEN}),
    ]
    contacts: list[tuple[str, Row]] = [
        ("ZWAADDRESSBOOKCONTACT", {"Z_PK": 1, "ZWHATSAPPID": BEN, "ZFULLNAME": "Ben B.", "ZLID": "99@lid"})
    ]
    return {
        "ChatStorage.sqlite": database(TABLES, rows),
        "ContactsV2.sqlite": database(CONTACTS, contacts),
        "CallHistory.sqlite": database(CALLS, calls),
        f"Message/Media/{ANN}/0/1/a.jpg": JPEG,
        f"Message/Media/{ANN}/0/1/a.thumb": JPEG[:30],
        "Message/Media/stray.jpg": JPEG,
    }


def device_backup(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files as a backup of the whole device keeps them: by the SHA-1 of domain and path, with a list."""
    listed: list[tuple[str, Row]] = []
    kept: dict[str, bytes] = {"Info.plist": b"<plist/>", "Manifest.plist": b"bplist00"}
    for path, content in files.items():
        identity = hashlib.sha1(f"{DOMAIN}-{path}".encode()).hexdigest()
        listed.append(("Files", {"fileID": identity, "domain": DOMAIN, "relativePath": path, "flags": 1}))
        kept[f"{identity[:2]}/{identity}"] = content
    listed.append(("Files", {"fileID": "00" * 20, "domain": "CameraRollDomain", "relativePath": "x", "flags": 1}))
    kept["00/" + "00" * 20] = b"another app's"
    kept["Manifest.db"] = database(
        {"Files": "fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags, file"}, listed
    )
    return kept


def with_rows_in_log(folder: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    """The chats, with one more message that still lies in the write-ahead log."""
    path = folder / "ChatStorage.sqlite"
    path.write_bytes(files["ChatStorage.sqlite"])
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    row = message(99, 0, "in the log")
    connection.execute(
        f"INSERT INTO ZWAMESSAGE ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
    )
    connection.commit()
    found = {
        **files,
        "ChatStorage.sqlite": path.read_bytes(),
        "ChatStorage.sqlite-wal": Path(f"{path}-wal").read_bytes(),
    }
    connection.close()
    return found
