"""The word lists of languages/LANGUAGE/{structure,signals}.toml as compiled patterns over folded text.

A term is written as people write it: a ZWNJ in it matches nothing or one space (texts come with, without and with a
blank in place of it), `*` matches the rest of a word, a space any white space. `before` and `after` are patterns
around all terms of a list, for clitics and endings. `patterns` are regular expressions without look-around, which
Python's `re` and polars both read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from factcheck.claims.language_files import languages, read, shared
from factcheck.folding import fold_with_offsets
from factcheck.text import ZWNJ

_NOTHING = r"[^\s\S]"
_READ = 2000
"""Code points by whose letters a language is guessed."""


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
    apart: frozenset[str]
    stops: Mapping[int, str]
    abbreviation: re.Pattern[str] | None
    """None where there are none: a search that finds nothing still reads the whole sentence."""
    splitter: str | None
    small: Mapping[int, str]
    """Small letters by their capitals, where Unicode's default is another: "ı" by "I"."""


class TurnLabels(NamedTuple):
    """What stands before a turn of a transcript in any language: "Q:", "پاسخ:"."""

    question: re.Pattern[str]
    answer: re.Pattern[str]


class _Identity(NamedTuple):
    """By which letters a text without a language is taken for one of this language."""

    lang: str
    letters: re.Pattern[str] | None
    at_least: float


@cache
def turn_labels() -> TurnLabels:
    """The labels of questions and answers of all languages: a desk's transcripts have those of another, too."""
    labels = [(read(lang, "structure") or {}).get("turns", {}) for lang in languages()]

    def of(key: str) -> re.Pattern[str]:
        found = [_term(label, {}) for own in labels for label in own.get(key, ())]
        return re.compile(rf"(?i)^\W*(?:{'|'.join(found)})\s*[:.\-–)]" if found else _NOTHING)

    return TurnLabels(of("questions"), of("answers"))


@cache
def lexicon(lang: str) -> Lexicon:
    """The lexicon of a language that has a folder; any other code gives the rules that hold in all languages."""
    common = shared("common")
    structure_file = read(lang, "structure") or {}
    structure = structure_file.get("structure", {})
    clitics = structure_file.get("clitics", "")
    sentences = structure_file.get("sentences", {})
    capitals = structure_file.get("capitals", {})
    signals = (read(lang, "signals") or {}).get("signal", ())

    def words(section: Mapping[str, Any], key: str, *, anchored: bool = False) -> re.Pattern[str]:
        return compile_terms(section.get(key, ()), before=clitics, anchored=anchored, capitals=capitals)

    return Lexicon(
        lang=lang,
        question=words(structure, "question_openers", anchored=True),
        boilerplate=words(structure, "boilerplate"),
        furniture=words(structure, "furniture"),
        unfinished_end=_at_end(structure.get("unfinished_ends", ()), capitals),
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
        signals=tuple(_signal(entry, clitics, capitals) for entry in [*common["signal"], *signals]),
        apart=_folded(structure.get("behind_names", ())),
        stops=dict.fromkeys(map(ord, sentences.get("stops", "")), "."),
        abbreviation=_abbreviations(sentences.get("abbreviations", ())),
        splitter=lang if lang in common["splitter_languages"] else None,
        small={ord(capital): small for small, capital in capitals.items()},
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


def base_of(lang: str) -> float | None:
    """The base of check-worthiness that a language's own file of signals names, in log odds."""
    base = (read(lang, "signals") or {}).get("base")
    return None if base is None else float(base)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """A pattern for folded text that finds any of these; never matches where there are none."""
    found = [f"(?:{fold_with_offsets(pattern).text})" for pattern in patterns]
    return re.compile("|".join(found) or _NOTHING)


def _folded(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_with_offsets(term).text for term in terms)


def _abbreviations(terms: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for a text that ends in one of the abbreviations, in capitals or not, and its stop."""
    found = "|".join(map(re.escape, terms))
    return re.compile(rf"(?i)(?:^|[\s(\"'“])(?:{found})\.$") if found else None


def _at_end(terms: Iterable[str], capitals: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern for folded text that finds any of the terms as its last word."""
    found = "|".join(_term(term, capitals) for term in terms)
    return re.compile(rf"(?i)(?:^|\s)(?:{found})$" if found else _NOTHING)


def language_of(text: str, lang: str | None) -> str:
    """The language whose lexicon fits: the article's own, or a guess by its letters where it has none."""
    if lang:
        return lang.split("-")[0].lower()
    sample = text[:_READ]
    written = {script: len(script.findall(sample)) for script in _scripts()}
    script = max(written, key=lambda one: written[one])
    best, most = "", -1.0
    rare, share = "", 0.0
    for language in _scripts()[script]:
        found = len(language.letters.findall(sample)) if language.letters else 0
        if language.at_least and found >= language.at_least * max(written[script], 1):
            if found > share:
                rare, share = language.lang, found
        elif not language.at_least and found > most:
            best, most = language.lang, found
    return rare or best


@cache
def _scripts() -> dict[re.Pattern[str], list[_Identity]]:
    """The languages of each script; one without letters of its own is what is left, and stands first."""
    scripts: dict[re.Pattern[str], list[_Identity]] = {}
    for lang in languages():
        identity = (read(lang, "structure") or {}).get("identity")
        if identity is None:  # nobody is guessed to write it
            continue
        letters = re.compile(identity["letters"]) if "letters" in identity else None
        own = _Identity(lang, letters, identity.get("at_least", 0.0))
        scripts.setdefault(re.compile(identity["script"]), []).append(own)
    return scripts


def compile_terms(
    terms: Iterable[str],
    *,
    before: str = "",
    after: str = "",
    anchored: bool = False,
    capitals: Mapping[str, str] = MappingProxyType({}),
) -> re.Pattern[str]:
    """A pattern for folded text that finds any of the terms as whole words; never matches where there are none.

    The group `term` holds what was found without the clitics around it. `capitals` names the capital of a small letter
    where the language has another one than Unicode's default.
    """
    return re.compile(_alternatives(terms, capitals, before=before, after=after, anchored=anchored))


def _alternatives(
    terms: Iterable[str], capitals: Mapping[str, str], *, before: str, after: str, anchored: bool = False
) -> str:
    # Longest first: an alternation takes the first that fits, and a claimant must not begin with the rest of a verb.
    parts = [_term(term, capitals) for term in sorted(terms, key=len, reverse=True)]
    if not parts:
        return _NOTHING
    start = r"^\W*" if anchored else r"\b"
    return f"(?i){start}{fold_with_offsets(before).text}(?P<term>{'|'.join(parts)}){fold_with_offsets(after).text}\\b"


def _term(term: str, capitals: Mapping[str, str]) -> str:
    pieces = [
        "\\w*".join(re.escape(fold_with_offsets(part).text) for part in piece.split("*")) for piece in term.split(ZWNJ)
    ]
    # re.escape writes a space as "\ ", which Rust refuses; white space of any length will do in both.
    pattern = " ?".join(pieces).replace("\\ ", r"\s+")
    for small, capital in capitals.items():
        pattern = pattern.replace(small, f"[{small}{capital}]")
    return pattern


def _signal(entry: Mapping[str, Any], clitics: str, capitals: Mapping[str, str]) -> Signal:
    patterns = [_to_look_for(fold_with_offsets(pattern).text) for pattern in entry.get("patterns", ())]
    if terms := entry.get("terms"):
        before = entry.get("before", clitics)
        pattern = _alternatives(terms, capitals, before=before, after=entry.get("after", ""))
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
