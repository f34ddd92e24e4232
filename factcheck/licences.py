"""Licences by their SPDX id or their address: one table for everything that is released or exported."""

from __future__ import annotations

import difflib
import re
from typing import Final, NamedTuple

from factcheck import web


class Licence(NamedTuple):
    """A licence: its SPDX id or expression and its address, each empty where it has none, and what people call it."""

    id: str
    name: str
    url: str

    @property
    def address_or_id(self) -> str:
        """What a program is told: the address, else the id."""
        return self.url or self.id


_CC: Final = "https://creativecommons.org"
_ODC: Final = "https://opendatacommons.org/licenses"
OPEN: Final[dict[str, Licence]] = {
    one.id: one
    for one in (
        Licence("CC-BY-4.0", "Creative Commons Attribution 4.0 International", f"{_CC}/licenses/by/4.0/"),
        Licence(
            "CC-BY-SA-4.0", "Creative Commons Attribution-ShareAlike 4.0 International", f"{_CC}/licenses/by-sa/4.0/"
        ),
        Licence("CC0-1.0", "Creative Commons Zero 1.0 Universal", f"{_CC}/publicdomain/zero/1.0/"),
        Licence("ODbL-1.0", "Open Database License 1.0", f"{_ODC}/odbl/1-0/"),
        Licence("ODC-By-1.0", "Open Data Commons Attribution License 1.0", f"{_ODC}/by/1-0/"),
        Licence("PDDL-1.0", "Open Data Commons Public Domain Dedication and License 1.0", f"{_ODC}/pddl/1-0/"),
    )
}
"""What desks release data under, by SPDX id; the names and addresses are those of the licences' own pages."""

_SPDX_PAGE: Final = "https://spdx.org/licenses/{}.html"
_FORMS: Final = re.compile(r"^https?://(?:www\.)?|/(?:legalcode|deed)(?:\.[\w-]+)?$|/$", re.IGNORECASE)
"""What differs between the addresses of one licence: a deed and its translations, the scheme, a slash."""


def check(text: str) -> str:
    """The licence as it is kept: an address, an SPDX expression in its own letters, or "" for none.

    Raises ValueError, with the nearest open licence, for a text that is none of these.
    """
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    text = text.strip()
    if not text or web.is_web_address(text):
        return text
    try:
        return str(canonicalize_license_expression(text))
    except InvalidLicenseExpression:
        pass
    by_folded = {name.casefold(): name for name in OPEN}
    near = difflib.get_close_matches(text.casefold(), by_folded, n=1, cutoff=0.5)
    meant = f"; did you mean '{by_folded[near[0]]}'?" if near else "."
    raise ValueError(f"is no SPDX licence and no web address{meant} Open ones are {', '.join(OPEN)}")


def of(text: str) -> Licence | None:
    """The licence that a checked text names; None for none.

    An expression of several licences has no address, and neither has a private one (`LicenseRef-...`). An address that
    is no open licence's is its own name.
    """
    if not text:
        return None
    if text in OPEN:
        return OPEN[text]
    if web.is_web_address(text):
        known = {_bare(one.url): one for one in OPEN.values()}.get(_bare(text))
        return known or Licence("", text, text)
    single = re.fullmatch(r"(?!LicenseRef-)[\w.+-]+", text) is not None
    return Licence(text, text, _SPDX_PAGE.format(text.removesuffix("+")) if single else "")


def address(text: str) -> str:
    """The address of the licence, its id where it has none; empty for no licence."""
    found = of(text)
    return found.address_or_id if found else ""


def _bare(url: str) -> str:
    before = None
    while before != url:
        before, url = url, _FORMS.sub("", url)
    return url.casefold()
