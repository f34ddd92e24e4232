"""What single values of markup say: addresses, moments, and the script that a text is written in."""

from __future__ import annotations

import functools
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from factcheck import web
from factcheck.schema_org import texts

_LONG_ADDRESS = 2_000
_DAY = len("2026-11-22")
_BETWEEN = re.compile(r"\s*[\s,;،؛|]\s*(?=https?://)", re.IGNORECASE)
# White space of every kind, controls and zero-width spaces; ZWNJ and ZWJ are letters of a path.
_NO_PART = "[\\s\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
_SPACES = re.compile(_NO_PART)
_AROUND = re.compile(rf"\A{_NO_PART}+|{_NO_PART}+\Z")
_HOST = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}/?", re.IGNORECASE)
_ARABIC = re.compile("[\u0620-\u064a\u0671-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")


def day_or_moment(value: Any) -> date | None:
    """The day or moment in an ISO 8601 text; None for what is none."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value) if len(value) <= _DAY else datetime.fromisoformat(value)
    except ValueError:
        return None


def is_before(one: date | None, other: date | None) -> bool:
    """Whether the first lies before the second, as far as both can be known; a bare day may be in any zone."""
    if one is None or other is None:
        return False
    if isinstance(one, datetime) and isinstance(other, datetime) and one.tzinfo and other.tzinfo:
        return one < other
    days = [moment.date() if isinstance(moment, datetime) else moment for moment in (one, other)]
    apart = timedelta(days=1 if isinstance(one, datetime) != isinstance(other, datetime) else 0)
    try:
        return days[0] + apart < days[1]
    except OverflowError:  # the last day that Python knows
        return False


def is_same_second(one: date | None, other: date | None) -> bool:
    """Whether both are the same moment, and say a time that is not midnight, which stands for no time."""
    if not (isinstance(one, datetime) and isinstance(other, datetime)) or not (one.hour or one.minute or one.second):
        return False
    first, second = (moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in (one, other))
    return first == second


def split_addresses(text: str) -> list[str]:
    """The addresses that were joined in one text; the text alone where it is one, or none."""
    return [part for part in _BETWEEN.split(text) if part]


def has_space(address: str) -> bool:
    """Whether white space, NBSP or a control character stands in a text that is meant as an address."""
    return _SPACES.search(address) is not None


def without_space_around(address: str) -> str:
    """The address without white space and controls before and behind it."""
    return _AROUND.sub("", address)


def is_address(text: Any) -> bool:
    """Whether the value is an http(s) address."""
    if not isinstance(text, str):
        return False
    return _known(text) if len(text) < _LONG_ADDRESS else web.is_web_address(text)


@functools.lru_cache(4096)  # a feed has the desk's address in every review
def _known(text: str) -> bool:
    return web.is_web_address(text)


def is_host(name: str) -> bool:
    """Whether a name is that of a site (`x.com`), and of nobody."""
    return _HOST.fullmatch(name.strip()) is not None


def script(text: str) -> Literal["Arabic", "Latin"] | None:
    """The script that most letters of the text are in, out of two; None where neither is in it."""
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    if arabic == latin:
        return None
    return "Arabic" if arabic > latin else "Latin"


def unwrapped(value: Any) -> str | None:
    """The one text that a list or a value object (`{"@value": ...}`) holds and nothing beside it; else None."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict) and value.keys() == {"@value"}:
        value = value["@value"]
    return value if isinstance(value, str) and value.strip() else None


def first_text(value: Any) -> str:
    """The first text in a value, however it is wrapped; "" where there is none."""
    return next(iter(texts(value)), "")
