"""Rules that hold for every property of a review: nothing null or empty, whole dates, one address in a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from factcheck.exporters.lint.finding import Finding, Path, shown
from factcheck.exporters.lint.values import (
    day_or_moment,
    has_space,
    is_address,
    split_addresses,
    without_space_around,
)
from factcheck.schema_org import TWICE

DEEPEST = 50
DATES = frozenset({"dateCreated", "dateModified", "datePublished", "sdDatePublished"})
ADDRESSES = frozenset({"url", "sameAs", "appearance", "firstAppearance", "citation", "archivedAt"})
_NAMED = DATES | ADDRESSES
_NOT_LOOKED_INTO = frozenset({TWICE, "@context"})
"""A null in a context says something."""
LISTED = frozenset({"sameAs", "appearance", "citation"})
"""Properties of which there may be several."""


def everywhere(value: Any, path: Path, depth: int = 0) -> Iterator[Finding]:
    """The findings in the value and all that is in it."""
    if depth > DEEPEST:
        yield Finding("TOO_DEEP", path)
    elif value is None:
        yield Finding("NULL", path, fixable=True)
    elif value in ("", [], {}):
        yield Finding("EMPTY", path, fixable=True)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            if not is_plain(item):
                yield from everywhere(item, (*path, number), depth + 1)
    elif isinstance(value, dict):
        yield from _object(value, path, depth)


def _object(value: dict[str, Any], path: Path, depth: int) -> Iterator[Finding]:
    if TWICE in value:
        yield Finding("KEY_TWICE", path, ", ".join(shown(name) for name in value[TWICE]))
    for name, inner in value.items():
        if name in _NOT_LOOKED_INTO:
            continue
        if not is_plain(inner):
            yield from everywhere(inner, (*path, name), depth + 1)
        if name in _NAMED and inner is not None and inner != "":
            yield from _named(name, inner, (*path, name), own=depth == 0)


def is_plain(value: Any) -> bool:
    """Whether it is a text or a number, in which no rule of every property looks: most values are."""
    kind = type(value)
    return bool(value) if kind is str else kind is int or kind is float


def _named(name: str, value: Any, path: Path, *, own: bool) -> Iterator[Finding]:
    if name in DATES:
        if value not in ([], {}):
            yield from _date(value, path)
        return
    # The review's own address has rules of its own.
    own, listed = own and name == "url", name in LISTED
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from address(item, (*path, number), own=own, listed=listed)
    else:
        yield from address(value, path, own=own, listed=listed)


def _date(value: Any, path: Path) -> Iterator[Finding]:
    moment = day_or_moment(value)
    if moment is None:
        yield Finding("DATE", path, shown(value))
    elif getattr(moment, "tzinfo", ...) is None:
        yield Finding("DATE_ZONE", path, shown(value))


def address(value: Any, path: Path, *, own: bool = False, listed: bool = False) -> Iterator[Finding]:
    """The findings in one text that is meant as an address; none for other values.

    Joined addresses can be mended where the property may have several (`listed`), white space where it stands around.
    """
    if not isinstance(value, str) or not value or is_address(value):
        return
    bare = without_space_around(value)
    parts = split_addresses(bare)
    if len(parts) > 1:
        yield Finding("URL_JOINED", path, shown(value), fixable=listed and all(map(is_address, parts)))
    elif is_address(bare):
        yield Finding("URL_SPACE", path, shown(value), fixable=True)
    elif is_meant(bare) and has_space(bare):
        yield Finding("URL_SPACE", path, shown(value))
    elif not own:
        yield Finding("URL_OTHER", path, shown(value))


def is_meant(text: str) -> bool:
    """Whether the text would be an address without the white space in it."""
    return is_address("".join(char for char in text if not has_space(char)))
