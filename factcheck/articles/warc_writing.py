"""One page as a web archive (WARC 1.1, ISO 28500): what was asked, what was answered, and from where it came. Pure.

Each record is a gzip member of its own, as the format asks, so that files put one behind the other are an archive too.
Nothing of who asked is in it but the headers that every request of ours has.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import uuid
import zlib
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from factcheck.articles.draft import Limits
from factcheck.articles.fetch import Exchange, Headers
from factcheck.articles.gunzip import gunzip
from factcheck.errors import Corrupt, Rejected

_RESPONSE = "application/http;msgtype=response"
_REQUEST = "application/http;msgtype=request"
_BROKEN = (OSError, EOFError, ValueError, KeyError, zlib.error)


class Kept(NamedTuple):
    """A page as it is kept; `data` is its content, unpacked, `digest` that of what came over the wire."""

    url: str
    at: datetime
    status: str
    media_type: str
    digest: str
    data: bytes


def written(page: Exchange, *, asked: str, now: datetime) -> bytes:
    """The archive of one page; `asked` is the address before redirects."""
    names = {kind: uuid.uuid5(uuid.NAMESPACE_URL, f"{kind} {now.isoformat()} {asked}").urn for kind in _KINDS}
    about = {"WARC-Target-URI": page.url, "WARC-Date": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    answer = _http(f"HTTP/1.1 {page.status}", _as_stored(page.headers), page.body)
    parts = urlsplit(page.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    records = [
        _record("response", names, about | {"WARC-Payload-Digest": _digest(page.body)}, _RESPONSE, answer),
        _record("request", names, about, _REQUEST, _http(f"GET {target} HTTP/1.1", page.asked, b"")),
    ]
    if asked != page.url:
        fields = f"via: {asked}\r\n".encode()
        records.append(_record("metadata", names, about, "application/warc-fields", fields))
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def opened(archive: bytes, subject: str, limits: Limits) -> Kept:
    """The page in an archive that `written` made; raises Corrupt where it is not as it was written."""
    try:
        fields, rest = _fields(gzip.decompress(archive), first="WARC/1.1")
        if fields["warc-type"] != "response":
            raise ValueError("its first record is no response")
        block = rest[: int(fields["content-length"])]
        if _digest(block) != fields["warc-block-digest"]:
            raise ValueError("its digest is another one")
        headers, body = _fields(block, first="HTTP/1.1")
        packed = "gzip" in headers.get("content-encoding", "").lower()
        data = b"".join(gunzip([body], code="PARTIAL", ratio=limits.ratio)) if packed else body
        at = datetime.fromisoformat(fields["warc-date"])
    except (*_BROKEN, Rejected) as error:
        hint = "remove the file: the next `factcheck pull` fetches the page again"
        raise Corrupt(f"is not as it was written: {error}", subject=subject, hint=hint) from error
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    status = headers[""].partition(" ")[2]
    return Kept(fields["warc-target-uri"], at, status, media_type, fields["warc-payload-digest"], data)


_KINDS = ("response", "request", "metadata")


def _record(kind: str, names: dict[str, str], about: dict[str, str], content: str, block: bytes) -> bytes:
    fields = {"WARC-Type": kind, "WARC-Record-ID": f"<{names[kind]}>"}
    if kind != "response":
        fields["WARC-Concurrent-To"] = f"<{names['response']}>"
    fields |= about | {"WARC-Block-Digest": _digest(block), "Content-Type": content, "Content-Length": str(len(block))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def _http(first: str, headers: Headers, body: bytes) -> bytes:
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    return f"{first}\r\n".encode("latin-1") + lines + b"\r\n" + body


def _as_stored(headers: Headers) -> Headers:
    """The headers of a body without transfer encoding: what it was is said, as other archives do, but no longer so."""
    return [
        (b"X-Archive-Orig-Transfer-Encoding" if name.lower() == b"transfer-encoding" else name, value)
        for name, value in headers
    ]


def _fields(data: bytes, *, first: str) -> tuple[dict[str, str], bytes]:
    """Named fields in lower case, the first line under "", and what is behind the blank line."""
    head, blank, rest = data.partition(b"\r\n\r\n")
    line, *lines = head.decode("utf-8", "replace").split("\r\n")
    if not blank or not re.match(re.escape(first), line):
        raise ValueError(f"it begins with {line[:40]!r}")
    found = {"": line}
    for name, _, value in (each.partition(":") for each in lines):
        found[name.strip().lower()] = value.strip()  # of two the last one, as the page was read
    return found, rest


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
