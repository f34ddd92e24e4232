"""An article's text in paragraphs, with the places of its claims: what a page or a terminal underlines."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

_LINE_END = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


class Part(NamedTuple):
    """A piece of a paragraph and the claims that hold it, and those whose place ends with it: by index."""

    text: str
    claims: tuple[int, ...]
    ending: tuple[int, ...]


class Paragraph(NamedTuple):
    """A line of the text in parts, in order, and the claims that begin in it."""

    parts: list[Part]
    claims: tuple[int, ...]


def underlined(text: str, claims: Sequence[Mapping[str, Any]]) -> Iterator[Paragraph]:
    """The paragraphs of the text that hold more than white space.

    `claims` have start, end and repeated (a list of start and end, or None), code points of the text; places may
    overlap. The parts of a claim's own place, joined, are its quote without line ends.
    """
    lines = list(_lines(text))
    ends = [last for _, last in lines]
    places: dict[int, list[_Held]] = {}
    begin: dict[int, list[int]] = {}
    for index, claim in enumerate(claims):
        spans = [(claim["start"], claim["end"]), *((at["start"], at["end"]) for at in claim["repeated"] or [])]
        begin.setdefault(bisect.bisect_left(ends, claim["start"]), []).append(index)
        for start, end in spans:
            for line in range(bisect.bisect_left(ends, start), bisect.bisect_left(ends, end) + 1):
                places.setdefault(line, []).append(_Held(start, end, index))
    for line, (first, last) in enumerate(lines):
        here = places.get(line, [])
        edges = {edge for place in here for edge in (place.start, place.end) if first < edge < last}
        cuts = sorted({first, last, *edges})
        parts = [_part(text, start, end, here) for start, end in itertools.pairwise(cuts)]
        if any(part.text.strip() for part in parts):
            yield Paragraph(parts, tuple(begin.get(line, [])))


class _Held(NamedTuple):
    start: int
    end: int
    claim: int


def _part(text: str, start: int, end: int, places: list[_Held]) -> Part:
    holding = [place for place in places if place.start <= start and place.end >= end]
    held = tuple(dict.fromkeys(place.claim for place in holding))
    return Part(text[start:end], held, tuple(dict.fromkeys(place.claim for place in holding if place.end == end)))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _LINE_END.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)
