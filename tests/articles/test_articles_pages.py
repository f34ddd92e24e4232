from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.articles import Ingested, markup, pages, selection
from factcheck.articles.blocks import blocks
from factcheck.errors import Rejected

PARAGRAPHS = [
    "مدیر انرژی‌های تجدیدپذیر اعلام کرد تولید برق خورشیدی از ۳۱ مگاوات به ۹۴ مگاوات رسیده است.",
    "او گفت: «این نیروگاه با ۱۲ هزار پنل، برق ۶ هزار و ۵۰۰ خانوار را تأمین می‌کند.»",
    "به گفته وی، ۶۰ درصد پنل‌ها در داخل کشور ساخته شده‌اند و هیچ‌یک از آن‌ها وارداتی نیست.",
]


def page(*paragraphs: str, head: str = "", around: str = "") -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<!DOCTYPE html><html><head>{head}</head><body><article>{body}</article>{around}</body></html>"


def text_of(found: Ingested) -> str:
    assert found.rejected.height == 0, found.rejected.to_dicts()
    return str(found.articles["text"][0])


def code_of(found: Ingested) -> str:
    assert found.articles.height == 0
    return str(found.rejected["code"][0])


def test_every_joiner_survives_written_or_as_an_entity(ingest: Callable[..., Ingested]) -> None:
    written = text_of(ingest(page(*PARAGRAPHS), "p.html"))
    assert written == "\n".join(PARAGRAPHS)
    for entity in ("&zwnj;", "&#8204;", "&#x200c;"):
        assert text_of(ingest(page(*PARAGRAPHS).replace("\u200c", entity), "p.html")) == written


WORDS = st.text(
    st.sampled_from(
        "ابپتجدرسفکگلمنهویئآأةيك۱۲٣٤\u200c\u200d\u200e\u200f\u202b\u202c\u2067\u2069\u00ad\u0640\u064b\u0651\ufdfa\ufeff👍"
    ),
    min_size=1,
    max_size=8,
)


@given(st.lists(WORDS, min_size=30, max_size=60))
def test_every_code_point_of_a_paragraph_survives(words: list[str]) -> None:
    paragraph = "خبر " + " ".join(words) + " پایان."
    root = markup.tree(page(paragraph, PARAGRAPHS[0]))
    found = pages.rendered(selection.chosen(root, blocks(root), title=None, told=None)[0])
    assert found == f"{paragraph}\n{PARAGRAPHS[0]}"


def test_navigation_teasers_and_scripts_are_left_out(ingest: Callable[..., Ingested]) -> None:
    around = (
        "<nav><a href='/a'>سیاست</a></nav>"
        "<section><h2>پربازدیدترین‌ها</h2><ul><li><a href='/1'>قیمت نان از فردا تغییر می‌کند</a></li></ul></section>"
        "<div><h3>الأكثر قراءة</h3><ul><li><a href='/2'>ارتفاع أسعار الخبز</a></li></ul></div>"
        "<div><h3>Most read</h3></div><script>alert('script words')</script>"
        "<footer><p>Copyright notice here</p></footer>"
    )
    assert text_of(ingest(page(*PARAGRAPHS, around=around), "p.html")) == "\n".join(PARAGRAPHS)


def test_metadata_of_json_ld_and_meta_tags(ingest: Callable[..., Ingested]) -> None:
    head = (
        '<link rel="canonical" href="https://sepehr.example/news/1"><base href="https://evil.example/">'
        '<meta property="og:url" content="https://sepehr.example/news/1">'
        '<script type="application/ld+json">{"@graph":[{"@type":"WebPage"},{"@type":["NewsArticle"],'
        '"headline":"برق سه\u200cبرابر شد","datePublished":"2025-11-11T08:20:00+03:30",'
        '"publisher":{"name":"سپهر"}}]}</script>'
        '<script type="application/ld+json">{broken</script>'
    )
    row = ingest(page(*PARAGRAPHS, head=head), "p.html").articles.to_dicts()[0]
    assert row["title"] == "برق سه\u200cبرابر شد"
    assert row["publisher"] == "سپهر"
    assert row["url"] == "https://sepehr.example/news/1"
    assert row["published_at"].isoformat() == "2025-11-11T04:50:00+00:00"


