"""Markup mended where it is certain what was meant; words of a claim or a rating are never changed.

What is mended are the findings that say so (`fixable`): `mended` leaves none of them.
"""

from __future__ import annotations

import copy
from typing import Any

from factcheck.exporters.lint import rating
from factcheck.exporters.lint.anywhere import ADDRESSES, DEEPEST, LISTED
from factcheck.exporters.lint.finding import Path, Review
from factcheck.exporters.lint.markup import CONTEXT, CONTEXTS
from factcheck.exporters.lint.places import graph_of, reviews
from factcheck.exporters.lint.values import is_address, split_addresses, unwrapped, without_space_around
from factcheck.schema_org import TWICE, texts

Json = dict[str, Any]

_NOTHING: tuple[Any, ...] = (None, "", [], {})


def can_be_mended(document: Any) -> bool:
    """Whether the document can be written again as it is: no object of it has a name twice."""
    if isinstance(document, list):
        return all(map(can_be_mended, document))
    return not isinstance(document, dict) or (TWICE not in document and all(map(can_be_mended, document.values())))


def mended(document: Any) -> Any:
    """A copy of the document with every fixable finding mended; all else is as it was."""
    document = copy.deepcopy(document)
    found = [one for one in reviews(document)[0] if one.kind == "markup" and not one.converted]
    for review in found:
        _context(document, review)
    for review in found:
        document = _put(document, review.path, _review(review.node))
    graphs = {place for review in found if review.liftable and (place := graph_of(document, review.path)) is not None}
    if () in graphs:
        return _lifted(document)
    if graphs:
        return [
            node
            for number, item in enumerate(document)
            for node in (_listed(_lifted(item)) if (number,) in graphs else [item])
        ]
    return document


def _context(document: Any, review: Review) -> None:
    """Write schema.org's address where another form of it, or nothing, stands."""
    said = review.context
    if said is None or (isinstance(said, str) and CONTEXTS.fullmatch(said)):
        holder = _at(document, review.context_path)
        rest = {name: value for name, value in holder.items() if name != "@context"}
        holder.clear()
        holder.update({"@context": CONTEXT, **rest})


def _review(node: Json) -> Json:
    review: Json = {name: kept for name, value in node.items() if (kept := _clean(value, name, 1)) not in _NOTHING}
    review["@type"] = "ClaimReview"
    claim = review.get("claimReviewed")
    if not isinstance(claim, str) and (text := unwrapped(claim)) is not None:
        review["claimReviewed"] = text
    if "reviewRating" in review:
        review["reviewRating"] = _rating(review["reviewRating"])
    return review


def _rating(value: Any) -> Any:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str) and rating.word(value):
        return {"@type": "Rating", "alternateName": value}
    if not isinstance(value, dict):
        return value
    named = {"@type": "Rating"} if rating.is_rating(value) else {}
    found = {**named, **{name: inner for name, inner in value.items() if name not in named}}
    word = found.get("alternateName")
    if not isinstance(word, str) and rating.word(word) and len(set(texts(word))) == 1:
        found["alternateName"] = unwrapped(word) or word
    for name in rating.SCALE:
        if isinstance(found.get(name), str) and rating.WHOLE.fullmatch(found[name]):
            found[name] = int(found[name])
    return found


def _clean(value: Any, name: str, depth: int) -> Any:
    """The value without what is null or empty, its addresses without white space around, several of them in a list."""
    if depth > DEEPEST or name == "@context":
        return value
    if isinstance(value, dict):
        inside = {key: _clean(inner, key, depth + 1) for key, inner in value.items()}
        return {key: inner for key, inner in inside.items() if inner not in _NOTHING}
    if isinstance(value, list):
        kept = [(item, _clean(item, name, depth + 1)) for item in value]
        parts = [part for item, new in kept for part in (_listed(new) if isinstance(item, str) else [new])]
        return [part for part in parts if part not in _NOTHING]
    if isinstance(value, str) and value and name in ADDRESSES and not is_address(value):
        return _address(value, listed=name in LISTED)
    return value


def _address(value: str, *, listed: bool) -> Any:
    bare = without_space_around(value)
    parts = split_addresses(bare)
    if len(parts) > 1:
        return parts if listed and all(map(is_address, parts)) else value
    return bare if is_address(bare) else value


def _lifted(holder: Json) -> Any:
    """The nodes of a graph by themselves, each with the graph's context; one alone stands alone."""
    context = {"@context": holder["@context"]} if "@context" in holder else {}
    nodes = [{**context, **node} if isinstance(node, dict) else node for node in holder["@graph"] if node is not None]
    return nodes[0] if len(nodes) == 1 else nodes


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


def _put(document: Any, path: Path, value: Any) -> Any:
    """The document with the value at the path, where it has another now."""
    if not path:
        return value
    _at(document, path[:-1])[path[-1]] = value
    return document
