"""When a page says that its article was published: candidates of six kinds, the most trusted first."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, NamedTuple

from factcheck.articles import dates, json_ld, references
from factcheck.articles.blocks import Block, at

_NAMES = (
    "article:published_time", "article:published", "og:published_time", "og:article:published_time", "datepublished",
    "published_time", "publishedtime", "published-date", "publication_date", "publication-date", "publish-date",
    "publish_date", "publishdate", "pubdate", "cxenseparse:recs:publishtime", "sailthru.date", "parsely-pub-date",
    "article_date_original", "originalpublicationdate", "dcterms.created", "dcterms.issued", "dcterms.date",
    "dc.date.issued", "dc.date.created", "dc.date", "dc:date", "dc:created", "dcterms:created", "date",
    "date_published", "datecreated", "article.published", "article.created", "release_date", "displaydate",
    "rnews:datepublished", "schema:datepublished", "content-date", "bt:pubdate", "pub_date", "article:pub_date",
)  # fmt: skip
_DATED = re.compile(
    r"(?<![a-z])(?:date|dateline|time|published|publish|pubdate|posted|timestamp|created|tarikh|zaman|entry-date)(?![a-z])",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(
    r"/((?:19|20|13|14)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=[/-]|\Z)|[/-]((?:19|20)\d{2})(\d{2})(\d{2})(?=[/_.-]|\Z)"
)
_NUMBERS = re.compile(r"\d{4}|\d[/.\-]\d")  # a year, or a day and month in figures
_LONGEST = 120
_BEFORE, _AFTER = 6, 8  # blocks round the headline
# One moment is two days where it is written in two zones, and a day alone is its first moment.
_ONE_MOMENT = timedelta(hours=38)
_OUTSIDE = frozenset({"nav", "aside", "footer", "header"})
_PARTS = frozenset({"comment", "review", "itemListElement", "hasPart", "isRelatedTo", "mentions", "citation"})
_LONGEST_NAME = 24  # of a link that names a person or a section and no story


class PageDate(NamedTuple):
    """The text of the date taken (None: there is none) and whether another candidate of a machine says another day."""

    raw: str | None
    disagree: bool


def published(
    node: json_ld.Node | None,
    meta: dict[str, str],
    root: Any,
    page: Sequence[Block],
    *,
    title: str | None,
    url: str | None,
    now: datetime,
) -> PageDate:
    """The first candidate that can be read; never a date of change, a clock in a page's head, or another story's."""
    lang = (root.get("lang") or "")[:2].lower() or None
    first: str | None = None
    taken: tuple[str, datetime] | None = None
    for raw in _of_machines(node, meta, root):
        first = first or raw
        at = dates.published(raw, now=now, lang=lang).at
        if at is not None and taken is not None and abs(at - taken[1]) > _ONE_MOMENT:
            return PageDate(taken[0], True)
        if at is not None and taken is None:
            taken = (raw, at)
    if taken is not None:
        return PageDate(taken[0], False)
    for raw in _of_readers(root, page, title, url):
        dated = dates.published(raw, now=now, lang=lang)
        if dated.at is not None:
            return PageDate(raw, False)
        if "date_unreadable" not in dated.warnings:
            first = first or raw
    return PageDate(first, False)


def _of_machines(node: json_ld.Node | None, meta: dict[str, str], root: Any) -> Iterator[str]:
    if node is not None:
        for name in ("datePublished", "dateCreated", "uploadDate"):
            if raw := node.text(name):
                yield raw
    yield from (raw for name in _NAMES if (raw := meta.get(name)))
    yield from _named(root)


def _of_readers(root: Any, page: Sequence[Block], title: str | None, url: str | None) -> Iterator[str]:
    heading = _heading(page, title)
    article = _article(page, heading)
    elements = [element for element in root.iter("time") if _is_of_article(element, article)]
    yield from (raw for element in elements if (raw := _of_time(element)))
    yield from _labelled(page)
    near = _near(page, heading, article)
    yield from (text for text in (_short(block.text) for block in near if _is_dated(block)) if text)
    if url and (raw := _of_address(url)):
        yield raw
    yield from (text for text in (_short(block.text) for block in near) if text)
    yield from (text for element in _classed(root, article) if (text := _short(_seen(element))))


def _named(root: Any) -> Iterator[str]:
    """Values of RDFa and microdata on elements of the body."""
    for element in at(root, "//body//*[@itemprop or @property]"):
        names = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower().split()
        if any(name in _NAMES for name in names) and not _is_elsewhere(element):
            raw = element.get("content") or element.get("datetime") or _short(_seen(element))
            yield from [raw] if raw else []


def _is_elsewhere(element: Any) -> bool:
    """Whether the element tells of another story or of a part of this one: a list of links, a comment."""
    return any(
        one.tag in {"aside", "nav", "footer"} or one.get("itemprop") in _PARTS or _is_teaser(one)
        for one in element.iterancestors()
    )


def _is_teaser(element: Any) -> bool:
    """Whether the element is an item of a list of other stories, and not of facts about this one."""
    return element.tag == "li" and any(len(_seen(link)) > _LONGEST_NAME for link in element.iter("a"))


def _heading(page: Sequence[Block], title: str | None) -> int | None:
    shown = [n for n, block in enumerate(page) if block.element.tag == "h1"]
    same = [n for n, block in enumerate(page) if title and block.text == title]
    both = [n for n in shown if n in same]
    return next(iter(both or same or shown), None)


def _article(page: Sequence[Block], heading: int | None) -> Any:
    """The <article> or <main> that the headline stands in, or the page's only article; None where there is none."""
    if heading is not None:
        for element in page[heading].element.iterancestors():
            if element.tag in {"article", "main"}:
                return element
    if not page:
        return None
    found = at(page[0].element, "//article | //main")
    return found[0] if len(found) == 1 else None


