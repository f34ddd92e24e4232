from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factcheck import articles, frames, samples
from factcheck.articles import Ingested
from factcheck.articles.lang import language
from factcheck.errors import ConfigError
from factcheck.models import Article, Rejection

FA = "رئیس مرکز گفت که این طرح در سال گذشته به پایان رسید و ۱۲ هزار نفر از آن استفاده می‌کنند."
AR = "قال المدير إن العمل في المشروع انتهى في العام الماضي من دون تأخير، وإن كلفته بلغت ١٢ مليون دينار."
EN = "The mayor said on Monday that the city had planted 12,000 trees since 2019."
RU = "Мэр города сообщил в понедельник, что за последние шесть лет в городе посадили двенадцать тысяч деревьев. " * 3


def only(found: Ingested) -> dict[str, object]:
    assert (found.articles.height, found.rejected.height) == (1, 0), found.rejected.to_dicts()
    return found.articles.to_dicts()[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_the_text_of_a_file_is_untouched(ingest: Callable[..., Ingested], end: str) -> None:
    text = f"{end}  {FA}{end}{end}\u2067{AR}\u2069{end}\t{EN} كتـــاب ﷺ ١٢٣ 👍🏽\u200d x\u00a0y {end}{end}"
    row = only(ingest(codecs.BOM_UTF8 + text.encode()))
    assert (row["text"], row["source_start"]) == (text, 0)


def test_controls_go_with_a_warning(ingest: Callable[..., Ingested]) -> None:
    row = only(ingest(EN[:10] + "\x00\x07" + EN[10:] + "\x1b"))
    assert row["text"] == EN
    assert "controls_removed" in row["warnings"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "flag"), [(f"{EN} \u202edne", "bidi_override"), (f"{FA} \u2067open", "bidi_unbalanced")]
)
def test_direction_controls_are_kept_and_flagged(ingest: Callable[..., Ingested], text: str, flag: str) -> None:
    row = only(ingest(text))
    assert row["text"] == text
    assert flag in row["warnings"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (FA, "fa"),
        (AR, "ar"),
        (EN, "en"),
        ("Noura TV: " + AR, "ar"),
        (FA.replace("\u200c", ""), "fa"),
        ("12:30", None),
        (RU, "ru"),
    ],
)
def test_the_language(ingest: Callable[..., Ingested], text: str, lang: str | None) -> None:
    row = only(ingest(text))
    assert row["lang"] == lang
    assert ("language_unexpected" in row["warnings"]) == (lang == "ru")  # type: ignore[operator]


def test_an_unknown_language_code_is_an_error_that_names_it(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "a.txt").write_text(EN)
    with pytest.raises(ConfigError, match="farsi"):
        articles.read([tmp_path], now=now, languages=["farsi"])


def test_header_lines_are_read_and_skipped(ingest: Callable[..., Ingested]) -> None:
    header = "عنوان: خبر\nرسانه: سپهر\nتاریخ: ۲ آذر ۱۴۰۴\nنشانی: https://sepehr.example/1\n\n"
    row = only(ingest(header + FA))
    assert (row["text"], row["source_start"]) == (FA, len(header))
    assert (row["title"], row["publisher"], row["url"]) == ("خبر", "سپهر", "https://sepehr.example/1")
    assert (row["calendar"], row["published_raw"]) == ("jalali", "۲ آذر ۱۴۰۴")


@pytest.mark.parametrize(
    "text", [f"Source: a friend told me.\n{EN}", f"{EN}\nTitle: x\n", f"وی گفت: {FA}", "Note: one"]
)
def test_prose_with_a_colon_is_no_header(ingest: Callable[..., Ingested], text: str) -> None:
    assert only(ingest(text))["text"] == text


def test_a_headline_is_the_title_and_stays_in_the_text(ingest: Callable[..., Ingested]) -> None:
    text = f"Trees return to the city\n\nTuesday 4 November 2025 - 10:30 GMT\n\n{EN}\n"
    row = only(ingest(text))
    assert (row["title"], row["text"]) == ("Trees return to the city", text)
    assert row["published_raw"] == "Tuesday 4 November 2025 - 10:30 GMT"


