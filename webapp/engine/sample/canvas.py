"""A small RGB canvas that draws in whole rows and columns, fast enough for pure Python, and saves itself as PNG."""

import math
import struct
import zlib
from collections.abc import Callable, Sequence

Colour = tuple[int, int, int]


def blend(a: Colour, b: Colour, share: float) -> Colour:
    """Between two colours; `share` 0 gives a, 1 gives b."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def gradient(stops: Sequence[Colour], length: int) -> list[Colour]:
    """`length` colours that run through all stops at even distances."""
    colours = []
    for index in range(length):
        place = index / max(1, length - 1) * (len(stops) - 1)
        stop = min(int(place), len(stops) - 2)
        colours.append(blend(stops[stop], stops[stop + 1], place - stop))
    return colours


def ridge(width: int, base: float, waves: Sequence[tuple[float, float, float]]) -> list[int]:
    """A skyline: for every column the row where it begins. A wave is (height in rows, length in columns, phase)."""
    return [
        round(base + sum(height * math.sin(x / length + phase) for height, length, phase in waves))
        for x in range(width)
    ]


class Canvas:
    """Width × height pixels."""

    def __init__(self, width: int, height: int, stops: Sequence[Colour]) -> None:
        self.width, self.height = width, height
        self._pixels = bytearray(b"".join(bytes(colour) * width for colour in gradient(stops, height)))

    def span(self, y: int, start: float, end: float, colour: Colour) -> None:
        """A horizontal line; clipped."""
        first, last = max(0, round(start)), min(self.width, round(end))
        if 0 <= y < self.height and first < last:
            offset = 3 * (y * self.width + first)
            self._pixels[offset : offset + 3 * (last - first)] = bytes(colour) * (last - first)

    def below(self, skyline: Sequence[int], stops: Sequence[Colour]) -> None:
        """Fills every column from its skyline to the bottom, shaded by distance from the skyline."""
        shades = gradient(stops, self.height)
        channels = [bytes(colour[channel] for colour in shades) for channel in range(3)]
        for x, row in enumerate(skyline):
            top = min(max(row, 0), self.height)
            for channel in range(3):
                start = 3 * (top * self.width + x) + channel
                self._pixels[start :: 3 * self.width] = channels[channel][: self.height - top]

    def disc(self, x: float, y: float, radius: float, colour: Colour, flat: float = 1.0) -> None:
        """A filled circle, or with `flat` < 1 an ellipse that much lower than wide."""
        for row in range(round(y - radius * flat), round(y + radius * flat) + 1):
            rise = (row - y) / flat
            if abs(rise) <= radius:
                half = math.sqrt(radius * radius - rise * rise)
                self.span(row, x - half, x + half, colour)

    def glow(
        self, x: float, y: float, inner: float, outer: float, colour: Colour, behind: Callable[[float], Colour]
    ) -> None:
        """Rings from the outside in, from what is behind to the colour."""
        steps = 24
        for step in range(steps):
            share = (step + 1) / steps
            self.disc(x, y, outer + (inner - outer) * share, blend(behind(share), colour, share * share))

    def png(self) -> bytes:
        """The picture as a PNG file (W3C PNG specification: signature, IHDR, IDAT, IEND; filter 0)."""
        stride = 3 * self.width
        rows = b"".join(b"\x00" + self._pixels[start : start + stride] for start in range(0, len(self._pixels), stride))
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            for name, data in parts
        )