def _is_of_article(element: Any, article: Any) -> bool:
    """Whether a date in the element can be the article's: in its box, and in no box of something else."""
    inside = article is None
    for one in (element, *element.iterancestors()):
        if one is article:
            return True
        if one.tag in _OUTSIDE or (one.tag == "article" and article is not None) or _is_teaser(one):
            return False
        if _says_no(one):
            return False
    return inside


def _says_no(element: Any) -> bool:
    names = " ".join(
        filter(None, (element.get("class"), element.get("id"), element.get("itemprop"), element.get("property")))
    )
    return len(names) > 1 and _not_published().search(names) is not None


def _of_time(element: Any) -> str | None:
    if _says_no(element) or _changed().search(_before(element)):
        return None
    return (element.get("datetime") or "").strip() or _short(_seen(element))


def _before(element: Any) -> str:
    """The words in front of an element in its box: "Updated"."""
    parent = element.getparent()
    previous = element.getprevious()
    if previous is not None:
        return str(previous.tail or "").strip() or _seen(previous)[-_LONGEST:]
    return str(parent.text or "") if parent is not None else ""


def _labelled(page: Sequence[Block]) -> Iterator[str]:
    """Dates that a word in front of them says are of publication, wherever they stand."""
    for block in page:
        is_short = len(block.text) <= _LONGEST * 2 and not block.is_linked and _NUMBERS.search(block.text)
        match = _label().search(block.text) if is_short else None
        if match and not _in_head(block) and (rest := _short(block.text[match.end() :][:_LONGEST])):
            yield rest


def _in_head(block: Block) -> bool:
    return any(one.tag in {"aside", "nav", "footer"} for one in (block.element, *block.element.iterancestors()))


def _near(page: Sequence[Block], heading: int | None, article: Any) -> list[Block]:
    """Short blocks round the headline, those after it first."""
    if heading is None:
        around = [block for block in page if article is not None and article in block.element.iterancestors()][:_AFTER]
    else:
        around = [*page[heading + 1 : heading + 1 + _AFTER], *reversed(page[max(0, heading - _BEFORE) : heading])]
    return [
        block
        for block in around
        if len(block.text) <= _LONGEST
        and not block.is_linked
        and not block.is_prose
        and _is_of_article(block.first, article)
    ]


def _is_dated(block: Block) -> bool:
    names = " ".join(filter(None, (e.get(name) for e in (block.element, block.first) for name in ("class", "id"))))
    return _DATED.search(names) is not None


def _classed(root: Any, article: Any) -> Iterator[Any]:
    for element in (article if article is not None else root).iter("span", "div", "p", "li", "td"):
        names = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))
        if names and _DATED.search(names) and _is_of_article(element, article):
            yield element


def _seen(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _short(text: str) -> str | None:
    """The text where it is short and has a number; what it says of a change is cut off."""
    text = _changed().split(text, 1)[0] if not _changed().match(text.strip()) else ""
    text = references.plain(text) or ""
    return text if len(text) <= _LONGEST and any(char.isdecimal() for char in text) else None


def _of_address(url: str) -> str | None:
    """The day in the page's address; Jalali years have four digits as well."""
    match = _IN_ADDRESS.search(url)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    return f"{year:04}-{month:02}-{day:02}"


@functools.cache
def _data() -> dict[str, list[str]]:
    found: dict[str, list[str]] = tomllib.loads(
        files("factcheck.articles").joinpath("data/pages.toml").read_text("utf-8")
    )
    return found


@functools.cache
def _not_published() -> re.Pattern[str]:
    words = [*_data()["clocks"], *_data()["changes"], *_data()["furniture"]]
    words = [word for word in words if word not in {"meta", "bio", "author[-_](?:bio|box|info|description)", "banner"}]
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words)})s?(?![a-z])|date[-_]?modified", re.IGNORECASE)


@functools.cache
def _changed() -> re.Pattern[str]:
    return re.compile("|".join(_data()["changed"]), re.IGNORECASE)


@functools.cache
def _label() -> re.Pattern[str]:
    return re.compile("|".join(_data()["published"]), re.IGNORECASE)
