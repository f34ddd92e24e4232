"""What an answer of Label Studio means: strict JSON, status codes, waiting times. Pure; the sending is in client.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from factcheck.errors import AccessError, AuthError, FactcheckError, ProtocolError, ServerError, Unavailable

MAX_DIGITS = 40
"""Longest integer that is taken for a number; Label Studio's ids have 64 bits."""

_UNAUTHORIZED, _FORBIDDEN, _TOO_MANY = 401, 403, 429
_COME_BACK = frozenset({408, 425, 429, 502, 503, 504})


class Broken(NamedTuple):
    """Stands in a parsed answer where the JSON is not one that every reader reads alike; `why` says what."""

    why: str


class Unanswered(Unavailable):
    """The request may have been carried out or not; `retry_after` are the seconds the server asked us to wait."""

    def __init__(self, what: str, *, subject: str = "", hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(what, subject=subject, hint=hint)
        self.retry_after = retry_after


def parse(content: bytes) -> Any:
    """The JSON value, with `Broken` in place of NaN, Infinity, huge integers and objects with a repeated key.

    So one poisoned annotation can be put aside by its id and does not stop the pull of all others. Raises
    ProtocolError for what is no JSON at all or nested too deep to be read.
    """
    try:
        return json.loads(content, parse_constant=Broken, parse_int=_integer, object_pairs_hook=_object)
    except RecursionError:
        raise ProtocolError("answer is nested too deep", hint="ask who changed the server's data by hand") from None
    except ValueError as error:  # also UnicodeDecodeError
        raise ProtocolError(f"answer is no JSON: {error}", hint="is this address a Label Studio?") from None


def broken(value: Any) -> str | None:
    """Why the value cannot be trusted, or None."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Broken):
            return item.why
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return None


def _integer(digits: str) -> Any:
    return int(digits) if len(digits) <= MAX_DIGITS else Broken(f"an integer of {len(digits)} digits")


def _object(pairs: list[tuple[str, Any]]) -> Any:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return Broken(f"the key {twice!r} stands twice")


def refusal(method: str, path: str, status: int, headers: Mapping[str, str], content: bytes) -> FactcheckError | None:
    """The error an answer amounts to, or None for one that can be read.

    Unanswered for what may succeed later; AuthError for 401, a redirect to the login page or the page itself with
    status 200; AccessError for 403. Other 4xx are left to the caller, who knows what was asked.
    """
    subject = f"{method} {path}"
    if status in _COME_BACK or status >= 500:  # noqa: PLR2004 - the class of server errors
        what = "asked us to come back later" if status == _TOO_MANY else f"answered {status}"
        wait = retry_after(headers.get("retry-after"))
        return Unanswered(f"Label Studio {what}", subject=subject, hint="try again", retry_after=wait)
    if status == _UNAUTHORIZED:
        return AuthError("the token is not accepted", subject=subject, hint="make a new token in Label Studio")
    if status == _FORBIDDEN:
        return AccessError("is not allowed for this user", subject=subject, hint="use a token of a project member")
    if _is_login_page(status, headers, content):
        return AuthError(
            "Label Studio answered with its login page",
            subject=subject,
            hint="the token is missing or has expired: make a new one in Label Studio",
        )
    if 300 <= status < 400:  # noqa: PLR2004 - the class of redirects
        where = headers.get("location", "elsewhere")
        return ServerError("is redirected", subject=subject, hint=f"use the address it really has, as in {where}")
    return None


def _is_login_page(status: int, headers: Mapping[str, str], content: bytes) -> bool:
    if 300 <= status < 400:  # noqa: PLR2004 - the class of redirects
        return "login" in urlsplit(headers.get("location", "")).path
    page = "html" in headers.get("content-type", "") or content[:64].lstrip().lower().startswith(
        (b"<!doctype", b"<html")
    )
    return page and status < 300  # noqa: PLR2004 - an error page is not the login page


def retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """Seconds from a Retry-After header (RFC 9110, 10.2.3): a number, or a date if `now` is given; else None."""
    if not value:
        return None
    if value.strip().isdigit() and len(value) <= MAX_DIGITS:
        return float(value)
    if now is None:
        return None
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None


def short(value: Any, limit: int = 2000) -> str:
    """The value as JSON text for the quarantine, cut with a mark where it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        text = repr(type(value))
    text = text.encode("utf-8", "backslashreplace").decode()  # a lone surrogate would not go into a file
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
