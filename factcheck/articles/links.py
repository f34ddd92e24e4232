"""Addresses found in files, pages and feeds: only http and https are kept, the rest is dropped and counted."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

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
        parts = urlsplit(joined)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and len(joined) <= _LONGEST
        # A password in an address would end in the dataset.
        good = good and parts.username is None and not any(char.isspace() or not char.isprintable() for char in joined)
    except ValueError:
        good = False
        joined = ""
    return Link(joined, ()) if good else Link(None, ("link_dropped",))
