"""Lists of claims in pages, newest first; a page that is full never changes its place, so that few are made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from factcheck.exporters.contract import Page
from factcheck.exporters.site.entries import Entry, shown
from factcheck.exporters.site.frame import Site, digest
from factcheck.folding import match_key
from factcheck.languages import Language
from factcheck.languages.order import in_order

SIZE = 50
"""Claims on a full page; the newest one holds up to twice as many."""


class Leaf(NamedTuple):
    """One page of a list: its path, what stands on it, and the pages beside it ("" for none), named from its folder."""

    path: str
    items: Sequence[Any]
    older: str
    newer: str


class Named(NamedTuple):
    """An outlet or a claimant: the name as it is written most often, its page, and its claims."""

    name: str
    path: str
    entries: list[Entry]


def leaves(path: str, items: Sequence[Any]) -> Iterator[Leaf]:
    """The items (newest first) in pages; the newest is `path`, older ones `path-N`, counted from the oldest."""
    stem, folder = path.removesuffix(".html"), path.rpartition("/")[0]
    full = max(len(items) // SIZE - 1, 0)
    cut = len(items) - full * SIZE
    names = [path, *(f"{stem}-{number}.html" for number in range(full, 0, -1))]
    beside = [name.removeprefix(f"{folder}/") for name in names]
    for at, name in enumerate(names):
        inside = items[:cut] if at == 0 else items[cut + (at - 1) * SIZE : cut + at * SIZE]
        yield Leaf(name, inside, *(["", *beside, ""][place] for place in (at + 2, at)))


def pages(site: Site, path: str, title: str, entries: Sequence[Entry], search: Any = None) -> Iterator[Page]:
    """The pages of a list of claims; `search` are the filters of the search on its first page."""
    for leaf in leaves(path, entries):
        asked = search if leaf.path == path else None
        values = {"title": title, "items": leaf.items, "older": leaf.older, "newer": leaf.newer, "search": asked}
        yield site.page(leaf.path, "list", site.inputs(values), lambda values=values: values)  # type: ignore[misc]


def by_name(folder: str, entries: Sequence[Entry], language: Language) -> list[Named]:
    """The claims by outlet or claimant, however it is typed; most claims first. Claims without one are left out.

    Those with as many claims are in the order of the language's alphabet.
    """
    groups: dict[str, list[Entry]] = defaultdict(list)
    typed: dict[str, list[str]] = defaultdict(list)
    for one in entries:
        names = getattr(one, folder)
        for key, name in {path_of(folder, name): name for name in names}.items():
            groups[key].append(one)
            typed[key].append(name)
    found = [Named(_usual(typed[path]), path, group) for path, group in groups.items()]
    return sorted(found, key=lambda one: (-len(one.entries), in_order(one.name, language)))


@lru_cache(maxsize=1 << 16)
def path_of(folder: str, name: str) -> str:
    """The page of an outlet or claimant, the same however the name is typed."""
    return f"{folder}/{digest(match_key(name) or name)[:12]}.html"


def overview(site: Site, path: str, title: str, found: Sequence[Named]) -> Page:
    """The page that lists outlets or claimants with how many claims each has."""
    items = [(shown(one.name), one.path, len(one.entries)) for one in found]
    return site.page(path, "names", site.inputs(items), lambda: {"title": title, "items": items})


def _usual(names: Sequence[str]) -> str:
    return max(sorted(set(names)), key=names.count)
