"""A chart as bars: what counts are given, and where each bar, line and label of the SVG stands. Pure.

Time runs as the page is read, from the right in Persian and Arabic. Colours are classes of the style sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import floor, log10
from typing import Any, NamedTuple

from factcheck.days import own_digits, written
from factcheck.languages import Language
from factcheck.text import direction_of_language

WIDTH, HEIGHT = 640, 260
_AXIS, _FOOT, _HEAD = 52, 34, 14
"""Room for the numbers beside the bars, for the words below, and above."""
_LABELS = 4
_LETTER = 6.0
"""Half of the width of a letter of a label, where the picture is small and its letters are large."""
_LINES = 4


class Series(NamedTuple):
    """What is counted in one colour: the name of its class, its word, and an amount for each period."""

    key: str
    label: str
    values: list[float]


class Chart(NamedTuple):
    """A chart before it is drawn; amounts of one period stand upon each other. `highest` is what can be at most."""

    name: str
    title: str
    about: str
    period: str
    labels: list[str]
    series: list[Series]
    highest: float | None = None


def drawn(chart: Chart, language: Language) -> dict[str, Any]:
    """What the template asks for: the table, and the coordinates of the picture."""
    mirrored = direction_of_language(language) == "rtl"
    step = steps(chart)
    top = step * max(-(-highest(chart) // step), 1)
    line = [{"y": _place(value, top), "text": number(value, language)} for value in _counted(step, top)]
    width = (WIDTH - _AXIS) / len(chart.labels)
    every = -(-len(chart.labels) // _LABELS)
    named = range(every // 2, len(chart.labels), every)
    return {
        "name": chart.name,
        "title": chart.title,
        "about": chart.about,
        "period": chart.period,
        "series": [(one.key, one.label) for one in chart.series],
        "rows": [
            (label, [number(one.values[at], language) for one in chart.series]) for at, label in enumerate(chart.labels)
        ],
        "width": WIDTH,
        "height": HEIGHT,
        "lines": line,
        "base": HEIGHT - _FOOT,
        "from": 0 if mirrored else _AXIS,
        "to": WIDTH - _AXIS if mirrored else WIDTH,
        "numbers": WIDTH - _AXIS // 2 if mirrored else _AXIS // 2,
        "bars": list(_bars(chart, top, width, mirrored=mirrored)),
        "words": [
            {"x": inside(_middle(at, width, mirrored=mirrored), chart.labels[at]), "text": chart.labels[at]}
            for at in named
        ],
    }


def highest(chart: Chart) -> float:
    """The largest amount of a period, or what can be at most."""
    return chart.highest or max(sum(one.values[at] for one in chart.series) for at in range(len(chart.labels)))


def steps(chart: Chart) -> float:
    """From one line to the next: 1, 2 or 5 of a power of ten, whole, so that there are few lines."""
    rough = highest(chart) / _LINES
    power = 10.0 ** floor(log10(rough)) if rough > 1 else 1.0
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)


def number(value: float, language: Language) -> str:
    """The amount in the digits of the language, at most one decimal."""
    plain = f"{value:.1f}".removesuffix(".0")
    return own_digits(plain, language).replace(".", written(language)["decimal"])


def _counted(step: float, top: float) -> Iterator[float]:
    for at in range(round(top / step) + 1):
        yield at * step


def _place(value: float, top: float) -> float:
    return round(HEIGHT - _FOOT - value / top * (HEIGHT - _FOOT - _HEAD), 1)


def _middle(at: int, width: float, *, mirrored: bool) -> float:
    from_start = (at + 0.5) * width
    return WIDTH - _AXIS - from_start if mirrored else _AXIS + from_start


def inside(middle: float, text: str) -> float:
    """The middle of a label that does not reach over the edge of the picture."""
    half = len(text) * _LETTER
    return round(min(max(middle, half), WIDTH - half), 1)


def _bars(chart: Chart, top: float, width: float, *, mirrored: bool) -> Iterator[dict[str, Any]]:
    wide = min(width * 0.8, 48)
    for at in range(len(chart.labels)):
        below = 0.0
        for one in chart.series:
            if value := one.values[at]:
                y, foot = _place(below + value, top), _place(below, top)
                x = round(_middle(at, width, mirrored=mirrored) - wide / 2, 1)
                yield {"x": x, "y": y, "w": round(wide, 1), "h": round(foot - y, 1), "key": one.key}
                below += value
