"""What all pages of one site have in common: desk, language, words, and the template around them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from factcheck import __version__, licences
from factcheck.exporters import labels
from factcheck.exporters.contract import ExportContext, Page
from factcheck.exporters.profiles import Profile
from factcheck.exporters.site import words
from factcheck.languages import OF_DESKS, Language, read
from factcheck.templating import template
from factcheck.text import direction_of_language

HERE = "exporters/site"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""What a page may load: files of this site and nothing else; no script or style stands in a page."""
NAVIGATION = (
    ("index.html", "home"),
    ("outlets.html", "outlets"),
    ("claimants.html", "claimants"),
    ("topics.html", "topics"),
    ("corrections.html", "corrections"),
    ("charts.html", "charts"),
    ("method.html", "method"),
    ("data.html", "data"),
)
_TEMPLATES = (
    "base",
    "claim",
    "gone",
    "list",
    "names",
    "corrections",
    "charts",
    "method",
    "data",
    "embed",
    "quoted",
    "framed",
    "spread",
)


_WRITTEN = json.JSONEncoder(ensure_ascii=False, default=str, sort_keys=True).encode


@dataclass(frozen=True)
class Site:
    """The site that one profile makes of one version."""

    profile: Profile
    context: ExportContext
    language: Language
    has_topics: bool = False

    @cached_property
    def words(self) -> dict[str, str]:
        """The site's words in its language."""
        return words.of(self.language)

    def rating(self, key: str) -> str:
        """The word of a rating (`words.rating_key`): the profile's own, else ours."""
        return self.context.words.get(key) or labels.PUBLISHED[key][self.language]

    @property
    def has_cards(self) -> bool:
        """Whether each claim has a picture to share."""
        return self.context.cards and self.profile.site.cards

    def inputs(self, *parts: object) -> str:
        """The digest of a page that is made of these parts, besides what every page is made of."""
        return digest(self._common, *parts)

    def page(self, name: str, kind: str, inputs: str, values: Callable[[], dict[str, Any]]) -> Page:
        """A page made by the template `kind`, at `name` from the site's root."""
        return Page(name, inputs, lambda: self.html(name, kind, values()))

    def html(self, name: str, kind: str, values: dict[str, Any]) -> bytes:
        """The page as UTF-8; `values` are what its template asks for, with `title`."""
        context = self.context
        text = template(f"{HERE}/{kind}.html.j2").render(
            w=self.words,
            lang=self.language,
            dir=direction_of_language(self.language),
            arrow="←" if direction_of_language(self.language) == "rtl" else "→",
            root="../" * name.count("/"),
            name=name,
            policy=POLICY,
            navigation=[one for one in NAVIGATION if self.has_topics or one[1] != "topics"],
            desk_name=context.desk_name,
            desk_url=context.desk_url,
            licence=licences.of(context.licence),
            **{"description": "", "canonical": "", "index": True, "oembed": "", "picture": ""} | values,
        )
        return text.encode("utf-8", "replace")

    @cached_property
    def _common(self) -> str:
        context = self.context
        desk = (context.desk_name, context.desk_url, context.licence, context.clock, self.language)
        return digest(_code(self.language), self.profile.model_dump_json(), desk, self.has_cards, self.has_topics)


def digest(*parts: object) -> str:
    """A digest of values that JSON can write."""
    return hashlib.sha256(_WRITTEN(parts).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def data(name: str) -> bytes:
    """A file that every site has a copy of."""
    return (resources.files("factcheck.exporters.site") / "data" / name).read_bytes()


@cache
def _code(language: Language) -> str:
    """What is the same for all sites in a language that one release of the program makes: templates and words.

    Whoever changes the code of a page alone raises the program's version or runs the export with `--force`.
    """
    folder = resources.files("factcheck.exporters.site")
    texts = [(folder / f"{name}.html.j2").read_text("utf-8") for name in _TEMPLATES]
    texts.append((resources.files("factcheck.exporters") / "spread_marks.svg.j2").read_text("utf-8"))
    said = [read(language, part) for part in OF_DESKS]
    return digest(__version__, texts, said)
