"""How a claim travelled as a picture: a line for each appearance, its mark where it stands in time. Pure.

Time runs as the page is read, from the right in Persian and Arabic. A mark's kind is its shape and its colour, so that
neither has to be seen; the SVG has its title, and a description that says in words what the picture shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final, NamedTuple, Self

from factcheck.days import Clock, day_of, own_digits
from factcheck.exporters import spread_words
from factcheck.exporters.feed_entries import sound
from factcheck.exporters.site.bars import inside
from factcheck.exporters.site.entries import both, shown
from factcheck.languages import Language
from factcheck.templating import template
from factcheck.text import direction_of_language, isolate

WIDTH: Final = 640
MOST: Final = 40
"""Lines of a picture; more are in the table alone."""
KINDS: Final = ("own", "copy", "changed", "beside")
_NAMES, _LINE, _HEAD, _FOOT, _EDGE = 208, 28, 8, 32, 48
"""Room for the outlets, for each line, above, for the days below, and beside the first and last mark."""
_LETTERS: Final = 20
_KEY: Final = 24


class Mark(NamedTuple):
    """An appearance as the picture shows it; `kind` is one of `KINDS`, `copy_of` the article of another mark."""

    article_id: str
    outlet: str
    moment: datetime | date | None
    bare: bool
    kind: str
    copy_of: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any], *, beside: bool = False) -> Self:
        """The mark of a row of `matching.spread.SPREAD`; `beside` where it is of a claim that tells other figures."""
        moment, bare = day_of(row)
        return cls(row["article_id"], row["publisher"] or "", moment, bare, kind_of(row, beside=beside), row["copy_of"])

    @property
    def at(self) -> float | None:
        """Seconds since 1970; a day counts from its beginning."""
        if self.moment is None:
            return None
        moment = self.moment if isinstance(self.moment, datetime) else datetime.combine(self.moment, time(), UTC)
        return moment.timestamp()


def kind_of(row: Mapping[str, Any], *, beside: bool = False) -> str:
    """Which of `KINDS` an appearance is; other figures say more than that it is a copy."""
    if beside:
        return "beside"
    return "changed" if row["changed"] else "copy" if row["copy_of"] else "own"


def drawn(marks: Sequence[Mark], language: Language, clock: Clock) -> dict[str, Any]:
    """The coordinates of the picture and the words in it, for the template; the earliest mark is the uppermost."""
    mirrored = direction_of_language(language) == "rtl"
    words = spread_words.of(language)
    ordered = sorted(enumerate(marks), key=lambda one: (one[1].at is None, one[1].at or 0.0, one[0]))
    known = [mark for _, mark in ordered][:MOST]
    dated = [mark for mark in known if mark.at is not None]
    times = [mark.at for mark in dated if mark.at is not None]
    first, last = (min(times), max(times)) if times else (0.0, 0.0)

    def across(at: float | None) -> float:
        part = 0.5 if at is None or last == first else (at - first) / (last - first)
        x = _NAMES + _EDGE + part * (WIDTH - _NAMES - 2 * _EDGE)
        return round(WIDTH - x if mirrored else x, 1)

    def own_day(mark: Mark) -> str:
        return isolate(clock.label(mark.moment, language, bare=mark.bare) or "")

    lines = [
        {
            "y": _HEAD + _LINE // 2 + number * _LINE,
            "x": across(mark.at),
            "kind": mark.kind if mark.at is not None else "",
            "outlet": shown(_short(mark.outlet)) or "–",
            "told": _told(mark, words, language, clock),
        }
        for number, mark in enumerate(known)
    ]
    base = _HEAD + _LINE * len(known)
    ends = [dated[0], *([dated[-1]] if last > first else [])] if dated else []
    return {
        "width": WIDTH,
        "height": base + _FOOT,
        "base": base,
        "from": 0 if mirrored else _NAMES,
        "to": WIDTH - _NAMES if mirrored else WIDTH,
        "names": WIDTH - _NAMES // 2 if mirrored else _NAMES // 2,
        "middle": across(None),
        "lines": lines,
        "copies": list(_copies(known, lines)),
        "days": [{"x": inside(across(one.at), text), "text": text} for one in ends for text in [own_day(one)]],
        "kinds": [kind for kind in KINDS if any(line["kind"] == kind for line in lines)],
        "more": words["more"].format(own_digits(str(MOST), language)) if len(marks) > MOST else "",
        "words": words,
    }


def picture(marks: Sequence[Mark], *, quote: str, language: Language, clock: Clock) -> str:
    """The picture as an SVG file of its own, with its style in it; `quote` are the claim's words.

    What XML cannot hold becomes U+FFFD.
    """
    one = drawn(marks, language, clock)
    wide = WIDTH / len(KINDS)
    mirrored = direction_of_language(language) == "rtl"
    legend = [
        {"kind": kind, "x": round(WIDTH - left - 12 if mirrored else left + 12, 1), "text": one["words"][kind]}
        for left, kind in ((number * wide, kind) for number, kind in enumerate(one["kinds"]))
    ]
    svg = template("exporters/spread.svg.j2").render(
        one=one,
        legend=legend,
        key=_KEY,
        title=f"{one['words']['spread']}: {isolate(' '.join(quote.split()))}",
        lang=language,
        dir=direction_of_language(language),
    )
    return sound(svg)


def _copies(marks: Sequence[Mark], lines: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, float]]:
    """From each copy to what it is a copy of, where both have a day."""
    place = {mark.article_id: line for mark, line in reversed(list(zip(marks, lines, strict=True))) if line["kind"]}
    for mark, line in zip(marks, lines, strict=True):
        there = place.get(mark.copy_of or "")
        if there is not None and line["kind"]:
            yield {"x1": there["x"], "y1": there["y"], "x2": line["x"], "y2": line["y"]}


def _told(mark: Mark, words: Mapping[str, str], language: Language, clock: Clock) -> str:
    """The mark in words: where, when, and what it is."""
    day = _day(mark, language, clock) or words["no_date"]
    comma = "،" if direction_of_language(language) == "rtl" else ","
    return f"{isolate(mark.outlet or '–')}{comma} {isolate(day)}: {words[mark.kind]}"


def _day(mark: Mark, language: Language, clock: Clock) -> str:
    return both(mark.moment, clock, language, bare=mark.bare)


def _short(outlet: str) -> str:
    line = " ".join(outlet.split())
    return line if len(line) <= _LETTERS else line[: _LETTERS - 1].rstrip() + "…"
