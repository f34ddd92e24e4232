"""What the checkers' page is made of, to the byte: a change shows as one that somebody made in Label Studio."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from factcheck.languages import Language
from factcheck.studio.page import html
from factcheck.studio.page.guide import instruction
from factcheck.studio.page.label_config import label_config, queue_config
from factcheck.studio.page.translations import WORDINGS
from factcheck.text import RLM, isolate

ROOT = Path(__file__).parents[3]
QUEUE = {
    "ar": "187c8d80f52bf3a028dd66f4012da0c0e3f8a1f03f8a3f0728c075d89b77ddc3",
    "en": "3d0126c14bbd3971e0f9fcf666c72a5aa29c0c90b1218dc4758a6516e810c454",
    "fa": "69c408862ca96e801fec71374576e4b250a411cc59999ce5c46dcb4a46818bd8",
}
CLAIM: dict[str, Any] = {
    "lang": "en", "before": 'A & "B".\n', "quote": "It's <b>12</b>", "after": "&#39;", "claimant": None,
    "publisher": 'P & "Q"', "title": "T's", "url": "https://a.b/?x='1'&y=2",
}  # fmt: skip


@pytest.mark.parametrize("language", ["fa", "ar", "en"])
def test_the_configs_are_those_that_stand_in_label_studio(language: Language) -> None:
    name = "label_config.xml" if language == "en" else f"label_config.{language}.xml"
    assert label_config(language) + "\n" == (ROOT / "schemas" / name).read_text("utf-8")
    assert hashlib.sha256(queue_config(language).encode()).hexdigest() == QUEUE[language]


def test_the_spelling_of_a_task_is_the_one_its_hash_was_made_of() -> None:
    """A quote is `&quot;` and `&#x27;`; a text that has such a reference itself keeps it."""
    assert html.context(CLAIM) == (
        '<p dir="ltr" lang="en">A &amp; &quot;B&quot;.<br><mark>It&#x27;s &lt;b&gt;12&lt;/b&gt;</mark>&amp;#39;</p>'
    )
    blank = 'target="_blank" rel="noopener noreferrer"'
    link = f'<a href="https://a.b/?x=&#x27;1&#x27;&amp;y=2" {blank}>\u2068T&#x27;s\u2069</a>'
    outlet = "\u2068P &amp; &quot;Q&quot;\u2069"
    assert html.about(CLAIM, [CLAIM, CLAIM], WORDINGS["en"], "2025-01-02") == (
        '<p dir="ltr"><b>Said by:</b> \u2068not named\u2069</p>'
        f'<p dir="ltr"><b>Outlet:</b> {outlet}</p><p dir="ltr"><b>Date:</b> \u20682025-01-02\u2069</p>'
        f'<p dir="ltr"><b>Article:</b> {link}</p><p dir="ltr"><b>Also in:</b> {outlet} {link}</p>'
    )
    vote = {
        "voter": "A",
        "choice": "disputed",
        "confidence": "low",
        "rationale": 'a "b"\n\nc',
        "evidence": ["x", "http://y"],
    }
    assert html.votes([vote, vote | {"confidence": None, "rationale": "", "evidence": None}], WORDINGS["en"]) == (
        '<section dir="ltr"><article><p><b>\u2068A\u2069: False or misleading</b> (confidence: Not very)</p>'
        '<p dir="auto">a &quot;b&quot;</p><p dir="auto">c</p><p dir="ltr">\u2068x\u2069</p>'
        '<p dir="ltr"><a href="http://y" target="_blank" rel="noopener noreferrer">\u2068http://y\u2069</a></p></article>'
        '<article><p><b>\u2068A\u2069: False or misleading</b></p><p dir="auto">No reason given</p></article></section>'
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:,x", "http://[::1", "//a.b", "x", ""])
def test_only_a_web_address_is_a_link(url: str) -> None:
    assert "href" not in html.about(CLAIM | {"url": url}, [], WORDINGS["fa"], None)


def test_an_arabic_title_that_begins_in_latin_runs_from_right_to_left() -> None:
    title, place = "BBC: ارتفعت الصادرات", {"title": "OPEC: قرار", "url": None, "publisher": None}
    about = html.about(CLAIM | {"lang": "ar", "title": title}, [CLAIM | {"lang": "ar"} | place], WORDINGS["en"], None)
    assert f">{isolate(RLM + title)}</a>" in about
    assert isolate(RLM + "OPEC: قرار") in about


def test_a_place_that_reads_the_same_is_named_once() -> None:
    outlet = CLAIM | {"publisher": "Herald", "title": None, "url": None}
    title = outlet | {"publisher": None, "title": "Herald"}
    assert html.about(CLAIM, [outlet, title], WORDINGS["en"], None).count("Herald") == 1


def test_words_with_braces_stand_in_the_guide_as_they_are() -> None:
    shown = instruction("en", {"unproven": "{url}", "verdict": "What of {0}?", "rationale": "{"})
    assert "<b>{url}</b>" in shown
    assert "What of {0}?" in shown
    assert instruction("en") != shown
