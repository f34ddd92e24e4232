"""What a claimant is and speaks for: role and organisation as they stand in the claimant's own phrase. Pure.

A closed grammar over two classes of words, roles and bodies. Persian and Arabic put the role before what it is of, and
the name after both or before both ("سخنگوی وزارت راه، ..."); English puts it before the name or behind a comma. Where
nothing says how far a role goes there is none: a wrong one would stand beside a person's name.
"""

from __future__ import annotations

import itertools
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from factcheck.claims.grammar import grammar
from factcheck.claims.language_files import read
from factcheck.claims.lexicon import lexicon
from factcheck.claims.names import Names
from factcheck.claims.tagging import Span, Tagged
from factcheck.claims.words import Phrases, Word, words
from factcheck.folding import Folded, fold_with_offsets

_APART = frozenset(",،؛;()[]-–—")
_DEFINITE = ("ال", "لل")
"""How a definite word of Arabic begins."""
_NONE: frozenset[str] = frozenset()
_MAX_NAME = 3
"""Words of a name that no list knows, behind a role."""


class Affiliation(NamedTuple):
    """Role and organisation as written; None where the phrase has none, or does not say where it ends."""

    role: str | None = None
    organisation: str | None = None


class AffiliationData(BaseModel):
    """`languages/LANGUAGE/affiliations.toml`: where the role stands, and classes of words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Literal["first", "last", "after_genitive"]
    classes: dict[str, tuple[str, ...]]


class _Phrase(NamedTuple):
    """The words of a claimant with their classes."""

    words: list[Word]
    kinds: list[frozenset[str]]
    folded: str
    lang: str

    def has(self, at: int, *names: str) -> bool:
        return 0 <= at < len(self.words) and not self.kinds[at].isdisjoint(names)

    def first(self, span: Span, *names: str) -> int | None:
        return next((at for at in range(*span) if self.has(at, *names)), None)

    def is_capital(self, at: int) -> bool:
        return self.folded[self.words[at].start].isupper()


@lru_cache(maxsize=4096)
def affiliation(claimant: str, lang: str) -> Affiliation:
    """The role and the organisation that a claimant's phrase names; both None in a language without a file for it."""
    data = _data(lang)
    if data is None:
        return Affiliation()
    folded = fold_with_offsets(claimant)
    found = words(folded.text, lexicon(lang).small)
    phrase = _Phrase(found, _kinds(folded.text, found, lang), folded.text, lang)
    parts = _parts(phrase)
    of_part = _BY_PLACE[data.role]
    for part in parts:
        spans = of_part(phrase, part, alone=len(parts) == 1)
        if spans is not None:
            return Affiliation(*(_written(claimant, folded, phrase, span) for span in spans))
    body = next((part for part in parts if _is_body(phrase, part, data.role)), None)
    return Affiliation(None, _written(claimant, folded, phrase, body and _bare(phrase, body)))


@cache
def _data(lang: str) -> AffiliationData | None:
    data = read(lang, "affiliations")
    return None if data is None else AffiliationData.model_validate(data)


@cache
def _classes(lang: str) -> Phrases[frozenset[str]]:
    data = _data(lang)
    names: dict[str, set[str]] = {}
    for name, phrases in (data.classes if data else {}).items():
        for phrase in phrases:
            names.setdefault(phrase, set()).add(name)
    return Phrases(((phrase, frozenset(found)) for phrase, found in names.items()), small=lexicon(lang).small)


def _kinds(folded: str, found: list[Word], lang: str) -> list[frozenset[str]]:
    """The classes of each word: those of this module's file, and what the language's grammar knows of speakers."""
    own = _classes(lang).values(found, _NONE)
    of_language = grammar(lang)
    if of_language is None:
        return own
    known = of_language.classes.values(found, _NONE)
    if "role" not in of_language.endings:
        return [kinds | more for kinds, more in zip(own, known, strict=True)]
    # A name may end as a role does ("Lindqvist"): what a word's ending says counts in small letters only.
    tagged = Tagged(folded, found, of_language, Names())
    small = [not folded[word.start].isupper() for word in found]
    return [own[at] | (tagged.kinds(at) if small[at] else known[at]) for at in range(len(found))]


