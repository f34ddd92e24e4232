"""What makes claims different though their words are alike: figures, dates, denial, before and after, claimant. Pure.

In doubt two claims differ: nothing is made one by this, and a verdict on the wrong claim is a false one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from factcheck.folding import identity_key, match_key
from factcheck.matching.facts_numbers import DATE, Figure, figures_in
from factcheck.matching.facts_words import phrase_at, words_of

_NAME_WITH_SIGNS = re.compile(r"[^\W\d_]\w* (?:➕|♯)(?: ➕)*")
_NEGATION: Final = "ن"


class Relation(StrEnum):
    """What the facts of two claims are to each other."""

    SAME = "same"
    """Every fact that one tells the other tells too."""
    COMPATIBLE = "compatible"
    """One tells more; nothing speaks against the other."""
    TENSION = "tension"
    """They tell of the same thing other figures or days: to be shown side by side."""
    DIFFERENT = "different"
    """They say other things."""


class Facts(NamedTuple):
    """The facts of a claim; `dates` are ISO 8601 days, months, years or spans, `words` all words of the claim.

    `office` says that the claimant is named by an office alone.
    """

    figures: tuple[Figure, ...]
    dates: tuple[str, ...]
    denies: bool
    order: frozenset[str]
    direction: frozenset[str]
    signs: tuple[str, ...]
    claimant: str
    words: frozenset[str]
    office: bool = False


class Compared(NamedTuple):
    """How the facts of two claims stand to each other, and why, in words; the gravest reason first."""

    relation: Relation
    reasons: tuple[str, ...]


def facts(
    quote: str,
    lang: str | None,
    *,
    claimant: str | None = None,
    role: str | None = None,
    dates: Sequence[Mapping[str, Any]] | None = None,
) -> Facts:
    """The facts in a claim's words; `dates` are its `NamedDate`s, which are not read as figures then.

    Persian, Arabic and English are known, of other languages figures in digits and what stands in Latin letters.
    """
    words = words_of(lang)
    text = quote
    for date in sorted(dates or (), key=lambda one: -one["start"]):
        if date["iso"]:
            text = f"{text[: date['start']]} {DATE} {text[date['end'] :]}"
    key = identity_key(text)
    read = figures_in(key, words)
    rest = read.rest
    order = [found[0] for at in range(len(rest)) if (found := phrase_at(words.order, rest, at))]
    return Facts(
        figures=read.figures,
        dates=tuple(sorted({str(date["iso"]) for date in dates or () if date["iso"]})),
        denies=any(
            word in words.denial
            or (bool(words.denied) and word.startswith(words.denied))
            or (word == "t" and at > 0 and rest[at - 1].endswith("n"))
            for at, word in enumerate(rest)
        ),
        order=frozenset(order),
        direction=frozenset(words.direction[word] for word in rest if word in words.direction),
        signs=tuple(sorted(_NAME_WITH_SIGNS.findall(key))),
        claimant=match_key(claimant or ""),
        words=frozenset(rest),
        office=bool(claimant and role) and match_key(claimant or "") == match_key(role or ""),
    )


def facts_of_claim(row: Mapping[str, Any]) -> Facts:
    """The facts of a row of Claim; where it has no column `claimant_role` every claimant is taken for a person."""
    role = row.get("claimant_role")
    return facts(row["quote"], row["lang"], claimant=row["claimant"], role=role, dates=row["dates"] or ())


def compare(one: Facts, other: Facts) -> Compared:
    """How the facts stand to each other; the same whichever is named first, but for the order of words in a reason."""
    different = [*_claimants(one, other), *_denials(one, other), *_turns(one, other)]
    if one.signs != other.signs:
        different.append("a name has a sign in one alone")
    tension: list[str] = []
    more: list[str] = []
    apart, contradicting, extra = _figures(one.figures, other.figures)
    for reasons, found in (
        (different, apart),
        (tension, [*contradicting, *_days(one.dates, other.dates)]),
        (more, [*extra, *_more(one, other)]),
    ):
        reasons.extend(found)
    if different:
        return Compared(Relation.DIFFERENT, (*different, *tension, *more))
    if tension:
        return Compared(Relation.TENSION, (*tension, *more))
    if more:
        return Compared(Relation.COMPATIBLE, tuple(more))
    return Compared(Relation.SAME, (_agreeing(one),))


def _agreeing(one: Facts) -> str:
    told = [*(figure.told(noun=False) for figure in one.figures), *one.dates]
    return f"the same figures: {', '.join(told)}" if told else "no figures or dates speak against it"


def _claimants(one: Facts, other: Facts) -> Iterable[str]:
    if _two_names(one, other) and one.office == other.office:
        yield f"other people say it: {one.claimant} and {other.claimant}"


def _two_names(one: Facts, other: Facts) -> bool:
    names = {*one.claimant.split()}, {*other.claimant.split()}
    return all(names) and not (names[0] <= names[1] or names[1] <= names[0])


def _denials(one: Facts, other: Facts) -> Iterable[str]:
    apart = one.words ^ other.words
    turned = any(
        word.startswith(_NEGATION) and word[1:] in apart and (word in one.words) != (word[1:] in one.words)
        for word in apart
    )
    if one.denies != other.denies or turned:
        yield "one denies what the other says"


def _turns(one: Facts, other: Facts) -> Iterable[str]:
    for name, words in (("order", ("before", "after")), ("direction", ("up", "down"))):
        mine, yours = getattr(one, name), getattr(other, name)
        if any(a in mine and a not in yours and b in yours and b not in mine for a, b in (words, words[::-1])):
            yield f"one says {words[0]}, the other {words[1]}"


def _more(one: Facts, other: Facts) -> Iterable[str]:
    if one.office != other.office and _two_names(one, other):
        yield f"one names an office, the other a person: {one.claimant} and {other.claimant}"
    for word in sorted(one.order ^ other.order):
        yield f"only one says {word}"
    if bool(one.dates) != bool(other.dates):
        yield f"only one names a date: {', '.join(one.dates or other.dates)}"


def _figures(one: Sequence[Figure], other: Sequence[Figure]) -> tuple[list[str], list[str], list[str]]:
    """Reasons for different, for tension and for compatible."""
    mine, yours = list(one), list(other)
    for figure in one:
        if (equal := next((there for there in yours if figure.same(there)), None)) is not None:
            mine.remove(figure)
            yours.remove(equal)
    # A figure told twice is told.
    mine = [figure for figure in mine if not any(figure.same(there) for there in other)]
    yours = [figure for figure in yours if not any(figure.same(there) for there in one)]
    if not (mine and yours):
        return [], [], [f"only one tells of {figure.told(noun=False)}" for figure in mine or yours]
    pairs = [(a, b) for a in mine for b in yours if a.of_a_kind(b)]
    contradicting = [f"one says {a.told()}, the other {b.told()}" for a, b in pairs]
    if contradicting:
        return [], contradicting, []
    told = [", ".join(figure.told() for figure in some) for some in (mine, yours)]
    return [f"one tells of {told[0]}, the other of {told[1]}"], [], []


def _days(one: Sequence[str], other: Sequence[str]) -> Iterable[str]:
    mine = [date for date in one if not any(meet(date, there) for there in other)]
    yours = [date for date in other if not any(meet(date, there) for there in one)]
    if mine and yours:
        yield f"one names {', '.join(mine)}, the other {', '.join(yours)}"


def meet(one: str, other: str) -> bool:
    """Whether two dates may be one: a day and its month, a month and its year, spans that overlap."""
    (first, last), (start, end) = _span(one), _span(other)
    return first <= end and start <= last


def _span(date: str) -> tuple[str, str]:
    first, _, last = date.partition("/")
    last = last or first
    return first.ljust(10, "!"), last.ljust(10, "~")
