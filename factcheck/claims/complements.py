"""What stands around a verb on either side: whether something is said there, or somebody judged. Pure."""

from __future__ import annotations

from factcheck.claims.phrases import Sentence
from factcheck.claims.quotations import BLANK
from factcheck.claims.tagging import QUOTES, Span, singulars

_STOPS = frozenset(",;(.")
_CLOSERS = frozenset("\"”»'")
_BEFORE_CLOSER = frozenset(",.?!-–—")


def takes(sentence: Sentence, first: int, last: int, flags: frozenset[str]) -> bool:
    """Whether what a verb of words `first` to `last` takes is there: content on a side, or who is judged."""
    if "names" in flags:
        return _has_name_for_it(sentence, last)
    if "commits" in flags and sentence.is_in(last, "infinitive"):
        return True
    return has_content(sentence, last) or follows_quotation(sentence, first)


def judges(sentence: Sentence, at: int) -> bool:
    """Whether somebody is judged for something or asked for it: "accused him of ...", "urged them to ..."."""
    if not has_object(sentence, at):
        return False
    if sentence.is_in(at - 1, "charge"):  # "called for"
        return True
    for ahead in range(at, len(sentence)):
        key = sentence.key(ahead)
        if key in QUOTES or key[0] == BLANK or (ahead > at and sentence.is_in(ahead, "charge")):
            return True
        if key in _STOPS or sentence.is_in(ahead, "finite", "conjunction", "relative"):
            break
    return False


def has_object(sentence: Sentence, at: int) -> bool:
    """Whether somebody or something follows directly."""
    if not sentence.is_word(at):
        return sentence.key(at) in QUOTES
    return (
        sentence.is_capital_inside(at)
        or sentence.is_in(at, "determiner", "pronoun", "number")
        or not (sentence.is_function(at) or sentence.is_time(at))
    )


def _has_name_for_it(sentence: Sentence, at: int) -> bool:
    """Whether somebody is called something: "called it a farce", "described the deal as dead"."""
    if sentence.is_in(at, "object", "pronoun") or sentence.is_capital_inside(at):
        return True
    for ahead in range(at, len(sentence)):
        key = sentence.key(ahead)
        if key in QUOTES or key[0] == BLANK or sentence.is_in(ahead, "naming"):
            return True
        if key in _STOPS or sentence.is_in(ahead, "finite", "coordinator"):
            break
    return False


def has_content(sentence: Sentence, at: int) -> bool:
    """Whether what is said follows: a quotation, a colon, "that", a question word, or a clause of its own."""
    opened = at
    while sentence.is_adverb(opened) or sentence.is_time(opened):
        opened += 1
    if sentence.is_in(opened, "content_opener"):
        return True
    if sentence.is_in(opened, "auxiliary"):  # "continued to rise"
        return False
    if sentence.is_in(opened, "opener_or_object"):
        return sentence.is_word(opened + 1) and not sentence.is_in(opened + 1, "preposition", "conjunction")
    to_somebody = sentence.is_in(opened + 1, "addressee") or sentence.is_capital(opened + 1)
    if sentence.is_in(opened, "infinitive") and to_somebody:
        return _content_further_on(sentence, opened + 1, within=False)
    within = sentence.is_in(opened, "within")
    return (within or not sentence.is_in(opened, "preposition")) and _content_further_on(
        sentence, opened, within=within
    )


def _content_further_on(sentence: Sentence, opened: int, *, within: bool) -> bool:
    """Whether content follows somebody to whom it is said, or the letter or place in which it is (`within`)."""
    told = within or sentence.is_in(opened, "addressee") or sentence.is_capital_inside(opened)
    for at in range(opened, len(sentence)):
        key = sentence.key(at)
        if key in QUOTES or key[0] == BLANK or key == ":":
            return told or at == opened
        if key == "." and sentence.is_abbreviated(at - 1):
            continue
        if key in _STOPS:
            return key == "," and sentence.key(at + 1) in QUOTES
        if sentence.is_in(at, "question"):
            return told
        if sentence.is_in(at, "conjunction", "relative"):
            break
        if not within and sentence.is_in(at, "nominative", "finite", "infinitive"):
            return sentence.is_in(at, "nominative") or (sentence.is_in(at, "finite") and at > opened)
    return False


def shows(sentence: Sentence, who: Span | None) -> bool:
    """Whether it is something that reports by being what it is: a poll, a study, figures."""
    if who is None:
        return False
    head = sentence.core(who).last - 1
    return any("evidence" in sentence.classes_of(key) for key in (sentence.key(head), *singulars(sentence.key(head))))


def follows_quotation(sentence: Sentence, at: int) -> bool:
    """Whether a quotation ends before the word."""
    before = at - 1
    while before >= 0 and sentence.key(before) in _BEFORE_CLOSER:
        before -= 1
    return before >= 0 and (sentence.key(before) in _CLOSERS or sentence.key(before)[0] == BLANK)
