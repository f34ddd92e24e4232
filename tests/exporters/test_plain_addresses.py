"""A line of evidence that is taken for one address unread says what reading it says."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from factcheck import evidence, web_archives
from factcheck.exporters.addresses import (
    SOURCE,
    evidence_as_text,
    is_plain,
    is_taught,
    opens_with_address,
    sources_of,
    with_sources,
)

PIECES = st.sampled_from(
    [
        *("https://", "http://", "HTTPS://", "a.example", "www.b.org", "archive.org", "perma.cc", "web.archive.org"),
        *(
            "/",
            "//",
            "/web/20240101000000/",
            "?q=1&b=2",
            "#top",
            ".",
            "..",
            "-",
            "_",
            "=",
            "%D8%AE",
            ":8080",
            "@",
            "(",
            ")",
        ),
        *("x", "Y", "7", "سند", " ", " | ", "|", "سند رسمی", "\u200f", "\u200c", ",", ";", "!", "'", '"', "\\", "com"),
    ]
)
LINES = st.one_of(
    st.lists(PIECES, max_size=9).map("".join),
    st.builds(
        "https://{}{}".format,
        st.sampled_from(["a.example", "b.co.uk", "c.example.org"]),
        st.lists(PIECES, max_size=5).map("".join),
    ),
    st.lists(
        st.sampled_from(
            [
                *("https://a.example/x", "http://b.example", "see https://a.example", "archive.org/x", ""),
                *(
                    "data",
                    "Official record",
                    "DATA ",
                    "سند رسمی",
                    "سـند رسمی",
                    "ourcheck",
                    "d-a-t-a",
                    "داده‌ها",
                    "record (law)",
                ),
                *(
                    "page 3",
                    "صفحهٔ ۳",
                    "p. 4",
                    "a.example",
                    "3",
                    "(",
                    "'",
                    "x | y",
                    "\u200fdata",
                    "data\u200c",
                    "é",
                    "ﷲ",
                ),
            ]
        ),
        min_size=1,
        max_size=4,
    ).map(" | ".join),
)


@settings(max_examples=2000)
@example("https://a.example/https://b.example/x")
@example("https://archive.ph/abcde")
@example("https://a.example.")
@given(LINES)
def test_what_is_plain_reads_as_one_address(line: str) -> None:
    if pl.DataFrame({"line": [line]}).select(is_plain(pl.col("line"))).item():
        assert evidence.parse(line) == evidence.Evidence(line, (line,), None, "")
        assert evidence.visible(line) == line
        assert web_archives.copy(line) is None


@settings(max_examples=2000)
@example("https://a.example/https://b.example/x")
@example("https://web.archive.org/web/2024/https://a.example | data")
@given(LINES)
def test_what_opens_with_an_address_names_one(line: str) -> None:
    opens = pl.DataFrame({"line": [line]}).select(opens_with_address(pl.col("line"))).item()
    assert not opens or evidence.parse(line).addresses
    assert opens or not is_taught(pl.Series([line])).item()


@settings(max_examples=300)
@given(st.lists(st.lists(LINES, max_size=3), max_size=6))
def test_evidence_that_names_no_address_is_told_whether_it_was_read_before_or_not(rows: list[list[str]]) -> None:
    frame = pl.DataFrame(
        {"claim_id": [f"c{number}" for number in range(len(rows))], "evidence": rows},
        schema={"claim_id": pl.String, "evidence": pl.List(pl.String)},
    )
    unnamed = [(f"c{at}", line) for at, some in enumerate(rows) for line in some if not evidence.parse(line).addresses]
    assert evidence_as_text(frame) == unnamed
    assert evidence_as_text(with_sources(frame)) == [(claim, evidence.visible(line)) for claim, line in unnamed]


@settings(max_examples=500)
@given(st.lists(st.lists(LINES, max_size=3), max_size=6))
def test_rows_read_at_once_are_rows_read_one_by_one(rows: list[list[str]]) -> None:
    frame = pl.DataFrame(
        {"claim_id": [f"c{number}" for number in range(len(rows))], "evidence": rows},
        schema={"claim_id": pl.String, "evidence": pl.List(pl.String)},
    )
    found = with_sources(frame)
    assert found.columns == ["claim_id", "evidence", "sources"]
    assert found.schema["sources"] == pl.List(SOURCE)
    assert found["claim_id"].equals(frame["claim_id"])
    assert found["sources"].to_list() == [[one for line in some for one in sources_of(line)] for some in rows]
    assert found["evidence"].to_list() == [[evidence.visible(line) for line in some] for some in rows]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("https://stat.example/2026/table-3.html", True),
        ("http://a.example", True),
        ("https://a.example/?q=1&page=2", True),
        ("https://a.example/x | data | page 3", False),
        ("see https://a.example/x", False),
        ("https://a.example/x.", False),
        ("https://web.archive.org/web/2024/https://a.example", False),
        ("https://user@a.example/", False),
    ],
)
def test_most_lines_are_plain(line: str, wanted: bool) -> None:
    assert pl.DataFrame({"line": [line]}).select(is_plain(pl.col("line"))).item() is wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("https://a.example/x", True),
        ("https://a.example/x | data | page 3", True),
        ("https://a.example/x | سند رسمی | صفحهٔ ۳", True),
        ("https://a.example/x | the minister's own words", True),
        ("https://a.example/x | data | page 3 | and more", False),
        ("https://a.example/x | see b.example", False),
        ("https://a.example/x |data", False),
        ("https://archive.org/x | data", False),
        ("data | https://a.example/x", False),
    ],
)
def test_what_the_checkers_are_taught_is_read_by_expressions(line: str, wanted: bool) -> None:
    assert is_taught(pl.Series([line])).item() is wanted
