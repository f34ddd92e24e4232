"""The share card of a claim: a PNG of 1200x630 with the desk, the claim and its verdict. Pure, and slow to import.

matplotlib (extra `cards`) shapes and orders the letters; what it is given is a line of text as it is stored, after a
mark that says in which direction the line runs. Its sizes are pixels here: the renderer has 72 dots an inch.
"""

from __future__ import annotations

import io
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from factcheck.distribution import needing
from factcheck.text import direction_of_language

WIDTH, HEIGHT = 1200, 630
INK = {
    **dict.fromkeys(("verified",), (0x12, 0x60, 0x3A)),
    **dict.fromkeys(("disputed", "false", "doctored"), (0x9C, 0x1C, 0x1C)),
    **dict.fromkeys(("misleading", "partly_true", "out_of_context", "outdated"), (0x7A, 0x4A, 0x00)),
}
"""The colour of a verdict, as on the pages; another one is grey."""
_OPEN, _BLACK, _QUIET = (0x47, 0x4D, 0x57), (0x1B, 0x1F, 0x24), (0x53, 0x5B, 0x66)
_BAR, _MARGIN = 24, 72
_TOP, _BOTTOM = 130, 480
"""Rows in which the claim stands: the desk is above, the verdict below them."""
_SIZES = (68, 60, 52, 46, 40)
_LEADING = 1.55
EDITION = 1
"""Rises with the look of a card, so that all of them are drawn again."""
_MOST = 600
"""Code points that are looked at: more than fit at the smallest size."""
_LEVELS = 32
"""Steps from paper to ink; a card is drawn with three inks, so that a pixel is a byte."""
_MARKS = {"rtl": "\u200f", "ltr": "\u200e"}
_KEPT = "\u200c\u200d\n\t\r"
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


class Card(NamedTuple):
    """What a card says; `key` is the stable name of the rating, `language` that of the desk's words."""

    desk: str
    words: str
    lang: str
    key: str
    rating: str
    language: str


def draw(card: Card) -> bytes:
    """The card as PNG, the same bytes for the same card; raises InstallError where the extra is missing."""
    with needing("cards", "a share card"):
        import matplotlib as mpl
        import numpy as np
        from PIL import Image
    renderer, side = _renderer(), direction_of_language(card.language)
    renderer.clear()
    # Of the reader's own settings none may change a card; a letter that no font has is drawn as an empty box.
    with mpl.rc_context({"text.hinting": "no_hinting"}), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _line(_one_line(card.desk, 34, 500), 88, 34, 500, side)
        size, lines = _fitted(card.words)
        height = round(size * _LEADING)
        first = _TOP + (_BOTTOM - _TOP - len(lines) * height) // 2 + round(height * 0.68)
        for number, line in enumerate(lines):
            _line(line, first + number * height, size, 500, direction_of_language(card.lang))
        _line(_one_line(card.rating, 60, 800), 572, 60, 800, side)
    ink = INK.get(card.key, _OPEN)
    pixels = np.asarray(renderer.buffer_rgba())[..., 3] >> 3
    pixels[_TOP:_BOTTOM] += _LEVELS
    pixels[_BOTTOM:] += 2 * _LEVELS
    bar = slice(WIDTH - _BAR, WIDTH) if side == "rtl" else slice(0, _BAR)
    pixels[:, bar] = 3 * _LEVELS - 1
    image = Image.fromarray(pixels)
    image.putpalette([part for one in (_QUIET, _BLACK, ink) for part in _shades(one)])
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _shades(ink: tuple[int, int, int]) -> Iterator[int]:
    for level in range(_LEVELS):
        for part in ink:
            yield 255 + (part - 255) * level // (_LEVELS - 1)


def _line(text: str, baseline: int, size: int, weight: int, direction: str) -> None:
    """Draws a line at the margin where lines of that direction begin."""
    renderer, marked = _renderer(), _MARKS[direction] + text
    font = _font(size, weight)
    width = renderer.get_text_width_height_descent(marked, font, ismath=False)[0] if direction == "rtl" else 0
    start = WIDTH - _MARGIN - width if direction == "rtl" else _MARGIN
    renderer.draw_text(renderer.new_gc(), start, baseline, marked, font, 0)


def _fitted(text: str) -> tuple[int, list[str]]:
    """The largest size at which the text fits, and its lines; what does not fit at the smallest is cut off."""
    words, room = _words(text), WIDTH - 2 * _MARGIN
    for size in _SIZES:
        lines = list(_lines(words, room / size))
        most = int((_BOTTOM - _TOP) // round(size * _LEADING))
        if len(lines) <= most:
            return size, lines
    return size, [*lines[: most - 1], _shortened(lines[most - 1], room / size)]


def _lines(words: Sequence[str], room: float) -> Iterator[str]:
    """The words in lines of at most `room`, which is in units of the size; a word that is wider is broken."""
    line, used, gap = "", 0.0, _width(" ", 500)
    for word in words:
        wide = _width(word, 500)
        if line and used + gap + wide <= room:
            line, used = f"{line} {word}", used + gap + wide
            continue
        if line:
            yield line
        while wide > room:
            cut = max(int(len(word) * room / wide * 0.9), 1)
            yield word[:cut]
            word = word[cut:]  # noqa: PLW2901 - what is left of it
            wide = _width(word, 500)
        line, used = word, wide
    if line:
        yield line


def _shortened(line: str, room: float, weight: int = 500) -> str:
    while line and _width(line + "…", weight) > room:
        line = line.rpartition(" ")[0] or line[:-1]
    return line + "…"


def _one_line(text: str, size: int, weight: int) -> str:
    line, room = " ".join(_words(text)), (WIDTH - 2 * _MARGIN) / size
    return line if _width(line, weight) <= room else _shortened(line, room, weight)


def _words(text: str) -> list[str]:
    """The words of a text without what is not seen: controls and marks of direction; joiners shape letters."""
    seen = (char for char in text[:_MOST] if char in _KEPT or unicodedata.category(char) not in _UNSEEN)
    return "".join(seen).split()


@lru_cache(maxsize=1 << 14)
def _width(text: str, weight: int) -> float:
    """The width of a text in units of its size: letters are not hinted, so it is the same at each."""
    return float(_renderer().get_text_width_height_descent(text, _font(100, weight), ismath=False)[0]) / 100


@cache
def _renderer() -> Any:
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(WIDTH, HEIGHT, 72)  # type: ignore[no-untyped-call]


@cache
def _font(size: int, weight: int) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=[_family(weight), "DejaVu Sans"], size=size)


@cache
def _family(weight: int) -> str:
    """Makes the site's own font of that weight known to matplotlib, under a name that no other font has."""
    from matplotlib.font_manager import FontEntry, fontManager

    name = f"vazirmatn-card-{weight}"
    path = resources.files("factcheck.exporters.site") / "data" / f"{name}.ttf"
    fontManager.ttflist.append(FontEntry(fname=str(path), name=name))
    return name
