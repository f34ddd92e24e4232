"""A reporting verb with its auxiliaries, and whether it is a finite verb where it stands. Pure."""

from __future__ import annotations

from typing import NamedTuple

from factcheck.claims.complements import has_content
from factcheck.claims.grammar import Verb
from factcheck.claims.phrases import Sentence
from factcheck.claims.tagging import Span
from factcheck.claims.words import Hit


class Group(NamedTuple):
    """A verb with what stands between it and its subject: the words `first` to `last`, the verb's own from `own`.

    `forms` are the forms that it may be, `before` says which auxiliaries there are: be, have, modal, infinitive.
    """

    first: int
    own: int
    last: int
    flags: frozenset[str]
    forms: frozenset[str]
    before: frozenset[str]


def group(sentence: Sentence, hit: Hit[Verb]) -> Group:
    """The verb with its auxiliaries and adverbs, and with times and occasions before it ("on Monday", "in a tweet")."""
    first = hit.first
    seen: set[str] = set()
    while first > 0:
        at = first - 1
        if sentence.is_in(at, "pronoun") and not sentence.is_capital_inside(at):
            seen.update(sentence.which(at, "be", "have", "modal"))  # "they've"
            break
        if sentence.is_in(at, "auxiliary", "infinitive") and not sentence.is_capital_inside(at):
            seen.update(sentence.which(at, "be", "have", "modal", "infinitive"))
            first = at
        elif sentence.is_adverb(at):
            first = at
        else:
            before = first if "be" in seen else _slot_before(sentence, first)
            if before == first:
                break
            first = before
    forms = frozenset(form.rpartition("_")[2] for form in hit.value.forms)
    return Group(first, hit.first, hit.last, hit.value.flags, forms, frozenset(seen))


def _slot_before(sentence: Sentence, end: int) -> int:
    """Where a time or an occasion that ends before word `end` begins; `end` where there is none."""
    first = end
    while sentence.is_time(first - 1) or (first < end and _belongs_to_a_time(sentence, first - 1)):
        first -= 1
    if first < end:
        return first - 1 if sentence.is_in(first - 1, "preposition") else first
    phrase = sentence.phrase_before(end)
    while phrase is not None:
        at = phrase.first - 1
        if not sentence.is_in(at, "preposition") or sentence.is_capital_inside(at):
            return end
        if sentence.is_in(sentence.head(phrase), "occasion") and at > 0:
            return at
        left = sentence.phrase_before(at)
        if left is None or not sentence.is_in(sentence.head(left), "occasion"):
            return end
        phrase = Span(left.first, end)
    return end


def _belongs_to_a_time(sentence: Sentence, at: int) -> bool:
    return at >= 0 and (sentence.key(at)[0].isdigit() or sentence.is_in(at, "of_a_time"))


def is_finite(verb: Group) -> bool:
    """Whether the verb says who did it: no infinitive, participle or passive."""
    forms, before = verb.forms, verb.before
    if "of" in forms:  # "is quoted as saying"
        return "infinitive" not in before
    if "infinitive" in before:
        wanted = set()
    elif "be" in before:
        wanted = {"ing"}
    elif "have" in before:
        wanted = {"past", "en"}
    else:
        wanted = {"base"} if "modal" in before else {"base", "s", "past"}
    return not forms.isdisjoint(wanted)


def is_noun(sentence: Sentence, verb: Group) -> bool:
    """Whether the form is a noun or an adjective here: "his claims", "the alleged fraud", "police reports say"."""
    before, after = verb.first - 1, verb.last
    if verb.before:
        return False
    if sentence.is_capital_inside(verb.last - 1) and not sentence.is_titled:
        return True
    if sentence.is_possessive(before):
        return not (_is_past(verb) and sentence.is_capital(before) and has_content(sentence, verb.last))
    if sentence.is_in(before, "determiner", "attaching") and not sentence.is_in(before, "role", "pronoun"):
        return not sentence.is_capital_inside(before)
    if verb.forms & {"base", "s"}:
        also_noun = sentence.is_in(verb.last - 1, "also_noun")
        return _another_verb_follows(sentence, verb) or (also_noun and sentence.is_participle(verb.last))
    return sentence.is_in(after, "agent")  # "observed by many"


def _is_past(verb: Group) -> bool:
    """Whether the form is no noun, so that a firm may be what a genitive looks like ("Harlow's said")."""
    return verb.forms.isdisjoint({"base", "s", "ing"})


def _another_verb_follows(sentence: Sentence, verb: Group) -> bool:
    after = verb.last
    hit = sentence.grammar.verbs.at(sentence.words, after) if after < len(sentence) else None
    is_verb = (
        hit is not None and bool(hit.value.forms & {"past", "s", "base"}) and not sentence.is_in(after, "document")
    )
    return is_verb or sentence.is_in(after, "finite")


def agrees(sentence: Sentence, verb: Group, who: Span) -> bool:
    """Whether number fits the form: "officials say", "the minister says"; a base form is else a noun or an object."""
    if verb.before or verb.forms & {"past", "ing", "of"}:
        return True
    core = sentence.core(who)
    head = core.last - 1
    kinds = sentence.kinds(head)
    if "base" not in verb.forms:
        return "plural" not in kinds or sentence.is_name(head)
    joined = any(sentence.is_in(at, "coordinator") for at in range(who.first, who.last))
    many = sentence.key(head).endswith("s") or sentence.is_in(core.first, "number")
    return joined or many or bool(kinds & {"plural", "institution", "role"})
