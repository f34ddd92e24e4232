"""Earlier decisions in JSON: a ClaimReview, a list, a DataFeed, an `@graph`, flat records, JSON Lines of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from factcheck import schema_org
from factcheck.importers.claimreview import read_review
from factcheck.importers.draft import Candidate, reject, unexpected
from factcheck.importers.google import read_answer, read_page
from factcheck.importers.tables import read_record
from factcheck.schema_org import TWICE

_SHOWN = 500


def read_json(text: str, subject: str) -> Iterator[Candidate]:
    """A draft or rejection per decision; `subject` gets the place: a JSON pointer, or the line in JSON Lines.

    Rejections: JSON for what does not parse, EMPTY for null, NOT_A_REVIEW, NO_COLUMNS, and those of the readers.
    """
    for document in schema_org.documents(text):
        place = subject if document.line is None else f"{subject}:{document.line}"
        if (refused := document.refused) is not None:
            yield reject(refused.reason_code, place, f"{refused.what}: {refused.hint}", document.text)
            continue
        found = False
        for candidate in _candidates(document, place):
            found = True
            yield candidate
        if not found and document.line is None:
            nothing = "contains no ClaimReview and no record with a claim and a rating"
            yield reject("NOT_A_REVIEW", place, nothing, text)
        elif not found:
            yield reject("NOT_A_REVIEW", place, "contains no review", document.text)


def _candidates(document: schema_org.Document, subject: str) -> Iterator[Candidate]:
    root = "#" if document.line is None else ""
    for one in schema_org.met(document.value):
        place = f"{subject}{root}" + "".join(f"/{step}" for step in one.path)
        if one.too_deep:
            yield reject("JSON", place, "is nested too deeply: remove the outer levels around the reviews")
        elif _is_answer(one.value):
            yield from read_answer(one.value, place, _guarded)
        elif _is_page(one.value):
            yield from read_page(one.value, place, _guarded)
        else:
            yield _single(one.value, place)


def _is_page(value: Any) -> bool:
    """Whether it is a page of the Fact Check Tools API and nothing that says itself what it is."""
    return schema_org.is_page(value) and TWICE not in value and not schema_org.types(value)


def _is_answer(value: Any) -> bool:
    """Whether it is an answer and nothing that says itself what it is."""
    return (
        schema_org.is_answer(value)
        and TWICE not in value
        and not schema_org.is_review(value)
        and not schema_org.is_item(value)
    )


def _single(value: Any, place: str) -> Candidate:
    """The candidate of what wraps nothing."""
    if value is None:
        return reject("EMPTY", place, "is null: remove it")
    if not isinstance(value, dict):
        return reject("NOT_A_REVIEW", place, "is not an object", json.dumps(value, ensure_ascii=False))
    return _guarded(lambda: _object(schema_org.as_node(value), place), place, value)


def _guarded(read: Callable[[], Candidate], place: str, value: Any) -> Candidate:
    """What `read` finds; one bad record costs that record."""
    try:
        return read()
    except RecursionError:  # the parser goes deeper than Python
        return reject("JSON", place, "is nested too deeply: write each text as a plain string")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this record's
        return unexpected(error, place, repr(value)[:_SHOWN])


def _object(value: dict[str, Any], place: str) -> Candidate:
    if TWICE in value:
        return reject("JSON", place, f"has {', '.join(value[TWICE])} twice with different values: keep the right one")
    if schema_org.is_review(value):
        return read_review(value, place)
    if schema_org.types(value):
        return reject("NOT_A_REVIEW", place, f"is a {', '.join(schema_org.types(value))}, not a ClaimReview")
    return read_record(value, place)
