"""What a page says about itself: for each field every candidate, the most trusted first, and what they disagree on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from factcheck.articles import json_ld, page_dates, references
from factcheck.articles.blocks import Block, at
from factcheck.articles.links import web_link

_PUBLISHERS = ("og:site_name", "dc.publisher", "dcterms.publisher", "application-name", "apple-mobile-web-app-title")
_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "title")
# Between a title and the site's name in <title> and og:title.
_SEPARATOR = re.compile(r"\s+[|•·»«‹›:–—\-/]+\s+|\s*[|•·»«]\s*|\s+::\s+|\s+_\s+")
_MORE = re.compile(r"\s*(?:…|\.\.\.)\Z")
_LONGEST_SITE = 40
_FOLDED_ENOUGH = 3


class Metadata(NamedTuple):
    """Fields as they stand in the page, None where it says nothing; `free` is false behind a paywall.

    `body` is the article's text where the page's data have it.
    """

    title: str | None
    publisher: str | None
    url: str | None
    published_raw: str | None
    body: str | None
    free: bool
    warnings: tuple[str, ...]


class Head(NamedTuple):
    """What is read of a page before its scripts are taken out: JSON-LD nodes and named values, the first of a name."""

    nodes: list[json_ld.Node]
    meta: dict[str, str]


def head(root: Any) -> Head:
    """The JSON-LD nodes, meta tags and RDFa or microdata values of a page's lxml tree."""
    return Head(json_ld.nodes(root), _meta(root))


def page_metadata(found: Head, root: Any, page: Sequence[Block], *, base: str | None, now: datetime) -> Metadata:
    """The metadata of a page with these blocks; relative addresses are joined to `base`.

    Warnings: link_dropped, title_disagrees, date_disagrees, address_disagrees: candidates of equal standing say
    something else, and the first was taken.
    """
    nodes, meta = found
    shown = [block for block in page if block.element.tag == "h1"]
    tag = _title(root)
    raw = [*(meta.get(name) for name in _TITLES), *(block.text for block in shown), tag]
    titles = [title for one in raw if (title := references.plain(one))]
    addresses = _addresses(root, meta)
    node = json_ld.of_page(nodes, addresses=[*addresses, *([base] if base else [])], titles=titles)
    publisher = _publisher(node, nodes, meta)
    title, at_odds = _best_title(node, meta, shown, tag, publisher)
    link, dropped, elsewhere = _address(addresses, node, base)
    dated = page_dates.published(node, meta, root, page, title=title, url=link or base, now=now)
    return Metadata(
        title=title,
        publisher=publisher,
        url=link,
        published_raw=dated.raw,
        body=_body(node),
        free=str((node.fields if node else {}).get("isAccessibleForFree", True)).lower() != "false",
        warnings=(
            *dropped,
            *(["title_disagrees"] if at_odds else []),
            *(["address_disagrees"] if elsewhere else []),
            *(["date_disagrees"] if dated.disagree else []),
        ),
    )


