"""What the rules know of how a language reports speech: `languages/LANGUAGE/grammar.toml`, checked and expanded.

Verbs are written as stems and expanded by the language's templates (`paradigms`); everything else is classes of words
and phrases under names on which the modules of a word order agree. A file with a key that nobody reads is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from factcheck.claims.language_files import read
from factcheck.claims.lexicon import lexicon
from factcheck.claims.paradigms import forms
from factcheck.claims.words import Phrases
from factcheck.folding import fold_with_offsets

WordOrder = Literal["verb_last", "verb_first", "either_side", "case_marked"]
"""`case_marked`: the verb comes last, noun phrases end with their head, and endings or particles say who does what."""
Case = Literal["bare", "ergative", "genitive", "dative", "oblique", "attributive", "after"]
_OF_ENDINGS: tuple[Case, ...] = ("bare", "genitive", "dative", "oblique", "attributive")
"""How a noun phrase is marked: as a subject that has no mark, as one that has, as one of whom something is, to whom, in
any other way, as a part of the next phrase; `after` is a subject without a mark behind its verb."""
Flag = Literal["speech", "delivers", "judges", "believes", "commits", "acts", "names", "quotes", "other"]
"""A verb of speech reports what follows it; one that delivers a thing ("submitted a letter") reports nothing by itself;
one that judges takes an object and a judgement ("called the reports false"); one that believes reports a view; one that
commits takes an infinitive ("refused to"); one that names takes a
name for somebody ("called it a farce"); one that acts reports of one who spoke before ("rejected the plan"); one that
quotes reports only before a colon, "that" or a quotation ("went on: ..."); any other reports nothing, and only ends
its clause."""


class _Verbs(BaseModel):
    """Verbs that have templates and flags in common, each a table of its stems."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    templates: tuple[str, ...]
    flags: tuple[Flag, ...] = ("speech",)
    stems: tuple[dict[str, str], ...]
    shared: dict[str, str] = {}
    """Stems that all of them have: the light verb of compounds."""
    takes: tuple[str, ...] = ()
    """What opens their content beside a clause: words, classes of words, or a clitic and such a class ("ب+noun")."""


class _Nouns(BaseModel):
    """Nouns of one class whose forms are made by the same templates."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    of_class: str = Field(alias="class")
    templates: tuple[str, ...]
    also: dict[str, str] = {}
    """A second class of the forms that a template makes."""
    stems: tuple[str, ...]
    shared: dict[str, str] = {}
    """What all of them have: the vowels of their endings."""


class GrammarData(BaseModel):
    """The file as it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    word_order: WordOrder
    tables: dict[str, tuple[str, ...]] = {}
    templates: dict[str, tuple[str, ...]] = {}
    verbs: tuple[_Verbs, ...] = ()
    nouns: tuple[_Nouns, ...] = ()
    classes: dict[str, tuple[str, ...]] = {}
    options: dict[str, str] = {}
    endings: dict[str, tuple[str, ...]] = {}
    subjects: dict[str, Case] = {}
    """By the name of a template how the subject of its forms is marked, where it is."""


class Verb(NamedTuple):
    """One form of a reporting verb: its stems, what it does, the templates that make it, what may open its content."""

    stem: str
    flags: frozenset[str]
    forms: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()


class Grammar(NamedTuple):
    """One language: its verbs' forms, what names a source ("according to"), and the classes of each phrase."""

    lang: str
    word_order: WordOrder
    verbs: Phrases[Verb]
    sources: Phrases[bool]
    classes: Phrases[frozenset[str]]
    options: dict[str, str]
    endings: dict[str, tuple[str, ...]]
    subjects: dict[str, Case]
    cases: Mapping[str, Case]
    """The case that an ending says."""
    small: Mapping[int, str]
    """Small letters by capitals, as the lexicon has them."""


@cache
def grammar(lang: str) -> Grammar | None:
    """The grammar of a language, None where there is no file for it. Raises ValueError for a file that is wrong."""
    data = read(lang, "grammar")
    return None if data is None else built(lang, GrammarData.model_validate(data))


def built(lang: str, data: GrammarData) -> Grammar:
    """The grammar of what a file says."""
    verbs: dict[str, Verb] = {}
    for group in data.verbs:
        takes = {fold_with_offsets(word).text for word in group.takes}
        for own in group.stems:
            stems = own | group.shared
            for name in group.templates:
                for form in forms(data.templates[name], stems, data.tables):
                    known = verbs.get(form, Verb("|".join(stems.values()), frozenset()))
                    verbs[form] = Verb(
                        known.stem, known.flags | set(group.flags), known.forms | {name}, known.takes | takes
                    )
    classes = _classes(data)
    small = lexicon(lang).small
    return Grammar(
        lang,
        data.word_order,
        Phrases(verbs.items(), small=small),
        Phrases(((phrase, True) for phrase in data.classes.get("according", ())), small=small),
        Phrases(((phrase, frozenset(names)) for phrase, names in classes.items()), frozenset.union, small),
        data.options,
        data.endings,
        data.subjects,
        {ending: case for case in _OF_ENDINGS for ending in data.endings.get(case, ())},
        small,
    )


def _classes(data: GrammarData) -> dict[str, set[str]]:
    """The classes of each phrase: of those written out, and of all forms of the nouns."""
    classes: dict[str, set[str]] = {}
    for name, phrases in data.classes.items():
        for phrase in phrases:
            classes.setdefault(phrase, set()).add(name)
    for nouns in data.nouns:
        for name in nouns.templates:
            of = {nouns.of_class, nouns.also.get(name, nouns.of_class)}
            for stem in nouns.stems:
                for form in forms(data.templates[name], {"noun": stem, **nouns.shared}, data.tables):
                    classes.setdefault(form, set()).update(of)
    return classes
