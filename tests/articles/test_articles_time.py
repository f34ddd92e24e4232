"""Long inputs of one kind take no time: what a reader does is bounded by their length, not by its square."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from factcheck.articles import Ingested

LENGTH = 400_000
PIECES = [
    "<",
    ">",
    "&",
    "&#",
    "<x",
    "x",
    "<!--",
    "-->",
    "<p ",
    "<p",
    "</p",
    "<b>",
    "</b>",
    "<![CDATA[",
    "]]>",
    "<item",
    "<item ",
    "<item>",
    "</item>",
    "<a:b",
    "<?",
    "<!DOCTYPE",
    "<!",
    "<script>",
    "<script",
    "</script",
    "<style>",
    "&amp;",
    "&amp;amp;#",
    "=",
    "-",
    "- ",
    "\n",
    " \n",
    "\t",
    "«",
    "a.b ",
    "\u200c",
    "0",
    "12/",
    "2024-01-02 ",
    "Title: x\n",
    "---\n",
    "www.",
    "http://",
    "گفت: ",
    "،",
    ": ",
    "(",
    "[",
    "\u00a0",
    "a\u0301",
    "\u202e",
    "۱",
    "وزیر ",
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", ["text", "page", "feed"])
def test_the_same_piece_over_and_over(ingest: Callable[..., Ingested], kind: str) -> None:
    slow = []
    for piece in PIECES:
        body = piece * (LENGTH // 40 // len(piece))
        made = {
            "text": body,
            "page": f"<!doctype html><html><body><p>{body}",
            "feed": f"<?xml version='1.0'?><rss><channel><item><description>{body}",
        }[kind]
        began = time.process_time()
        found = ingest(made, "a.txt" if kind == "text" else "a.html")
        if (took := time.process_time() - began) > 3:
            slow.append((piece, took))
        assert "UNEXPECTED" not in found.rejected["code"].to_list()
    assert not slow


@pytest.mark.timeout(20)
@pytest.mark.parametrize("body", ["<" + "x" * LENGTH, "<x " + "y" * LENGTH, "</" + "x:" * LENGTH, "<x" + "-" * LENGTH])
def test_a_tag_without_end(ingest: Callable[..., Ingested], body: str) -> None:
    ingest(f"<!doctype html><html><body><p>Text.</p>{body}", "a.html")
    ingest(f"<?xml version='1.0'?><rss><channel><item><title>a</title>{body}", "a.xml")
