"""Web addresses: what is one, whose it is, and whether what is sent there stays on this machine. Pure.

One rule for each question, so that what one stage keeps as an address no other takes for a text:

- A web address begins with http or https, in letters of any case, and names a host.
- It holds no white space, no control character and no direction control. RFC 3986 lets none of them stand in an
  address; browsers and Python take some out silently, so that what is shown is not what is opened. The joiners ZWNJ
  and ZWJ are letters of Persian and of Indic words and may stand in a path.
- It holds none of `"`, `<`, `>` and the backslash, which browsers read as a slash.
- A host is labels with dots between them, in any script, or a number in IPv6; a user name or password is refused
  (a reader takes `https://bbc.com@other.example` for the BBC's, and a password would be published).
- A port is 1 to 65535.

Two addresses are on the same site where their hosts are the same: in any case, in IDNA or in letters, with or without
`www.` and a last dot. Scheme, port and path make no difference to that; to an origin scheme and port do.
"""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from factcheck.text import is_one_line

if TYPE_CHECKING:
    import ssl

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Hosts that never leave this machine."""
_SCHEMES = {"http": 80, "https": 443}
_NOT_IN_ADDRESS = re.compile(r'[\s"<>\\]')
_NOT_IN_HOST = frozenset("!$&'()*+,;=%^`{|}[]:")


class Route(NamedTuple):
    """How a request leaves: whom TLS trusts (None for what the client's library brings), and through which proxy."""

    trust: ssl.SSLContext | None = None
    proxy: str | None = None


DIRECT = Route()
"""Without a proxy."""


def is_untrusted(error: BaseException | str) -> bool:
    """Whether what a client says is about the other side's certificate, which trying again does not mend."""
    said = str(error)
    return any(sign in said for sign in ("CERTIFICATE_VERIFY_FAILED", "invalid peer certificate", "UnknownIssuer"))


UNTRUSTED_HINT = (
    "if the authority is your own, name its certificate: ca_file under [studio] in factcheck.toml, or SSL_CERT_FILE "
    "in the environment"
)


class Parts(NamedTuple):
    """Scheme and host in lower case, the host without brackets; the port, also where it goes without saying."""

    scheme: str
    host: str
    port: int
    has_user: bool


@functools.lru_cache(maxsize=4096)  # one address is asked about by every rule that meets it
def parts(text: str) -> Parts | None:
    """What the address is made of; None for what is none. A user name does not make it none here."""
    if not is_one_line(text) or _NOT_IN_ADDRESS.search(text):
        return None
    try:
        split = urlsplit(text)
        port, name = split.port, split.hostname or ""
    except ValueError:
        return None
    is_host = _is_ipv6(name) if split.netloc.rpartition("@")[2].startswith("[") else _is_name(name)
    if split.scheme not in _SCHEMES or port == 0 or not is_host:
        return None
    return Parts(split.scheme, name, port or _SCHEMES[split.scheme], "@" in split.netloc)


def is_web_address(text: str) -> bool:
    """Whether the text is an http(s) address and nothing else; see the rule above."""
    return (found := parts(text)) is not None and not found.has_user


def is_meant_as_address(text: str) -> bool:
    """Whether whoever wrote it meant a web address, good or not: it begins like one."""
    return text[: len("https://")].lower().startswith(tuple(f"{scheme}://" for scheme in _SCHEMES))


def is_placeholder(address: str) -> bool:
    """Whether the address is on a site that is nobody's (RFC 2606): what a desk has until it names its own."""
    return host(address) in {"example.org", "example.com", "example.net"}


def host(text: str) -> str:
    """The host of a web address in lower case, as it is written; "" where there is none."""
    return found.host if (found := parts(text)) else ""


def site(text: str) -> str:
    """The host of a web address as `same_site` compares it; "" where there is none."""
    name = host(text).removesuffix(".")
    if not name.isascii():
        with contextlib.suppress(UnicodeError):  # one that the old IDNA does not know is compared as it is written
            name = name.encode("idna").decode("ascii")
    return name.removeprefix("www.")


def same_site(one: str, other: str) -> bool:
    """Whether both are web addresses of the same host; `www.` makes no difference."""
    return site(one) == site(other) != ""


def is_within(address: str, other: str) -> bool:
    """Whether the address is on the site of the other, or on a host under it."""
    found, own = site(address), site(other)
    return bool(found and own) and (found == own or found.endswith(f".{own}"))


def same_origin(one: str, other: str) -> bool:
    """Whether scheme, host and port of two web addresses are the same (RFC 6454)."""
    first, second = parts(one), parts(other)
    return first is not None and second is not None and first[:3] == second[:3]


def can_be_overheard(text: str) -> bool:
    """Whether what is sent there can be read on the way: plain http that leaves this machine, or what is no address."""
    found = parts(text)
    return found is None or (found.scheme == "http" and found.host not in LOOPBACK)


def _is_name(name: str) -> bool:
    return all(label.strip("-_") for label in name.removesuffix(".").split(".")) and _NOT_IN_HOST.isdisjoint(name)


def _is_ipv6(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).version == 6  # noqa: PLR2004 - IP version
    except ValueError:
        return False
