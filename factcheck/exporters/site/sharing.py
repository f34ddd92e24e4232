"""What others show of a claim: a card to frame (`embed/ID.html`), its oEmbed (`embed/ID.json`) and a picture.

They keep their addresses like the page of the claim, and say of a withdrawn check that it was withdrawn: who framed the
card shows that too, without doing anything. The HTML of the oEmbed is a link with the verdict and then the frame, as
WordPress gives it: where frames are not shown, or shown without scripts and links, the words and the link remain.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from factcheck.exporters.contract import Page
from factcheck.exporters.pages import address
from factcheck.exporters.site import card
from factcheck.exporters.site.entries import Entry, claim_words, page_of
from factcheck.exporters.site.frame import Site, digest
from factcheck.templating import template
from factcheck.text import direction_of_language, for_display

FRAME = (600, 260)
"""Width and height of the card in pixels: a page without scripts cannot ask for the height that it needs."""
_SHORT = 200


class Shared(NamedTuple):
    """A claim as its card shows it; `key` is `withdrawn` where its check was, and `target` where it leads."""

    claim_id: str
    words: str
    lang: str
    key: str
    rating: str
    about: str = ""
    target: str = ""

    @property
    def direction(self) -> str:
        """Of its words."""
        return direction_of_language(self.lang)

    @property
    def stays(self) -> bool:
        """Whether it leads to its own page, and so has a picture."""
        return self.target == page_of(self.claim_id)


def standing(one: Entry) -> Shared:
    """The card of a claim that has a result."""
    about = " · ".join(part for part in (one.who, one.day) if part)
    return Shared(one.claim_id, one.words, one.lang, one.key, one.rating, about, page_of(one.claim_id))


def withdrawn(site: Site, row: Mapping[str, Any]) -> Shared:
    """The card of a claim whose result was taken back: its words, and nothing of what was said of them."""
    words = for_display(claim_words(row), row["lang"])
    target = page_of(row["claim_id"])
    return Shared(row["claim_id"], words, row["lang"] or "", "withdrawn", site.words["withdrawn_title"], "", target)


def moved(site: Site, one: Entry, copy: str) -> Shared:
    """The card of a claim that is answered on the page of another one."""
    return Shared(copy, one.words, one.lang, "moved", site.words["moved_title"], "", page_of(one.claim_id))


def root(site: Site) -> str:
    """The address of the site's folder with a slash at its end; "" where the profile's `review_url` does not tell."""
    before, found, after = address(site.profile, site.context, "\n").partition("claims/\n")
    return before if found and after in ("", ".html") else ""


def head(site: Site, one: Shared) -> dict[str, str]:
    """What the page of the claim says of its card: addresses in its head, and the HTML that others may copy."""
    if not (base := root(site)):
        return {"oembed": "", "picture": "", "snippet": ""}
    picture = f"{base}cards/{one.claim_id}.png" if site.has_cards and one.stays else ""
    return {"oembed": f"{base}embed/{one.claim_id}.json", "picture": picture, "snippet": _frame(base, site, one)}


def pages(site: Site, one: Shared, inputs: str) -> Iterator[Page]:
    """The files beside the page of the claim, whose `inputs` they have: it is made of all that they are made of.

    Pictures, only where the context asks for them, cost more and have a digest of their own.
    """
    yield Page(f"embed/{one.claim_id}.html", inputs, lambda: _card(site, one))
    if base := root(site):
        yield Page(f"embed/{one.claim_id}.json", inputs, lambda: _oembed(base, site, one))
    if site.has_cards and one.stays:
        said = card.Card(site.context.desk_name, one.words, one.lang, one.key, one.rating, site.language)
        # Of the whole site only what stands on the picture: another licence or template draws none of them again.
        yield Page(f"cards/{one.claim_id}.png", digest("card", card.EDITION, said), lambda: card.draw(said))


def _card(site: Site, one: Shared) -> bytes:
    return site.html(f"embed/{one.claim_id}.html", "embed", {"title": f"{one.rating}: {_short(one.words)}", "one": one})


def _oembed(base: str, site: Site, one: Shared) -> bytes:
    """The answer of a provider of oEmbed 1.0 (https://oembed.com), type `rich`."""
    width, height = FRAME
    values = {
        "version": "1.0",
        "type": "rich",
        "title": f"{one.rating}: {_short(one.words)}",
        "provider_name": site.context.desk_name,
        "provider_url": site.context.desk_url,
        "cache_age": 3600,
        "width": width,
        "height": height,
        "html": _quoted(base, site, one) + _frame(base, site, one),
    }
    if site.has_cards and one.stays:
        picture = {"thumbnail_width": card.WIDTH, "thumbnail_height": card.HEIGHT}
        values |= {"thumbnail_url": f"{base}cards/{one.claim_id}.png", **picture}
    text = json.dumps(values, ensure_ascii=False, indent=1)
    return f"{text}\n".encode("utf-8", "replace")


def _quoted(base: str, site: Site, one: Shared) -> str:
    values = {"href": base + one.target, "one": one, "desk_name": site.context.desk_name}
    return template("exporters/site/quoted.html.j2").render(values, short=_short(one.words))


def _frame(base: str, site: Site, one: Shared) -> str:
    width, height = FRAME
    return template("exporters/site/framed.html.j2").render(
        src=f"{base}embed/{one.claim_id}.html", title=site.context.desk_name, width=width, height=height
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else line[: _SHORT - 1].rstrip() + "…"
