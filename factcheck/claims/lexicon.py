"""The word lists of data/LANGUAGE/{structure,signals}.toml as compiled patterns over folded text.

A term is written as people write it: a ZWNJ in it matches nothing or one space (texts come with, without and with a
blank in place of it), `*` matches the rest of a word, a space any white space. `before` and `after` are patterns
around all terms of a list, for clitics and endings. `patterns` are regular expressions without look-around, which
Python's `re` and polars both read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from factcheck.folding import fold_with_offsets
from factcheck.text import ZWNJ

LANGUAGES = ("fa", "ar", "en")
_NOTHING = r"[^\s\S]"
_ARABIC_SCRIPT = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")
_PERSIAN_ONLY = re.compile(r"[پچژگکی]")
_ARABIC_ONLY = re.compile(r"[يكةىأإ]")
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Signal:
    """One reason to raise or lower check-worthiness, given where `pattern` is found; `Amounts` says by how much."""

    name: str
    pattern: str


@dataclass(frozen=True)
class Facts:
    """How a language joins two facts in a sentence, for folded text in lower case.

    What `contrasts` is followed by a clause always, what `adds` may be followed by less; `verbs` state figures (single
    words). A clause that opens with what `leans` is none by itself, nor, behind what adds, one that opens with what
    `shares` its subject with the one before. A sentence that has what `depends` is not parted. `verb_ends`: the verb
    closes its clause; `verb_opens`: it may open it, with its subject behind it.
    """

    contrasts: re.Pattern[str]
    adds: re.Pattern[str]
    verbs: re.Pattern[str]
    leans: re.Pattern[str]
    shares: re.Pattern[str]
    depends: re.Pattern[str]
    verb_ends: bool
    verb_opens: bool


@dataclass(frozen=True)
class Lexicon:
    """What the rules know of one language; patterns are for folded text."""

    lang: str
    question: re.Pattern[str]
    boilerplate: re.Pattern[str]
    boilerplate_opener: re.Pattern[str]
    furniture: re.Pattern[str]
    unfinished_end: re.Pattern[str]
    greeting: re.Pattern[str]
    byline: re.Pattern[str]
    date: re.Pattern[str]
    interview_header: re.Pattern[str]
    interview_parties: tuple[re.Pattern[str], ...]
    talk: re.Pattern[str]
    reports_again: re.Pattern[str]
    signals: tuple[Signal, ...]
    function_words: frozenset[str]
    turning_words: frozenset[str]
    negation: str
    points_back: re.Pattern[str]
    facts: Facts | None


@cache
def lexicon(lang: str) -> Lexicon:
    """The lexicon of `fa`, `ar` or `en`; any other code gives the rules that hold in all languages."""
    known = lang in LANGUAGES
    structure_file = _read(lang, "structure") if known else {}
    structure = structure_file.get("structure", {})
    clitics = structure_file.get("clitics", "")
    signals = _read(lang, "signals").get("signal", ()) if known else ()

    def words(section: Mapping[str, Any], key: str, *, anchored: bool = False) -> re.Pattern[str]:
        return compile_terms(section.get(key, ()), before=clitics, anchored=anchored)

    return Lexicon(
        lang=lang,
        question=words(structure, "question_openers", anchored=True),
        boilerplate=words(structure, "boilerplate"),
        furniture=words(structure, "furniture"),
        unfinished_end=_at_end(structure.get("unfinished_ends", ())),
        boilerplate_opener=words(structure, "boilerplate_openers", anchored=True),
        greeting=words(structure, "greetings", anchored=True),
        byline=words(structure, "bylines", anchored=True),
        date=words(structure, "date_words"),
        interview_header=words(structure, "interview_headers"),
        talk=_any_of(structure.get("talks", ())),
        reports_again=words(structure, "reports_again", anchored=True),
        interview_parties=tuple(re.compile(fold_with_offsets(p).text) for p in structure.get("interview_parties", ())),
        function_words=_folded(structure.get("function_words", ())),
        turning_words=_folded(structure.get("turning_words", ())),
        negation=structure.get("negation", ""),
        points_back=words(structure, "points_back", anchored=True),
        facts=_facts(structure_file.get("facts"), clitics),
        signals=tuple(_signal(entry, clitics) for entry in [*_read("common")["signal"], *signals]),
    )


def _facts(section: Mapping[str, Any] | None, clitics: str) -> Facts | None:
    if section is None:
        return None
    return Facts(
        contrasts=_any_of(section["contrasts"]),
        adds=_any_of(section["adds"]),
        verbs=compile_terms(
            section["verbs"], before=section.get("before_verb", ""), after=section.get("after_verb", "")
        ),
        shares=compile_terms(section["shares"], before=clitics, anchored=True),
        leans=compile_terms(section["leans"], before=clitics, anchored=True),
        depends=compile_terms(section["depends"], before=clitics),
        verb_ends=section.get("verb_ends", False),
        verb_opens=section.get("verb_opens", False),
    )


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """A pattern for folded text that finds any of these; never matches where there are none."""
    found = [f"(?:{fold_with_offsets(pattern).text})" for pattern in patterns]
    return re.compile("|".join(found) or _NOTHING)


def _folded(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_with_offsets(term).text for term in terms)


def _at_end(terms: Iterable[str]) -> re.Pattern[str]:
    """A pattern for folded text that finds any of the terms as its last word."""
    found = "|".join(_term(term) for term in terms)
    return re.compile(rf"(?i)(?:^|\s)(?:{found})$" if found else _NOTHING)


def language_of(text: str, lang: str | None) -> str:
    """The language whose lexicon fits: the article's own, or a guess by its letters where it has none."""
    if lang:
        return lang.split("-")[0].lower()
    sample = text[:2000]
    if len(_ARABIC_SCRIPT.findall(sample)) >= len(_LATIN.findall(sample)):
        return "fa" if len(_PERSIAN_ONLY.findall(sample)) > len(_ARABIC_ONLY.findall(sample)) else "ar"
    return "en"


