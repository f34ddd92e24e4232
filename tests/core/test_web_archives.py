"""Addresses of copies in public web archives, and of what they are copies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import evidence, web
from factcheck.web_archives import ARCHIVES, Copy, copy

PAGE = "https://news.example/1?id=2&lang=fa#part"

COPIES = {
    f"https://web.archive.org/web/20260102030405/{PAGE}": PAGE,
    f"http://www.web.archive.org/web/20260102030405if_/{PAGE}": PAGE,
    "https://web.archive.org/web/2026/http:/news.example/خبر": "http://news.example/خبر",
    "https://web.archive.org/web/20260102/news.example/1": "http://news.example/1",
    f"https://archive.org/web/20260102030405/{PAGE}": PAGE,
    f"https://archive.ph/20260102030405/{PAGE}": PAGE,
    f"https://archive.today/2026.01.02-030405/{PAGE}": PAGE,
    "https://archive.is/AbC12": None,
    "https://archive.ph/AbC12/image": None,
    "https://perma.cc/ABCD-12EF": None,
    "https://ghostarchive.org/archive/aB1-x": None,
    "https://ghostarchive.org/varchive/dQw4w9WgXcQ": None,
    "https://www.webcitation.org/6abcDEFgh": None,
    "https://www.webcitation.org/6abcDEFgh?url=http://news.example/1": "http://news.example/1",
    "https://www.webcitation.org/query?url=http%3A%2F%2Fnews.example%2F1&date=2010-01-02": "http://news.example/1",
    "https://web.archive.org/web/20260102030405/javascript:alert(1)": None,
    "https://web.archive.org/web/20260102030405/https://me:secret@news.example/": None,
}
NO_COPIES = [
    PAGE,
    "https://web.archive.org/",
    f"https://web.archive.org/web/*/{PAGE}",
    f"https://web.archive.org/save/{PAGE}",
    "https://web.archive.org/web/20260102030405/",
    "https://archive.ph/",
    "https://archive.ph/about",
    f"https://archive.ph/newest/{PAGE}",
    "https://perma.cc/about",
    "https://perma.cc/sign-up/a",
    f"https://web.archive.org.other.example/web/20260102030405/{PAGE}",
    f"https://news.example/web/20260102030405/{PAGE}",
    "archive.ph/AbC12 and more",
]


@pytest.mark.parametrize("address", COPIES)
def test_a_copy_in_an_archive_says_of_what_it_is_one(address: str) -> None:
    assert copy(address) == Copy(address, COPIES[address])


@pytest.mark.parametrize("address", NO_COPIES)
def test_what_is_no_copy_is_none(address: str) -> None:
    assert copy(address) is None


def test_a_copy_typed_as_evidence_is_read_as_one_address() -> None:
    """The address inside the address is none of its own."""
    for address in COPIES:
        if web.is_web_address(address) and "secret" not in address:
            assert evidence.parse(f"({address}).").addresses == (address,)


@given(
    st.sampled_from(sorted(ARCHIVES)),
    st.text(st.characters(codec="utf-8"), max_size=40) | st.just("20260102030405/"),
    st.text(max_size=40) | st.just(PAGE),
)
def test_an_original_is_always_an_address(site: str, path: str, rest: str) -> None:
    for address in (f"https://{site}/{path}{rest}", f"https://{site}/web/20260102030405/{rest}"):
        found = copy(address)
        assert found is None or (found.archived == address and web.is_web_address(address))
        assert found is None or found.original is None or web.is_web_address(found.original)
