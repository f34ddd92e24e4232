"""Published ratings as our verdicts: by the words of data/ratings.toml, by numbers on a scale, never by guess."""

from __future__ import annotations

import functools
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import NamedTuple

from factcheck.errors import UsageError
from factcheck.folding import match_key
from factcheck.importers.clean import plain
from factcheck.importers.draft import Rating
from factcheck.languages.texts import table
from factcheck.models import Status, Verdict
from factcheck.text import ascii_digits

_UNCLEAR = "unclear"
_END = 1 / 3  # of a scale: what lies in its middle third is near to neither end
_SLACK = 1e-9
_PARTS = re.compile(r"[.:;,،؛!|()\[\]{}«»“”\"\n/]+|\s[-–—]+\s|[–—]")
_QUESTION = re.compile(r"[?؟]")
_LONGEST = 4  # words of a phrase that are looked for behind the first one


Outcome = Verdict | Status
"""What a rating stands for: a verdict, or the status unproven."""
_OUTCOMES: dict[str, Outcome] = {str(outcome): outcome for outcome in (*Verdict, Status.UNPROVEN)}


class Meaning(NamedTuple):
    """What a rating stands for, or None and why; `contradicted` where its number says another thing."""

    verdict: Outcome | None
    problem: str = ""
    contradicted: bool = False


def own_words(pairs: Iterable[str]) -> dict[str, Outcome]:
    """What a person has mapped with `word=verdict` or `word=unproven`, by the word's key; else raises UsageError."""
    found = {}
    for pair in pairs:
        word, equals, verdict = pair.rpartition("=")
        if not equals or not _key(plain(word)) or verdict.strip().lower() not in _OUTCOMES:
            known = ", ".join(Verdict)
            raise UsageError(
                "is not a rating mapping",
                subject=pair,
                hint=f"write it as 'word=verdict'; a verdict is {known}, or unproven",
            )
        found[_key(plain(word))] = _OUTCOMES[verdict.strip().lower()]
    return found


def meaning(ratings: Sequence[Rating], own: Mapping[str, Outcome]) -> Meaning:
    """What the ratings of one review say together; all of them have to say the same.

    The words decide, because they are what readers saw; the number only where there are no words. A number on a scale
    counts in its outer thirds, nearer to best is truer (schema.org/Rating); the scale has to be given.
    """
    given = [rating for rating in ratings if str(rating).strip()]
    if not given:
        return Meaning(None, "has no rating")
    found = [_one(rating, own) for rating in given]
    for one in found:
        if one.verdict is None:
            return one
    if len({one.verdict for one in found}) > 1:
        return Meaning(None, f"has ratings that contradict each other: {', '.join(map(str, given))}")
    return Meaning(found[0].verdict, contradicted=any(one.contradicted for one in found))


def _one(rating: Rating, own: Mapping[str, Outcome]) -> Meaning:
    words = [word for word in rating.words if word.strip()]
    if not words:
        meant = own.get(_key(rating.value)) or _number(rating)
        return Meaning(meant) if isinstance(meant, Verdict | Status) else Meaning(None, meant)
    said = {word: _of_words(word, own) for word in words}
    for word, verdict in said.items():
        if verdict is None or verdict == _UNCLEAR:
            return Meaning(None, f"the rating '{word}' is {'no clear verdict' if verdict == _UNCLEAR else 'not known'}")
    if len(set(said.values())) > 1:
        return Meaning(None, f"has ratings that contradict each other: {rating}")
    verdict = _OUTCOMES[said[words[0]] or ""]
    number = _number(rating)
    return Meaning(verdict, contradicted=isinstance(number, Verdict) and number != verdict)


def _of_words(text: str, own: Mapping[str, Outcome]) -> Outcome | str | None:
    """The meaning of a rating's words, `unclear`, or None where they are not known."""
    table, whole = _phrases(), _bare(text)
    if mapped := own.get(_key(text)) or own.get(whole):
        return mapped
    if _QUESTION.search(text):
        return _UNCLEAR
    if whole in table:
        return table[whole]
    first, *rest = [part for part in _PARTS.split(text) if _bare(part)] or [""]
    said = own.get(_bare(first)) or table.get(_bare(first))
    limited = said in {Verdict.VERIFIED, Verdict.OPINION} and _takes_back(rest, said)
    others = {meant for part in rest if (meant := table.get(_bare(part))) is not None}
    # "False: no evidence" and "unproven, probably false" are two ratings.
    torn = bool(others & {*Verdict}) if said == Status.UNPROVEN else Status.UNPROVEN in others
    if limited or torn or _UNCLEAR in others:
        return _UNCLEAR
    return said


def _takes_back(rest: Sequence[str], said: Outcome | str | None) -> bool:
    """Whether words behind an affirmation limit it, or hold another rating."""
    table, however = _phrases(), _lists()["however"]
    for part in rest:
        words = match_key(part).split()
        for start in range(len(words)):
            for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
                key = "".join(words[start:end])
                if key in however or table.get(key, said) != said:
                    return True
    return False


def _number(rating: Rating) -> Verdict | str:
    """The verdict of the number, or why it has none."""
    value, worst, best = (_float(text) for text in (rating.value, rating.worst, rating.best))
    if value is None:
        return f"the rating '{rating.value}' is not known"
    if worst is None or best is None:
        return f"the rating {rating} has no scale"
    if best <= worst or not worst <= value <= best:
        return f"the rating {rating} is outside its scale"
    share = (value - worst) / (best - worst)
    if _END + _SLACK < share < 1 - _END - _SLACK:
        return f"the rating {rating} is in the middle of its scale"
    return Verdict.DISPUTED if share <= _END + _SLACK else Verdict.VERIFIED


def _float(text: str) -> float | None:
    try:
        value = float(ascii_digits(text).replace("٫", ".").replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _key(text: str) -> str:
    return match_key(text).replace(" ", "")


def _bare(text: str) -> str:
    """The key of the text without the words around a rating that carry nothing."""
    words = match_key(text).split()
    before, after = _lists()["before"], _lists()["after"]
    start = next((n for n in range(min(_LONGEST + 2, len(words) - 1), 0, -1) if "".join(words[:n]) in before), 0)
    words = words[start:]
    while len(words) > 1 and words[-1] in after:
        words.pop()
    key = "".join(words)
    return "" if key in before else key


@functools.cache
def _data() -> dict[str, list[str]]:
    return tomllib.loads(files(__package__).joinpath("data/ratings.toml").read_text("utf-8"))


@functools.cache
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(map(_key, _data()[name])) for name in ("before", "after", "however")}


@functools.cache
def _phrases() -> dict[str, Outcome | str]:
    """The meaning of each phrase, `unclear` for those that have none."""
    found: dict[str, Outcome | str] = {}
    for name in (*_OUTCOMES, _UNCLEAR):
        for phrase in _data()[name]:
            meant = _OUTCOMES.get(name, _UNCLEAR)
            assert found.setdefault(_key(phrase), meant) == meant, f"{phrase!r} is in two lists"
    for name, word in _of_our_exports():
        found.setdefault(_key(word), _OUTCOMES[name])
    return found


def _of_our_exports() -> Iterator[tuple[str, str]]:
    """What our own exports say in each language of desks, which the lists need not repeat, with what it stands for."""
    for name, label in [*table("labels", "verdicts").items(), *table("ratings", "verdicts").items()]:
        yield from ((name, word) for word in label.values())
    for label in table("ratings", "reasons").values():
        yield from ((Verdict.DISPUTED, word) for word in label.values())
    yield from ((Status.UNPROVEN, word) for word in table("labels", "statuses")[Status.UNPROVEN].values())
