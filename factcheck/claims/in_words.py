"""A claim in words that stand alone: who said it and when put into the sentence. A proposal, never the quote. Pure.

Only what the article says is added: the claimant's longest name in place of a pronoun or a short form, the day of the
article, and the sentence before where the claim opens with a word that points at it. What is uncertain is left as
written. An editor takes it over, or not.
"""

from __future__ import annotations

import re

from factcheck.claims.attribution import Attribution
from factcheck.claims.grammar import Grammar, grammar
from factcheck.claims.lexicon import Lexicon
from factcheck.claims.sentence_types import Part
from factcheck.claims.words import Word, words

_STOP = re.compile(r"[.۔]$")
_LONGEST_BEFORE = 300
"""Code points of a sentence before that may stand in front of a claim."""
_NEAR = 2
"""Words between a pronoun and its verb: an adverb, an auxiliary."""


def in_words(
    quote: str, part: Part, who: Attribution, lexicon: Lexicon, *, before: str | None, day: str | None
) -> str | None:
    """The claim with its claimant, day and what it points at; None where nothing but the day could be added.

    `quote` is the source of `part`, `before` the sentence before it in the article, `day` the article's day as people
    of the desk write it.
    """
    said = _with_claimant(quote, part, who, lexicon) if who.claimant else quote
    points = said.startswith(quote.split(maxsplit=1)[0]) and lexicon.points_back.match(part.folded.text) is not None
    pointed = before if points and before and len(before) <= _LONGEST_BEFORE else None
    if who.claimant is None and pointed is None:
        return None
    dated = _dated(said, day) if day else said
    return f"[{pointed}] {dated}" if pointed else dated


def _dated(said: str, day: str) -> str:
    """The day in brackets, before the stop."""
    stop = _STOP.search(said)
    return f"{said} ({day})" if stop is None else f"{said[: stop.start()]} ({day}){stop[0]}"


def _with_claimant(quote: str, part: Part, who: Attribution, lexicon: Lexicon) -> str:
    """The sentence with the claimant's name where it names him otherwise, or in front where it does not name him."""
    claimant = str(who.claimant)
    if who.who_span is not None:
        return _put(quote, part, who.who_span, claimant)
    of_language = grammar(lexicon.lang)
    if who.verb_span is None or of_language is None:
        return quote if quote.startswith(claimant) else f"{claimant}: {_without_lone_marks(quote)}"
    found = words(part.folded.text)
    if (pronoun := _pronoun(found, who.verb_span, of_language)) is not None:
        return _put(quote, part, pronoun, claimant)
    if of_language.word_order == "verb_first":
        end = part.folded.span(*who.verb_span)[1]
        return f"{quote[:end]} {claimant}{quote[end:]}"
    if of_language.word_order == "verb_last":
        start = part.folded.span(*who.verb_span)[0]
        return f"{quote[:start]}{claimant} {quote[start:]}"
    return f"{claimant}: {quote}"


def _without_lone_marks(quote: str) -> str:
    """The quote without a quotation mark at one end that has no partner in it."""
    for opener, closer in ("«»", "“”", '""'):
        has_one = quote.count(opener) + quote.count(closer) == 1 if opener != closer else quote.count(opener) == 1
        if has_one:
            quote = quote.removeprefix(opener).removesuffix(closer)
    return quote


def _pronoun(found: list[Word], verb: tuple[int, int], of_language: Grammar) -> tuple[int, int] | None:
    """The pronoun that speaks: right before the verb, right behind it, or the first word of the sentence."""
    classes = of_language.classes.values(found, frozenset())
    speaks = "speaks_again" if any("speaks_again" in of for of in classes) else "pronoun"
    first = next((at for at, word in enumerate(found) if word.start >= verb[0]), len(found))
    behind = next((at for at, word in enumerate(found) if word.start >= verb[1]), len(found))
    near = [*range(first - 1, max(-1, first - 2 - _NEAR), -1), behind, *_opening(found)]
    for at in near:
        if 0 <= at < len(found) and speaks in classes[at] and "reflexive" not in classes[at]:
            return found[at].start, found[at].end
    return None


def _opening(found: list[Word]) -> list[int]:
    return [at for at, word in enumerate(found) if word.key[0].isalnum()][:1]


def _put(quote: str, part: Part, span: tuple[int, int], claimant: str) -> str:
    start, end = part.folded.span(*span)
    return f"{quote[:start]}{claimant}{quote[end:]}"
