"""What an answer of Label Studio means: strict JSON, status codes, waiting times. Pure; the sending is in client.py."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit

from factcheck.errors import AccessError, AuthError, FactcheckError, ProtocolError, ServerError, Unanswered

MAX_DIGITS = 40
"""Longest integer that is taken for a number; Label Studio's ids have 64 bits."""

_CHUNK, _LONGEST_ITEM = 1 << 20, 1 << 26
_BETWEEN = re.compile(r"\s*(?:(?P<end>\[\s*\]|\])|(?P<start>\[)|,)\s*")
_MEND = "try again; if it happens again, find out who changed the server's data by hand"

_UNAUTHORIZED, _FORBIDDEN, _TOO_MANY, _STUMBLED = 401, 403, 429, 500
_COME_BACK = frozenset({408, 425, 429, 502, 503, 504})


class Broken(NamedTuple):
    """Stands in a parsed answer where the JSON is not one that every reader reads alike; `why` says what.

    `number` is what the object calls its `id`, if it is an object.
    """

    why: str
    number: Any = None


_CAN_HOLD = frozenset({dict, list, Broken})
"""Types of parsed values that are, or may hold, something broken; the others are texts, numbers and the like."""


def parse(content: bytes) -> Any:
    """The JSON value, with `Broken` in place of NaN, Infinity, huge integers and objects with a repeated key.

    So one poisoned annotation can be put aside by its id and does not stop the pull of all others. Raises
    ProtocolError for what is no JSON at all or nested too deep to be read.
    """
    try:
        return json.loads(content, parse_constant=Broken, parse_int=_integer, object_pairs_hook=_object)
    except RecursionError:
        raise ProtocolError(
            "answer is nested too deeply", hint="find out who changed the server's data by hand"
        ) from None
    except ValueError as error:  # also UnicodeDecodeError
        raise ProtocolError(
            f"answer is not JSON: {error}", hint="check that the address is that of a Label Studio"
        ) from None


def pages(file: IO[bytes], size: int) -> Iterator[list[dict[str, Any]]]:
    """The objects with an integer `id` in a JSON list, `size` at a time; as strict as `parse`, memory of one page.

    Raises ProtocolError for what is no such list, after the whole pages before the fault.
    """
    page = []
    for item in _items(file):
        if (task := as_task(item)) is None:
            raise ProtocolError(f"an export holds something that is not a task: {short(item, 80)}", hint=_MEND)
        page.append(task)
        if len(page) == size:
            yield page
            page = []
    if page:
        yield page


def as_task(item: Any) -> dict[str, Any] | None:
    """A task of a list or an export; one that cannot be trusted as its id and `broken`, why; None for what is none."""
    if isinstance(item, Broken):
        item = {"id": item.number, "broken": item.why}
    return item if isinstance(item, dict) and isinstance(item.get("id"), int) else None


def _items(file: IO[bytes]) -> Iterator[Any]:
    """The items of a JSON list, one after the other."""
    decoder = json.JSONDecoder(parse_constant=Broken, parse_int=_integer, object_pairs_hook=_object)
    bytes_to_text = codecs.getincrementaldecoder("utf-8")()
    text, place, opened = "", 0, False
    while True:
        chunk = file.read(_CHUNK)
        try:
            text = text[place:] + bytes_to_text.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            raise ProtocolError(f"an export is not UTF-8: {error}", hint=_MEND) from None
        place = 0
        while match := _BETWEEN.match(text, place):
            if match["end"]:
                return
            if bool(match["start"]) == opened:
                raise ProtocolError("an export is not a list", hint=_MEND)
            try:
                item, after = decoder.raw_decode(text, match.end())
            except RecursionError:
                raise ProtocolError("an export is nested too deeply", hint=_MEND) from None
            except json.JSONDecodeError:
                break  # its end is not here yet
            if after == len(text) and chunk:
                break  # a number may go on
            opened, place = True, after
            yield item
        if not chunk or len(text) - place > _LONGEST_ITEM:
            raise ProtocolError("an export is cut off, or is not a list", hint=_MEND)


def broken(value: Any) -> str | None:
    """Why the value cannot be trusted, or None."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        kind = type(item)
        if kind is dict:
            waiting.extend([inner for inner in item.values() if type(inner) in _CAN_HOLD])
        elif kind is list:
            waiting.extend([inner for inner in item if type(inner) in _CAN_HOLD])
        elif kind is Broken:
            return str(item.why)
    return None


def _integer(digits: str) -> Any:
    return int(digits) if len(digits) <= MAX_DIGITS else Broken(f"an integer of {len(digits)} digits")


def _object(pairs: list[tuple[str, Any]]) -> Any:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return Broken(f"the key {twice!r} stands twice", made.get("id"))


def refusal(method: str, path: str, status: int, headers: Mapping[str, str], content: bytes) -> FactcheckError | None:
    """The error an answer amounts to, or None for one that can be read.

    Unanswered for what may succeed later; AuthError for 401, a redirect to the login page or the page itself with
    status 200; AccessError for 403. Other 4xx are left to the caller, who knows what was asked.
    """
    subject = f"{method} {path}"
    if status in _COME_BACK or status >= 500:  # noqa: PLR2004 - the class of server errors
        what = "asked us to try again later" if status == _TOO_MANY else f"answered {status}"
        wait = retry_after(headers.get("retry-after"), headers.get("date"))
        return Unanswered(
            f"Label Studio {what}", subject=subject, hint="try again", retry_after=wait, stumbled=status == _STUMBLED
        )
    if status == _UNAUTHORIZED:
        return AuthError("the token is not accepted", subject=subject, hint="create a new token in Label Studio")
    if status == _FORBIDDEN:
        return AccessError(
            "this user is not allowed to do that", subject=subject, hint="use a token of a project member"
        )
    if _is_login_page(status, headers, content):
        return AuthError(
            "Label Studio answered with its login page",
            subject=subject,
            hint="the token is missing or has expired: create a new one in Label Studio",
        )
    if 300 <= status < 400:  # noqa: PLR2004 - the class of redirects
        where = headers.get("location", "elsewhere")
        return ServerError("is redirected", subject=subject, hint=f"use the final address, as in {where}")
    return None


def _is_login_page(status: int, headers: Mapping[str, str], content: bytes) -> bool:
    if 300 <= status < 400:  # noqa: PLR2004 - the class of redirects
        return "login" in urlsplit(headers.get("location", "")).path
    page = "html" in headers.get("content-type", "") or content[:64].lstrip().lower().startswith(
        (b"<!doctype", b"<html")
    )
    return page and status < 300  # noqa: PLR2004 - an error page is not the login page


def retry_after(value: str | None, date: str | None = None) -> float | None:
    """Seconds from a Retry-After header (RFC 9110, 10.2.3): a number, or a date if the answer has a `date`; else None.

    One date of the server is compared with another, so that its clock may be wrong.
    """
    if value and value.strip().isdecimal() and len(value) <= MAX_DIGITS:
        return float(value)
    then, now = http_date(value), http_date(date)
    return max(0.0, (then - now).total_seconds()) if then and now else None


def http_date(value: str | None) -> datetime | None:
    """The time of an HTTP header in UTC, None where it has none that can be read."""
    try:
        found = parsedate_to_datetime(value) if value else None
        return found and (found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def short(value: Any, limit: int = 2000) -> str:
    """The value as JSON text for the quarantine, cut with a mark where it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        text = repr(type(value))
    text = text.encode("utf-8", "backslashreplace").decode()  # a lone surrogate would not go into a file
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
