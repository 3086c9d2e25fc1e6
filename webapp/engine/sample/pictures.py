"""The photographs of the sample chat: landscapes and still lifes of a few shapes each, 640 × 480."""

import math
from collections.abc import Callable

from webapp.engine.sample.canvas import Canvas, Colour, blend, ridge

WIDTH, HEIGHT = 640, 480


def _scatter(count: int, seed: int) -> list[tuple[float, float]]:
    """Points in the unit square, evenly spread and always the same (an additive recurrence of two irrationals)."""
    return [((seed * 0.37 + n * 0.7548776662) % 1, (seed * 0.61 + n * 0.5698402909) % 1) for n in range(1, count + 1)]


def lake_at_dusk() -> bytes:
    """The sun going down behind two ranges, and its road of light on the water."""
    picture = Canvas(WIDTH, HEIGHT, [(52, 58, 110), (196, 98, 112), (250, 178, 112), (252, 214, 150)])
    picture.glow(420, 222, 34, 120, (255, 244, 214), lambda share: blend((242, 160, 112), (253, 210, 150), share))
    picture.below(ridge(WIDTH, 218, [(26, 90, 0.4), (9, 31, 1.9)]), [(142, 92, 122), (108, 76, 112), (90, 66, 100)])
    picture.below(ridge(WIDTH, 252, [(20, 64, 2.2), (6, 17, 0.3)]), [(92, 66, 100), (70, 54, 86), (60, 48, 78)])
    picture.below([292] * WIDTH, [(206, 132, 122), (120, 84, 118), (58, 54, 96), (40, 44, 84)])
    for row in range(298, 476, 4):
        width = 10 + (row - 292) * 0.34
        drift = 9 * math.sin(row / 7.3)
        shade = blend((255, 226, 176), (150, 96, 116), (row - 292) / 190)
        picture.span(row, 420 + drift - width, 420 + drift + width, shade)
        picture.span(row + 1, 420 + drift - width * 0.7, 420 + drift + width * 0.6, shade)
    return picture.png()


def morning_fog() -> bytes:
    """Hills one behind another, each paler than the one before it."""
    picture = Canvas(WIDTH, HEIGHT, [(174, 205, 222), (226, 235, 232), (250, 238, 218)])
    picture.glow(150, 120, 22, 90, (255, 252, 236), lambda share: blend((212, 226, 228), (244, 240, 228), share))
    for depth, (base, tall, long) in enumerate(
        [(190, 24, 120), (245, 30, 95), (300, 26, 130), (352, 34, 150), (410, 26, 88)]
    ):
        top = blend((176, 200, 204), (38, 82, 74), depth / 4)
        mist = blend(top, (232, 238, 232), 0.72 - depth * 0.12)
        skyline = ridge(WIDTH, base, [(tall, long, depth * 1.7), (tall / 4, long / 4, depth * 2.9)])
        if depth >= 3:
            skyline = [row - _spruce(x, depth) for x, row in enumerate(skyline)]
        picture.below(skyline, [top, mist, mist, mist])
    return picture.png()


