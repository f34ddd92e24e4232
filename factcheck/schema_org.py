"""schema.org markup in JSON, read leniently: where the reviews in a document stand, and the texts in a value.

Documents: a ClaimReview, a list, a DataFeed, an `@graph`, JSON Lines of them; and what programs make of such pages:
answers of the Fact Check Tools API, and microdata as items with properties
(https://html.spec.whatwg.org/multipage/microdata.html#json, and the like form of the library extruct).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from factcheck.errors import Rejected

TWICE = "\0twice"
"""Key of the names that an object has more than once; no published name has a NUL."""

_NAME = ("name", "@value", "alternateName")
_DEEPEST = 50
_WRAPPINGS = ("dataFeedElement", "item", "itemListElement", "claims", "claimReviewMarkupPages")
_GRAPHS = ("@graph", "microdata", "json-ld", "items")
"""Names of lists that hold reviews beside other things, which are passed over."""


class Met(NamedTuple):
    """What wraps nothing, and where it stands; `too_deep` where it was not looked into any more."""

    path: tuple[str | int, ...]
    value: Any
    too_deep: bool = False


class Document(NamedTuple):
    """One JSON document of a text, with the number of its line where it is one of JSON Lines; or why it is none."""

    line: int | None
    value: Any
    refused: Rejected | None = None
    text: str = ""


def documents(text: str) -> Iterator[Document]:
    """The document in the text, or those in its lines where it is JSON Lines; blank lines are passed over."""
    try:
        yield Document(None, parse(text))
    except Rejected as whole:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith("{") for _, line in lines):  # noqa: PLR2004 - lines
            yield Document(None, None, whole, text)
            return
        for number, line in lines:
            try:
                yield Document(number, parse(line), None, line)
            except Rejected as error:
                yield Document(number, None, error, line)


def parse(text: str) -> Any:
    """The JSON value; raises Rejected (JSON) for broken, boundless or too deep text.

    Line ends inside strings are let through: published pages have them, and their meaning is clear. An object that has
    a name twice with different values keeps the first, and lists such names under TWICE.
    """
    try:
        return json.loads(text, strict=False, object_pairs_hook=_pairs, parse_constant=_no_number)
    except RecursionError as error:
        raise Rejected("JSON", "is nested too deeply", hint="remove the outer levels around the reviews") from error
    except ValueError as error:
        raise Rejected("JSON", f"is not valid JSON ({error})", hint="fix it there and import it again") from error


def met(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Met]:
    """What the document holds. What stands in a list or feed is meant to be a review; in a graph it need not be."""
    if len(path) > _DEEPEST:
        yield Met(path, value, too_deep=True)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from met(item, (*path, number))
    elif isinstance(value, dict) and TWICE not in value and not is_review(value) and not is_item(value):
        inside = list(_inside(value))
        for name, nodes in inside:
            yield from met(nodes, (*path, *name))
        # A page's graph without a review in it is nothing that was meant to be one.
        if not inside and (is_answer(value) or not any(name in value for name in _GRAPHS)):
            yield Met(path, value)
    else:
        yield Met(path, value)


def types(node: dict[str, Any]) -> list[str]:
    """The node's types without the vocabulary's address."""
    return [name.rpartition("/")[2].removeprefix("schema:") for name in texts(node.get("@type"))]


def is_review(node: Any) -> bool:
    """Whether the node is a ClaimReview."""
    return isinstance(node, dict) and "ClaimReview" in types(node)


def is_answer(node: Any) -> bool:
    """Whether the object is a claim of an answer of the Fact Check Tools API: its text and the reviews of it.

    Fields: developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/claims.
    """
    return isinstance(node, dict) and "claimReview" in node and "text" in node


def is_page(node: Any) -> bool:
    """Whether the object is a page of the Fact Check Tools API: its address and the markup on it.

    Fields: developers.google.com/fact-check/tools/api/reference/rest/v1alpha1/pages.
    """
    return isinstance(node, dict) and "claimReviewMarkups" in node and "pageUrl" in node


def is_item(value: dict[str, Any]) -> bool:
    """Whether the object is an item of microdata."""
    return "type" in value and isinstance(value.get("properties"), dict)


def as_node(value: Any) -> Any:
    """An item of microdata, and the items in it, as nodes of JSON-LD; anything else as it is."""
    if isinstance(value, list):
        return [as_node(item) for item in value]
    if isinstance(value, dict) and is_item(value):
        return {"@type": value["type"]} | {name: as_node(inner) for name, inner in value["properties"].items()}
    return value


def texts(value: Any) -> list[str]:
    """The texts in a string, an object with a name or an `@value`, or a list of them; blank ones left out."""
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if isinstance(value, dict):
        return next((found for name in _NAME if (found := texts(value.get(name)))), [])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [str(value)]
    return [value] if isinstance(value, str) and value.strip() else []


def _inside(value: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Places and contents of what wraps reviews: a feed, one of its items, the reviews in a graph."""
    for name in _GRAPHS:
        nodes = value.get(name)
        if isinstance(nodes, dict):
            if _holds_reviews(nodes):
                yield (name,), nodes
            continue
        for number, node in enumerate(nodes if isinstance(nodes, list) else []):
            if _holds_reviews(node):
                yield (name, number), node
    wrapping = next((name for name in _WRAPPINGS if isinstance(value.get(name), list | dict)), None)
    if wrapping and not any(name in value for name in _GRAPHS):
        yield (wrapping,), value[wrapping]


def _holds_reviews(node: Any) -> bool:
    """Whether a node of a page's graph is a review or a feed of them; a page has other nodes for other readers."""
    if isinstance(node, dict) and is_item(node):
        return is_review({"@type": node["type"]}) or TWICE in node
    return node is None or (isinstance(node, dict) and (is_review(node) or "dataFeedElement" in node or TWICE in node))


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    twice = [name for name, value in pairs if found.setdefault(name, value) != value]
    return found | {TWICE: twice} if twice else found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")
