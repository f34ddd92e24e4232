"""The unit of rejection is the item: one bad byte, one bad reference, one bad name costs what it stands in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import articles
from factcheck.articles import Ingested, feed_texts, markup
from factcheck.articles.decode import decode, marked
from tests.articles.conftest import NOW

BODY = "شورای شهر بهارستان بودجه سال آینده را تصویب کرد و سهم حمل‌ونقل به ۱۸ درصد رسید. " * 3


def feed(*bodies: str, channel: str = "پیک بهار") -> str:
    items = "".join(
        f"<item><title>خبر {n}</title><link>https://peyk.example/{n}</link><description>{body}</description></item>"
        for n, body in enumerate(bodies, 1)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{channel}</title>{items}</channel></rss>'


@pytest.mark.parametrize(
    "pair",
    ["&#55357;&#56898;", "&#xD83D;&#xDE42;", "&#xd83d;&#56898;", "&#0055357;&#x0de42;", "&amp;#55357;&amp;#56898;"],
)
def test_the_halves_of_a_pair_are_one_character(ingest: Callable[..., Ingested], pair: str) -> None:
    rows = ingest(feed(BODY, f"خوش {pair} آمدید. {BODY}", BODY), "f.xml").articles.to_dicts()
    assert "خوش 🙂 آمدید" in rows[1]["text"]
    assert not any("replacement_character" in row["warnings"] for row in rows)
    made = f"<html><body><article><p>خوش {pair} آمدید. {BODY}</p></article></body></html>"
    assert "خوش 🙂 آمدید" in ingest(made.replace("&amp;", "&"), "p.html").articles["text"][0]


@given(st.characters(min_codepoint=0x10000, max_codepoint=0x10FFFD), st.booleans(), st.booleans())
def test_any_pair_is_its_character(char: str, first: bool, second: bool) -> None:
    raw = char.encode("utf-16-be")
    halves = (int.from_bytes(raw[:2], "big"), int.from_bytes(raw[2:], "big"))
    written = "".join(
        f"&#x{half:X};" if is_hex else f"&#{half};" for half, is_hex in zip(halves, (first, second), strict=True)
    )
    assert markup.possible_references(written) == char


def test_half_a_pair_costs_no_other_item(ingest: Callable[..., Ingested]) -> None:
    rows = ingest(feed(BODY, f"نیم &#55357; نویسه. {BODY}"), "f.xml").articles.to_dicts()
    assert ["replacement_character" in row["warnings"] for row in rows] == [False, True]


def test_one_cut_character_costs_its_item_and_no_other(ingest: Callable[..., Ingested]) -> None:
    data = feed(*(f"{n} {BODY}" for n in range(5))).encode()
    at = data.index("2 شورای".encode()) + 3
    found = ingest(data[:at] + data[at + 1 :], "f.xml")
    assert found.articles["title"].to_list() == ["خبر 1", "خبر 2", "خبر 4", "خبر 5"]
    (rejection,) = found.rejected.to_dicts()
    assert (rejection["code"], rejection["subject"].endswith("#3")) == ("ENCODING", True)
    assert "�" not in "".join(found.articles["text"])


def test_a_cut_name_of_the_feed_costs_no_item(ingest: Callable[..., Ingested]) -> None:
    data = feed(BODY, BODY + "۲").encode().replace("پیک".encode(), "پیک".encode()[:-1])
    found = ingest(data, "f.xml")
    assert (found.articles.height, found.rejected.height) == (2, 0)
    assert all("replacement_character" in warnings for warnings in found.articles["warnings"])


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
def test_a_cut_character_in_a_row_costs_that_row(ingest: Callable[..., Ingested], name: str) -> None:
    rows = [f"{n} {BODY}".strip() for n in range(4)]
    text = (
        "title,text\n" + "".join(f'خبر,"{row}"\n' for row in rows)
        if name == "t.csv"
        else "".join(f'{{"title": "خبر", "text": "{row}"}}\n' for row in rows)
    )
    at = text.encode().index("1 شورای".encode()) + 3
    data = text.encode()[:at] + text.encode()[at + 1 :]
    found = ingest(data, name)
    assert [row[:1] for row in found.articles["text"]] == ["0", "2", "3"]
    assert found.rejected["code"].to_list() == ["ENCODING"]


def test_a_single_damaged_article_is_refused_as_before(ingest: Callable[..., Ingested]) -> None:
    data = BODY.encode()
    for name, made in (
        ("a.txt", data[:-3]),
        ("f.xml", feed(BODY).encode().replace("بهارستان".encode(), b"\xd8\xa8\xd9")),
    ):
        found = ingest(made, name)
        assert (found.articles.height, found.rejected["code"].to_list()) == (0, ["ENCODING"])


def test_bytes_that_are_no_utf8_at_all_are_not_read_in_part() -> None:
    assert marked(bytes(range(128, 256)) * 20) is None
    assert marked(b"\xff\xfea") is None


@given(st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc", "Cf"])))
def test_pairs_in_utf8_are_characters(text: str) -> None:
    utf16 = f"ab{text}".encode("utf-16-le")
    units = [chr(int.from_bytes(utf16[n : n + 2], "little")) for n in range(0, len(utf16), 2)]
    assert decode("".join(units).encode("utf-8", "surrogatepass")).text == f"ab{text}"


@pytest.mark.parametrize("before", ["\ufeff\ufeff", "\ufeff\u200b\n", "\u200e\u2060 ", "\ufeff \ufeff"])
@pytest.mark.parametrize("name", ["f.xml", "f.txt", "f"])
def test_characters_without_width_before_markup_do_not_make_it_text(
    ingest: Callable[..., Ingested], before: str, name: str
) -> None:
    assert ingest(before + feed(BODY, BODY + "۲"), name).articles.height == 2


@pytest.mark.parametrize(
    "made",
    [
        "<ArchiveItem><Body>{}</Body></ArchiveItem>",
        "<?xml version='1.0'?><newsml><p>{}</p></newsml>",
        "<tei:TEI xmlns:tei='x'><tei:p>{}</tei:p></tei:TEI>",
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a", "a.xml"])
def test_what_begins_with_markup_is_never_text(ingest: Callable[..., Ingested], made: str, name: str) -> None:
    found = ingest(made.format(BODY), name)
    assert (found.articles.height, found.rejected["code"].to_list()) == (0, ["UNSUPPORTED"])


@pytest.mark.parametrize("opening", ["<center><b>", "<table><tr><td>", "<h2>", "<span dir='rtl'>", "<br>"])
def test_a_piece_of_a_page_is_a_page(ingest: Callable[..., Ingested], opening: str) -> None:
    (text,) = ingest(f"{opening}خبر</b></h2></span><p>{BODY}</p><p>{BODY} پایان.</p>", "a.txt").articles["text"]
    assert "<" not in text
    assert "سهم حمل‌ونقل" in text


def test_text_that_begins_with_a_sign_is_text(ingest: Callable[..., Ingested]) -> None:
    assert ingest(f"<< {BODY}", "a.txt").articles["text"][0].startswith("<<")
    assert ingest(f"<3 {BODY}", "a.txt").articles["text"][0].startswith("<3")


def test_names_of_files_are_bytes(tmp_path: Path) -> None:
    names = ["خبر.txt".encode("cp1256"), "متن.txt".encode("cp1256"), "گزارش.txt".encode()]
    for name, text in zip(names, [BODY, "", BODY + "۲"], strict=True):
        try:
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(text, "utf-8")
        except OSError:
            pytest.skip("this file system refuses names that are not UTF-8")
    found = articles.read([tmp_path], now=NOW, languages=["fa"])
    assert (found.articles.height, found.rejected["code"].to_list()) == (2, ["EMPTY"])
    shown = [*found.articles["source"], *found.rejected["subject"]]
    assert all(name.isprintable() and name.encode() for name in shown)


@pytest.mark.parametrize(
    "footer",
    [
        "The post {title} appeared first on {site}.",
        "The post <a href='https://x.example/1'>{title}</a> first appeared on <a href='https://x.example'>{site}</a>.",
        "نوشته {title} اولین بار در {site}. پدیدار شد.",
        "ظهرت المقالة {title} أولاً على {site}.",
        "{title} yazısı ilk önce {site} üzerinde ortaya çıktı.",
        "Der Beitrag {title} erschien zuerst auf {site}.",
        "L’article {title} est apparu en premier sur {site}.",
        "Lo scritto {title} si legge per la prima volta presso {site}.",
    ],
)
def test_a_sentence_of_the_feeds_software_is_not_text(ingest: Callable[..., Ingested], footer: str) -> None:
    line = footer.format(title="خبر 1", site="پیک بهار")
    found = ingest(feed(f"<![CDATA[<p>{BODY}</p><p>{line}</p>]]>"), "f.xml").articles
    assert found["text"].to_list() == [BODY.strip()]
    assert "summary_only" not in found["warnings"][0]


@pytest.mark.parametrize(
    "more",
    ["<p>Continue reading <a href='x'>خبر 1</a></p>", "<p>ادامه مطلب »</p>", "<p>اقرأ المزيد</p>", " […] ادامه مطلب"],
)
def test_text_that_goes_on_elsewhere_is_said_to_be_a_summary(ingest: Callable[..., Ingested], more: str) -> None:
    found = ingest(feed(f"<![CDATA[<div>{BODY}{more}</div>]]>"), "f.xml").articles
    assert found["text"].to_list() == [BODY.strip()]
    assert "summary_only" in found["warnings"][0]


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister said the post he took over appeared too late for a change of plans.",
        "The bridge first appeared on a map of 1780.",
        "وی گفت این خبر ادامه مطلب دیروز نیست.",
        "خبر 1 را پیک بهار نوشت و گفت شورای شهر در نشست خود سه بار رأی گرفت و هر بار همان نتیجه را اعلام کرد.",
    ],
)
def test_a_last_sentence_of_the_article_stays(ingest: Callable[..., Ingested], sentence: str) -> None:
    found = ingest(feed(f"<![CDATA[<p>{BODY}</p><p>{sentence}</p>]]>"), "f.xml").articles
    assert found["text"].to_list() == [f"{BODY.strip()}\n{sentence}"]


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("Tue, 10 Jun 03 09:41:01 GMT", "2003-06-10"),
        ("10 Jun 23 09:41 GMT", "2023-06-10"),
        ("Wed, 02 Oct 02 15:00:00 +0200", "2002-10-02"),
        ("Mon, 1 Feb 99 15:00:00 +0000", "1999-02-01"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06"),
        ("Sun, 06 Nov 2022 08:49:37 GMT", "2022-11-06"),
    ],
)
def test_a_feeds_years_of_two_digits(ingest: Callable[..., Ingested], date: str, day: str) -> None:
    made = feed(BODY).replace("<description>", f"<pubDate>{date}</pubDate><description>")
    (row,) = ingest(made, "f.xml").articles.to_dicts()
    assert (row["published_at"].date().isoformat(), row["published_raw"]) == (day, date)


def test_other_dates_keep_their_years() -> None:
    assert feed_texts.with_century("2024-10-03T10:15:00Z") is None
    assert feed_texts.with_century("Sat Nov 18 2017 15:21:41 GMT+0000") is None
    assert feed_texts.with_century(None) is None
