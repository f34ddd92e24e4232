"""Earlier decisions in JSON: a ClaimReview, a list, a DataFeed, an `@graph`, flat records, JSON Lines of them.

Also what programs make of such pages: answers of the Fact Check Tools API, and microdata as items with properties
(https://html.spec.whatwg.org/multipage/microdata.html#json, and the like form of the library extruct).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from factcheck.errors import Rejected
from factcheck.importers.claimreview import is_review, read_review, types
from factcheck.importers.draft import Candidate, reject, unexpected
from factcheck.importers.google import is_answer, read_answer
from factcheck.importers.tables import read_record

TWICE = "\0twice"
"""Key of the names that an object has more than once; no published name has a NUL."""

_DEEPEST = 50
_SHOWN = 500
_WRAPPINGS = ("dataFeedElement", "item", "itemListElement", "claims")
_GRAPHS = ("@graph", "microdata", "json-ld", "items")
"""Names of lists that hold reviews beside other things, which are passed over."""


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
        yield reject("NOT_A_REVIEW", subject, "contains no ClaimReview and no record with a claim and a rating", text)


def parse(text: str) -> Any:
    """The JSON value; raises Rejected (JSON) for broken, boundless or too deep text.

    Line ends inside strings are let through: published pages have them, and their meaning is clear.
    """
    try:
        return json.loads(text, strict=False, object_pairs_hook=_pairs, parse_constant=_no_number)
    except RecursionError as error:
        raise Rejected("JSON", "is nested too deeply", hint="remove the outer levels around the reviews") from error
    except ValueError as error:
        raise Rejected("JSON", f"is not valid JSON ({error})", hint="fix it there and import it again") from error


def _read_line(line: str, place: str) -> Iterator[Candidate]:
    try:
        value = parse(line)
    except Rejected as error:
        yield reject(error.reason_code, place, f"{error.what}: {error.hint}", line)
        return
    found = list(_walk(value, place, "", 0))
    yield from found or [reject("NOT_A_REVIEW", place, "contains no review", line)]


def _walk(value: Any, subject: str, pointer: str, depth: int) -> Iterator[Candidate]:
    """The candidates in the value. What stands in a list or feed is meant to be a review; in a graph it need not be."""
    place = f"{subject}{pointer}"
    if depth > _DEEPEST:
        yield reject("JSON", place, "is nested too deeply: remove the outer levels around the reviews")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walk(item, subject, f"{pointer}/{number}", depth + 1)
    elif isinstance(value, dict) and TWICE not in value and not is_review(value) and not _is_item(value):
        inside = list(_inside(value))
        for name, nodes in inside:
            yield from _walk(nodes, subject, f"{pointer}/{name}", depth + 1)
        if inside:
            return
        if is_answer(value):
            yield from read_answer(value, place, _guarded)
        elif not any(name in value for name in _GRAPHS):  # a page's graph without a review in it
            yield _single(value, place)
    else:
        yield _single(value, place)


def _inside(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and contents of what wraps reviews: a feed, one of its items, the reviews in a graph."""
    for name in _GRAPHS:
        nodes = value.get(name)
        if isinstance(nodes, dict):
            nodes = [nodes]
        for number, node in enumerate(nodes if isinstance(nodes, list) else []):
            if _holds_reviews(node):
                yield f"{name}/{number}", node
    wrapping = next((name for name in _WRAPPINGS if isinstance(value.get(name), list | dict)), None)
    if wrapping and not any(name in value for name in _GRAPHS):
        yield wrapping, value[wrapping]


def _is_item(value: dict[str, Any]) -> bool:
    """Whether the object is an item of microdata."""
    return "type" in value and isinstance(value.get("properties"), dict)


def _as_node(value: Any) -> Any:
    """An item of microdata, and the items in it, as nodes of JSON-LD; anything else as it is."""
    if isinstance(value, list):
        return [_as_node(item) for item in value]
    if isinstance(value, dict) and _is_item(value):
        return {"@type": value["type"]} | {name: _as_node(inner) for name, inner in value["properties"].items()}
    return value


def _single(value: Any, place: str) -> Candidate:
    """The candidate of what wraps nothing."""
    if value is None:
        return reject("EMPTY", place, "is null: remove it")
    if not isinstance(value, dict):
        return reject("NOT_A_REVIEW", place, "is not an object", json.dumps(value, ensure_ascii=False))
    return _guarded(lambda: _object(_as_node(value), place), place, value)


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
    if is_review(value):
        return read_review(value, place)
    if types(value):
        return reject("NOT_A_REVIEW", place, f"is a {', '.join(types(value))}, not a ClaimReview")
    return read_record(value, place)


def _holds_reviews(node: Any) -> bool:
    """Whether a node of a page's graph is a review or a feed of them; a page has other nodes for other readers."""
    if isinstance(node, dict) and _is_item(node):
        return is_review({"@type": node["type"]}) or TWICE in node
    return node is None or (isinstance(node, dict) and (is_review(node) or "dataFeedElement" in node or TWICE in node))


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    twice = [name for name, value in pairs if found.setdefault(name, value) != value]
    return found | {TWICE: twice} if twice else found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")
