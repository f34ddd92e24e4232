"""Whom an article quotes: outlet <- agency <- institution, by the patterns of data/attribution.toml."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, NamedTuple

from factcheck.folding import fold_in_place, match_key

_READ = 3_000  # code points: sources are named in the lead, later mentions are part of the story
_EDGE = " \t،,"
_QUOTES = re.compile('["«»“”‘’]')


class Chain(NamedTuple):
    """The sources, outlet first; `outlet` is the one that the text itself names as its own."""

    names: list[str]
    outlet: str | None


class _Pattern(NamedTuple):
    regex: re.Pattern[str]
    link: re.Pattern[str]
    rank: int
    outlet: bool
    own: bool
    within: int
    needs: tuple[str, ...]


def source_chain(text: str, *, publisher: str | None, via: Sequence[str] = ()) -> Chain:
    """The chain of sources of an article published by `publisher`, each name as it stands in the text.

    "به گزارش A به نقل از B" -> A, B. A source is named once; the publisher comes first where it is known, then those
    the file names beside the text (`via`).
    """
    head = text[:_READ]
    folded = fold_in_place(head, keep_case=True)
    found: list[tuple[int, int, int, str]] = []
    outlet = None
    for pattern in _patterns():
        if not any(word in folded for word in pattern.needs):
            continue
        for match in pattern.regex.finditer(folded, 0, pattern.within):
            names = _split(head, folded, match.span("names"), pattern.link)
            if outlet is None and names and (pattern.own or (pattern.outlet and len(names) > 1)):
                outlet = names[0]
            found.extend(
                (0 if name == outlet else pattern.rank, match.start(), n, name) for n, name in enumerate(names)
            )
    ordered = [name for _, _, _, name in sorted(found)]
    return Chain(_distinct([publisher or outlet, *via, *ordered]), outlet)


@functools.cache
def outlets() -> frozenset[str]:
    """Folded names of outlets that may open a section line."""
    return frozenset(fold_in_place(name) for name in _data()["outlets"]["names"])


def _split(head: str, folded: str, span: tuple[int, int], link: re.Pattern[str]) -> list[str]:
    start, end = span
    names = []
    for cut in [*link.finditer(folded, start, end), None]:
        stop = cut.start() if cut else end
        if name := _trim(head[start:stop]):
            names.append(name)
        start = cut.end() if cut else end
    return names


def _trim(name: str) -> str:
    lead, tail, never = _edges()
    name = _QUOTES.sub("", name).strip(_EDGE)
    cut = tail.search(fold_in_place(name))
    name = name[: cut.start()] if cut else name
    opening = lead.match(fold_in_place(name))
    name = (name[opening.end() :] if opening else name).strip(_EDGE)
    return "" if never.match(fold_in_place(name)) else name


def _distinct(names: list[str | None]) -> list[str]:
    kind = re.compile(_data()["kind"])
    seen: set[str] = set()
    kept = []
    for name in names:
        key = match_key(kind.sub("", fold_in_place(name))).replace(" ", "") if name else ""
        if name and key and key not in seen:
            seen.add(key)
            kept.append(name)
    return kept


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data/attribution.toml").read_text("utf-8"))


@functools.cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data = _data()
    return re.compile(data["lead"]), re.compile(data["tail"]), re.compile(data["never"])


@functools.cache
def _patterns() -> tuple[_Pattern, ...]:
    data = _data()
    return tuple(
        _Pattern(
            re.compile(row["regex"].replace("{name}", data["name"])),
            re.compile(row["link"]),
            row["rank"],
            row.get("outlet", False),
            row.get("own", False),
            row.get("within", _READ),
            tuple(row["needs"]),
        )
        for row in data["pattern"]
    )
