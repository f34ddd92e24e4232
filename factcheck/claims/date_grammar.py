"""The grammar of dates of one language: which words are units, directions, months ..., and the forms they stand in.

A sentence becomes a string with one character for each word, which says what the word may be; a form is a pattern over
such strings. `data/LANGUAGE/dates.toml` holds both: `[words]` a list for each class, `[values.CLASS]` words that carry
a number, `[pieces]` parts of forms with a name, and `[[form]]` what is found, as classes and pieces between the signs
of regular expressions; `name:piece` names a part for the reading of it. Repeats in a form are bounded, so that the time
for a sentence grows with its length and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from factcheck.models import Calendar
from factcheck.text import ZWNJ

_FIGURES = (
    r"\d{4} ?(?P<a>[/.\-]) ?\d{1,2} ?(?P=a) ?\d{1,2}(?!\d)|\d{1,2} ?(?P<b>[/.\-]) ?\d{1,2} ?(?P=b) ?\d{4}(?!\d)"
    r"|\d\d/\d{1,2}/\d{1,2}(?![\d/])|(?:1[34]|19|20)\d\d[/-](?:0?[1-9]|1[0-2])(?![\d/-])"
)
_MARKS = "\u064b-\u0655\u0670"
TOKEN = re.compile(  # words first: they are most of a text
    rf"(?P<word>[^\W\d_]+(?:[{_MARKS}]+[^\W\d_]+)*)|(?P<figures>{_FIGURES})"
    r"|(?P<clock>\d{1,2} ?[:٫] ?\d{2}(?: ?[:٫] ?\d{2})?(?!\d))|(?P<decimal>\d+(?:[.,٫٬]\d+)+)|(?P<digits>\d+)|[^\w\s]|_"
)
_MARK = re.compile(f"[{_MARKS}]")
SIGNS = {"/": "slash", "-": "dash", "–": "dash", "—": "dash", "_": "dash", ",": "comma", "،": "comma", "'": "quote",
          "’": "quote", "‘": "quote", ".": "dot", "(": "open"}  # fmt: skip
LONGEST: Final = 4  # words in a term: "ه . ق ."
_SMALL = 2
_LAST_DAY = 31
_YEAR = 4
_YEARS = range(1000, 2200)
_MODERN = range(1900, 2100)


class Token(NamedTuple):
    """A word, number or sign; `classes` with the value it has as each of them."""

    start: int
    end: int
    classes: Mapping[str, Any]
    letter: str


class Term(NamedTuple):
    """The words of a term after its first, its classes, the character that stands for it, whether it may be a month.

    `before` is the length of the clitic that its first word has before it, which is a word of its own.
    """

    rest: list[str]
    classes: Mapping[str, Any]
    letter: str
    month: bool
    before: int


class Form(NamedTuple):
    """One way to write a date: `kind` says how its parts are read."""

    kind: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Grammar:
    """The words and forms of one language."""

    calendar: Calendar
    week_starts: int
    capitals: bool
    terms: dict[str, list[Term]]
    screen: frozenset[str]
    sure: re.Pattern[str]
    letters: dict[frozenset[str], str]
    forms: tuple[Form, ...]

    def may_date(self, folded: str) -> bool:
        """Whether there are figures or a word that every date has; False for most sentences, at little cost.

        `folded` is the text as `fold_with_offsets` folds it.
        """
        return _FIGURE.search(folded) is not None or not self.screen.isdisjoint(_WORDS.findall(folded))

    def runs(self, letters: str) -> Iterator[tuple[int, int]]:
        """Where words stand together that may be parts of a date, with one at least that every date has."""
        for run in _RUN.finditer(letters):  # no date is longer
            if self.sure.search(letters, *run.span()):
                yield run.span()

    def read(self, folded: str, source: str) -> tuple[str, list[Token | None]]:
        """The text as a character for each word, number and sign, and what each may be; a term of words is one."""
        found = list(TOKEN.finditer(folded))
        letters: list[str] = []
        tokens: list[Token | None] = []
        terms = self.terms
        skip = 0
        for at, match in enumerate(found):
            if skip:
                skip -= 1
                continue
            token = None
            kind = match.lastgroup
            if kind == "word":
                word = match[0]
                if word in terms or (not word.isalpha() and (word := _MARK.sub("", word)) in terms):
                    token, skip = self._term(found, at, source, word)
                if token is None and tokens and tokens[-1] is not None and "by_clock" in tokens[-1].classes:
                    token = self._token(match, _PLACE)  # whatever the place is called
            elif kind is not None:
                token = self._token(match, _of_number(kind, match[0]))
            elif (sign := SIGNS.get(match[0])) is not None:
                token = self._token(match, {sign: match[0]})
            tokens.append(token)
            letters.append(" " if token is None else token.letter)
        return "".join(letters), tokens

    def _token(self, match: re.Match[str], classes: Mapping[str, Any]) -> Token:
        return Token(match.start(), match.end(), classes, self.letters.get(frozenset(classes), " "))

    def _term(self, found: list[re.Match[str]], at: int, source: str, first: str) -> tuple[Token | None, int]:
        """The longest term that begins here, and how many words it has beside the first."""
        for rest, classes, letter, month, before in self.terms[first]:
            more = len(rest)
            if more and [one[0] for one in found[at + 1 : at + 1 + more]] != rest:
                continue
            start, end = found[at].start(), found[at + more].end()
            if month and self._doubted(classes, source, start, end):
                return None, more
            return Token(start + before, end, classes, letter), more
        return None, 0

    def _doubted(self, classes: Mapping[str, Any], source: str, start: int, end: int) -> bool:
        """Whether it only looks like a month: "می‌شود" begins with one, and English writes months with capitals."""
        return (self.capitals and source[start].islower()) or (source[end : end + 1] == ZWNJ and "odd_month" in classes)


_NONE: Mapping[str, Any] = {}
_PLACE: Mapping[str, Any] = {"place": None}
_FIGURE = re.compile(r"(?<!\d)(?:1\d|2[01])\d\d(?!\d)|\d ?[:٫/.\-] ?\d\d?(?!\d)")
"""A year, a clock, and the end of a date in figures."""
_RUN = re.compile("[^ ]{1,40}")
_WORDS = re.compile(r"[^\W\d_]+")


def _of_number(kind: str, digits: str) -> Mapping[str, Any]:
    if kind != "digits":
        return {kind: digits}
    if len(digits) > 2 * _YEAR:
        return _NONE
    value = int(digits)
    if value in _YEARS and len(digits) == _YEAR:
        of = {"year": value} | ({"modern": value} if value in _MODERN else {})
        return of if value % 10 else of | {"round": value}
    if len(digits) > _SMALL:
        return {"big": value}
    return {"small": value, "short_year": value} if value > _LAST_DAY else {"small": value}
