"""Edge: one page or feed over HTTP, bounded in bytes on the wire, bytes out, ratio, redirects and total time.

httpcore, the layer under httpx, is used by itself: only there can the address that a name resolved to be looked at
and then be the one that is connected to, so that no second DNS answer comes between.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import httpcore

from factcheck import logs, web
from factcheck.articles.addresses import refusal
from factcheck.articles.draft import Limits
from factcheck.articles.gunzip import gunzip
from factcheck.errors import Rejected

_LOG = logs.named(__name__)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
_PAGES = b"text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, text/plain;q=0.8"
_ANYTHING = b"*/*"
Headers = list[tuple[bytes, bytes]]
# What servers, the network and names that cannot be make the layers below raise; UnicodeError is a ValueError.
_FAULTS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    OSError,  # ssl.SSLError is one
    ValueError,
)


class Fetched(NamedTuple):
    """The body, decompressed; `url` is where it was found after redirects."""

    data: bytes
    url: str
    media_type: str | None
    charset: str | None


class Exchange(NamedTuple):
    """What was asked at `url`, the last address after redirects, and what came back, as on the wire.

    `body` is without transfer encoding, `data` without content encoding too.
    """

    url: str
    asked: Headers
    status: str
    headers: Headers
    body: bytes
    data: bytes

    def header(self, name: str) -> str:
        """The first value of a header of the answer; "" where there is none."""
        return next((_header(value) for key, value in self.headers if key.lower() == name.encode()), "")


def fetch(url: str, limits: Limits, *, allow_private_addresses: bool = False, route: web.Route = web.DIRECT) -> Fetched:
    """The page at an http(s) URL.

    Through a proxy it is the proxy that looks a name up; a name that this machine knows to be private is refused
    all the same. Raises Rejected: ADDRESS (not public; names the rule), REDIRECT, TIMEOUT, TOO_LARGE, CERTIFICATE
    (signed by nobody who is trusted here), PROXY (the proxy itself), FETCH (anything else that the server or the
    network did). Takes at most `limits.seconds`, apart from the system's resolver.
    """
    found = exchange(url, limits, accept=_PAGES, allow_private_addresses=allow_private_addresses, route=route)
    media_type, charset = _content_type(found.header("content-type"))
    return Fetched(found.data, found.url, media_type, charset)


def exchange(
    url: str,
    limits: Limits,
    *,
    accept: bytes = _ANYTHING,
    allow_private_addresses: bool = False,
    route: web.Route = web.DIRECT,
) -> Exchange:
    """What was asked and answered at an http(s) URL, of any media type; bounded and refused as in `fetch`."""
    deadline = time.monotonic() + limits.seconds
    backend = _Guarded(deadline, allow_private_addresses=allow_private_addresses, proxy=route.proxy)
    proxy = httpcore.Proxy(route.proxy) if route.proxy else None
    try:
        with httpcore.ConnectionPool(
            network_backend=backend, keepalive_expiry=0, ssl_context=route.trust, proxy=proxy
        ) as pool:
            found = _follow(pool, url, limits, deadline, accept, backend)
            _LOG.debug("fetched", extra=logs.said(host=urlsplit(found.url).hostname, bytes=len(found.body)))
            return found
    except httpcore.TimeoutException as error:
        raise _timeout(limits.seconds) from error
    except httpcore.ProxyError as error:
        raise _proxy(error, route.proxy) from error
    except _FAULTS as error:
        if web.is_untrusted(error):
            raise Rejected("CERTIFICATE", f"is not trusted here: {error}", hint=web.UNTRUSTED_HINT) from error
        raise Rejected("FETCH", f"cannot be read: {error or type(error).__name__}", hint="try again later") from error


def _follow(
    pool: httpcore.ConnectionPool, url: str, limits: Limits, deadline: float, accept: bytes, backend: _Guarded
) -> Exchange:
    """The page behind any redirects."""
    visited: list[str] = []
    while True:
        target = _checked(url)
        if target in visited:
            raise Rejected("REDIRECT", f"redirects back to {target}", hint="open it in a browser and save the page")
        if len(visited) > limits.redirects:
            raise Rejected("REDIRECT", f"redirects more than {limits.redirects} times", hint="use the final address")
        visited.append(target)
        if backend.proxy is not None:
            backend.refuse_private(urlsplit(target).hostname or "")
        answer = _get(pool, target, limits, deadline, accept)
        if isinstance(answer, Exchange):
            return answer
        try:
            url = urljoin(target, answer)
        except ValueError as error:
            what = f"redirects to {answer[:200]!r}, which is not an address: {error}"
            raise Rejected("FETCH", what, hint="open it in a browser and save the page") from error


def _checked(url: str) -> str:
    """The URL in ASCII without a fragment; raises Rejected for what is no plain http(s) address."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise Rejected("FETCH", f"is not an address: {error}", hint="check the spelling") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise Rejected("ADDRESS", f"uses {parts.scheme or 'no scheme'}, not http or https")
    if parts.username is not None:
        raise Rejected("ADDRESS", "contains a user name or password", hint="remove it from the address")
    try:
        host = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Rejected("FETCH", "has an invalid host name", hint="check the spelling") from error
    safe = "/%:=&?~#+!$,;'@()*[]"
    path, query = quote(parts.path or "/", safe=safe), quote(parts.query, safe=safe)
    return urlunsplit((parts.scheme, host if port is None else f"{host}:{port}", path, query, ""))


