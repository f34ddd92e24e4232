from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from factcheck.articles import Ingested

TEXT = "The mayor said on Monday that the city had planted 12,000 trees since 2019.\n"
PAGE = f"<!doctype html><html><head><title>Trees</title></head><body><article><p>{TEXT * 3}</p></article></body></html>"
Ingest = Callable[..., Ingested]


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(
    *members: tuple[str | tarfile.TarInfo, bytes], mode: Literal["w", "w:gz"] = "w:gz", form: int = tarfile.PAX_FORMAT
) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=form) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name) if isinstance(name, str) else name
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def record(block: bytes, url: str = "https://outlet.example/1", kind: str = "response", **headers: str) -> bytes:
    fields = {"WARC-Type": kind, "WARC-Target-URI": url, "Content-Length": str(len(block))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def response(body: bytes, head: str = "Content-Type: text/html; charset=utf-8\r\n", status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def told(found: Ingested) -> dict[str, str]:
    """Codes by what stands behind the archive's name."""
    return {subject.rpartition("/a.")[2]: code for code, subject in found.rejected["code", "subject"].iter_rows()}


def sources(found: Ingested) -> list[str]:
    return [source.rpartition("/a.")[2] for source in found.articles["source"]]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", zipped(("one.txt", TEXT), ("خبر/دو.html", PAGE))),
        ("a.zip", zipped(("one.txt", TEXT), ("خبر/دو.html", PAGE), method=zipfile.ZIP_STORED)),
        ("a.tar", tarred(("one.txt", TEXT.encode()), ("خبر/دو.html", PAGE.encode()), mode="w")),
        ("a.tgz", tarred(("one.txt", TEXT.encode()), ("خبر/دو.html", PAGE.encode()))),
        ("a.tgz", tarred(("one.txt", TEXT.encode()), ("خبر/دو.html", PAGE.encode()), form=tarfile.GNU_FORMAT)),
    ],
)
def test_each_member_is_an_article_with_its_own_name(ingest: Ingest, name: str, data: bytes) -> None:
    found = ingest(data, name)
    kind = name[2:]
    assert sources(found) == [f"{kind}!one.txt", f"{kind}!خبر/دو.html"]
    assert found.articles["text"][0] == TEXT
    assert found.rejected.height == 0


def test_a_plain_gzip_is_its_one_file(ingest: Ingest) -> None:
    found = ingest(gzip.compress(PAGE.encode()), "a.html.gz")
    assert sources(found) == ["html.gz!a.html"]
    assert told(ingest(gzip.compress(zipped(("x.txt", TEXT))), "a.zip.gz")) == {"zip.gz!a.zip": "UNSUPPORTED"}
    assert told(ingest(gzip.compress(b"x" * 3000), "a.txt.gz", max_bytes=2000)) == {"txt.gz!a.txt": "TOO_LARGE"}


def info(name: str, mode: int) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name)
    found.external_attr = mode << 16
    return found