def compile_terms(
    terms: Iterable[str], *, before: str = "", after: str = "", anchored: bool = False
) -> re.Pattern[str]:
    """A pattern for folded text that finds any of the terms as whole words; never matches where there are none.

    The group `term` holds what was found without the clitics around it.
    """
    return re.compile(_alternatives(terms, before=before, after=after, anchored=anchored))


def _alternatives(terms: Iterable[str], *, before: str, after: str, anchored: bool = False) -> str:
    # Longest first: an alternation takes the first that fits, and a claimant must not begin with the rest of a verb.
    parts = [_term(term) for term in sorted(terms, key=len, reverse=True)]
    if not parts:
        return _NOTHING
    start = r"^\W*" if anchored else r"\b"
    return f"(?i){start}{fold_with_offsets(before).text}(?P<term>{'|'.join(parts)}){fold_with_offsets(after).text}\\b"


def _term(term: str) -> str:
    pieces = [
        "\\w*".join(re.escape(fold_with_offsets(part).text) for part in piece.split("*")) for piece in term.split(ZWNJ)
    ]
    # re.escape writes a space as "\ ", which Rust refuses; white space of any length will do in both.
    return " ?".join(pieces).replace("\\ ", r"\s+")


def _signal(entry: Mapping[str, Any], clitics: str) -> Signal:
    patterns = [_to_look_for(fold_with_offsets(pattern).text) for pattern in entry.get("patterns", ())]
    if terms := entry.get("terms"):
        before = entry.get("before", clitics)
        pattern = _alternatives(terms, before=before, after=entry.get("after", ""))
        whole_words = all((word := term.strip("*"))[0].isalnum() and word[-1].isalnum() for term in terms)
        patterns.append(_to_look_for(pattern) if whole_words else pattern)
    return Signal(entry["name"], "|".join(f"(?:{pattern})" for pattern in patterns))


def _to_look_for(pattern: str) -> str:
    """The same for a search that only asks whether there is one: what stands around a word, not an edge of it.

    Polars' engine has no fast way for word edges in a text that is not ASCII (Arabic: 8 times slower).
    """
    flags = "(?i)" if pattern.startswith("(?i)") else ""
    bare = pattern.removeprefix(flags)
    first = r"(?:^|\W)" if bare.startswith(r"\b") else ""
    last = r"(?:\W|$)" if bare.endswith(r"\b") else ""
    return flags + first + bare.removeprefix(r"\b").removesuffix(r"\b") + last


def _read(*names: str) -> dict[str, Any]:
    path = files("factcheck.claims").joinpath("data", *names[:-1], f"{names[-1]}.toml")
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
