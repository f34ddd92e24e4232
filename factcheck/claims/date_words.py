"""The grammar of dates of a language, read from `languages/LANGUAGE/dates.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from factcheck.claims.date_grammar import LONGEST, SIGNS, TOKEN, Form, Grammar, Term
from factcheck.claims.language_files import read
from factcheck.dating import calendars
from factcheck.folding import fold_in_place, fold_with_offsets
from factcheck.models import Calendar

_ARTICLE: Final = "ال"
_SHORT: Final = 2  # letters of a word that any other may end with
_WITH_ARTICLE: Final = frozenset({"dunit", "numeral"})
_FIRST_LETTER: Final = 0x4E00  # of the characters that stand for words; none of them means anything in a pattern
_DATES: Final = frozenset({"year", "figures", "clock"})
_NUMBERS: Final = (
    *({"year"}, {"year", "modern"}, {"year", "round"}, {"year", "modern", "round"}),
    *({"small"}, {"small", "short_year"}, {"big"}, {"decimal"}, {"figures"}, {"clock"}, {"place"}),
)
_NAME = re.compile(r"(?:(?P<part>[a-z_]+):)?(?P<name>[a-z][a-z_]*)")
_GROUP = re.compile(r"\((?!\?)")


class Written(NamedTuple):
    """A term of the language, the class it belongs to, and what it says as one of that class."""

    term: str
    name: str
    value: Any = None


@cache
def grammar(lang: str) -> Grammar | None:
    """The grammar of a language; None for one that has no file of dates."""
    data = read(lang, "dates")
    return None if data is None else _grammar(data)


def _grammar(data: Mapping[str, Any]) -> Grammar:
    entries: dict[tuple[str, ...], dict[str, Any]] = {}
    for written in (*_months(data), *_words(data)):
        words = tuple(match[0] for match in TOKEN.finditer(fold_in_place(written.term)))
        if len(words) > LONGEST:
            raise ValueError(f"{written.term!r} in the dates of a language has more than {LONGEST} words")
        entries.setdefault(words, {})[written.name] = written.value
    letters = _letters(entries.values())
    terms: dict[str, list[Term]] = {}
    for words, classes in sorted(entries.items(), key=lambda item: -len(item[0])):
        terms.setdefault(words[0], []).append(Term([*words[1:]], classes, letters[frozenset(classes)], 0))
    for sign, name in SIGNS.items():
        terms.setdefault(sign, []).append(Term([], {name: None}, letters[frozenset({name})], 0))
    clitics = tuple(fold_in_place(clitic) for clitic in data.get("clitics", ()))
    for word, of in [*terms.items()]:
        for clitic in clitics:
            if len(word) > _SHORT and word.isalpha() and clitic + word not in terms:
                # The article belongs to the term.
                terms[clitic + word] = [one._replace(before=len(clitic.removesuffix(_ARTICLE))) for one in of]
    sure = set(data["screen"])
    common = {fold_in_place(word) for word in data.get("too_common", ())}
    every = [words for words, classes in entries.items() if not sure.isdisjoint(classes)]
    single = {words[0] for words in every if len(words) == 1}
    first = single | {words[0] for words in every if single.isdisjoint(words)}
    first |= {fold_with_offsets("".join(written)).text for written in every}
    first = (first | {word.capitalize() for word in first}) - common
    return Grammar(
        calendar=Calendar(data["calendar"]),
        week_starts=data["week_starts"],
        capitals=data.get("capitals", False),
        terms=terms,
        screen=frozenset(clitic + word for word in first for clitic in ("", *clitics)),
        sure=re.compile(
            "[" + "".join(letter for of, letter in letters.items() if not (sure | _DATES).isdisjoint(of)) + "]"
        ),
        letters=letters,
        forms=tuple(
            Form(form["kind"], re.compile(_compiled(form["as"], data["pieces"], letters))) for form in data["form"]
        ),
    )


def _months(data: Mapping[str, Any]) -> Iterator[Written]:
    odd, never = ({fold_in_place(name) for name in data["months"][key]} for key in ("odd", "never"))
    for calendar, number, name in calendars.every_month():
        if (folded := fold_in_place(name)) not in never:
            yield Written(name, "odd_month" if folded in odd else "month", (calendar, number))
            yield from (Written(name + end, "month", (calendar, number)) for end in data.get("month_endings", ()))


def _words(data: Mapping[str, Any]) -> Iterator[Written]:
    for calendar, names in calendars.calendar_words():
        yield from (Written(name, "era", calendar) for name in names)
    for name, words in data["words"].items():
        yield from (Written(word, name) for word in words)
    for name, values in data["values"].items():
        articles = ("", data["article"]) if "article" in data and name in _WITH_ARTICLE else ("",)
        yield from (Written(article + word, name, value) for word, value in values.items() for article in articles)


def _letters(entries: Iterable[Mapping[str, Any]]) -> dict[frozenset[str], str]:
    every = {frozenset(classes) for classes in (*entries, *_NUMBERS, *({sign} for sign in SIGNS.values()))}
    return {classes: chr(_FIRST_LETTER + number) for number, classes in enumerate(sorted(every, key=sorted))}


def _compiled(form: str, pieces: Mapping[str, str], letters: Mapping[frozenset[str], str]) -> str:
    """The pattern of a form: pieces put in, classes as the characters of the words that may be one."""

    def put_in(match: re.Match[str]) -> str:
        name, part = match["name"], match["part"]
        if name in pieces:
            inner = f"(?:{_NAME.sub(put_in, pieces[name])})"
        else:
            of = "".join(letter for classes, letter in letters.items() if name in classes)
            if not of:
                raise ValueError(f"a form of dates asks for {name!r}, which is no class and no piece")
            before = match.string[: match.start()]
            inner = of if before.count("[") > before.count("]") else f"[{of}]"
        return f"(?P<{part}>{inner})" if part else inner

    return _GROUP.sub("(?:", _NAME.sub(put_in, form).replace(" ", ""))
