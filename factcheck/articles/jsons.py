"""JSON and JSON Lines: which of the known forms it is (a feed, a Telegram export, articles), and its candidates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from factcheck.articles.draft import Candidate, Draft, Origin, reject
from factcheck.articles.links import web_link
from factcheck.articles.tables import known_names, plain, rendered, row_candidates, words
from factcheck.articles.telegram import telegram_candidates
from factcheck.errors import Rejected

_SUMMARY = 200  # code points
_SUFFIXES = frozenset({".json", ".jsonl", ".ndjson", ".geojson"})
_LINES = frozenset({".jsonl", ".ndjson"})


def is_json(text: str, origin: Origin) -> bool:
    """Whether the source is meant as JSON: by its name, by what HTTP said, or because all of it is an object."""
    if origin.suffix in _SUFFIXES or "json" in (origin.media_type or ""):
        return True
    return text.lstrip()[:1] in {"{", "["} and _value(text) is not None


def json_candidates(text: str, origin: Origin) -> list[Candidate]:
    """The articles of a JSON or JSON Lines file.

    Raises Rejected: UNREADABLE for what is no JSON, TOO_DEEP, COLUMNS, EMPTY, TOO_LARGE, UNSUPPORTED.
    """
    try:
        value = _parsed(text) if origin.suffix not in _LINES else None
    except ValueError as error:
        value = None
        if len(_first_lines(text)) < 2:  # noqa: PLR2004 - one line is no list of lines
            raise _no_json(error) from error
    if value is None:
        return _lines(text, origin)
    return _of_value(value, origin)


def _of_value(value: Any, origin: Origin) -> list[Candidate]:
    if isinstance(value, dict):
        if str(value.get("version", "")).startswith("https://jsonfeed.org/"):
            return _feed(value, origin)
        if isinstance(value.get("messages"), list) or isinstance(value.get("chats"), dict):
            return telegram_candidates(value, origin)
        _refuse_claim_review(value)
        lists = [inner for inner in value.values() if _is_rows(inner)]
        value = lists[0] if not _has_text(value) and len(lists) == 1 else [value]
    if not _is_rows(value):
        raise Rejected(
            "UNSUPPORTED", "is JSON, and holds no articles", hint="give a list of objects with a text in each"
        )
    for row in value[:1]:
        _refuse_claim_review(row)
    return row_candidates(value, _names(value), origin)


def _lines(text: str, origin: Origin) -> list[Candidate]:
    rows: list[dict[str, Any] | Candidate] = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        subject = f"{origin.source}#{len(rows) + 1}"
        try:
            value = _parsed(line)
        except (ValueError, Rejected):
            rows.append(reject("UNREADABLE", subject, "is not valid JSON: fix that line"))
        else:
            rows.append(value if isinstance(value, dict) else reject("UNREADABLE", subject, "is no object"))
        if len(rows) > origin.limits.max_rows:
            break
    good = [row for row in rows if isinstance(row, dict)]
    if not good:
        raise Rejected("UNREADABLE", "is not valid JSON", hint="save it again as JSON, one object on each line")
    return row_candidates(rows, _names(good), origin)


def _feed(feed: Mapping[str, Any], origin: Origin) -> list[Candidate]:
    """The items of a JSON Feed (jsonfeed.org, versions 1 and 1.1)."""
    items = feed.get("items")
    if not isinstance(items, list) or not items:
        raise Rejected("EMPTY", "is a feed with no items", hint="fetch it again")
    if len(items) > origin.limits.max_items:
        raise Rejected("TOO_LARGE", f"has more than {origin.limits.max_items} items", hint="split it")
    return [_item(item, f"{origin.source}#{n}", words(feed.get("title")), origin) for n, item in enumerate(items, 1)]


def _item(item: Any, subject: str, publisher: str | None, origin: Origin) -> Candidate:
    if not isinstance(item, dict):
        return reject("UNREADABLE", subject, "is no object")
    title = words(item.get("title"))
    found = next(
        (
            value
            for key in ("content_text", "content_html", "summary")
            if isinstance(value := item.get(key), str) and value
        ),
        "",
    )
    try:
        text, warnings = _read(item, found)
    except Rejected as error:
        return reject(error.reason_code, subject, error.what, title)
    link, dropped = web_link(words(item.get("url")), words(origin.url))
    if not text.strip():
        return reject("NO_TEXT", subject, "has a title but no text: ingest the address of its page", link)
    lang = words(item.get("language"))
    return Draft(
        source=origin.source,
        text=text,
        url=link,
        publisher=publisher,
        title=title,
        published_raw=words(item.get("date_published")) or words(item.get("date_modified")),
        lang=None if lang is None else lang.lower()[:2] if lang[:2].isalpha() and lang[2:3] in {"", "-"} else None,
        warnings=(*warnings, *dropped, *(["summary_only"] if len(text) < _SUMMARY else [])),
    )


def _read(item: Mapping[str, Any], found: str) -> tuple[str, tuple[str, ...]]:
    """The text of an item: `content_text` as it stands, `content_html` as a reader sees it, a summary as either."""
    if found and found == item.get("content_text"):
        return found, ()
    return rendered(found) if found == item.get("content_html") else plain(found)


def _refuse_claim_review(value: Mapping[str, Any]) -> None:
    if "ClaimReview" in str(value.get("@type", "")) or "claimReviewed" in value:
        raise Rejected("UNSUPPORTED", "holds ClaimReview records", hint="read them with `factcheck import`")


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _has_text(value: Mapping[str, Any]) -> bool:
    keys = {*known_names()["text"], *known_names()["claim"]}
    return any(isinstance(inner, str) and key.lower().replace("_", " ") in keys for key, inner in value.items())


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _value(text: str) -> Any:
    try:
        value = _parsed(text)
    except (ValueError, Rejected):
        return None
    return value if isinstance(value, dict) or _is_rows(value) else None


def _parsed(text: str) -> Any:
    """The value; raises ValueError for what is no JSON, Rejected TOO_DEEP."""
    try:
        return json.loads(text)
    except RecursionError:
        raise Rejected("TOO_DEEP", "is nested too deeply", hint="save the articles as a list of objects") from None


def _first_lines(text: str) -> list[str]:
    return [line for line in text[:100_000].split("\n") if line.strip()][:2]


def _no_json(error: ValueError) -> Rejected:
    place = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
    return Rejected("UNREADABLE", f"is not valid JSON{place}", hint="fetch it again, or save it again as JSON")
