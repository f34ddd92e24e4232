"""No word of a paragraph is lost to an element that an extractor does not know, and a page's own facts are its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factcheck.articles import Ingested

Ingest = Callable[..., Ingested]
PHRASING = (
    "time", "output", "label", "legend", "button", "object", "map", "center", "nobr", "bdi", "bdo", "font", "ins",
    "mark", "big", "small", "data", "meter", "progress", "ruby", "rb", "abbr", "acronym", "cite", "dfn", "var", "samp",
    "kbd", "tt", "u", "s",
)  # fmt: skip
FIRST = "The harbour of Lindow was closed for nine weeks after a survey found cracks in two of its piers."
LAST = "Repairs will cost four million pounds, the county said in a letter to the traders of the quay."
SENTENCE = "The minister said that the output had {} reached seventy thousand tons in a year."


def page(body: str, head: str = "", heading: str = "<h1>Harbour closed</h1>") -> str:
    return (
        f"<!doctype html><html><head><title>Harbour closed</title>{head}</head><body><article>{heading}<p>{FIRST}</p>"
        f"{body}<p>{LAST}</p></article></body></html>"
    )


def only(found: Ingested) -> dict[str, Any]:
    assert (found.articles.height, found.rejected.height) == (1, 0), found.rejected.to_dicts()
    return dict(found.articles.to_dicts()[0])


@pytest.mark.parametrize("tag", [*PHRASING, "b", "a", "x-term"])
def test_no_word_of_a_sentence_is_lost_to_the_element_it_stands_in(ingest: Ingest, tag: str) -> None:
    body = f"<p>{SENTENCE.format(f'<{tag}>never</{tag}>')}</p>"
    assert SENTENCE.format("never") in only(ingest(page(body), "a.html"))["text"]


def test_a_quotation_keeps_its_sentence_whole_and_gets_its_marks(ingest: Ingest) -> None:
    text = only(ingest(page(f"<p>{SENTENCE.format('<q>never</q>')}</p>"), "a.html"))["text"]
    assert SENTENCE.format("“never”") in text


def test_raised_figures_are_no_part_of_the_number_before_them(ingest: Ingest) -> None:
    body = "<p>The town covers 10<sup>2</sup> hectares and its lake holds H<sub>2</sub>O of nine springs.</p>"
    text = only(ingest(page(body), "a.html"))["text"]
    assert "10² hectares" in text
    assert "H₂O" in text


WORDS = st.lists(st.sampled_from(["never", "rose", "by", "nine", "tons", "in", "May"]), min_size=8, max_size=14)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(WORDS, st.lists(st.sampled_from(["b", "time", "q", "label", "font", "span", "output"]), max_size=4))
def test_every_word_of_a_kept_paragraph_is_in_the_text(ingest: Ingest, words: list[str], tags: list[str]) -> None:
    marked = [f"<{tag}>{word}</{tag}>" for tag, word in zip(tags, words, strict=False)] + words[len(tags) :]
    text = only(ingest(page(f"<p>So it is: {' '.join(marked)}.</p>"), "a.html"))["text"]
    assert f"So it is: {' '.join(words)}." in text.replace("“", "").replace("”", "")


def test_a_sentence_that_a_block_has_broken_is_whole_again(ingest: Ingest) -> None:
    text = only(ingest(page(f"<p>{SENTENCE.format('<center>never</center>')}</p>"), "a.html"))["text"]
    assert SENTENCE.format("never") in text


def test_a_lead_in_a_box_of_its_own_and_loose_text_are_kept(ingest: Ingest) -> None:
    loose = "A third survey of the quay is due in the spring, when the ice has gone."
    assert loose in only(ingest(page(loose), "a.html"))["text"]
    lead = "The county closed the harbour on Friday, two weeks early."
    boxed = (
        f"<html><body><div class='news'><h1>Harbour closed</h1><div class='intro'>{lead}</div>"
        f"<div itemprop='articleBody'><p>{FIRST}</p><p>{LAST}</p><p>{SENTENCE.format('not')}</p></div></div>"
        "</body></html>"
    )
    assert only(ingest(boxed, "a.html"))["text"].startswith(lead)


def test_a_table_that_lays_out_the_page_is_none(ingest: Ingest) -> None:
    html = (
        "<html><body><table><tr><td>Home Archive</td><td><h1>Harbour closed</h1>"
        f"<p>{FIRST}</p><p>{SENTENCE.format('not')}</p><p>{LAST}</p></td></tr></table></body></html>"
    )
    text = only(ingest(html, "a.html"))["text"]
    assert [line for line in text.split("\n") if line in {FIRST, LAST}] == [FIRST, LAST]
    assert "|" not in text


OTHER = '{"@type":"NewsArticle","headline":"Another story","url":"https://desk.example/2","datePublished":"2019-01-01"}'
OWN = '{"@type":"NewsArticle","headline":"Harbour closed","datePublished":"2024-10-03T10:15:00+03:30"}'
LD = "<script type='application/ld+json'>{}</script>"
META = "<meta property='article:published_time' content='2024-10-03T10:15:00+03:30'>"
TIME = "<time datetime='2024-10-03'>y</time>"
DATES = {
    "a list of others first": (LD.format(f'[{{"@type":"ItemList","itemListElement":[{OTHER}]}},{OWN}]'), ""),
    "another story's node first": (LD.format(f"[{OTHER},{OWN}]"), ""),
    "a date that is none": (LD.format('{"@type":"NewsArticle","datePublished":"0001-01-01"}') + META, ""),
    "modified first": ("", "<time itemprop='dateModified' datetime='2026-11-20'>x</time>" + TIME),
    "an aside first": ("", "<aside><time datetime='2026-11-20'>x</time></aside>" + TIME),
    "microdata": ("", "<span itemprop='datePublished' content='2024-10-03'>x</span>"),
    "RDFa": ("", "<span property='dc:date' content='2024-10-03'>x</span>"),
    "a line of the text": ("", "<p>3 October 2024</p>"),
}


@pytest.mark.parametrize("name", DATES)
def test_the_date_is_that_of_this_page(ingest: Ingest, name: str) -> None:
    head, body = DATES[name]
    heading = f"<h1>Harbour closed</h1>{body}"
    article = only(ingest(page("", head, heading), "a.html"))
    assert (article["title"], article["published_at"].date()) == ("Harbour closed", date(2024, 10, 3))


def test_a_clock_in_the_header_of_the_page_dates_nothing(ingest: Ingest) -> None:
    html = page("").replace("<body>", "<body><header><time datetime='2025-11-20'>today</time></header>")
    assert only(ingest(html, "a.html"))["published_at"] is None


def test_two_days_that_the_page_calls_its_own_are_told(ingest: Ingest) -> None:
    head = (
        "<meta property='article:published_time' content='2024-10-03'><meta name='date' content='2023-01-01'>"
        "<meta property='og:title' content='Harbour &amp;quot;closed&amp;quot; &amp;#8216;again&amp;#8217;'>"
    )
    article = only(ingest(page("", head), "a.html"))
    assert "date_disagrees" in article["warnings"]
    assert article["title"] == 'Harbour "closed" ‘again’'


def test_one_moment_written_in_two_zones_is_no_disagreement(ingest: Ingest) -> None:
    head = (
        "<meta property='article:published_time' content='2024-10-03T23:10:00Z'>"
        "<meta name='date' content='2024-10-04T02:40:00+03:30'><meta name='pubdate' content='2024-10-04'>"
    )
    assert "date_disagrees" not in only(ingest(page("", head), "a.html"))["warnings"]


def test_the_text_of_a_page_that_shows_it_by_a_script_is_that_of_its_json_ld(ingest: Ingest) -> None:
    data = f'{{"@type":"NewsArticle","headline":"Harbour closed","articleBody":"{FIRST} {LAST}"}}'
    html = (
        f"<html><head><script type='application/ld+json'>{data}</script></head><body><div id='app'></div></body></html>"
    )
    article = only(ingest(html, "a.html"))
    assert article["text"] == f"{FIRST} {LAST}"
    assert "text_of_json_ld" in article["warnings"]
