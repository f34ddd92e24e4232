"""JSON-LD of a page: the node that describes this page, not one of another story that it lists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from factcheck.articles import references

_LARGEST = 1_000_000
_DEEPEST = 6
# Keys under which a page's own node stands; what is nested under others is a part of it, or another page.
_OWN = ("@graph", "mainEntity", "mainEntityOfPage")
_WRAPPER = re.compile(
    r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\s*\Z"
)
_HEADLINE_LETTERS = 12


class Node(NamedTuple):
    """One node of a page's JSON-LD, with all nodes that have an @id to look names up in."""

    fields: dict[str, Any]
    known: dict[str, dict[str, Any]]

    def text(self, *names: str) -> str | None:
        """The first of the fields that is a text, as a reader sees it."""
        return next((text for name in names if (text := references.plain(_scalar(self.fields.get(name))))), None)

    def name_of(self, field: str) -> str | None:
        """The name of the thing in the field (publisher), which may be a text, a node, a list or an @id."""
        return self._name(self.fields.get(field), 0)

    def _name(self, value: Any, depth: int) -> str | None:
        if isinstance(value, list):
            return next((name for one in value if (name := self._name(one, depth))), None)
        if isinstance(value, dict):
            other = self.known.get(str(value.get("@id")))
            if not value.get("name") and other is not None and depth < _DEEPEST:
                value = other
            return references.plain(_scalar(value.get("name")))
        return references.plain(_scalar(value))

    @property
    def addresses(self) -> tuple[str, ...]:
        """What the node says that its page's address is."""
        own = self.fields.get("mainEntityOfPage")
        values = [self.fields.get("url"), own.get("@id") if isinstance(own, dict) else own, self.fields.get("@id")]
        return tuple(text for value in values if (text := _scalar(value)) and text.startswith(("http:", "https:", "/")))

    @property
    def is_article(self) -> bool:
        """Whether its type is one of an article."""
        return any(word in kind for kind in _kinds(self.fields) for word in ("Article", "Report", "Posting"))


class Script(NamedTuple):
    """The text of a script as it stands in the page, and its line there."""

    text: str
    line: int


def nodes(root: Any) -> list[Node]:
    """The nodes of the page that stand at the top, or where a page's own node stands; broken scripts say nothing."""
    found: list[dict[str, Any]] = []
    known: dict[str, dict[str, Any]] = {}
    for script in scripts(root):
        if len(script.text) <= _LARGEST:
            for value in _parsed(script.text):
                found += _own(value, 0)
                _index(value, known, 0)
    return [Node(fields, known) for fields in found]


def scripts(root: Any) -> list[Script]:
    """The page's scripts of JSON-LD that are not empty, in their order."""
    return [
        Script(script.text, script.sourceline or 1)
        for script in root.iter("script")
        if "ld+json" in (script.get("type") or "").lower() and script.text
    ]


def unwrapped(script: str) -> str:
    """The script's JSON without the comments around it that keep old browsers from it."""
    return _WRAPPER.sub("", script).strip().rstrip(";")


def of_page(found: Sequence[Node], *, addresses: Sequence[str], titles: Sequence[str]) -> Node | None:
    """The node of the page that has these addresses and shows these titles; None where none is.

    A node agrees by its address or its headline. One that disagrees in what it says of both is another story's; one
    that says nothing of them is taken where there is only one of its kind.
    """
    articles = [node for node in found if node.is_article]
    if not articles:
        return None
    shown = [letters for title in titles if (letters := references.letters(title))]
    paths = {path_of(one) for one in addresses} - {""}
    agreed = [_agreement(node, paths, shown) for node in articles]
    best = max(agreed)
    return articles[agreed.index(best)] if best > 0 or (best == 0 and len(articles) == 1) else None


def _agreement(node: Node, paths: set[str], shown: Sequence[str]) -> int:
    own = {path_of(one) for one in node.addresses} - {""} if paths else set()
    by_address = 0 if not own else (3 if own & paths else -1)
    headline = references.letters(node.text("headline", "name") or "") if shown else ""
    by_title = 0 if not headline else (2 if any(_alike(headline, title) for title in shown) else -1)
    return by_address + by_title


def _alike(one: str, other: str) -> bool:
    """Whether the titles are the same, or one is the beginning or a part of the other."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _HEADLINE_LETTERS and short in long)


def path_of(address: str) -> str:
    """What tells a page's address from another of its site: path and query, without the end's slash; '' for none."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    path = unquote(parts.path).rstrip("/").lower().removesuffix("/amp").removesuffix(".amp")
    return path + (
        f"?{parts.query}" if parts.query and re.search(r"\d", parts.query) and not re.search(r"\d", path) else ""
    )


def _parsed(script: str) -> Iterator[Any]:
    try:
        yield json.loads(unwrapped(script), parse_int=str, parse_float=str, strict=False)
    except (ValueError, RecursionError):
        return  # a site's broken JSON-LD says nothing; the page is still read


def _own(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in value:
            yield from _own(one, depth)
    elif isinstance(value, dict) and depth < _DEEPEST and not _is_list(value):
        yield value
        for key in _OWN:
            yield from _own(value.get(key), depth + 1)


def _is_list(value: dict[str, Any]) -> bool:
    return any("ItemList" in kind or "Breadcrumb" in kind for kind in _kinds(value))


def _index(value: Any, known: dict[str, dict[str, Any]], depth: int) -> None:
    if isinstance(value, dict) and value.get("name") and isinstance(value.get("@id"), str):
        known.setdefault(value["@id"], value)
    if isinstance(value, dict | list) and depth < _DEEPEST:
        for one in value.values() if isinstance(value, dict) else value:
            _index(one, known, depth + 1)


def _kinds(fields: dict[str, Any]) -> list[str]:
    kinds = fields.get("@type")
    return [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]


def _scalar(value: Any) -> str | None:
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), None)
    return value.strip() or None if isinstance(value, str) else None