def _parts(phrase: _Phrase) -> list[Span]:
    """The spans between commas, brackets and dashes."""
    cuts = [-1, *(at for at, word in enumerate(phrase.words) if word.key in _APART), len(phrase.words)]
    return [Span(first + 1, last) for first, last in itertools.pairwise(cuts) if last > first + 1]


def _written(claimant: str, folded: Folded, phrase: _Phrase, span: Span | None) -> str | None:
    if span is None or span.first >= span.last:
        return None
    start, end = folded.span(phrase.words[span.first].start, phrase.words[span.last - 1].end)
    return claimant[start:end].removesuffix("'s").removesuffix("’s")


def _bare(phrase: _Phrase, span: Span) -> Span:
    """The span without determiners in front."""
    first = span.first
    while first < span.last and phrase.has(first, "determiner"):
        first += 1
    return Span(first, span.last)


def _is_body(phrase: _Phrase, span: Span, role: str) -> bool:
    """Whether a body speaks for itself: its head is one, and no person is named."""
    bare = _bare(phrase, span)
    if bare.first >= bare.last:
        return False
    if role == "first":
        return phrase.has(bare.first, "institution") and not phrase.has(bare.first, "document")
    if phrase.first(bare, "genitive") is not None:
        return False
    link = phrase.first(bare, "link")
    head = (bare.last if link is None else link) - 1
    return head >= bare.first and phrase.has(head, "institution") and not phrase.has(head, "document")


# Persian and Arabic: the role, what it is of, the name.


def _role_first(phrase: _Phrase, part: Span, *, alone: bool) -> tuple[Span, Span | None] | None:
    at = phrase.first(part, "role")
    if at is None or phrase.first(Span(part.first, at), "institution") is not None:
        return None
    if any(phrase.has(k, "given_name") and phrase.has(k - 1, "named_after") for k in range(at + 1, part.last)):
        return None  # a university that is named after somebody, or the name of who heads it
    name = next((k for k in range(at + 1, part.last) if _begins_name(phrase, k)), None)
    end = part.last if name is None else name
    if at == part.first and (alone or name is not None):
        complement = _complement_end(phrase, at, part.last)
        if name is None and part.last - complement <= _MAX_NAME:
            end = complement
        elif name is None or name - complement == 1:
            return None  # a word that belongs to either
    return Span(at, end), _body_first(phrase, at, end)


def _begins_name(phrase: _Phrase, at: int) -> bool:
    """Whether a person's name begins here; a university may be named after one."""
    return phrase.has(at, "given_name", "honorific") and not phrase.has(at - 1, "named_after", "coordinator", "link")


def _complement_end(phrase: _Phrase, at: int, last: int) -> int:
    """How far a role goes by the words it demands: a noun that is not definite demands the next one."""
    end, demands = at + 1, not phrase.words[at].key.startswith(_DEFINITE)
    while end < last:
        definite = phrase.words[end].key.startswith(_DEFINITE)
        if not (demands or definite or phrase.has(end, "institution", "belongs", "link", "coordinator")):
            break
        opens = phrase.has(end, "role", "institution", "link", "coordinator")
        demands = opens and not definite and not phrase.has(end, "complete")
        end += 1
    return end


def _body_first(phrase: _Phrase, at: int, end: int) -> Span | None:
    body = next((k for k in range(at + 1, end) if phrase.has(k, "institution") and not phrase.has(k, "complete")), None)
    if body is None or (phrase.has(at, "office") and phrase.has(body, "portfolio")):
        return None
    head = phrase.words[body].key
    last = next((k for k in range(body + 1, end) if phrase.has(k, "posting")), end)
    # "وزير الخارجية الإيراني": a masculine adjective behind a feminine body is the role's.
    while head.endswith("ه") and last > body + 1 and phrase.words[last - 1].key.endswith("ي"):
        if not phrase.words[last - 1].key.startswith("ال"):
            break
        last -= 1
    while last > body + 1 and phrase.has(last - 1, "former"):
        last -= 1
    return Span(body, last)