def _spruce(x: int, depth: int) -> int:
    """Rows that the tips of a forest stand above the hill."""
    spacing = 13 if depth == 3 else 22
    offset = (x * (7 if depth == 3 else 5) // spacing) % 3
    return max(0, round((spacing / 2 - abs(x % spacing - spacing / 2)) * (1.6 + 0.5 * offset)))


def starry_night() -> bytes:
    """The moon, a handful of stars, the black shore and a lit window."""
    picture = Canvas(WIDTH, HEIGHT, [(8, 12, 38), (18, 30, 74), (44, 62, 112), (88, 96, 140)])
    for number, (x, y) in enumerate(_scatter(150, 3)):
        size = (0.6, 0.6, 1.1, 0.6, 1.6)[number % 5]
        picture.disc(x * WIDTH, y * 270, size, blend((120, 136, 190), (255, 250, 230), (number * 7 % 10) / 10))
    picture.glow(488, 96, 30, 64, (250, 244, 220), lambda share: blend((26, 38, 84), (96, 104, 142), share))
    picture.disc(478, 90, 7, (232, 224, 198))
    picture.disc(497, 104, 5, (236, 228, 204))
    picture.below(ridge(WIDTH, 312, [(20, 70, 1.1), (7, 19, 0.2)]), [(18, 24, 48), (12, 16, 34), (10, 12, 28)])
    picture.below([366] * WIDTH, [(52, 64, 108), (24, 32, 70), (12, 18, 46)])
    for row in range(372, 470, 5):
        picture.span(row, 488 - 26 + 8 * math.sin(row / 5), 488 + 26 + 8 * math.sin(row / 5), (150, 156, 186))
    for row in range(316, 352):
        picture.span(row, 118, 186, (20, 16, 22))
    for row in range(292, 318):
        picture.span(row, 152 - (row - 292) * 1.7, 152 + (row - 292) * 1.7, (28, 22, 28))
    for row in range(326, 342):
        picture.span(row, 132, 148, (255, 206, 120))
        picture.span(row, 158, 172, (255, 190, 100))
    return picture.png()


def pancakes() -> bytes:
    """Breakfast from above: a plate on a checked cloth, a stack, butter and berries."""
    picture = Canvas(WIDTH, HEIGHT, [(236, 232, 222), (228, 222, 210)])
    for row in range(HEIGHT):
        for column in range(0, WIDTH, 80):
            if row // 40 % 2 == 0:
                picture.span(row, column, column + 40, (198, 84, 84) if row // 40 % 4 == 0 else (214, 118, 112))
            else:
                picture.span(row, column + 40, column + 80, (222, 148, 140))
    picture.disc(326, 250, 196, (150, 120, 108))
    picture.disc(320, 240, 196, (246, 246, 242))
    picture.disc(320, 240, 156, (232, 234, 232))
    for step, radius in enumerate((132, 126, 122)):
        picture.disc(320 + step * 3, 244 - step * 7, radius, (156, 96, 44))
        picture.disc(320 + step * 3, 241 - step * 7, radius - 4, (226, 168, 92))
        picture.disc(318 + step * 3, 238 - step * 7, radius - 16, (238, 188, 114))
    picture.disc(326, 222, 64, (206, 126, 40))
    picture.disc(300, 262, 34, (206, 126, 40))
    for row in range(196, 236):
        picture.span(row, 306 + (row - 196) * 0.15, 352 + (row - 196) * 0.15, (252, 232, 150))
    for number, (x, y) in enumerate(_scatter(13, 8)):
        angle, distance = x * 2 * math.pi, 92 + 70 * y
        berry: Colour = (62, 70, 138) if number % 3 else (190, 40, 62)
        cx, cy = 320 + math.cos(angle) * distance, 236 + math.sin(angle) * distance * 0.9
        picture.disc(cx, cy, 12, blend(berry, (20, 16, 40), 0.45))
        picture.disc(cx - 1, cy - 2, 10, berry)
        picture.disc(cx - 4, cy - 5, 3, blend(berry, (255, 255, 255), 0.6))
    return picture.png()


def green_canoe() -> bytes:
    """A canoe on still water under a wide sky."""
    picture = Canvas(WIDTH, HEIGHT, [(92, 164, 214), (168, 212, 232), (232, 242, 240)])
    for x, y, size in ((150, 92, 30), (188, 84, 38), (228, 96, 28), (452, 130, 24), (484, 122, 32), (520, 134, 22)):
        picture.disc(x, y, size, (248, 250, 250), 0.6)
        picture.disc(x, y + size * 0.35, size * 0.9, (226, 236, 240), 0.3)
    picture.below(ridge(WIDTH, 206, [(14, 60, 0.2), (7, 22, 1.4)]), [(74, 128, 92), (56, 104, 78), (52, 96, 74)])
    picture.below([246] * WIDTH, [(120, 178, 190), (62, 132, 160), (34, 92, 130), (24, 72, 112)])
    for row in range(254, 476, 7):
        reach = 30 + (row * 37 % 90)
        start = row * 131 % WIDTH
        picture.span(row, start, start + reach, blend((170, 212, 216), (52, 116, 150), (row - 250) / 230))
    for row in range(330, 392):
        depth = (row - 330) / 62
        half = 178 * (1 - depth**2.2)
        picture.span(row, 322 - half, 322 + half, blend((54, 134, 88), (24, 74, 56), depth))
    picture.disc(322, 332, 176, (26, 60, 48), 0.07)
    picture.disc(322, 330, 164, (120, 84, 52), 0.06)
    for row in range(392, 420):
        half = 150 * (1 - (row - 392) / 28) ** 0.7
        picture.span(row, 322 - half, 322 + half, blend((28, 78, 98), (30, 84, 122), (row - 392) / 28))
    for step in range(120):
        picture.span(300 + step // 2, 404 + step, 409 + step, (176, 128, 76))
    picture.disc(528, 362, 15, (186, 138, 84), 0.55)
    return picture.png()


def sunflowers() -> bytes:
    """The jug on the kitchen table."""
    picture = Canvas(WIDTH, HEIGHT, [(220, 228, 224), (202, 214, 212), (188, 202, 202)])
    picture.below([372] * WIDTH, [(168, 124, 88), (138, 98, 68), (112, 78, 54)])
    for cx, cy, bend in ((232, 150, 60), (330, 108, 4), (424, 168, -62), (292, 206, 26)):
        for row in range(cy, 330):
            share = (row - cy) / (330 - cy)
            x = cx + bend * share + (320 - cx - bend) * share * share
            picture.span(row, x - 4, x + 4, (84, 126, 62))
    for cx, cy, size in ((232, 150, 46), (424, 168, 44), (330, 108, 54), (292, 206, 38)):
        for ring, colour in ((1.0, (232, 160, 28)), (0.86, (248, 194, 48))):
            for petal in range(18):
                angle = (petal + ring * 3) * 2 * math.pi / 18
                picture.disc(
                    cx + math.cos(angle) * size * ring, cy + math.sin(angle) * size * ring, size * 0.24, colour
                )
        picture.disc(cx, cy, size * 0.66, (92, 56, 30))
        picture.disc(cx, cy, size * 0.5, (68, 40, 24))
        picture.disc(cx - size * 0.1, cy - size * 0.1, size * 0.22, (112, 72, 38))
    for row in range(296, 420):
        share = (row - 296) / 124
        half = 52 + 34 * math.sin(share * math.pi * 0.86)
        picture.span(row, 320 - half, 320 + half, (74, 112, 158))
        picture.span(row, 320 - half, 320 - half * 0.62, (108, 146, 188))
        picture.span(row, 320 + half * 0.7, 320 + half, (54, 84, 126))
        if 342 <= row < 352:
            picture.span(row, 320 - half, 320 + half, (236, 238, 236))
    return picture.png()


PICTURES: dict[str, Callable[[], bytes]] = {
    "lake_at_dusk": lake_at_dusk,
    "morning_fog": morning_fog,
    "starry_night": starry_night,
    "pancakes": pancakes,
    "green_canoe": green_canoe,
    "sunflowers": sunflowers,
}