def _get(pool: httpcore.ConnectionPool, url: str, limits: Limits, deadline: float, accept: bytes) -> Exchange | str:
    """The page, or the address that the server sends us on to."""
    left = _left(deadline)
    extensions = {"timeout": {"connect": left, "read": left, "write": left, "pool": left}}
    asked = [
        (b"Host", urlsplit(url).netloc.encode("ascii")),
        (b"User-Agent", b"factcheck"),
        (b"Accept", accept),
        (b"Accept-Encoding", b"gzip"),
    ]
    with pool.stream("GET", url, headers=asked, extensions=extensions) as response:
        headers = {name.lower(): _header(value) for name, value in response.headers}
        if response.status in _REDIRECTS and b"location" in headers:
            return headers[b"location"]
        if response.status != _OK:
            raise Rejected(
                "FETCH", f"answered with HTTP {response.status}", hint="open it in a browser and save the page"
            )
        wire: list[bytes] = []
        data = b"".join(_bounded(response.iter_stream(), headers, limits, deadline, wire))
        reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
    return Exchange(url, asked, f"{response.status} {reason}", list(response.headers), b"".join(wire), data)


def _header(value: bytes) -> str:
    """The value as text: UTF-8, which servers write raw into `Location`, or else Latin-1, as the standard says."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _bounded(
    chunks: Iterable[bytes], headers: dict[bytes, str], limits: Limits, deadline: float, seen: list[bytes]
) -> Iterator[bytes]:
    """The body, unpacked; never more bytes, on the wire or out of it, than the limits allow.

    `seen` gets what came over the wire.
    """
    encoding = headers.get(b"content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip", ""}:
        raise Rejected("FETCH", f"was sent in the encoding {encoding}, which was not asked for")
    wire = _noted(_at_most(chunks, limits), seen)
    pieces = gunzip(wire, code="FETCH", ratio=limits.ratio) if "gzip" in encoding else wire
    for piece in _at_most(pieces, limits):
        _left(deadline)
        yield piece


def _noted(chunks: Iterable[bytes], seen: list[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        seen.append(chunk)
        yield chunk


def _at_most(chunks: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limits.max_bytes:
            raise Rejected(
                "TOO_LARGE", f"is larger than {limits.max_bytes} bytes", hint="save the article's text and ingest that"
            )
        yield chunk


class _Guarded(httpcore.SyncBackend):
    """Connects to the very address that was judged, and gives every read what is left of the total time."""

    def __init__(self, deadline: float, *, allow_private_addresses: bool, proxy: str | None = None) -> None:
        self.proxy = proxy
        self._deadline = deadline
        self._allow_private = allow_private_addresses

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the total time counts
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        if self.proxy is not None:  # a person named it, so it may be anywhere
            try:
                stream = super().connect_tcp(host, port, _left(self._deadline), local_address, socket_options)
            except (httpcore.NetworkError, OSError) as error:
                raise _proxy(error, self.proxy) from error
            return _Timed(stream, self._deadline)
        addresses = _resolve(host, port)
        self._judge(host, addresses)
        stream = super().connect_tcp(addresses[0], port, _left(self._deadline), local_address, socket_options)
        return _Timed(stream, self._deadline)

    def refuse_private(self, host: str) -> None:
        """Raises Rejected for what the proxy must not be asked for; a name that only the proxy knows is left to it."""
        try:
            addresses = _resolve(host, 0)
        except Rejected:
            return
        self._judge(host, addresses)

    def _judge(self, host: str, addresses: list[str]) -> None:
        for address in addresses if not self._allow_private else ():
            if rule := refusal(address):
                where = host if host == address else f"{host} ({address})"
                raise Rejected("ADDRESS", f"{where} is {rule}, and such addresses are not fetched")


class _Timed(httpcore.NetworkStream):
    """A stream whose every step ends at the deadline: a server that sends a byte a second gains nothing."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the total time counts
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the total time counts
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the total time counts
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


def _resolve(host: str, port: int) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host.strip("[]")))]
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Rejected(
            "FETCH", f"{host} cannot be resolved: {error.strerror or error}", hint="check the spelling"
        ) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _proxy(error: Exception, proxy: str | None) -> Rejected:
    what = f"the proxy {proxy} does not let us through: {error or type(error).__name__}"
    return Rejected("PROXY", what, hint="correct proxy under [articles] in factcheck.toml, or take it out")


def _timeout(seconds: float) -> Rejected:
    return Rejected("TIMEOUT", f"took longer than {seconds:g} seconds", hint="try again later")


def _content_type(value: str) -> tuple[str | None, str | None]:
    media_type = value.partition(";")[0].strip().lower() or None
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", value, re.IGNORECASE)
    return media_type, charset[1] if charset else None
