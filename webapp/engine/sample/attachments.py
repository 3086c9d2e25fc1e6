"""The sample chat's recording and document, made by code."""

import io
import math
import struct
import wave

_RATE = 8000
# Notes of a small tune: (frequency in hertz, length in seconds).
_TUNE = ((659.3, 0.4), (587.3, 0.4), (523.3, 0.4), (587.3, 0.4), (659.3, 0.4), (784.0, 0.8), (659.3, 0.4), (523.3, 1.2))

PACKING_LIST = (
    "Lake house, 13 and 14 June",
    "",
    "Nora: keys, sheets, bread, the good knife",
    "Aiko: tea, kettle (she insists), flour, eggs",
    "Sami: tent, lamp, rope, cards",
    "Tomas: olive oil. ONE bottle.",
    "",
    "Everybody: a jumper, swimming things, no work",
)


def music_box() -> bytes:
    """A WAV file: mono, 16 bits, 8 kHz, about four and a half seconds."""
    samples: list[int] = []
    for frequency, length in _TUNE:
        count = round(length * _RATE)
        for index in range(count):
            second = index / _RATE
            tone = math.sin(2 * math.pi * frequency * second) + 0.4 * math.sin(4 * math.pi * frequency * second)
            samples.append(round(9000 * tone * math.exp(-4.5 * second) * min(1.0, index / 40)))
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(_RATE)
        recording.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file.getvalue()


def packing_list() -> bytes:
    """A PDF of one page (ISO 32000: header, five objects, cross-reference table, trailer)."""
    lines = "".join(f"({_escaped(line)}) Tj T*\n" for line in PACKING_LIST[1:])
    title = _escaped(PACKING_LIST[0])
    content = f"BT /F1 22 Tf 28 TL 72 750 Td ({title}) Tj T* /F1 14 Tf 22 TL\n{lines}ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    document = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return document + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(document))
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
