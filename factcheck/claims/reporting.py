"""Finding the phrase that reports: who, with which verb, and whether a colon follows; by the language's word order."""

from __future__ import annotations

from factcheck.claims import case_marked, either_side, verb_first, verb_last
from factcheck.claims.grammar import grammar
from factcheck.claims.lexicon import Lexicon
from factcheck.claims.names import Names
from factcheck.claims.quotations import Found, bare
from factcheck.claims.words import words

_BY_WORD_ORDER = {
    "case_marked": case_marked.find,
    "either_side": either_side.find,
    "verb_first": verb_first.find,
    "verb_last": verb_last.find,
}


def find(sentence: str, lexicon: Lexicon, *, was_open: bool, names: Names) -> Found | None:
    """The reporting phrase of a folded sentence.

    `was_open` says that it begins inside a quotation, `names` are those that the article mentioned before.
    """
    of_language = grammar(lexicon.lang)
    if of_language is None:
        return None
    return _BY_WORD_ORDER[of_language.word_order](bare(sentence, was_open=was_open), of_language, names)


def opener(sentence: str, lexicon: Lexicon, names: Names) -> tuple[int, int] | None:
    """Who stands before a quotation that a folded sentence leaves open, where verbs come last; None elsewhere.

    In other orders the verb stands there as well, and `find` has it.
    """
    of_language = grammar(lexicon.lang)
    if of_language is None or of_language.word_order != "case_marked":
        return None
    return case_marked.opener(bare(sentence, was_open=False), of_language, names)


def holds_verb(phrase: str, lexicon: Lexicon) -> bool:
    """Whether a folded phrase holds a form of a reporting verb."""
    of_language = grammar(lexicon.lang)
    return of_language is not None and next(of_language.verbs.find(words(phrase, of_language.small)), None) is not None