def _meta(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in root.iter("meta"):
        content = (tag.get("content") or "").strip()
        # Microdata below the head may be another story's, or a comment's: `page_dates` looks where it stands.
        item = tag.get("itemprop") if tag.getparent().tag == "head" else None
        for name in (tag.get("property"), tag.get("name"), item):
            if name and content:
                found.setdefault(name.lower(), content)
    return found


def _title(root: Any) -> str | None:
    return next((text for one in at(root, "head/title") if (text := references.plain(one.text))), None)


def _publisher(node: json_ld.Node | None, nodes: Sequence[json_ld.Node], meta: dict[str, str]) -> str | None:
    """The outlet: of this page's node, of meta tags, of the site's own node; never an address."""
    sites = [one for one in nodes if any(k in str(one.fields.get("@type")) for k in ("NewsMedia", "WebSite", "Organi"))]
    candidates = [
        node.name_of("publisher") if node else None,
        *(references.plain(meta.get(name)) for name in _PUBLISHERS),
        *(site.name_of("publisher") or site.text("name") for site in sites),
        node.name_of("sourceOrganization") if node else None,
    ]
    return next((name for name in candidates if name and not _is_address(name)), None)


def _is_address(name: str) -> bool:
    return name.startswith(("http:", "https:", "//", "@"))


def _best_title(
    node: json_ld.Node | None, meta: dict[str, str], shown: Sequence[Block], tag: str | None, publisher: str | None
) -> tuple[str | None, bool]:
    """The headline and whether what the page shows is another one.

    Of the candidates, ranked as they stand here, the first that another one confirms; else the first. The site's name
    is taken off; a title that was cut is continued by one that begins with it.
    """
    headlines = [title for block in shown if (title := references.plain(block.text)) and not _same(title, publisher)]
    whole = [node.text("headline") if node else None, *(references.plain(meta.get(name)) for name in _TITLES)]
    cut = [_without_site(title, publisher, headlines) for title in (*whole, *headlines, tag) if title]
    candidates = list(filter(None, cut))
    if not candidates:
        return None, False
    times = Counter(map(references.letters, candidates))
    confirmed = [title for title in candidates if times[references.letters(title)] > 1]
    best = (confirmed or candidates)[0]
    if not _SEPARATOR.search(candidates[0]) and references.letters(candidates[0]).startswith(references.letters(best)):
        best = candidates[0]  # the whole of a headline that the page shows without its end
    if _MORE.search(best):
        start = _MORE.sub("", best)
        best = next((title for title in candidates if title.startswith(start) and not _MORE.search(title)), best)
    words = set(best.lower().split())
    return best, bool(headlines) and not any(words & set(one.lower().split()) for one in headlines)


def _same(one: str, other: str | None) -> bool:
    return other is not None and references.letters(one) == references.letters(other)


def _without_site(title: str, publisher: str | None, headlines: Iterable[str]) -> str:
    """The title without the site's name before or after a separator: known by name, or by what the page shows."""
    parts = list(_SEPARATOR.finditer(title))
    for headline in headlines:
        if len(headline) < len(title) and headline in title and parts and len(headline) > _LONGEST_SITE / 2:
            return headline
    if not parts or publisher is None:
        return title
    after, before = title[parts[-1].end() :], title[: parts[0].start()]
    if _names(after, publisher):
        return _without_site(title[: parts[-1].start()], publisher, ()) or title
    if _names(before, publisher):
        return title[parts[0].end() :] or title
    return title


def _names(part: str, publisher: str) -> bool:
    """Whether the part is the outlet's name, or a name within it or around it."""
    short, long = sorted((references.letters(part), references.letters(publisher)), key=len)
    return len(part) <= max(_LONGEST_SITE, len(publisher)) and len(short) >= _FOLDED_ENOUGH and short in long


def canonical(root: Any) -> list[str]:
    """The addresses that the page names as its own, as they stand in it."""
    return [
        str(found)
        for found in at(
            root, "//link[contains(concat(' ', translate(@rel, 'CANOIL', 'canoil'), ' '), ' canonical ')]/@href"
        )
    ]


def _addresses(root: Any, meta: dict[str, str]) -> list[str]:
    raw = [*canonical(root), meta.get("og:url"), meta.get("twitter:url"), meta.get("parsely-link")]
    return [value.strip() for value in raw if value and value.strip()]


def _address(
    addresses: Sequence[str], node: json_ld.Node | None, base: str | None
) -> tuple[str | None, tuple[str, ...], bool]:
    """The page's address, what was dropped, and whether its candidates name other pages.

    An address that is the site's front page is none of an article's, where another one is longer.
    """
    links = [web_link(one, base) for one in (*addresses, *(node.addresses if node else ()))]
    good = [link.url for link in links if link.url]
    dropped = tuple(dict.fromkeys(warning for link in links for warning in link.warnings))
    deep = [url for url in good if json_ld.path_of(url)]
    said = {json_ld.path_of(url) for url in deep[: len(addresses)]}
    return next(iter(deep or good), None), dropped, len(said) > 1


def _body(node: json_ld.Node | None) -> str | None:
    """The article's text of its node, markup taken off; line ends stay."""
    from factcheck.articles.markup import fragment_text

    raw = node.fields.get("articleBody") if node else None
    if not isinstance(raw, str) or not raw.strip():
        return None
    text = references.decoded(raw)
    if re.search(r"</(?:p|div|span|a|h\d|strong|b|em)\s*>|<(?:br|p)\b", text, re.IGNORECASE):
        return fragment_text(text) or None
    return "\n".join(line for row in text.splitlines() if (line := " ".join(row.split()))) or None
