"""Addresses found in files, pages and feeds: only http and https are kept, the rest is dropped and counted."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urljoin

from factcheck import web

_LONGEST = 2_000


class Link(NamedTuple):
    """The address or None, and the warning `link_dropped` where something else stood there."""

    url: str | None
    warnings: tuple[str, ...]


def web_link(raw: str | None, base: str | None = None) -> Link:
    """The http(s) address of `raw`, joined to `base` where it is relative; `javascript:`, `data:` and others go."""
    if raw is None or not raw.strip():
        return Link(None, ())
    try:
        joined = urljoin(base or "", raw.strip())
    except ValueError:
        joined = ""
    # Printable: an article's id is made of its address too, and those with a joiner in them have always been dropped.
    good = web.is_web_address(joined) and joined.isprintable() and len(joined) <= _LONGEST
    return Link(joined, ()) if good else Link(None, ("link_dropped",))
