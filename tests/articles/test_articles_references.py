"""References to what is no character: U+FFFD and a warning, whoever reads them (page, feed, markup inside a feed)."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pytest

from factcheck.articles import Ingested
from factcheck.articles.markup import possible_references

BODY = "The mayor said that 12,000 trees{0} were planted in the city during the last two years of office. " * 3
IMPOSSIBLE = [
    "&#0;", "&#0", "&#x0;", "&#x110000;", "&#x10FFFFF;", "&#99999999999999999999;", "&#" + "9" * 5000 + ";", "&#xD800;",
    "&#xDFFF;", "&#xFFFE;", "&#xFFFF;", "&#1;", "&#x1F;", "&#127;", "&#x0000000000000110000;",
]  # fmt: skip


def page(reference: str) -> str:
    return f"<!doctype html><html><body><article><p>{BODY.format(reference)}</p></article></body></html>"


def feed(body: str) -> str:
    return f"<?xml version='1.0'?><rss><channel><title>C</title><item><title>T</title>{body}</item></channel></rss>"


@pytest.mark.parametrize("reference", IMPOSSIBLE, ids=lambda text: text[:20])
@pytest.mark.parametrize("kind", ["page", "feed", "escaped", "cdata", "title"])
def test_an_impossible_reference_becomes_a_replacement_character_with_a_warning(
    ingest: Callable[..., Ingested], reference: str, kind: str
) -> None:
    paragraph = f"<p>{BODY.format(reference)}</p>"
    made = {
        "page": page(reference),
        "feed": feed(f"<description>{escape('<p>')}{BODY.format(reference)}{escape('</p>')}</description>"),
        "escaped": feed(f"<description>{escape(paragraph)}</description>"),
        "cdata": feed(f"<description><![CDATA[{paragraph}]]></description>"),
        "title": feed(f"<description>{BODY}</description>").replace("<title>T<", f"<title>A {reference} b<"),
    }
    found = ingest(made[kind], "a.html" if kind == "page" else "a.xml")
    (article,) = found.articles.to_dicts()
    assert "\ufffd" in (article["title"] if kind == "title" else article["text"])
    assert "replacement_character" in article["warnings"]


@pytest.mark.parametrize(
    ("reference", "char"),
    [
        ("&#150;", "–"),
        ("&#x93;", "“"),
        ("&#x200c;", "\u200c"),
        ("&#1740;", "ی"),
        ("&#x1F600;", "😀"),
        ("&#160;", "\u00a0"),
    ],
)
def test_other_references_are_what_they_name(ingest: Callable[..., Ingested], reference: str, char: str) -> None:
    (article,) = ingest(page(f"a{reference}b"), "a.html").articles.to_dicts()
    assert f"a{char}b" in article["text"]
    assert not {"replacement_character", "controls_removed"} & set(article["warnings"])


def test_text_without_such_references_stays_as_it_is() -> None:
    text = "a &amp; b &#1740; &#x6cc; &#; &#x; &# 12; &bogus; 😀"
    assert possible_references(text) == text