def test_a_visible_jalali_date_is_read(ingest: Callable[..., Ingested]) -> None:
    body = page(*PARAGRAPHS).replace("<article>", "<article><span class='news-date'>سه‌شنبه ۲۰ آبان ۱۴۰۴</span>")
    row = ingest(body, "p.html").articles.to_dicts()[0]
    assert (row["calendar"], row["published_at"].date().isoformat()) == ("jalali", "2025-11-11")


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "https://user:pw@a.example/", "file:///etc/passwd"]
)
def test_links_that_are_no_web_addresses_are_dropped_and_counted(ingest: Callable[..., Ingested], link: str) -> None:
    row = ingest(page(*PARAGRAPHS, head=f'<link rel="canonical" href="{link}">'), "p.html").articles.to_dicts()[0]
    assert row["url"] is None
    assert "link_dropped" in row["warnings"]


@pytest.mark.parametrize(
    "body",
    [
        "<html><body><script>document.write('x')</script></body></html>",
        f"<html><body><noscript>{'Please enable JavaScript to read this article. ' * 3}</noscript></body></html>",
        "<!doctype html><html></html>",
        f"<html><head><title>{'Only a title is no article. ' * 4}</title></head><body></body></html>",
    ],
)
def test_a_page_without_text_is_said_to_be_one(ingest: Callable[..., Ingested], body: str) -> None:
    assert code_of(ingest(body, "p.html")) == "NO_TEXT"


def test_a_teaser_before_a_paywall_is_no_article(ingest: Callable[..., Ingested]) -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    assert code_of(ingest(page(PARAGRAPHS[0], head=head), "p.html")) == "NO_TEXT"


@pytest.mark.timeout(60)
def test_deep_and_huge_pages_are_refused_in_bounded_time(ingest: Callable[..., Ingested]) -> None:
    began = time.process_time()
    assert code_of(ingest("<html><body>" + "<div>" * 100_000 + "x", "p.html")) == "TOO_DEEP"
    assert code_of(ingest("<html><body>" + "<p><li><dd><td>" * 20_000 + "x", "p.html")) == "TOO_DEEP"
    assert code_of(ingest(page("<table><tr><td>" * 20_000 + "x"), "p.html")) == "TOO_DEEP"
    assert code_of(ingest(page("a" * 10_000_001), "p.html")) == "TOO_LARGE"
    assert code_of(ingest(page("word " * 300_000), "p.html")) == "TOO_LARGE"
    assert time.process_time() - began < 5


def test_a_tree_as_deep_as_the_parser_goes_is_whole() -> None:
    """No page is cut in silence: all of it is there, or it is refused."""
    refused = []
    for depth in range(240, 262):
        try:
            root = markup.tree("<html><body>" + "<div>" * depth + "deep" + "</div>" * depth + "<p>The end.</p>")
        except Rejected as error:
            refused.append((depth, error.reason_code))
        else:
            assert root.text_content() == "deepThe end."
    assert refused == [(depth, "TOO_DEEP") for depth in range(refused[0][0], 262)]


def test_unclosed_paragraphs_and_items_are_not_deep(ingest: Callable[..., Ingested]) -> None:
    items = "".join(f"<p>{PARAGRAPHS[0]} {n}" for n in range(400))
    assert text_of(ingest(f"<html><body><article>{items}</article></body></html>", "p.html")).count("\n") == 399


def test_controls_in_a_page_are_removed_with_a_warning(ingest: Callable[..., Ingested]) -> None:
    row = ingest(page("\x00".join(PARAGRAPHS[0]), *PARAGRAPHS[1:]), "p.html").articles.to_dicts()[0]
    assert row["text"] == "\n".join(PARAGRAPHS)
    assert "controls_removed" in row["warnings"]


def test_the_pages_own_charset_is_used_when_it_is_not_utf8(ingest: Callable[..., Ingested]) -> None:
    head = '<meta charset="windows-1256">'
    arabic = "قال المدير إن العمل في المشروع انتهى في العام الماضي من دون تأخير وإن كلفته بلغت مليون دينار."
    row = ingest(page(arabic, arabic, head=head).encode("cp1256"), "p.html").articles.to_dicts()[0]
    assert row["text"].startswith(arabic)
    assert "encoding_cp1256" in row["warnings"]
