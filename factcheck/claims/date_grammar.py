"""The grammar of dates of one language: which words are units, directions, months ..., and the forms they stand in.

A sentence becomes a string with one character for each word, which says what the word may be; a form is a pattern over
such strings. `languages/CODE/dates.toml` holds both: `[words]` a list for each class, `[values.CLASS]` words that carry
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

_DAY = "|".join(
    rf"\d{{4}} ?{sign} ?\d{{1,2}} ?{sign} ?\d{{1,2}}(?!\d)|\d{{1,2}} ?{sign} ?\d{{1,2}} ?{sign} ?\d{{4}}(?!\d)"
    for sign in ("/", r"\.", "-")
)
_FIGURES = rf"{_DAY}|\d\d/\d{{1,2}}/\d{{1,2}}(?![\d/])|(?:1[34]|19|20)\d\d[/-](?:0?[1-9]|1[0-2])(?![\d/-])"
_CLOCK = r"\d{1,2} ?[:٫] ?\d{2}(?: ?[:٫] ?\d{2})?(?!\d)"
_DECIMAL = r"\d+(?:[.,٫٬]\d+)+"
_MARKS = "\u064b-\u0655\u0670"
TOKEN = re.compile(  # words first: they are most of a text
    rf"[^\W\d_]+(?:[{_MARKS}]+[^\W\d_]+)*|{_FIGURES}|{_CLOCK}|{_DECIMAL}|\d+|[^\w\s]|_"
)
_KIND = re.compile(rf"(?P<figures>{_FIGURES})|(?P<clock>{_CLOCK})|(?P<decimal>{_DECIMAL})")
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
    """A word, number or sign; `classes` with the value it has as each of them.

    `before` is the length of a clitic before it.
    """

    start: int
    end: int
    classes: Mapping[str, Any]
    letter: str
    before: int = 0


class Term(NamedTuple):
    """The words of a term after its first, its classes, and the character that stands for it.

    `before` is the length of the clitic that its first word has before it, which is a word of its own.
    """

    rest: list[str]
    classes: Mapping[str, Any]
    letter: str
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
        pieces = [match[0] for match in found]
        letters: list[str] = []
        tokens: list[Token | None] = []
        terms = self.terms
        skip, names_place = 0, False
        for at, piece in enumerate(pieces):
            if skip:
                skip -= 1
                continue
            of = terms.get(piece)
            token = None
            if of is None and not piece.isalpha():
                if piece[0].isdecimal():
                    classes = _of_number(piece)
                    token = Token(at, at, classes, self.letters.get(frozenset(classes), " "))
                elif len(piece) > 1:
                    of = terms.get(_MARK.sub("", piece))
            if of is not None:
                token, skip = _longest(of, pieces, at)
            elif token is None and names_place:
                token = Token(at, at, _PLACE, self.letters[frozenset(_PLACE)])  # whatever the place is called
            names_place = token is not None and "by_clock" in token.classes
            tokens.append(token)
            letters.append(" " if token is None else token.letter)
        return self._placed(letters, tokens, found, source)

    def _placed(
        self, letters: list[str], tokens: list[Token | None], found: list[re.Match[str]], source: str
    ) -> tuple[str, list[Token | None]]:
        """The same with places in the text in place of numbers of pieces, where anything can be a date."""
        run = "".join(letters)
        if self.sure.search(run) is None:
            return "", []
        placed: list[Token | None] = [None] * len(tokens)
        for first, last in self.runs(run):
            for number in range(first, last):
                if (token := tokens[number]) is not None:
                    at, to, classes, letter, before = token
                    start, end = found[at].start() + before, found[to].end()
                    if not _MONTHS.isdisjoint(classes) and self._doubted(classes, source, start, end):
                        letters[number] = " "
                    else:
                        placed[number] = Token(start, end, classes, letter)
        return "".join(letters), placed

    def _doubted(self, classes: Mapping[str, Any], source: str, start: int, end: int) -> bool:
        """Whether it only looks like a month: "می‌شود" begins with one, and English writes months with capitals."""
        return (self.capitals and source[start].islower()) or (source[end : end + 1] == ZWNJ and "odd_month" in classes)


_NONE: Mapping[str, Any] = {}
_MONTHS = frozenset({"month", "odd_month"})
_PLACE: Mapping[str, Any] = {"place": None}
_FIGURE = re.compile(r"(?<!\d)(?:1\d|2[01])\d\d(?!\d)|\d ?[:٫/.\-] ?\d\d?(?!\d)")
"""A year, a clock, and the end of a date in figures."""
_RUN = re.compile("[^ ]{1,40}")
_WORDS = re.compile(r"[^\W\d_]+")


def _longest(terms: list[Term], pieces: list[str], at: int) -> tuple[Token | None, int]:
    """The longest term that begins here, and how many pieces it has beside the first."""
    for rest, classes, letter, before in terms:
        more = len(rest)
        if not more or pieces[at + 1 : at + 1 + more] == rest:
            return Token(at, at + more, classes, letter, before), more
    return None, 0


def _of_number(digits: str) -> Mapping[str, Any]:
    """What a number may be; nothing where it is too long for any."""
    if not digits.isdecimal():
        found = _KIND.fullmatch(digits)
        return {found.lastgroup: digits} if found and found.lastgroup else _NONE
    if len(digits) > 2 * _YEAR:
        return _NONE
    value = int(digits)
    if value in _YEARS and len(digits) == _YEAR:
        of = {"year": value} | ({"modern": value} if value in _MODERN else {})
        return of if value % 10 else of | {"round": value}
    if len(digits) > _SMALL:
        return {"big": value}
    return {"small": value, "short_year": value} if value > _LAST_DAY else {"small": value}
