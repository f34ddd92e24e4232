from __future__ import annotations

import gzip
import math
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from factcheck import articles
from factcheck.articles import Limits, fetch
from factcheck.articles.addresses import refusal
from factcheck.articles.fetch import Fetched
from factcheck.errors import Rejected

Script = Callable[[socket.socket, str], None]
PAGE = (
    b"<!doctype html><html><body><article><p>"
    + b"The mayor planted 12,000 trees. " * 9
    + b"</p></article></body></html>"
)


class Server:
    """A web server of a few lines: `script` writes the raw answer to a path."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.paths: list[str] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                path = connection.recv(65536).decode("latin-1").split(" ")[1]
                self.paths.append(path)
                self._script(connection, path)
            except OSError:
                return  # the client has gone, as it should

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Script], Server]]:
    servers: list[Server] = []

    def start(script: Script) -> Server:
        servers.append(Server(script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def answer(body: bytes, *, status: str = "200 OK", headers: str = "", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{headers}\r\n".encode() + body


def says(*args: Any, **kwargs: Any) -> Script:
    return lambda connection, _: connection.sendall(answer(*args, **kwargs))


def get(url: str, **limits: Any) -> Fetched:
    return fetch.fetch(url, Limits(**limits), allow_private_addresses=True)


def code(url: str, **limits: Any) -> str:
    with pytest.raises(Rejected) as error:
        get(url, **limits)
    return error.value.reason_code


def test_a_page_is_fetched_and_read(serve: Callable[[Script], Server], now: datetime) -> None:
    server = serve(says(PAGE, headers="Content-Type: text/html; charset=utf-8\r\n"))
    found = articles.read([server.url("/خبر?q=۱")], now=now, languages=["en"], allow_private_addresses=True)
    assert found.articles["text"][0].startswith("The mayor planted 12,000 trees.")
    assert server.paths == ["/%D8%AE%D8%A8%D8%B1?q=%DB%B1"]
    assert found.articles["url"][0] == server.url(server.paths[0])


def test_plain_text_and_a_charset_that_http_names(serve: Callable[[Script], Server], now: datetime) -> None:
    server = serve(says("Добрый день".encode("koi8_r"), headers="Content-Type: text/plain; charset=koi8-r\r\n"))
    found = articles.read([server.url()], now=now, languages=[], allow_private_addresses=True)
    assert found.articles["text"].to_list() == ["Добрый день"]


def test_pictures_and_scripts_are_no_articles(serve: Callable[[Script], Server], now: datetime) -> None:
    server = serve(says(b"alert(1)", headers="Content-Type: text/javascript\r\n"))
    found = articles.read([server.url()], now=now, languages=[], allow_private_addresses=True)
    assert found.rejected["code"].to_list() == ["UNSUPPORTED"]


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("127.0.0.1", "loopback"), ("127.9.9.9", "loopback"), ("::1", "loopback"), ("::ffff:127.0.0.1", "loopback"),
        ("10.1.2.3", "private"), ("172.16.0.1", "private"), ("192.168.1.1", "private"), ("fd12::1", "private"),
        ("169.254.169.254", "metadata"), ("fd00:ec2::254", "metadata"), ("169.254.1.1", "link-local"),
        ("fe80::1%eth0", "link-local"), ("100.64.0.1", "shared"), ("0.0.0.0", "unspecified"), ("::", "unspecified"),
        ("224.0.0.1", "multicast"), ("64:ff9b::7f00:1", "loopback"), ("2002:7f00:1::", "loopback"),
        ("8.8.8.8", None), ("2606:4700::1111", None),
    ],
)  # fmt: skip
def test_which_addresses_are_refused(address: str, rule: str | None) -> None:
    assert refusal(address) == rule


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_in_every_spelling(serve: Callable[[Script], Server], host: str) -> None:
    server = serve(says(PAGE))
    with pytest.raises(Rejected) as error:
        fetch.fetch(server.url(host=host), Limits())
    assert error.value.reason_code in {"ADDRESS", "FETCH"}  # a resolver may not know the odd spellings at all
    assert server.paths == []


def test_the_address_is_judged_again_after_a_redirect_and_after_dns(
    serve: Callable[[Script], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = serve(says(PAGE))
    outer = serve(says(b"", status="302 Found", headers=f"Location: {inner.url('/secret')}\r\n"))
    # "public.example" stands for a public host that redirects inwards; the answers of DNS are all that is replaced.
    rules = iter([None, "loopback"])
    monkeypatch.setattr(fetch, "refusal", lambda _: next(rules))
    monkeypatch.setattr(fetch, "_resolve", lambda host, port: ["127.0.0.1"])
    with pytest.raises(Rejected, match="loopback") as error:
        fetch.fetch(outer.url(host="public.example"), Limits())
    assert error.value.reason_code == "ADDRESS"
    assert (outer.paths, inner.paths) == (["/"], [])


def test_the_refusal_is_a_rejection_that_names_the_rule(now: datetime) -> None:
    found = articles.read(["http://169.254.169.254/latest/meta-data/"], now=now, languages=["en"])
    assert found.rejected["code"].to_list() == ["ADDRESS"]
    assert "metadata" in found.rejected["reason"][0]


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "http://u:p@127.0.0.1/"]
)
def test_redirects_to_other_schemes_are_refused(serve: Callable[[Script], Server], target: str) -> None:
    assert code(serve(says(b"", status="301 Moved", headers=f"Location: {target}\r\n")).url()) == "ADDRESS"


def test_five_redirects_are_followed_and_no_more(serve: Callable[[Script], Server]) -> None:
    def hop(connection: socket.socket, path: str) -> None:
        n = int(path[1:])
        connection.sendall(
            answer(PAGE) if n == 0 else answer(b"", status="302 Found", headers=f"Location: /{n - 1}\r\n")
        )

    server = serve(hop)
    assert get(server.url("/5")).url == server.url("/0")
    assert code(server.url("/6")) == "REDIRECT"
    assert code(serve(says(b"", status="302 Found", headers="Location: /\r\n")).url()) == "REDIRECT"


def test_gzip_is_unpacked_within_bounds(serve: Callable[[Script], Server]) -> None:
    packed = "Content-Encoding: gzip\r\n"
    assert get(serve(says(gzip.compress(PAGE), headers=packed)).url()).data == PAGE
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert code(serve(says(bomb, headers=packed)).url()) == "TOO_LARGE"
    assert code(serve(says(gzip.compress(PAGE)[:-12], headers=packed)).url()) == "FETCH"
    assert code(serve(says(b"not gzip", headers=packed)).url()) == "FETCH"
    assert code(serve(says(zlib.compress(PAGE), headers="Content-Encoding: br\r\n")).url()) == "FETCH"


MEMBERS = gzip.compress(PAGE[:100]) + gzip.compress(b"") + gzip.compress(PAGE[100:])


@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_all_members_of_a_gzip_are_read(serve: Callable[[Script], Server], step: int) -> None:
    def in_steps(connection: socket.socket, _: str) -> None:
        body = MEMBERS + b"\0" * 20  # padding, as `tar` and tapes leave it
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        for start in range(0, len(body), step):
            connection.sendall(body[start : start + step])

    assert get(serve(in_steps).url()).data == PAGE


@pytest.mark.parametrize(
    ("body", "encoding", "said"),
    [
        (MEMBERS[:-12], "gzip", "is cut off"),
        (gzip.compress(PAGE) + gzip.compress(PAGE)[:9], "gzip", "is cut off"),
        (gzip.compress(PAGE) + b"<!-- cached -->", "gzip", "after its gzip"),
        (gzip.compress(PAGE) + b"\0\0x", "gzip", "after its gzip"),
        (b"", "gzip", "is cut off"),
        (zlib.compress(PAGE), "gzip", "not valid gzip data"),
        (gzip.compress(PAGE)[:-8] + b"\0" * 8, "gzip", "not valid gzip data"),  # checksum
        (zlib.compress(PAGE), "deflate", "encoding deflate"),
        (b"x", "br", "encoding br"),
        (b"x", "zstd", "encoding zstd"),
        (gzip.compress(gzip.compress(PAGE)), "gzip, gzip", "encoding gzip, gzip"),
    ],
)
def test_what_is_packed_otherwise_is_named(
    serve: Callable[[Script], Server], body: bytes, encoding: str, said: str
) -> None:
    with pytest.raises(Rejected, match=said) as error:
        get(serve(says(body, headers=f"Content-Encoding: {encoding}\r\n")).url())
    assert error.value.reason_code == "FETCH"


def test_a_bomb_of_many_members_is_bounded_in_bytes_and_time(serve: Callable[[Script], Server]) -> None:
    packed = "Content-Encoding: gzip\r\n"
    bomb = gzip.compress(b"\0" * 1_000_000) * 60
    assert code(serve(says(bomb, headers=packed)).url()) == "TOO_LARGE"
    empty = gzip.compress(b"") * 400_000
    assert code(serve(says(empty, headers=packed)).url(), seconds=0.5) == "TIMEOUT"


def test_bytes_on_the_wire_are_bounded(serve: Callable[[Script], Server]) -> None:
    def endless(connection: socket.socket, _: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _chunk in range(1000):
            connection.sendall(b"x" * 100_000)

    assert code(serve(endless).url(), max_bytes=1_000_000) == "TOO_LARGE"


def test_a_wrong_content_length_is_found(serve: Callable[[Script], Server]) -> None:
    assert code(serve(says(PAGE, length=len(PAGE) + 10)).url()) == "FETCH"


@pytest.mark.timeout(30)
@pytest.mark.parametrize("part", ["headers", "body", "silence"])
def test_a_trickle_ends_at_the_total_time(serve: Callable[[Script], Server], part: str) -> None:
    def trickle(connection: socket.socket, _: str) -> None:
        if part == "body":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for letter in "HTTP/1.1 200 OK\r\nX-Slow: " + "a" * 80:
            time.sleep(0.05)
            if part != "silence":
                connection.sendall(letter.encode())

    began = time.monotonic()
    assert code(serve(trickle).url(), seconds=0.4) == "TIMEOUT"
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "204 No Content", "304 Not Modified"])
def test_other_answers_are_no_pages(serve: Callable[[Script], Server], status: str) -> None:
    assert code(serve(says(b"", status=status)).url()) == "FETCH"


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://a:99999/", "http://" + "a" * 300 + "/"])
def test_addresses_that_cannot_be(url: str) -> None:
    assert code(url) in {"FETCH", "ADDRESS"}


BROKEN = [
    "http://[::1", "//[", "http://[x]/", "http://[]/", "http://a:99999/", "http://a:-1/", "http://a:x/", "http://:80/",
    "http:///", "http://" + "a" * 64 + ".example/", "http://a..b/", "http://" + "a" * 300 + "/", "http://\u200e.example/",
    "http://xn--a-\udcff/", "http://a%00b/", "http://\x7f/", "http://a b/", "//", "http://[fe80::1%25]/", "http://%5b/",
    "http://[v1.x]/", "///", "http:", "http://\u2100.example/", "http://" + ".".join(["a" * 60] * 60) + "/",
    "/" + "x" * 60_000,
]  # fmt: skip


@pytest.mark.parametrize("target", BROKEN, ids=lambda target: ascii(target)[:40])
def test_a_redirect_to_a_broken_address_costs_this_page_alone(
    serve: Callable[[Script], Server], now: datetime, target: str
) -> None:
    location = target.encode("utf-8", "surrogateescape")
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"
    bad = serve(lambda connection, path: connection.sendall(head))
    good = serve(says(PAGE, headers="Content-Type: text/html\r\n"))
    found = articles.read(
        [bad.url(), good.url()], now=now, languages=["en"], limits=Limits(seconds=5), allow_private_addresses=True
    )
    assert found.articles.height == 1
    assert found.rejected["subject"].to_list() == [bad.url()]
    assert found.rejected["code"][0] in {"FETCH", "ADDRESS", "REDIRECT"}


@pytest.mark.parametrize("url", BROKEN)
def test_a_broken_address_is_rejected(url: str) -> None:
    assert code(url, seconds=5) in {"FETCH", "ADDRESS"}


def test_a_redirect_in_raw_utf8_leads_where_it_says(serve: Callable[[Script], Server]) -> None:
    def hop(connection: socket.socket, path: str) -> None:
        location = "Location: /خبر\r\n".encode()
        connection.sendall(
            answer(PAGE) if len(path) > 1 else b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n" + location + b"\r\n"
        )

    server = serve(hop)
    assert get(server.url()).url == server.url("/%D8%AE%D8%A8%D8%B1")


def test_the_time_may_run_out_between_two_hops(
    serve: Callable[[Script], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(says(b"", status="302 Found", headers="Location: /next\r\n"))
    # The clock jumps behind the first hop, before anything of the second is asked for.
    checked = fetch._checked

    def later(url: str) -> str:
        if server.paths:
            monkeypatch.setattr(time, "monotonic", lambda: math.inf)
        return checked(url)

    monkeypatch.setattr(fetch, "_checked", later)
    assert code(server.url(), seconds=5) == "TIMEOUT"


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\r\n", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 999999 X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 302 F\r\nLocation: \r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: \xff\r\nContent-Length: 1\r\n\r\na", b"\xff" * 200_000,
    ],
    ids=lambda raw: ascii(raw[:50]),
)  # fmt: skip
def test_an_answer_that_is_no_http_is_a_rejection(serve: Callable[[Script], Server], raw: bytes) -> None:
    server = serve(lambda connection, _: connection.sendall(raw))
    assert code(server.url(), seconds=5) in {"FETCH", "REDIRECT", "TIMEOUT"}
