from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.articles import Ingested, layout
from factcheck.articles.splitting import split

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BODY_FA = "مدیر مرکز گفت شمار مسافران در مهرماه به ۳ میلیون نفر رسیده و این رقم ۱۲ درصد بیشتر از پارسال است.\n" * 3
BODY_EN = "The director said on Monday that 48,000 pupils receive a meal every day, up from 31,000 last year.\n" * 3
HEADER = "Title: {title}\nOutlet: Lowland Daily\nDate: 2025-10-14\n\n"


def starts(text: str) -> list[str]:
    return [text[part.start : part.end].strip()[:12] for part in split(text, now=NOW).parts]


@pytest.mark.parametrize("separator", ["=====", "= = =".replace(" ", "") + "==", "#####", "\f", "~~~~~"])
def test_a_strong_separator_between_two_long_parts_cuts(separator: str) -> None:
    text = f"{BODY_FA}\n{separator}\n\n{BODY_EN}"
    assert starts(text) == ["مدیر مرکز گف", "The director"]


@pytest.mark.parametrize("separator", ["---", "***", "* * *", "———", "-----------"])
def test_a_section_break_cuts_only_where_both_sides_open_as_articles(separator: str) -> None:
    inside = split(f"{BODY_EN}\n{separator}\n\n{BODY_EN}", now=NOW)
    assert (len(inside.parts), inside.warnings) == (1, ("maybe_several",))
    opened = f"Schools feed more pupils\n\n{BODY_EN}\n{separator}\n\nTrains carry more people\n\n{BODY_EN}"
    assert starts(opened) == ["Schools feed", "Trains carry"]


def test_an_underlined_headline_is_not_cut() -> None:
    text = f"Schools feed more pupils\n========================\n\n{BODY_EN}"
    assert len(split(text, now=NOW).parts) == 1


def test_a_boxed_headline_stays_with_what_follows() -> None:
    text = f"{BODY_EN}\n=======\nTrains carry more people\n=======\n{BODY_FA}"
    assert starts(text) == ["The director", "Trains carry"]


def test_a_short_footer_is_not_an_article() -> None:
    assert len(split(f"{BODY_EN}\n=====\nAll rights reserved.", now=NOW).parts) == 1


def test_header_lines_a_second_time_cut_without_a_separator() -> None:
    text = HEADER.format(title="One") + BODY_EN + "\n" + HEADER.format(title="Two") + BODY_EN
    assert starts(text) == ["Title: One\nO", "Title: Two\nO"]


def test_front_matter_of_two_articles() -> None:
    one = "---\nTitle: One\nDate: 2025-10-14\n---\n" + BODY_EN
    assert starts(one + "\n" + one.replace("One", "Two")) == ["---\nTitle: O", "Title: Two\nD"]


def test_a_date_prefix_a_second_time_cuts() -> None:
    text = f" date 2025-11-23 {BODY_FA} date 2025-11-24 {BODY_FA}"
    assert [layout.header(text, part.start).fields for part in split(text, now=NOW).parts] == [
        {"date": "2025-11-23"},
        {"date": "2025-11-24"},
    ]


def test_a_second_dateline_under_a_headline_cuts_before_the_headline() -> None:
    one = "قطار شهری شلوغ‌تر شد\n\nچهارشنبه ۱۴ آبان ۱۴۰۴ - ۰۹:۴۰\n\n" + BODY_FA * 2
    two = "نرخ بیکاری پایین آمد\nپنجشنبه ۱۵ آبان ۱۴۰۴ - ۱۱:۰۰\n\n" + BODY_FA * 2
    assert starts(one + "\n" + two) == ["قطار شهری شل", "نرخ بیکاری پ"]


def test_days_of_a_chronicle_do_not_cut() -> None:
    text = "".join(f"{day} November 2025\n\n{BODY_EN}\n" for day in range(1, 4))
    assert len(split(text, now=NOW).parts) == 1


def test_a_table_drawn_in_dashes_takes_no_time() -> None:
    parts = split("---\n" * 100_000 + BODY_EN, now=NOW)
    assert (len(parts.parts), parts.warnings) == (1, ("maybe_several",))


LINES = st.sampled_from(
    ["=====", "---", "***", "\f", "", "  ", "Title: x", "Date: 2025-10-14", "date 2025-11-23 text", "Headline here",
     "چهارشنبه ۱۴ آبان ۱۴۰۴ - ۰۹:۴۰", BODY_EN.strip(), BODY_FA.strip(), "word", "\u200c", "👍 good"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=24), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_visible_character_is_lost_or_doubled(rows: list[str], end: str) -> None:
    text = end.join(rows)
    parts = split(text, now=NOW).parts
    assert all(a.end <= b.start for a, b in itertools.pairwise(parts))
    outside, at = "", 0
    for part in parts:
        outside, at = outside + text[at : part.start], part.end
    outside += text[at:]
    assert not outside.strip(" \t\r\n\f\u200c=#~_-*")


def test_the_articles_are_slices_of_the_file(ingest: Callable[..., Ingested]) -> None:
    text = HEADER.format(title="One") + BODY_FA + "\n=====\n\n" + HEADER.format(title="Two") + BODY_EN
    found = ingest(text).articles
    assert found["title"].to_list() == ["One", "Two"]
    assert found["published_raw"].to_list() == ["2025-10-14"] * 2
    for row in found.to_dicts():
        assert text[row["source_start"] : row["source_start"] + len(row["text"])] == row["text"]
    assert [row["text"] for row in found.to_dicts()] == [BODY_FA.strip(), BODY_EN.strip()]


FIRST = """Dam repaired

The dam at Corran was repaired on Friday.
The work cost three million euros, the board said.
"""
SECOND = """Shrimp catch falls in the bay
The catch was forty per cent lower this year, figures of the office show.
Fishers blame the warm water and ask for fuel, a union of theirs wrote in a letter to the ministry.
More than six hundred boats lie in the harbour."""


@pytest.mark.parametrize("heading", ["Read also:", "Most read", "اقرأ أيضاً:", "بیشتر بخوانید", "انتهای پیام", "ENDS"])
def test_below_a_heading_of_other_stories_an_article_starts_or_the_text_ends(heading: str) -> None:
    text = f"{FIRST}{heading}\n{SECOND}\n"
    assert [text[a:b].strip() for a, b in split(text, now=NOW).parts] == [FIRST.strip(), SECOND]
    text = f"{FIRST}\n{heading}\n\nMinister to visit the dam\nBoat race on Sunday\n"
    found = split(text, now=NOW)
    assert [text[a:b].strip() for a, b in found.parts] == [FIRST.strip()]
    assert found.warnings == ("teasers_left_out",)


def test_a_heading_of_other_stories_with_an_articles_text_right_below_leaves_it_whole() -> None:
    paragraph = "The board of the dam wrote in its letter that the pumps were bought second hand in 1987. " * 4
    text = f"{FIRST}Read also:\n{paragraph}\n{paragraph}\n"
    assert len(split(text, now=NOW).parts) == 1
    assert split(text, now=NOW).warnings == ()


def test_words_of_a_heading_inside_of_a_sentence_are_none() -> None:
    text = f"{FIRST}The most read book of the town is about the dam.\nIt has 40 pages.\n"
    assert [text[a:b].strip() for a, b in split(text, now=NOW).parts] == [text.strip()]
