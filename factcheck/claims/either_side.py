"""Reported speech where the speaker stands before the verb or after it: "X said that ...", "..., said X".

A form of a reporting verb is found by table; then it must be a finite verb here (no participle, passive or noun), have
a subject that passes the positive test of `phrases` (or a pronoun), and, where the verb reports only with content,
have that. Of several the outermost counts, then the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from factcheck.claims.complements import follows_quotation, has_object, judges, shows, takes
from factcheck.claims.grammar import Grammar, Verb
from factcheck.claims.names import Names
from factcheck.claims.phrases import Sentence
from factcheck.claims.quotations import Found
from factcheck.claims.subjects import PRONOUN, Subject, main_subject, shown, subject_before
from factcheck.claims.tagging import QUOTES, Span
from factcheck.claims.verb_forms import Group, agrees, group, is_finite, is_noun
from factcheck.claims.words import Hit, words

_MAX_LABEL = 14
_SIGNING = frozenset("–—―")
_OUTERMOST, _PLAIN, _JUDGES, _ACCORDING, _LAST, _UNNAMED = range(6)
_NOT_INVERTED = frozenset({"judges", "acts", "commits", "names"})
_JUDGEMENTS = frozenset({"judges", "names"})


class _Report(NamedTuple):
    """By whom, and how far outside the report stands: the lowest rank counts."""

    rank: int
    who: Span | None


def find(bare: str, grammar: Grammar, names: Names) -> Found | None:
    """The reporting phrase of a folded sentence whose quotations are blanked."""
    found = words(bare)
    verbs = list(grammar.verbs.find(found))
    sources = list(grammar.sources.find(found))
    if not (verbs or sources or ":" in bare or not _SIGNING.isdisjoint(bare)):
        return None
    sentence = Sentence(bare, found, grammar, names)
    best: tuple[int, Found] | None = None
    for rank, candidate in _candidates(sentence, verbs, sources):
        if best is None or rank < best[0]:
            best = (rank, candidate)
    return best[1] if best else None


def _candidates(
    sentence: Sentence, verbs: Sequence[Hit[Verb]], sources: Sequence[Hit[bool]]
) -> Iterator[tuple[int, Found]]:
    for hit in verbs:
        found = _reported_by(sentence, hit)
        if found is not None and not _holds_source(found.who, sources):
            unnamed = found.rank == _UNNAMED
            yield found.rank, _found(sentence, found.who, Span(hit.first, hit.last), unnamed=unnamed)
    for source in sources:
        yield from _according(sentence, Span(source.first, source.last))
    yield from _labelled(sentence)
    yield from _signed(sentence)


def _holds_source(who: Span | None, sources: Sequence[Hit[bool]]) -> bool:
    """Whether the speaker is one by "according to": the verb behind it is a noun ("according to police reports")."""
    return who is not None and any(who.first <= source.first < who.last for source in sources)


def _found(sentence: Sentence, who: Span | None, verb: Span, *, unnamed: bool = False) -> Found:
    named = None if who is None else sentence.offsets(who)
    return Found(named, sentence.offsets(verb), sentence.key(verb.last) == ":", unnamed)


def _reported_by(sentence: Sentence, hit: Hit[Verb]) -> _Report | None:
    """Who reports with a verb; None where the verb reports nothing here."""
    verb = group(sentence, hit)
    if is_noun(sentence, verb):
        return _by_indefinite(sentence, verb)
    if not is_finite(verb):
        return _by_participle(sentence, verb)
    inverted = _inverted(sentence, verb)
    quoted = follows_quotation(sentence, verb.first)
    subject = (inverted if quoted else None) or subject_before(sentence, verb) or inverted
    if subject is None:
        return _by_relative(sentence, verb) or _by_somebody(sentence, verb)
    if subject.who is not None and not agrees(sentence, verb, subject.who):
        return None
    return _ranked(sentence, verb, subject)


def _ranked(sentence: Sentence, verb: Group, subject: Subject) -> _Report | None:
    who, flags = subject.who, verb.flags
    if flags == {"acts"}:
        return _Report(_JUDGES, who) if who is None or _is_known(sentence, who) else None
    if _is_outermost(sentence, verb, subject):
        return _Report(_OUTERMOST, who)
    if "judges" in flags and has_object(sentence, verb.last):
        known = who is None or _is_known(sentence, who)
        return _Report(_JUDGES, who) if known or judges(sentence, verb.last) else None
    said = "speech" in flags and not (verb.forms & {"base", "s"} and sentence.is_in(verb.last - 1, "also_noun"))
    if not (said or takes(sentence, verb.own, verb.last, flags) or shows(sentence, who)):
        return None
    if who is None and sentence.is_in(verb.first - 1, "pronoun") and sentence.is_in(verb.first - 2, "subordinating"):
        return _Report(_LAST, None)  # "when she said": the sentence itself may be somebody else's
    return _Report(_PLAIN if flags - _JUDGEMENTS else _JUDGES, who)


def _is_known(sentence: Sentence, who: Span) -> bool:
    """Whether the article has named the speaker before."""
    head = sentence.core(who).last - 1
    return sentence.written(Span(head, head + 1)) in sentence.names


def _inverted(sentence: Sentence, verb: Group) -> Subject | None:
    """The subject after the verb where what was said stands before it: "...", said X."""
    before = verb.first - 1
    if verb.before or verb.flags <= _NOT_INVERTED or verb.forms.isdisjoint({"past", "s", "base"}):
        return None
    if before < 0:  # "Said Ellis: ..."
        phrase = sentence.phrase_after(verb.last, lambda head, at: _attaches(sentence, head, at))
        opens = phrase is not None and sentence.key(phrase.last) == ":" and sentence.is_speaker(phrase)
        return Subject(phrase) if opens else None
    if sentence.key(before) != "," and not follows_quotation(sentence, verb.first):
        return None
    if sentence.is_in(verb.last, "speaks_again"):
        return PRONOUN if _ends_inverted(sentence, verb.last + 1) else None
    phrase = sentence.phrase_after(verb.last, lambda head, at: _attaches(sentence, head, at))
    if phrase is None or not sentence.is_speaker(phrase) or not _ends_inverted(sentence, phrase.last):
        return None
    return Subject(phrase)


def _ends_inverted(sentence: Sentence, at: int) -> bool:
    """Whether the word after an inverted subject lets it end there: another verb would make it the subject of that."""
    if not sentence.is_word(at):
        return True
    if sentence.is_in(at, "finite", "auxiliary", "content_opener"):
        return False
    fits = sentence.is_in(at, "preposition", "relative", "time", "coordinator", "conjunction")
    dated = sentence.is_in(at, "of_a_time") and sentence.is_time(at + 1)
    return fits or dated or sentence.is_adverb(at) or sentence.is_participle(at)


def _attaches(sentence: Sentence, head: Span, at: int) -> bool:
    """Whether a preposition after a subject belongs to it: "of" always, "at" and "in" to a role and not to a name."""
    if sentence.is_in(at, "coordinator", "attaching_names"):
        return True
    kinds = sentence.kinds(head.last - 1)
    if sentence.is_in(at, "agent"):
        return "document" in kinds
    return sentence.is_in(at, "attaching_roles") and bool(kinds) and not sentence.is_time(at + 1)


def _by_participle(sentence: Sentence, verb: Group) -> _Report | None:
    """Of "X left the party, saying that ...": the subject is that of the clause before."""
    judged = "judges" in verb.flags and has_object(sentence, verb.last)
    if "ing" not in verb.forms or verb.before or not (judged or takes(sentence, verb.own, verb.last, verb.flags)):
        return None
    before = verb.first - 1
    if sentence.key(before) != "," and not sentence.is_in(before, "document", "occasion", "agent"):
        return None
    if sentence.is_in(0, "speaks_again"):
        return _Report(_LAST, None)
    who = main_subject(sentence, before)
    return _Report(_LAST, who) if who else None


def _by_relative(sentence: Sentence, verb: Group) -> _Report | None:
    """Of "X, who said that ...": what the relative clause hangs on."""
    before = verb.first - 1
    if sentence.key(before) not in {"who", "which"} or not (
        "speech" in verb.flags or takes(sentence, verb.own, verb.last, verb.flags)
    ):
        return None
    end = before - 1 if sentence.key(before - 1) == "," else before
    phrase = sentence.phrase_before(end)
    who = shown(sentence, phrase) if phrase else None
    return _Report(_LAST, who) if who and _is_named(sentence, who) else None


def _by_somebody(sentence: Sentence, verb: Group) -> _Report | None:
    """Of "tax returns show that ...": words say so, but nobody whom a checker could ask."""
    if "judges" in verb.flags or not takes(sentence, verb.own, verb.last, verb.flags):
        return None
    phrase = sentence.phrase_before(verb.first)
    if phrase is None or not shows(sentence, phrase) or not agrees(sentence, verb, phrase):
        return None
    return None if sentence.is_in(phrase.first - 1, "preposition", "infinitive") else _Report(_UNNAMED, None)


def _by_indefinite(sentence: Sentence, verb: Group) -> _Report | None:
    """Of "some say that ...", where a clause begins with it; after another determiner the form is a noun."""
    before = verb.first - 1
    begins = sentence.is_in(before, "indefinite") and not sentence.is_word(before - 1)
    said = "base" in verb.forms and takes(sentence, verb.own, verb.last, verb.flags)
    return _Report(_UNNAMED, None) if begins and said else None


def _is_named(sentence: Sentence, who: Span) -> bool:
    """Whether the phrase is a proper name and no description."""
    head = sentence.head(who)
    return sentence.is_name(head) or (sentence.is_capital(head) and not sentence.kinds(head))


def _is_outermost(sentence: Sentence, verb: Group, subject: Subject) -> bool:
    """Whether the report closes or interrupts what is said: a comma or quotation before it, and nothing of it after."""
    first = verb.first if subject.who is None else min(verb.first, subject.who.first)
    last = verb.last if subject.who is None else max(verb.last, subject.who.last)
    if subject.who is None and sentence.is_in(first - 1, "speaks_again"):
        first -= 1
    if subject.who is None and sentence.is_in(last, "speaks_again"):
        last += 1
    if first == 0 or not (sentence.key(first - 1) == "," or follows_quotation(sentence, first)):
        return False
    while sentence.is_time(last) or (sentence.is_in(last, "of_a_time") and sentence.is_time(last + 1)):
        last += 1
    return last >= len(sentence) or sentence.key(last) in {".", ",", '"', "“"} or follows_quotation(sentence, first)


def _according(sentence: Sentence, hit: Span) -> Iterator[tuple[int, Found]]:
    """The source of "according to X"."""
    if sentence.is_in(hit.last, "object") and not sentence.is_word(hit.last + 1):
        yield _ACCORDING, _found(sentence, None, hit)
        return
    phrase = sentence.phrase_after(hit.last, lambda head, at: _attaches(sentence, head, at))
    who = None if phrase is None or _goes_on(sentence, phrase.last) else shown(sentence, phrase)
    if who is not None:
        yield _ACCORDING, _found(sentence, who, hit)
    elif _is_phrase(sentence, hit.last):
        yield _UNNAMED, _found(sentence, None, hit, unnamed=True)


def _is_phrase(sentence: Sentence, at: int) -> bool:
    """Whether more than a word follows: "according to emails posted by ...", but not "according to plan"."""
    return sentence.is_word(at) and sentence.is_word(at + 1) and not sentence.is_in(at + 1, "determiner")


def _goes_on(sentence: Sentence, at: int) -> bool:
    """Whether a noun in small letters follows, so that the phrase was read too short."""
    return sentence.is_word(at) and not (sentence.is_function(at) or sentence.is_in(at, "time", "determiner", "number"))


def _labelled(sentence: Sentence) -> Iterator[tuple[int, Found]]:
    """A name and a colon that open the sentence, before a quotation or in capitals as transcripts have them."""
    at = next((at for at in range(1, min(len(sentence), _MAX_LABEL)) if sentence.key(at) == ":"), None)
    if at is None:
        return
    first = 0 if sentence.is_word(0) else 1
    written = sentence.written(Span(first, at)) if first < at else ""
    known = bool(written) and written in sentence.names
    if sentence.key(at + 1) not in QUOTES and not known and not (written.isupper() and len(written) > 1):
        return
    phrase = sentence.phrase_after(first, lambda head, link: _attaches(sentence, head, link), limit=at)
    whole = phrase is not None and (phrase.last == at or sentence.key(phrase.last) == ",")
    if phrase is not None and whole and (sentence.is_speaker(phrase) or written.isupper()):
        yield _ACCORDING, _found(sentence, phrase, Span(at, at + 1))


def _signed(sentence: Sentence) -> Iterator[tuple[int, Found]]:
    """A dash and a name that close the sentence, after a quotation or alone in their line."""
    last = len(sentence) - 1
    if last >= 0 and sentence.key(last) == ".":
        last -= 1
    dash = next((at for at in range(last, max(-1, last - _MAX_LABEL), -1) if sentence.key(at) in _SIGNING), None)
    if dash is None or not (dash == 0 or follows_quotation(sentence, dash)):
        return
    phrase = Span(dash + 1, last + 1)
    if phrase.first < phrase.last and sentence.is_capital(phrase.first) and sentence.is_speaker(phrase):
        yield _ACCORDING, _found(sentence, phrase, Span(dash, dash + 1))
