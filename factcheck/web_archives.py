"""Public web archives: which addresses are a copy that one of them keeps, and of what. Pure.

Only what the address itself says is believed, nobody is asked. A search, a list of copies or "save this page" is no
copy; an address from which the archived page cannot be told (a short one) is a copy of an unknown original.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from factcheck import web


class Copy(NamedTuple):
    """A copy in a public archive; `original` is the address of what was copied, None where it cannot be told."""

    archived: str
    original: str | None


_TIME: Final = r"\d{4,14}"
_WAYBACK: Final = rf"/web/{_TIME}(?:[a-z]{{2}}_)?/(?P<original>.+)"
_TODAY: Final = (
    r"/(?:\d{14}|\d{4}\.\d\d\.\d\d-\d{6})/(?P<original>.+)",
    r"/(?!newest$|search$|about$|faq$)[A-Za-z0-9]{4,6}(?:/image|/share)?/?",
)
ARCHIVES: Final[Mapping[str, tuple[str, ...]]] = {
    "web.archive.org": (_WAYBACK,),
    "archive.org": (_WAYBACK,),
    "wayback.archive.org": (_WAYBACK,),
    **dict.fromkeys([f"archive.{top}" for top in ("today", "ph", "is", "md", "li", "vn", "fo")], _TODAY),
    "perma.cc": (r"/[A-Za-z0-9]{2,4}-[A-Za-z0-9]{2,4}/?",),
    "ghostarchive.org": (r"/(?:archive|varchive)/[\w-]+/?",),
    "webcitation.org": (r"/(?:query\?.+|[A-Za-z0-9]{6,12}(?:\?.*)?)",),
}
"""By site, what the address of a copy looks like behind the host; `original` is where the page's own address stands."""

_SCHEME: Final = re.compile(r"(https?):/{1,3}", re.IGNORECASE)


def copy(address: str) -> Copy | None:
    """The copy that the web address names; None where it is no address of a copy in an archive we know."""
    forms = ARCHIVES.get(web.site(address))
    if forms is None or not web.is_web_address(address):
        return None
    parts = urlsplit(address)
    rest = address.partition("://")[2].partition("/")[2]  # not the split path: the original has its own ? and #
    for form in forms:
        if found := re.fullmatch(form, f"/{rest}"):
            named = found.groupdict().get("original") or _asked(parts.query)
            return Copy(address, _original(named))
    return None


_STAMP: Final = re.compile(r"/(?:web/)?(\d{14})(?:[a-z]{2}_)?/|/(\d{4}\.\d\d\.\d\d-\d{6})/")


def taken(address: str) -> datetime | None:
    """When the copy at this address was made (UTC), to the second; None where the address does not say so."""
    if copy(address) is None or (found := _STAMP.match(f"/{address.partition('://')[2].partition('/')[2]}")) is None:
        return None
    digits = re.sub(r"\D", "", found[1] or found[2])
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:  # the 31st of a month that has 30 days
        return None


def _asked(query: str) -> str | None:
    return next(iter(parse_qs(query).get("url", [])), None)


def _original(named: str | None) -> str | None:
    """The address as it stands in the archive's; without a scheme the archives read http, as we do."""
    if named is None:
        return None
    address = _SCHEME.sub(r"\1://", named, count=1) if _SCHEME.match(named) else f"http://{named}"
    return address if web.is_web_address(address) and "." in web.host(address) else None
