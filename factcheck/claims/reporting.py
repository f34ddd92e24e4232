"""Finding the phrase that reports: who, with which verb, and whether a colon follows; by the language's word order."""

from __future__ import annotations

from factcheck.claims import clause_rules, either_side, verb_first
from factcheck.claims.grammar import grammar
from factcheck.claims.lexicon import Lexicon
from factcheck.claims.names import Names
from factcheck.claims.quotations import Found, bare
from factcheck.claims.words import words


def find(sentence: str, lexicon: Lexicon, *, was_open: bool, names: Names) -> Found | None:
    """The reporting phrase of a folded sentence.

    `was_open` says that it begins inside a quotation, `names` are those that the article mentioned before.
    """
    of_language = grammar(lexicon.lang)
    if of_language is not None and of_language.word_order == "either_side":
        return either_side.find(bare(sentence, was_open=was_open), of_language, names)
    if of_language is not None and of_language.word_order == "verb_first":
        return verb_first.find(bare(sentence, was_open=was_open), of_language, names)
    return clause_rules.find(bare(sentence, was_open=was_open), lexicon)


def holds_verb(phrase: str, lexicon: Lexicon) -> bool:
    """Whether a folded phrase holds a form of a reporting verb."""
    of_language = grammar(lexicon.lang)
    if of_language is None:
        return lexicon.verb.search(phrase) is not None
    return next(of_language.verbs.find(words(phrase)), None) is not None
