"""The dates in the words of a claim: where they stand, in which calendar, and which day, month or year they mean."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

from factcheck.claims.date_counting import Meaning
from factcheck.claims.date_grammar import Form
from factcheck.claims.date_values import meaning
from factcheck.claims.date_words import grammar
from factcheck.folding import fold_in_place, fold_with_offsets
from factcheck.models import Calendar

_BY_THE_CLOCK: Final = frozenset({"tunit", "tunit_adj", "tunit_some", "tunit_many", "two_tunits"})
UNPLACED: Final = frozenset({"duration", "recurring", "time"})
"""Kinds that name no day, month or year: they are found, and are no dates of a claim."""


class Expression(NamedTuple):
    """A date, time or duration in a text: its place in code points, its kind, and what it means."""

    start: int
    end: int
    kind: str
    meaning: Meaning
    clock: bool

    @property
    def calendar(self) -> Calendar | None:
        """The calendar it is counted in; None for a day that is told from the article's, and for a time."""
        return self.meaning.calendar


def expressions(text: str, lang: str, today: date | None = None, *, folded: str | None = None) -> list[Expression]:
    """Every date, time and duration in the text, in order; none overlaps another. `today` is the article's day.

    `lang` is `fa`, `ar` or `en`; in another nothing is found. Of two that overlap the longer stays. `folded`
    is the text as `fold_with_offsets` folds it, where the caller has it: most texts are passed over by that alone.
    """
    known = grammar(lang)
    if known is None or not known.may_date(folded or fold_with_offsets(text).text):
        return []
    letters, tokens = known.read(fold_in_place(text), text)
    found: list[Expression] = []
    for start, end in known.runs(letters):
        for first, last, kind, named in _chosen(lang, letters[start:end]):
            words = [token for token in tokens[start + first : start + last] if token is not None]
            parts = {name: words[begin - first : stop - first] for name, begin, stop in named}
            clock = kind == "time" or any(not _BY_THE_CLOCK.isdisjoint(word.classes) for word in words)
            said = meaning(kind, parts, known, today)
            found.append(Expression(words[0].start, words[-1].end, kind, said, clock))
    return found


Choice = tuple[int, int, str, tuple[tuple[str, int, int], ...]]


@lru_cache(maxsize=1 << 14)
def _chosen(lang: str, run: str) -> tuple[Choice, ...]:
    """The forms that fit in a run of words, in order: place, kind and named parts of each. Runs come again and again.

    The longest first, then what fits before and behind it.
    """
    known = grammar(lang)
    if known is None:
        return ()
    chosen: list[Choice] = []
    left = [(0, len(run))]
    while left:
        start, end = left.pop()
        fitting = (
            (match, form)
            for form in known.forms
            # Read to the end of the run a form sees what follows it, read to the end of the gap it stays in it.
            for match in chain(form.pattern.finditer(run, start, end), form.pattern.finditer(run, start))
            if match.end() <= end
        )
        match, form = max(fitting, key=_fit, default=(None, None))
        if match is None or form is None or not match[0]:
            continue
        named = tuple((name, *match.span(name)) for name, part in match.groupdict().items() if part)
        chosen.append((*match.span(), form.kind, named))
        left += [(start, match.start()), (match.end(), end)]
    return tuple(sorted(chosen))


def _fit(one: tuple[re.Match[str], Form]) -> tuple[int, int, int]:
    """The longest, of those the first, of those one whose meaning can be told, and a date before a duration."""
    match, form = one
    return (
        match.end() - match.start(),
        -match.start(),
        (form.kind not in UNPLACED) + (form.kind not in {*UNPLACED, "unsaid"}),
    )


def phrases(text: str, lang: str, today: date | None = None) -> list[tuple[int, int]]:
    """The places of dates and times as an annotator marks them: what stands beside another of its sort is one.

    Dates are one sort, times and durations by the clock the other.
    """
    joined: list[tuple[int, int, bool]] = []
    for one in expressions(text, lang, today):
        clock = one.clock
        between = text[joined[-1][1] : one.start] if joined else ""
        if joined and joined[-1][2] == clock and _JOINS.fullmatch(fold_in_place(between)):
            joined[-1] = (joined[-1][0], one.end, clock)
        else:
            joined.append((one.start, one.end, clock))
    return [(start, end) for start, end, _ in joined]


_JOINS = re.compile(r"\s+(?:(?:و|تا|در|از|and|to)\s+)?|\s*-\s*")


def named_dates(quote: str, folded: str, lang: str, today: date | None) -> list[dict[str, Any]] | None:
    """The dates of a claim as structs of `models.NamedDate`, in order; None where its words name none.

    `folded` is the quote as `fold_with_offsets` folds it.
    """
    found = [one for one in expressions(quote, lang, today, folded=folded) if one.kind not in UNPLACED]
    return [
        {
            "start": one.start,
            "end": one.end,
            "calendar": str(one.calendar) if one.calendar else None,
            "iso": one.meaning.iso,
        }
        for one in found
    ] or None
