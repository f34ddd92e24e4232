"""Seeded mutations of everything that `ingest` and `import` read; whatever comes, it is an article or a rejection.

What is found is kept in the folder, so that it can be tried again.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from factcheck import claims
from factcheck.articles import Limits, decode, ingest
from factcheck.errors import Rejected
from factcheck.importers import documents, records
from factcheck.text import has_surrogate

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SLOW = 20.0
"""Seconds that no input of these sizes may take, also on a busy machine."""
TEXT = "شهردار گفت: «خط سوم مترو ۱۲ کیلومتر است.» The mayor said that 12,000 trees were planted in 2024. "
PAGE = (
    '<!doctype html><html lang="fa"><head><meta charset="utf-8"><title>T &amp; t</title>'
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"h","datePublished":"2024-01-02",'
    '"publisher":{"name":"p"}}</script><link rel="canonical" href="/a"></head><body><nav><a href="x">n</a></nav>'
    f"<article><h1>T</h1><time datetime='2024-01-02'>2 Jan</time><p>{TEXT * 2}</p><p>&zwnj;&#x6cc;&nbsp;{TEXT}</p>"
    "<ul><li><a href='javascript:x'>l</a></ul></article></body></html>"
)
FEED = (
    "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    "<channel><title>C</title><item><title>a &amp; b</title><guid>1</guid><link>https://o.example/1</link>"
    f"<pubDate>Tue, 02 Jan 2024 10:00:00 GMT</pubDate><description>&lt;p&gt;{TEXT}&lt;/p&gt;</description></item>"
    f"<item><title>c</title><guid>2</guid><content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded></item>"
    "</channel></rss>"
)
ATOM = (
    "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>C</title><entry><id>1</id><title>t</title>"
    f"<updated>2024-01-02T10:00:00Z</updated><content type='html'>&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>"
)
REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checks.example/1",
    "claimReviewed": "The bridge &laquo;cost&raquo; <b>40</b> million.",
    "datePublished": "2025-03-02",
    "author": {"@type": "Organization", "name": "Checks", "url": "https://checks.example"},
    "itemReviewed": {
        "author": {"name": "m"},
        "appearance": [{"url": "https://n.example/a"}],
        "datePublished": "1403/1/2",
    },
    "reviewRating": {"ratingValue": 1, "worstRating": 1, "bestRating": 5, "alternateName": "False"},
}
GOOGLE = {
    "claims": [
        {
            "text": "The bridge cost 40 million.",
            "claimant": "m",
            "claimDate": "2024-10-03T00:00:00Z",
            "claimReview": [
                {"publisher": {"name": "p", "site": "s"}, "url": "https://c.example", "textualRating": "False"}
            ],
        }
    ],
    "nextPageToken": "x",
}
ITEM = {"items": [{"type": ["https://schema.org/ClaimReview"], "properties": {k: [v] for k, v in REVIEW.items()}}]}
CSV = (
    "sep=;\n\nclaim;rating;rating value;worst rating;best rating;date;url;review_url;sources\n"
    '"The bridge; cost";false;1;1;5;2024-01-02;https://a.example/1;https://d.example/1;x\n'
    "خط سوم مترو امسال تمام می‌شود;نادرست;;;;1403/07/12;https://a.example/2;https://d.example/2;y\n"
)
_WARC = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{PAGE}".encode()


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("a.html", PAGE), ("b/c.txt", TEXT), ("d.xml", FEED)):
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def _tar(form: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, data in (("a" * 120 + ".html", PAGE.encode()), ("خبر.txt", TEXT.encode())):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def _warc() -> bytes:
    fields = f"WARC-Type: response\r\nWARC-Target-URI: https://o.example/\r\nContent-Length: {len(_WARC)}"
    head = f"WARC/1.0\r\n{fields}\r\n\r\n"
    return (head.encode() + _WARC + b"\r\n\r\n") * 2


ARTICLES: dict[str, bytes] = {
    "page.html": PAGE.encode(),
    "feed.xml": FEED.encode(),
    "atom.xml": ATOM.encode(),
    "text.txt": f"Title: t\nDate: 2024-01-02\nOutlet: o\n\n{TEXT}\n---\n{TEXT}".encode(),
    "cp1256.txt": "گفت که در این سال از آن به وی است برای".encode("cp1256", "ignore"),
    "wide.txt": TEXT.encode("utf-16"),
    "a.zip": _zip(),
    "pax.tar": _tar(tarfile.PAX_FORMAT),
    "gnu.tar": _tar(tarfile.GNU_FORMAT),
    "a.tar.gz": gzip.compress(_tar(tarfile.GNU_FORMAT), mtime=0),
    "a.warc": _warc(),
    "a.warc.gz": gzip.compress(_warc(), mtime=0) * 2,
}
DECISIONS: dict[str, bytes] = {
    "review.json": json.dumps(REVIEW).encode(),
    "graph.json": json.dumps({"@graph": [{"@type": "WebPage"}, REVIEW]}, ensure_ascii=False).encode(),
    "google.json": json.dumps(GOOGLE).encode(),
    "items.json": json.dumps(ITEM).encode(),
    "lines.jsonl": b"\n".join([json.dumps(REVIEW).encode()] * 2),
    "table.csv": CSV.encode(),
    "excel.csv": ("\ufeff" + CSV).encode("utf-8"),
    "tabs.tsv": CSV.replace(";", "\t").encode("utf-16"),
}
PIECES = [
    b"&#x110000;",
    b"&#0;",
    b"&#xD800;",
    b"&#31;",
    b"&amp;#0;",
    b"&lt;",
    b"&zwnj;",
    b"&bogus;",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"<item>",
    b"</item>",
    b"<entry/>",
    b"</rss>",
    b"<p>",
    b"</p>",
    b"<b>",
    b"</b>",
    b"<table>",
    b"<svg>",
    b"<template>",
    b"<iframe>",
    b"<math>",
    b"<plaintext>",
    b"<frameset>",
    b"<base href='//['>",
    b"href='http://[x]/'",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x00",
    b"\x1b",
    b"\x7f",
    b"\xc2\x85",
    b"\xed\xa0\x80",
    b"\xef\xbf\xbe",
    b"\xef\xbf\xbf",
    b"\xf4\x90\x80\x80",
    "\u202e\u2066\u200c\ufdfa\U0001f600\U000e0001".encode(),
    b"1403/13/45",
    b"9999-12-31",
    b"0000-00-00",
    b"31 Feb 2024",
    "۱۴۰۳/۱۲/۳۰".encode(),
    b"-1",
    b"1e999",
    b"NaN",
    b"Infinity",
    b"9" * 400,
    b'"',
    b"'",
    b"\\",
    b"\\ud800",
    b"\\u0000",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b"[[[[",
    b'{"@type":"ClaimReview"}',
    b'"@graph":',
    b'"properties":',
    b'"type":',
    b",",
    b";",
    b"\t",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b"sep=",
    b"0" * 50,
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"PK\x03\x04",
    b"\x1f\x8b\x08\x00",
    b"ustar",
    b"../",
    b"WARC/1.0\r\n",
    b"Content-Length: -1\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"\xff\xff\xff\xff",
    b"x" * 5000,
]


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """The bytes with a few changes: cut, doubled, flipped, or with a piece that readers stumble on."""
    data = bytearray(seed)
    for _ in range(chance.choice([1, 1, 2, 3, 6, 12])):
        at, end = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
        match chance.randrange(8):
            case 0:
                del data[at : min(end, at + chance.choice([1, 4, 40, 4000]))]
            case 1:
                data[at:at] = data[at : min(end, at + 400)]
            case 2:
                for _flip in range(chance.choice([1, 3, 20])):
                    if data:
                        # Mostly ASCII: one byte that is no UTF-8, and the file goes no further than its encoding.
                        data[chance.randrange(len(data))] = chance.randrange(256 if chance.random() < 0.2 else 128)
            case 3:
                del data[at if chance.random() < 0.3 else len(data) :]
            case 4:
                data[at:end] = chance.choice(PIECES) if end - at < 60 else b""
            case _:
                data[at:at] = chance.choice(PIECES) * chance.choice([1, 1, 1, 3, 300])
    return bytes(data[:300_000])


class Tried(NamedTuple):
    """How many inputs of each kind, which codes came, the slowest one in seconds, and what should not be."""

    inputs: Counter[str]
    codes: Counter[str]
    slowest: tuple[float, str]
    faults: list[str]


def run(seed: int, *, inputs: int | None = None, seconds: float = 1e9, folder: Path) -> Tried:
    """Tries that many inputs, or for that long."""
    chance = random.Random(seed)
    counted: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    slowest = (0.0, "")
    faults: list[str] = []
    began = time.monotonic()
    while (inputs is None or counted.total() < inputs) and time.monotonic() - began < seconds:
        kind, read = chance.choice([(ARTICLES, _ingested), (DECISIONS, _imported)])
        name = chance.choice(sorted(kind))
        data = mutated(kind[name], chance)
        start = time.monotonic()
        try:
            found = list(read(data, name, folder))
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            found = [f"RAISED {type(error).__name__}: {error}"]
        took = time.monotonic() - start
        slowest = max(slowest, (took, name))
        counted[name] += 1
        codes.update(code.split(" ")[0] for code in found)
        bad = [code for code in found if code.startswith(("RAISED", "UNEXPECTED", "BROKEN"))]
        if bad or took > SLOW:
            path = folder / f"found-{seed}-{counted.total()}-{name}"
            path.write_bytes(data)
            faults.append(f"{path}: {bad or f'{took:.1f} s'}")
    return Tried(counted, codes, slowest, faults)


def _ingested(data: bytes, name: str, folder: Path) -> Iterator[str]:
    path = folder / name
    path.write_bytes(data)
    found = ingest.read([path], now=NOW, languages=["fa", "ar", "en"], limits=Limits(max_archive=5_000_000))
    if not found.articles.height + found.rejected.height:
        yield "BROKEN nothing seen"
    for row in found.articles.iter_rows(named=True):
        yield "ARTICLE"
        if has_surrogate(row["text"]) or any(ord(char) < 32 and char not in "\t\n\r" for char in row["text"]):
            yield "BROKEN controls in the text"
    cut = claims.extract(found.articles)
    texts = dict(found.articles["article_id", "text"].iter_rows())
    for row in cut.claims.iter_rows(named=True):
        if texts[row["article_id"]][row["start"] : row["end"]] != row["quote"]:
            yield "BROKEN offsets"
    yield from _told(found.rejected)
    yield from _told(cut.rejected.filter(pl.col("code") == "UNEXPECTED"))


def _imported(data: bytes, name: str, _folder: Path) -> Iterator[str]:
    from factcheck.pipeline import import_

    try:
        text = decode.decode(data).text
    except Rejected as error:
        yield error.reason_code
        return
    found = documents.read(text, subject=name, own={}, unguarded=lambda texts: texts)
    if found.decisions["decision"].n_unique() + found.rejected.height != found.seen:
        yield "BROKEN count"
    yield from _told(found.rejected)
    numbered = found.decisions.with_columns(file=pl.lit(0, pl.Int64))
    dated = import_._dated(numbered, now=NOW, languages=["fa", "ar", "en"])
    made = records.records(dated.decisions, now=NOW)
    yield from _told(pl.concat([dated.rejected, made.rejected]))
    yield from ["DECISION"] * made.claims.height


def _told(rejected: pl.DataFrame) -> Iterator[str]:
    for code, reason in rejected["code", "reason"].iter_rows():
        yield f"{code} {reason}" if code == "UNEXPECTED" else code