# Urdu: what it is of and its particle, the role with the nouns it opens, the name.


def _after_genitive(phrase: _Phrase, part: Span, *, alone: bool) -> tuple[Span, Span | None] | None:
    del alone
    bare = _bare(phrase, part)
    mark = next((at for at in range(bare.last - 1, bare.first - 1, -1) if phrase.has(at, "genitive")), None)
    at = next(
        (
            at
            for at in range(bare.first if mark is None else mark + 1, bare.last)
            if phrase.has(at, "role") and not phrase.has(at, "title")
        ),
        None,
    )
    if at is None:
        return None
    end = at + 1
    while end < bare.last and phrase.has(end, "belongs", "role") and not phrase.has(end, "title", "given_name"):
        end += 1
    if bare.last - end > _MAX_NAME or phrase.first(Span(end, bare.last), "institution") is not None:
        return None
    of = None if mark is None else Span(bare.first, mark)
    named = of is not None and phrase.first(of, "institution") is not None
    return Span(bare.first, end), of if named else None


# English and Turkish: what it is of, the role, the name; or the role, "of", what it is of.


def _role_last(phrase: _Phrase, part: Span, *, alone: bool) -> tuple[Span, Span | None] | None:
    del alone
    bare = _bare(phrase, part)
    link = phrase.first(bare, "link")
    stop = bare.last if link is None else link
    roles = [at for at in range(bare.first, stop) if phrase.has(at, "role", "office")]
    if not roles:
        return None
    head = roles[0]
    while head + 1 < stop and phrase.has(head + 1, "role", "office"):
        head += 1
    first = bare.first
    if link is not None and head + 1 == link:
        body = _bare(phrase, Span(link + 1, bare.last))
        cut = next((at for at in range(*body) if phrase.words[at].key == "."), body.last)
        body = Span(body.first, cut)
        named = body.first < cut and (phrase.first(body, "institution") is not None or phrase.is_capital(body.first))
        return (Span(first, body.last), body if named else None) if first <= head else None
    rest = range(head + 1, stop)
    if any(phrase.words[at].key[0].isalpha() and not phrase.is_capital(at) for at in rest):
        return None  # what follows is no name
    if any(phrase.has(at, "institution") for at in rest):
        return None
    before = Span(first, head)
    return Span(first, head + 1), _body_before(phrase, before, head)


def _body_before(phrase: _Phrase, before: Span, head: int) -> Span | None:
    """The body in front of a role: "Water Board spokesman"; one that is named by nothing but capitals only there."""
    institutions = [at for at in range(*before) if phrase.has(at, "institution") or _is_possessive_body(phrase, at)]
    first = before.first
    while first < before.last and phrase.has(first, "former"):
        first += 1
    if institutions:
        return Span(first, institutions[-1] + 1)
    if (
        phrase.has(head, "speaks_for")
        and first < before.last
        and all(map(phrase.is_capital, range(first, before.last)))
    ):
        ends = phrase.words[before.last - 1].key
        acronym = phrase.folded[phrase.words[first].start : phrase.words[before.last - 1].end].isupper()
        if acronym or not ends.endswith(("ish", "ese", "ian", "an", "i", "ch", "ic")):
            return Span(first, before.last)
    return None


def _is_possessive_body(phrase: _Phrase, at: int) -> bool:
    key = phrase.words[at].key
    return key.endswith(("'s", "’s")) and "institution" in _kinds(key[:-2], words(key[:-2]), phrase.lang)[0]


_BY_PLACE = {"first": _role_first, "last": _role_last, "after_genitive": _after_genitive}
