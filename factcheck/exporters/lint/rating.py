"""Rules of `reviewRating`: the verdict as one word, and whole numbers on a whole scale or none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from factcheck.exporters.lint.finding import Finding, Path, shown
from factcheck.exporters.lint.values import unwrapped
from factcheck.schema_org import texts, types

SCALE = ("worstRating", "ratingValue", "bestRating")
_WORDS = ("alternateName", "name", "@value", "ratingValue")
WHOLE = re.compile(r"\s*-?[0-9]{1,9}\s*", re.ASCII)
_NUMBER = re.compile(r"[-+]?[\d.,٫/\s%]+")


def word(rating: Any) -> str:
    """The verdict's word, wherever it stands in the rating; "" where there is none but a number."""
    if isinstance(rating, list):
        return next((found for one in rating if (found := word(one))), "")
    if not isinstance(rating, dict):
        return _wordy(rating)
    return next((found for name in _WORDS if (found := _wordy(rating.get(name)))), "")


def is_rating(rating: dict[str, Any]) -> bool:
    """Whether the object is a Rating, or does not say what it is."""
    return types(rating) in ([], ["Rating"])


def check(review: dict[str, Any], path: Path) -> Iterator[Finding]:
    """The findings in the rating of a review, which stands at the path."""
    rating, where = review.get("reviewRating"), (*path, "reviewRating")
    if not word(rating):
        yield Finding("RATING_MISSING", where)
    if isinstance(rating, list) and len(rating) == 1:
        yield Finding("RATING_LIST", where, fixable=True)
        yield from _one(rating[0], (*where, 0))
    elif isinstance(rating, list):
        if rating:
            yield Finding("RATING_SEVERAL", where)
    else:
        yield from _one(rating, where)


def _one(rating: Any, where: Path) -> Iterator[Finding]:
    if isinstance(rating, str) and word(rating):
        yield Finding("RATING_BARE", where, shown(rating), fixable=True)
    elif not isinstance(rating, dict):
        return
    else:
        yield from _words(rating, where)
        yield from _scale(rating, where)


def _words(rating: dict[str, Any], where: Path) -> Iterator[Finding]:
    if rating.get("@type") != "Rating":
        yield Finding("RATING_TYPE", where, shown(rating.get("@type")), fixable=is_rating(rating))
    name = rating.get("alternateName")
    if not word(name):
        if word(rating):
            yield Finding("RATING_NAMED", where)
    elif not isinstance(name, str):
        if len(set(texts(name))) > 1:
            yield Finding("RATING_SEVERAL", (*where, "alternateName"))
        else:
            yield Finding("RATING_WRAPPED", (*where, "alternateName"), fixable=unwrapped(name) is not None)


def _scale(rating: dict[str, Any], where: Path) -> Iterator[Finding]:
    given = {name: rating[name] for name in SCALE if rating.get(name) not in (None, "", [], {})}
    if word({"ratingValue": given.get("ratingValue")}):
        del given["ratingValue"]  # RATING_NAMED
    if given and len(given) < len(SCALE):
        yield Finding("RATING_PARTIAL", where, ", ".join(given))
    numbers: dict[str, int] = {}
    for name, value in given.items():
        if type(value) is int:
            numbers[name] = value
        elif isinstance(value, str) and WHOLE.fullmatch(value):
            yield Finding("RATING_TEXT", (*where, name), shown(value), fixable=True)
            numbers[name] = int(value)
        else:
            yield Finding("RATING_NUMBER", (*where, name), shown(value))
    if len(numbers) == len(SCALE):
        yield from _ends(numbers, where)
    if numbers and min(numbers.values()) < 1:
        yield Finding("RATING_BELOW_ONE", where, shown(min(numbers.values())))


def _ends(numbers: dict[str, int], where: Path) -> Iterator[Finding]:
    worst, value, best = (numbers[name] for name in SCALE)
    if best < worst:
        yield Finding("RATING_INVERTED", where, f"{shown(worst)} to {shown(best)}")
    elif best == worst:
        yield Finding("RATING_FLAT", where, shown(best))
    elif not worst <= value <= best:
        yield Finding("RATING_OUTSIDE", (*where, "ratingValue"), shown(value))


def _wordy(value: Any) -> str:
    return next((text for text in texts(value) if not _NUMBER.fullmatch(text)), "")