def encrypted() -> bytes:
    data = bytearray(zipped(("secret.txt", TEXT), ("open.txt", TEXT + "2")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        data[at + offset] |= 1
    return bytes(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_is_not_read_of_a_zip_is_named_and_the_rest_is_read(ingest: Ingest) -> None:
    found = ingest(
        zipped(
            ("../up.txt", TEXT), ("/etc/passwd", TEXT), ("C:\\x.txt", TEXT), ("a/../../b.txt", TEXT),
            ("..\\up.txt", TEXT), (info("link.txt", stat.S_IFLNK | 0o777), "/etc/passwd"),
            (info("fifo", stat.S_IFIFO | 0o600), ""), ("twice.txt", TEXT), ("twice.txt", "another text"),
            ("inner.zip", zipped(("x.txt", TEXT))), ("inner.tgz", tarred(("x.txt", TEXT.encode()))), ("empty.txt", ""),
            ("picture.png", b"\x89PNG\r\n"), ("\x1b[31mred.txt", TEXT), ("folder/", ""), (".hidden", "x"),
            ("__MACOSX/._twice.txt", b"\0\1"), ("bomb.txt", b"a" * 5_000_000), ("big.txt", bytes(range(256)) * 50_000),
            ("last.txt", TEXT + "It is the last."),
        ),
        "a.zip",
    )  # fmt: skip
    assert sources(found) == ["zip!twice.txt", "zip!last.txt"]
    assert found.rejected["code"].to_list() == [
        "PATH", "PATH", "PATH", "PATH", "PATH", "LINK", "NOT_A_FILE", "DUPLICATE", "UNSUPPORTED", "UNSUPPORTED",
        "EMPTY", "UNSUPPORTED", "PATH", "TOO_LARGE", "TOO_LARGE",
    ]  # fmt: skip
    assert any("2 hidden files" in warning for warning in found.warnings)
    assert told(ingest(encrypted(), "a.zip")) == {"zip!secret.txt": "ENCRYPTED"}
    assert told(ingest(zipped(("x.txt", TEXT), method=zipfile.ZIP_BZIP2), "a.zip")) == {"zip!x.txt": "UNSUPPORTED"}


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname = kind, target
    return found


def test_what_is_not_read_of_a_tar_is_named_and_the_rest_is_read(ingest: Ingest) -> None:
    found = ingest(
        tarred(
            ("../up.txt", TEXT.encode()), ("/etc/passwd", TEXT.encode()),
            (special("l.txt", tarfile.SYMTYPE, "/etc"), b""),
            (special("h.txt", tarfile.LNKTYPE, "../x"), b""), (special("null", tarfile.CHRTYPE), b""),
            (special("fifo", tarfile.FIFOTYPE), b""), (special("folder", tarfile.DIRTYPE), b""),
            ("big.txt", b"x" * 3000),
            ("twice.txt", TEXT.encode()), ("twice.txt", b"another"), ("bytes-\udcff.txt", (TEXT + "2").encode()),
            ("last.txt", (TEXT + "It is the last.").encode()),
        ),
        "a.tgz",
        max_bytes=2500,
    )  # fmt: skip
    assert sources(found) == ["tgz!twice.txt", "tgz!bytes-\\udcff.txt", "tgz!last.txt"]
    codes = ["PATH", "PATH", "LINK", "LINK", "NOT_A_FILE", "NOT_A_FILE", "TOO_LARGE", "DUPLICATE"]
    assert found.rejected["code"].to_list() == codes


GOOD = TEXT.encode(), (TEXT + "2").encode() * 200, (TEXT + "3").encode()
WHOLE_TAR = tarred(*((f"{n}.txt", text) for n, text in enumerate(GOOD)), mode="w", form=tarfile.USTAR_FORMAT)
WHOLE_ZIP = zipped(*((f"{n}.txt", text) for n, text in enumerate(GOOD)))


@pytest.mark.parametrize(
    ("data", "articles", "codes"),
    [
        (WHOLE_TAR[:1024] + b"\xff" + WHOLE_TAR[1025:], 1, ["PARTIAL"]),  # a flipped header in the middle
        (WHOLE_TAR[:5000], 1, ["PARTIAL"]),
        (WHOLE_TAR[:1024], 1, ["PARTIAL"]),  # cut where a member ends
        (WHOLE_TAR + WHOLE_TAR, 3, ["PARTIAL"]),  # one behind the other
        (gzip.compress(WHOLE_TAR)[:-30], 1, ["PARTIAL"]),
        (gzip.compress(WHOLE_TAR) + b"rest", 3, ["PARTIAL"]),
        (gzip.compress(WHOLE_TAR)[:-8] + b"\0" * 8, 0, ["PARTIAL"]),  # its checksum speaks of all of it
        (gzip.compress(WHOLE_TAR[:3000]) + gzip.compress(WHOLE_TAR[3000:]), 3, []),
        (WHOLE_ZIP[:-100], 0, ["PARTIAL"]),
        (WHOLE_ZIP[:60] + b"\xff\xff" + WHOLE_ZIP[62:], 2, ["UNREADABLE"]),
        (b"PK\x05\x06" + b"\0" * 18, 0, ["EMPTY"]),
        (b"PK\x03\x04", 0, ["PARTIAL"]),
        (b"PK\x07\x08" + WHOLE_ZIP, 0, ["UNSUPPORTED"]),
        (b"7z\xbc\xaf\x27\x1c", 0, ["UNSUPPORTED"]),
        (b"Rar!\x1a\x07\x00", 0, ["UNSUPPORTED"]),
        (b"BZh91AY", 0, ["UNSUPPORTED"]),
        (zipped(("[Content_Types].xml", "<x/>"), ("word/document.xml", PAGE)), 0, ["UNREADABLE"]),
        (zipped(("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", "<x/>")), 0, ["UNSUPPORTED"]),
    ],
)
def test_a_damaged_archive_gives_what_is_whole_and_says_the_rest(
    ingest: Ingest, data: bytes, articles: int, codes: list[str]
) -> None:
    found = ingest(data, "a.bin")
    assert found.rejected["code"].to_list() == codes
    assert found.articles.height == articles


def test_an_archive_is_bounded_in_members_bytes_and_memory(ingest: Ingest) -> None:
    many = zipped(*((f"{n}.txt", f"{TEXT}{n}") for n in range(30)))
    found = ingest(many, "a.zip", max_members=10)
    assert (found.articles.height, found.rejected["code"].to_list()) == (10, ["TOO_LARGE"])
    found = ingest(many, "a.zip", max_archive=len(many) + 1, max_bytes=1000)
    assert found.rejected["code"].to_list() in ([], ["TOO_LARGE"])
    assert told(ingest(many, "a.zip", max_archive=100)) == {"zip": "TOO_LARGE"}
    tar = tarred(*((f"{n}.txt", TEXT.encode() * 100) for n in range(30)))
    assert told(ingest(tar, "a.tgz", max_archive=50_000)) == {"tgz": "TOO_LARGE"}
    assert told(ingest(gzip.compress(b"\0" * 60_000_000), "a.gz")) == {"gz": "TOO_LARGE"}
    huge = special("x", tarfile.XHDTYPE)
    huge.size = 300_000_000
    with_long_header = gzip.compress(huge.tobuf() + b"\0" * 100_000_000, 1)
    tracemalloc.start()
    assert told(ingest(with_long_header, "a.tgz", ratio=10**9)) == {"tgz": "TOO_LARGE"}
    lying = bytearray(WHOLE_ZIP)
    struct.pack_into("<L", lying, lying.rfind(b"PK\x05\x06") + 12, 400_000_000)
    assert told(ingest(bytes(lying), "a.zip")) == {"zip": "TOO_LARGE"}
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_headers_of_headers_end(ingest: Ingest) -> None:
    chain = special("x", tarfile.XHDTYPE).tobuf(format=tarfile.USTAR_FORMAT) * 5_000
    assert told(ingest(chain, "a.tar")) == {"tar": "PARTIAL"}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_pages_of_a_web_archive_have_their_own_addresses(ingest: Ingest, pack: Callable[[bytes], bytes]) -> None:
    packed = gzip.compress(PAGE.replace("Monday", "Tuesday").encode())
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (packed[:50], packed[50:])) + b"0\r\n\r\n"
    parts = [
        record(b"software: x", kind="warcinfo"),
        record(b"GET / HTTP/1.1\r\n\r\n", kind="request"),
        record(response(PAGE.encode())),
        record(
            response(chunked, "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"),
            "https://outlet.example/2",
        ),
        record(TEXT.encode(), "https://outlet.example/3", "resource", Content_Type="text/plain"),
    ]
    found = ingest(b"".join(pack(part) for part in parts), "a.warc.gz")
    assert sources(found) == [f"warc.gz!https://outlet.example/{n}" for n in (1, 2, 3)]
    assert found.articles["url"].to_list() == [f"https://outlet.example/{n}" for n in (1, 2, 3)]
    assert "Tuesday" in found.articles["text"][1]
    assert found.rejected.height == 0
    assert any("2 records" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (record(response(b"", status="404 Not Found")), "FETCH"),
        (record(b"SSH-2.0"), "UNREADABLE"),
        (record(b""), "UNREADABLE"),
        (record(response(b"\x89PNG\r\n", "Content-Type: image/png\r\n")), "UNSUPPORTED"),
        (record(response(b"x", "Content-Encoding: br\r\n")), "UNSUPPORTED"),
        (record(response(gzip.compress(PAGE.encode())[:-9], "Content-Encoding: gzip\r\n")), "PARTIAL"),
        (record(response(b"5\r\nabc", "Transfer-Encoding: chunked\r\n")), "PARTIAL"),
        (record(response(b"3\r\nabc\r\n9\r\nx", "Transfer-Encoding: chunked\r\n")), "PARTIAL"),
        (record(response(gzip.compress(b"a" * 30_000_000), "Content-Encoding: gzip\r\n")), "TOO_LARGE"),
        (record(response(PAGE.encode()), WARC_Truncated="length"), "PARTIAL"),
        (record(response(PAGE.encode()), WARC_Segment_Number="1"), "UNSUPPORTED"),
        (record(response(zipped(("x.txt", TEXT)), "Content-Type: application/zip\r\n")), "UNSUPPORTED"),
        (record(b"x" * 12_000_000), "TOO_LARGE"),
    ],
)
def test_a_record_that_is_no_page_costs_that_record(ingest: Ingest, bad: bytes, code: str) -> None:
    found = ingest(bad + record(response(PAGE.encode()), "https://outlet.example/good"), "a.warc")
    assert found.rejected["code"].to_list() == [code]
    assert sources(found) == ["warc!https://outlet.example/good"]


@pytest.mark.parametrize(
    "end",
    [
        b"junk", b"WARC/9.9\r\n\r\n", b"WARC/1.0\r\n",
        b"WARC/1.0\r\nContent-Length: 5\r\nWARC-Type: response\r\n\r\nabc",
        b"WARC/1.0\r\nContent-Length: -1\r\n\r\n", b"WARC/1.0\r\nContent-Length: 9\r\nWARC-Type: x\r\n\r\nabc",
        b"WARC/1.0\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", b"WARC/1.0\r\n" + b"A: b\r\n" * 600,
    ],
)  # fmt: skip
def test_a_web_archive_that_breaks_off_keeps_its_pages(ingest: Ingest, end: bytes) -> None:
    found = ingest(record(response(PAGE.encode())) + end, "a.warc")
    assert sources(found) == ["warc!https://outlet.example/1"]
    assert told(found) == {"warc": "PARTIAL"}


def test_an_address_in_a_web_archive_that_is_no_web_address_is_only_a_label(ingest: Ingest) -> None:
    found = ingest(record(PAGE.encode(), "javascript:alert(1)", "resource", Content_Type="text/html"), "a.warc")
    assert found.articles["url"].to_list() == [None]


def test_nothing_is_written(ingest: Ingest, tmp_path: Path) -> None:
    before = set(tmp_path.parent.rglob("*"))
    ingest(zipped(("../up.txt", TEXT), ("x/y.txt", TEXT)), "a.zip")
    assert set(tmp_path.parent.rglob("*")) - before == {tmp_path / "a.zip"}
