"""Backups of invented people, written to be looked at: every kind of message, right-to-left chats, long chats."""

import random
import wave
from io import BytesIO
from pathlib import Path
from typing import Any

from tests import fixtures_telegram as telegram
from tests.browser.exports import png

ANN, BEN, CLEO, DINA = ("Ann Merrow", 11), ("Ben Oakes", 22), ("Cleo Park", 33), ("دينا حداد", 44)
#: Spoken at the beginning of a message that must stay text.
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"
WORDS = ("harbour", "ferry", "lantern", "rope", "tide", "gull", "anchor", "compass", "kettle", "market", "window")


#: The long chat: its first message's time (Unix seconds), and the seconds between two.
LONG_FROM, LONG_STEP = 1_500_000_000, 7200


def sound(seconds: float = 0.2) -> bytes:
    """A wave file of silence."""
    target = BytesIO()
    with wave.open(target, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(int(16000 * seconds)))
    return target.getvalue()


def _reaction(emoji: str, *people: tuple[str, int]) -> dict[str, Any]:
    recent = [{"from": name, "from_id": f"user{number}", "date": "2022-05-12T12:00:00"} for name, number in people]
    return {"type": "emoji", "count": len(people), "emoji": emoji, "recent": recent}


def _harbour() -> dict[str, Any]:
    say = telegram.message
    lines = [
        telegram.service(1, "create_group", ANN, title="Harbour club", members=["Ben Oakes", "Cleo Park"]),
        say(2, "Who takes the early ferry? https://example.org/times", ANN),
        say(3, "I do", BEN, reply_to_message_id=2, reactions=[_reaction("👍", ANN, CLEO), _reaction("🎉", CLEO)]),
        say(4, "The view", CLEO, photo="photos/photo_1.png", photo_file_size=100, width=320, height=200),
        say(5, "", CLEO, photo="photos/photo_2.png", photo_file_size=100, width=200, height=300),
        say(6, "", BEN, file="voice_messages/audio_1.wav", media_type="voice_message", mime_type="audio/wav",
            duration_seconds=7),
        say(7, "", BEN, file="files/plan.pdf", file_name="plan.pdf", mime_type="application/pdf", file_size=9),
        say(8, "", ANN, location_information={"latitude": 53.5413, "longitude": 9.9841}, place_name="Pier 3",
            address="Dock Road 1"),
        say(9, "", ANN, contact_information={"first_name": "Rosa", "last_name": "Lind", "phone_number": "+4915550100"}),
        say(10, "", ANN, poll={"question": "Which day?", "closed": False, "total_voters": 5, "answers": [
            {"text": "Friday", "voters": 4, "chosen": True}, {"text": "Sunday", "voters": 1, "chosen": False}]}),
        say(11, "Changed my mind", BEN, edited="2022-05-12T13:00:00", edited_unixtime="1652353200"),
        say(12, MARKUP, BEN, forwarded_from="Somebody Else"),
        telegram.service(13, "phone_call", BEN, duration_seconds=65, discard_reason="hangup"),
        say(14, "Not here any more", CLEO, photo=telegram.NOT_INCLUDED, width=10, height=10),
        say(15, "", CLEO, file="files/drawing.svg", file_name="drawing.svg", mime_type="image/svg+xml", file_size=9),
    ]  # fmt: skip
    return telegram.chat(lines, "Harbour club", "private_group", 500)


def _arabic() -> dict[str, Any]:
    lines = [
        telegram.message(20, "صباح الخير، متى تصل العبّارة؟", DINA),
        telegram.message(21, "في الثامنة 🚢", ANN, reply_to_message_id=20),
        telegram.message(22, "شكراً! أراك على الرصيف", DINA),
    ]
    return telegram.chat(lines, DINA[0], "personal_chat", 44)


def _long(messages: int, seed: int = 5) -> dict[str, Any]:
    """Hours apart, over years; each message tells its own number."""
    chance = random.Random(seed)
    lines = []
    for number in range(messages):
        line = telegram.message(number, f"n{number} " + " ".join(chance.choices(WORDS, k=chance.randint(1, 12))),
                                BEN if number % 3 else ANN)  # fmt: skip
        line["date_unixtime"] = str(LONG_FROM + number * LONG_STEP)
        del line["date"]
        lines.append(line)
    return telegram.chat(lines, BEN[0], "personal_chat", 22)


def account(folder: Path, messages: int = 3000) -> Path:
    """A folder as Telegram Desktop writes it: a group with every kind of message, an Arabic chat, a long chat."""
    account = folder / "DataExport"
    for path, content in {
        "result.json": telegram.written(telegram.account(_harbour(), _arabic(), _long(messages))),
        "photos/photo_1.png": png(320, 200, 30, 110, 190),
        "photos/photo_2.png": png(200, 300, 200, 90, 40),
        "voice_messages/audio_1.wav": sound(),
        "files/plan.pdf": b"%PDF-1.4\n",
        "files/drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    }.items():
        (account / path).parent.mkdir(parents=True, exist_ok=True)
        (account / path).write_bytes(content)
    return account
