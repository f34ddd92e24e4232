"""One rule for what a web address is, and for whose it is."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import web
from factcheck.exporters import addresses
from factcheck.settings import problem_of
from factcheck.studio.page.html import votes
from factcheck.studio.page.translations import WORDINGS

GOOD = [
    "https://desk.example",
    "HTTPS://Desk.Example/",
    "hTTp://desk.example:8080/a?b=c#d",
    "https://desk.example:/",
    "https://desk.example./",
    "https://desk_one.example/a|b^{c}`d",
    "https://خبر.ایران/خبر‌ها/۱",
    "https://bücher.example",
    "https://💩.la",
    "https://localhost",
    "http://127.0.0.1:8080",
    "http://[::1]:8080/",
    "http://[fe80::1%25eth0]/",
    "https://desk.example/a@b",
]
BAD = [
    "",
    "desk.example",
    "//desk.example",
    "ftp://desk.example",
    "javascript:alert(1)//https://desk.example",
    "data:text/html,https://desk.example",
    "https:desk.example",
    "https://",
    "https:///path",
    "https://?q",
    "https://:443",
    "https://.",
    "https://..",
    "https://-",
    "https://a..b",
    "https://desk.example:0",
    "https://desk.example:65536",
    "https://desk.example:x",
    "https://desk.example:۸۰",
    " https://desk.example",
    "https://desk.example ",
    "https://desk.example/a b",
    "https://desk.example/\u00a0",
    "https://desk\t.example",
    "https://desk.example/\n",
    "https://desk.example/\u2028",
    "https://desk.example/\u202e",
    "https://desk.example/\x00",
    "https://desk.example/\udcff",
    'https://desk.example/"onclick',
    "https://desk.example/<script>",
    "https://desk.example\\@other.example",
    "https://desk.example,https://other.example",
    "https://a&b.example",
    "https://%64esk.example",
    "https://{claim_id}.example",
    "https://[::1",
    "https://[desk.example]",
    "https://[127.0.0.1]",
    "https://a[::1]",
    "https://desk\u2100.example",
]
WITH_USER = ["https://me@desk.example", "https://me:secret@desk.example", "https://@desk.example"]


@pytest.mark.parametrize("text", GOOD)
def test_a_web_address(text: str) -> None:
    assert web.is_web_address(text)
    assert web.is_meant_as_address(text)
    assert web.host(text)


@pytest.mark.parametrize("text", BAD)
def test_no_web_address(text: str) -> None:
    assert not web.is_web_address(text)
    assert web.parts(text) is None
    assert web.host(text) == web.site(text) == ""
    assert not web.same_site(text, text)
    assert not web.same_origin(text, text)


@pytest.mark.parametrize("text", WITH_USER)
def test_an_address_with_a_user_is_told_apart_and_is_none_to_publish(text: str) -> None:
    assert not web.is_web_address(text)
    found = web.parts(text)
    assert found is not None
    assert (found.host, found.has_user) == ("desk.example", True)


@pytest.mark.parametrize(
    ("one", "other", "same", "within"),
    [
        ("https://desk.example", "http://DESK.example:8080/a", True, True),
        ("https://www.desk.example", "https://desk.example", True, True),
        ("https://desk.example.", "https://desk.example", True, True),
        ("https://bücher.example", "https://xn--bcher-kva.example", True, True),
        ("https://www.bücher.example", "https://BÜCHER.example", True, True),
        ("https://[::1]", "http://[::1]:80", True, True),
        ("https://fa.desk.example/a", "https://desk.example", False, True),
        ("https://otherdesk.example", "https://desk.example", False, False),
        ("https://desk.example.evil.example", "https://desk.example", False, False),
        ("https://example", "https://desk.example", False, False),
        ("https://[bad", "https://desk.example", False, False),
        ("https://desk.example", "", False, False),
    ],
)
def test_the_same_site(one: str, other: str, same: bool, within: bool) -> None:
    assert web.same_site(one, other) is web.same_site(other, one) is same
    assert web.is_within(one, other) is within


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://desk.example", "HTTPS://DESK.example:443/a", True),
        ("http://desk.example", "http://desk.example:80", True),
        ("http://desk.example", "https://desk.example", False),
        ("https://desk.example", "https://www.desk.example", False),
        ("https://desk.example", "https://desk.example:8443", False),
    ],
)
def test_the_same_origin(one: str, other: str, same: bool) -> None:
    assert web.same_origin(one, other) is web.same_origin(other, one) is same


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("http://desk.example", True),
        ("http://192.168.1.1", True),
        ("http://127.0.0.1.desk.example", True),
        ("http://localhost.example", True),
        ("no address", True),
        ("https://desk.example", False),
        ("http://LOCALHOST:8080", False),
        ("http://127.0.0.1:8080/a", False),
        ("http://[::1]", False),
    ],
)
def test_what_can_be_overheard(text: str, heard: bool) -> None:
    assert web.can_be_overheard(text) is heard


hosts = st.sampled_from(["desk.example", "fa.desk.example", "bücher.example", "خبر.ایران", "[::1]", "10.0.0.1", "a"])
written = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS", "ftp"]),
    st.sampled_from(["", "", "www.", "me@", "WWW."]),
    hosts,
    st.sampled_from(["", ":80", ":443", ":0", "."]),
    st.text(max_size=8).map(lambda end: f"/{end}"),
)
texts = st.one_of(written, st.text(), st.text().map(lambda end: f"https://{end}"))


@given(texts, texts)
def test_the_laws(one: str, other: str) -> None:
    assert web.same_site(one, other) == web.same_site(other, one)
    assert web.same_origin(one, other) == web.same_origin(other, one)
    assert not web.same_site(one, other) or (web.is_within(one, other) and web.is_within(other, one))
    assert not web.same_origin(one, other) or web.same_site(one, other)
    for text in (one, other):
        good = web.is_web_address(text)
        assert web.can_be_overheard(text) in {True, False}
        assert web.same_site(text, text) == (web.parts(text) is not None)
        if good:
            split = urlsplit(text)
            assert split.geturl()
            assert split.hostname == web.host(text)
            assert web.site(text)
            assert web.is_meant_as_address(text)
            assert text == text.strip()


@given(texts)
def test_every_stage_takes_the_same_for_an_address(text: str) -> None:
    import polars as pl

    rows = pl.DataFrame({"claim_id": ["clm"], "evidence": [[text.encode("utf-8", "replace").decode()]]})
    shown = rows["evidence"].to_list()[0][0]
    named = addresses.evidence_as_text(rows) == []
    assert named or not web.is_web_address(shown)  # words around an address, or a bare domain, name one too
    said = {"voter": "A", "choice": "opinion", "confidence": None, "rationale": None, "evidence": [shown]}
    assert ("<a " in votes([said], WORDINGS["en"])) == named
    if problem_of("desk", "url", text) is None:
        assert web.is_web_address(text)