def test_a_dateline_before_the_lead(ingest: Callable[..., Ingested]) -> None:
    row = only(ingest(f"PORT MERIDIAN, November 20, 2025 (Harbour News Agency) - {EN}"))
    assert row["published_raw"] == "November 20, 2025"


def test_a_date_inside_the_story_is_not_its_date(ingest: Callable[..., Ingested]) -> None:
    assert only(ingest(f"{EN} The law of 3 May 2019 did not change that.\n"))["published_at"] is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
        max_size=4,
    )
)
def test_accepted_and_rejected_are_all_that_was_seen(tmp_path: Path, now: datetime, bodies: list[bytes]) -> None:
    folder = tmp_path / "run"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for n, body in enumerate(bodies):
        (folder / f"{n}.txt").write_bytes(body)
    found = articles.read([folder], now=now, languages=["fa", "ar", "en"])
    assert found.articles.height + found.rejected.height == max(1, len(bodies))  # an empty folder is one rejection
    frames.to_records(Article, found.articles)
    frames.to_records(Rejection, found.rejected)


def test_the_samples_are_read_whole(now: datetime) -> None:
    found = articles.read([samples.articles_folder()], now=now, languages=["fa", "ar", "en"])
    assert found.rejected.height == 0
    frames.to_records(Article, found.articles)
    by_language = dict(found.articles["lang"].value_counts().iter_rows())
    assert by_language == {"fa": 9, "ar": 4, "en": 6}
    rows = {Path(row["source"]).name: row for row in found.articles.to_dicts()}
    assert sum(Path(source).name == "fa_two_articles.txt" for source in found.articles["source"]) == 2
    assert rows["fa_interview_water.txt"]["source_chain"][:2] == ["روزنامه نیم‌روز", "خبرگزاری سپهر"]
    assert rows["fa_agency_quoting_official.txt"]["source_chain"] == ["روشنا نیوز", "خبرگزاری سپهر"]
    assert "\u200c" not in rows["fa_no_zwnj.txt"]["text"]
    assert "پربازدید" not in rows["fa_page.html"]["text"]
    page = (samples.articles_folder() / "fa_page.html").read_text("utf-8")
    paragraphs = re.findall(r"<p(?: class=\"date\")?>(.*?)</p>", page[: page.index("</article>")])
    assert rows["fa_page.html"]["text"].split("\n")[1:] == paragraphs
    assert rows["ar_latin_first.txt"]["text"].startswith("Noura TV: أعلن")
    assert rows["fa_emoji.txt"]["text"].startswith("⚽")
    assert [row["source"] for row in found.articles.to_dicts() if row["published_at"] is None] == [
        rows["fa_interview_water_syndicated.txt"]["source"]  # as copies often come: without a date
    ]


def test_reading_twice_gives_the_same(now: datetime) -> None:
    folder = samples.articles_folder()
    one, two = (articles.read([folder], now=now, languages=["fa", "ar", "en"]) for _ in range(2))
    assert one.articles.equals(two.articles)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("به گفته مدير كل، ساخت اين پل يك سال طول كشيد و هزينه آن از محل بودجه شهر تامين شد.", "fa"),
        ("شهردار گفت ساخت این پل یک سال طول کشید و هزینه آن از بودجه شهر تأمین شد.", "fa"),
        ("قال رئيس البلدية إن بناء الجسر استغرق عاما وإن كلفته دفعت من موازنة المدينة.", "ar"),
        ("أعلنت الوزارة أمس أن الأسعار ارتفعت في المدينة بعد قرار المجلس.", "ar"),
    ],
)
def test_persian_is_persian_also_where_it_was_typed_in_arabic_letters(text: str, lang: str) -> None:
    assert language(text, ["fa", "ar", "en"]).code == lang


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("وزیر نے کہا کہ شہر میں دو پل بنائے گئے اور ان کی لاگت بجٹ سے ادا کی گئی، از سر نو کام در پیش ہے۔", "ur"),
        ("ښاروال وویل چې د ښار دوه پلونه به سږ کال جوړ شي او لګښت به يې له بودجې څخه ورکړل شي.", "ps"),
    ],
)
def test_a_neighbour_of_persian_in_its_letters_is_not_taken_for_it(text: str, lang: str) -> None:
    assert language(text, ["fa", "ar", "en", lang]).code == lang
