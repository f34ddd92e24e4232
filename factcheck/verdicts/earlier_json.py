"""Earlier decisions in JSON: a ClaimReview, a list, a DataFeed, an `@graph`, flat records, JSON Lines of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from factcheck.errors import Rejected
from factcheck.verdicts.earlier_claimreview import is_review, read_review, types
from factcheck.verdicts.earlier_draft import Candidate, reject
from factcheck.verdicts.earlier_table import read_record

TWICE = "\0twice"
"""Key of the names that an object has more than once; no published name has a NUL."""

_DEEPEST = 50
_WRAPPINGS = ("dataFeedElement", "item", "itemListElement")


def read_json(text: str, subject: str) -> Iterator[Candidate]:
    """A draft or rejection per decision; `subject` gets the place: a JSON pointer, or the line in JSON Lines.

    Rejections: JSON for what does not parse, EMPTY for null, NOT_A_REVIEW, NO_COLUMNS, and those of the readers.
    """
    try:
        document = parse(text)
    except Rejected as whole:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith("{") for _, line in lines):  # noqa: PLR2004 - lines
            yield reject(whole.reason_code, subject, f"{whole.what}: {whole.hint}", text)
            return
        for number, line in lines:
            yield from _read_line(line, f"{subject}:{number}")
        return
    met = False
    for candidate in _walk(document, subject, "#", 0):
        met = True
        yield candidate
    if not met:
        yield reject("NOT_A_REVIEW", subject, "holds no ClaimReview and no record with a claim and a rating", text)


def parse(text: str) -> Any:
    """The JSON value; raises Rejected (JSON) for broken, boundless or too deep text.

    Line ends inside strings are let through: published pages have them, and their meaning is clear.
    """
    try:
        return json.loads(text, strict=False, object_pairs_hook=_pairs, parse_constant=_no_number)
    except RecursionError as error:
        raise Rejected("JSON", "is nested too deeply", hint="take the reviews out of their wrapping") from error
    except ValueError as error:
        raise Rejected("JSON", f"is not valid JSON ({error})", hint="mend it there and import it again") from error


def _read_line(line: str, place: str) -> Iterator[Candidate]:
    try:
        value = parse(line)
    except Rejected as error:
        yield reject(error.reason_code, place, f"{error.what}: {error.hint}", line)
        return
    found = list(_walk(value, place, "", 0))
    yield from found or [reject("NOT_A_REVIEW", place, "holds no review", line)]


def _walk(value: Any, subject: str, pointer: str, depth: int) -> Iterator[Candidate]:
    """The candidates in the value. What stands in a list or feed is meant to be a review; in a graph it need not be."""
    place = f"{subject}{pointer}"
    if depth > _DEEPEST:
        yield reject("JSON", place, "is nested too deeply: take the reviews out of their wrapping")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walk(item, subject, f"{pointer}/{number}", depth + 1)
    elif isinstance(value, dict) and TWICE not in value and not is_review(value) and (inside := _inside(value)):
        name, nodes = inside
        yield from _walk(nodes, subject, f"{pointer}/{name}", depth + 1)
    elif not (isinstance(value, dict) and "@graph" in value):  # a page's graph without a review in it
        yield _single(value, place)


def _inside(value: dict[str, Any]) -> tuple[str, Any] | None:
    """Name and content of what wraps reviews: a feed, one of its items, the reviews in a graph."""
    if "@graph" in value:
        graph = value["@graph"] if isinstance(value["@graph"], list) else [value["@graph"]]
        held = [node for node in graph if _holds_reviews(node)]
        return ("@graph", held) if held else None
    return next(((name, value[name]) for name in _WRAPPINGS if name in value), None)


def _single(value: Any, place: str) -> Candidate:
    """The candidate of what wraps nothing."""
    if value is None:
        return reject("EMPTY", place, "is null: take it out")
    if not isinstance(value, dict):
        return reject("NOT_A_REVIEW", place, "is no object", json.dumps(value, ensure_ascii=False))
    try:
        return _object(value, place)
    except RecursionError:  # the parser goes deeper than Python
        return reject("JSON", place, "is nested too deeply: write texts as texts")


def _object(value: dict[str, Any], place: str) -> Candidate:
    if TWICE in value:
        return reject("JSON", place, f"has {', '.join(value[TWICE])} twice with different values: keep the right one")
    if is_review(value):
        return read_review(value, place)
    if types(value):
        return reject("NOT_A_REVIEW", place, f"is a {', '.join(types(value))}, not a ClaimReview")
    return read_record(value, place)


def _holds_reviews(node: Any) -> bool:
    """Whether a node of a page's graph is a review or a feed of them; a page has other nodes for other readers."""
    return node is None or (isinstance(node, dict) and (is_review(node) or "dataFeedElement" in node or TWICE in node))


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    twice = [name for name, value in pairs if found.setdefault(name, value) != value]
    return found | {TWICE: twice} if twice else found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
