from __future__ import annotations

from collections.abc import Callable

import pytest

from factcheck.articles import Ingested

BODY = "تولید برق خورشیدی در یک سال گذشته از ۳۱ مگاوات به ۹۴ مگاوات رسیده و سه‌برابر شده است. " * 3


def item(
    n: int,
    *,
    guid: str | None = None,
    link: str | None = None,
    body: str = BODY,
    date: str = "Mon, 03 Nov 2025 07:30:00 GMT",
) -> str:
    return (
        f"<item><title>خبر شماره {n}</title><link>{link or f'https://wire.example/{n}'}</link>"
        f"<guid>{guid or n}</guid><pubDate>{date}</pubDate>"
        f"<description><![CDATA[<p>{n} {body}</p>]]></description></item>"
    )


def rss(*items: str, before: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<rss version="2.0"><channel><title>خبرگزاری سپهر</title>'
        + "".join(items)
        + "</channel></rss>"
    )


def codes(found: Ingested) -> list[str]:
    return found.rejected["code"].to_list()


def test_each_item_is_an_article(ingest: Callable[..., Ingested]) -> None:
    found = ingest(rss(item(1), item(2), item(3)), "feed.xml").articles
    assert found["title"].to_list() == ["خبر شماره 1", "خبر شماره 2", "خبر شماره 3"]
    assert found["text"][0] == f"1 {BODY}".strip()
    assert found["publisher"].unique().to_list() == ["خبرگزاری سپهر"]
    assert found["url"][2] == "https://wire.example/3"
    assert found["published_at"][0].isoformat() == "2025-11-03T07:30:00+00:00"


def test_an_atom_feed_with_content(ingest: Callable[..., Ingested]) -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><entry><id>a</id><title>T</title>'
        '<link href="https://wire.example/a"/><updated>2025-11-03T07:30:00Z</updated><summary>short</summary>'
        f'<content type="html">&lt;p&gt;{BODY}&lt;/p&gt;&lt;ul&gt;&lt;li&gt;one&lt;/li&gt;&lt;/ul&gt;</content>'
        "</entry></feed>"
    )
    row = ingest(atom, "feed.atom").articles.to_dicts()[0]
    assert row["text"] == f"{BODY.strip()}\none"
    assert row["published_raw"] == "2025-11-03T07:30:00Z"


@pytest.mark.timeout(60)
def test_a_deep_feed_is_refused_and_a_deep_item_costs_that_item(ingest: Callable[..., Ingested]) -> None:
    deep = "<b>" * 20_000
    assert codes(ingest(rss(item(1)).replace("<![CDATA[", deep).replace("]]>", ""), "feed.xml")) == ["TOO_DEEP"]
    found = ingest(rss(item(1), item(2, body="<div>" * 1_000 + "x"), item(3)), "feed.xml")
    assert codes(found) == ["TOO_DEEP"]
    assert found.articles["title"].to_list() == ["خبر شماره 1", "خبر شماره 3"]


@pytest.mark.parametrize("cut", ["<item><title>half", "<item><title>x</title><description><![CDATA[<p>and then </it"])
def test_a_truncated_feed_gives_its_whole_items_and_says_partial(ingest: Callable[..., Ingested], cut: str) -> None:
    whole = rss(item(1), item(2)).removesuffix("</channel></rss>")
    found = ingest(whole + cut, "feed.xml")
    assert found.articles.height == 2
    assert all("feed_partial" in warnings for warnings in found.articles["warnings"])
    assert codes(found) == ["PARTIAL"]


def test_a_feed_cut_in_its_first_item_is_partial(ingest: Callable[..., Ingested]) -> None:
    assert codes(ingest('<rss version="2.0"><channel><title>x</title><item><title>ha', "feed.xml")) == ["PARTIAL"]


def test_text_that_speaks_of_items_is_no_truncation(ingest: Callable[..., Ingested]) -> None:
    found = ingest(rss(item(1, body=BODY + " &lt;item> <item> </channel>")), "feed.xml")
    assert (found.articles.height, found.rejected.height) == (1, 0)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
        '<!doctype rss [<!entity % p SYSTEM "http://127.0.0.1/x"> %p;]>',
    ],
)
def test_entity_bombs_and_external_entities_are_rejected(ingest: Callable[..., Ingested], doctype: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        found = ingest(rss(item(1, body="&b; &xxe;"), before=doctype).encode(encoding), "feed.xml")
        assert codes(found) == ["XML_ENTITIES"]


def test_same_guid_with_another_body_is_a_new_revision(ingest: Callable[..., Ingested]) -> None:
    found = ingest(rss(item(1, guid="g"), item(1, guid="g", body=BODY.replace("۹۴", "۹۶"))), "feed.xml").articles
    assert found["article_id"].n_unique() == 2
    assert all("guid_repeated" in warnings for warnings in found["warnings"])


def test_items_without_text_or_with_strange_links_and_dates(ingest: Callable[..., Ingested]) -> None:
    found = ingest(
        rss(
            item(1, link="javascript:alert(1)"),
            "<item><title>only a title</title><link>https://wire.example/t</link></item>",
            item(3, date="Thu, 01 Jan 1970 00:00:00 GMT"),
            item(4, date="Mon, 03 Nov 2031 07:30:00 GMT"),
        ),
        "feed.xml",
    )
    assert codes(found) == ["NO_TEXT"]
    assert found.articles["url"].to_list() == [None, "https://wire.example/3", "https://wire.example/4"]
    assert [warnings[-1] for warnings in found.articles["warnings"]] == ["link_dropped", "date_epoch", "date_future"]
    assert found.articles["published_at"].to_list()[1:] == [None, None]


def test_too_many_items_and_none(ingest: Callable[..., Ingested]) -> None:
    assert codes(ingest(rss(item(1), item(2)), "feed.xml", max_items=1)) == ["TOO_LARGE"]
    assert codes(ingest(rss(), "feed.xml")) == ["EMPTY"]


def test_a_malformed_feed_loses_no_item(ingest: Callable[..., Ingested]) -> None:
    found = ingest(rss(item(1), item(2).replace("<title>", "<title>AT&T & co "), item(3)), "feed.xml")
    assert found.articles.height + found.rejected.height == 3
    assert found.articles.height == 3


def test_half_a_surrogate_pair_in_a_feed_is_said_and_no_crash(ingest: Callable[..., Ingested]) -> None:
    found = ingest(rss(item(1).replace("</title>", "&#xD800;&bad;</title>")), "feed.xml")
    assert found.articles.height + found.rejected.height == 1
    assert "replacement_character" in found.articles["warnings"][0]
