from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.exporters import labels
from factcheck.importers.tables import columns
from tests.importers.import_files import codes, csv_text, read

DEEP = '{"@type": "ClaimReview", "claimReviewed": ' + "[" * 900 + "]" * 900 + "}"
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=12)


@pytest.mark.parametrize(
    "header",
    [
        ("claim", "rating", "claimant", "url", "date", "publisher"),
        ("Claim text", "Verdict", "Speaker", "Link", "Claim date", "Outlet"),
        (
            *("claimReview_claimReviewed", "rating_alternateName", "creativeWork_author_name", "url"),
            *("creativeWork_datePublished", "publisher"),
        ),
        ("quote", "verdict", "claimant", "url", "published_at", "publisher"),
        ("متن ادعا", "نتیجه", "گوینده", "نشانی", "تاریخ", "رسانه"),
        ("نص الادعاء", "الحكم", "القائل", "الرابط", "التاريخ", "الناشر"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_usual_headers(header: tuple[str, ...], delimiter: str) -> None:
    row = (
        "Bread, they said, is free; mostly",
        "False",
        "The mayor",
        "https://news.example/a",
        "2025-03-01",
        "The Herald",
    )
    found = read(csv_text(header, row, delimiter=delimiter)).decisions.row(0, named=True)
    assert [found[name] for name in ("claim", "verdict", "claimant", "url", "claimed_raw", "publisher")] == [
        "Bread, they said, is free; mostly",
        "disputed",
        *row[2:],
    ]
    assert found["subject"] == "f:2"


def test_columns_of_ratings_by_number_and_of_the_review() -> None:
    header = (
        "claim",
        "rating_value",
        "worst rating",
        "best rating",
        "review_url",
        "review date",
        "explanation",
        "sources",
    )
    row = (
        "A claim",
        "1",
        "1",
        "5",
        "https://c.example/1",
        "2025-03-02",
        "Line one\nline two",
        "https://a.example, https://b.example",
    )
    found = read(csv_text(header, row)).decisions.row(0, named=True)
    assert found["verdict"] == "disputed"
    assert found["decided_raw"] == "2025-03-02"
    assert found["rationales"] == ["Line one\nline two"]
    assert found["evidence"] == ["https://c.example/1", "https://a.example", "https://b.example"]
    assert found["url"] == "https://c.example/1"  # nothing else is known of where it stood


def test_the_words_of_the_rating_are_the_rationale_where_there_is_no_other() -> None:
    found = read(csv_text(("claim", "rating"), ("A claim", "False: it was in 2015")))
    assert found.decisions["rationales"].to_list() == [["False: it was in 2015"]]


def test_each_row_that_cannot_be_read_is_named_with_its_line() -> None:
    text = csv_text(
        ("claim", "rating", "status"),
        ("A claim\nof two lines", "Satire", ""),
        ("", "", ""),
        ("too", "few"),
        ("", "False", ""),
        ("A claim", "", "contested"),
        ("A claim", "", ""),
        ("?!", "True", ""),
        ("x" * 10_001, "True", ""),
        ("A good claim", "True", ""),
    )
    found = read(text)
    by_code = dict(found.rejected.select("code", "subject").iter_rows())
    assert by_code == {
        "UNKNOWN_RATING": "f:2",
        "EMPTY": "f:4",
        "RAGGED": "f:5",
        "NO_CLAIM": "f:9",
        "NO_VERDICT": "f:7",
        "NO_RATING": "f:8",
        "TOO_LARGE": "f:10",
    }
    assert found.seen == 9
    assert found.decisions["claim"].to_list() == ["A good claim"]
    assert "--map" in found.rejected["reason"][2] + "".join(found.rejected["reason"])


def test_a_quotation_mark_that_is_never_closed_takes_nothing_silently() -> None:
    text = 'claim,rating\r\nOne,False\r\n"Two,False\r\nThree,True\r\n'
    found = read(text)
    assert found.decisions["claim"].to_list() == ["One"]
    assert found.rejected.select("code", "subject").rows() == [("CSV", "f:3")]


def test_a_header_without_claim_or_rating_says_what_it_has() -> None:
    found = read("name;age\r\nx;1\r\n")
    assert found.rejected["code"].to_list() == ["NO_COLUMNS"]
    assert "'name', 'age'" in found.rejected["reason"][0]


def test_apostrophes_come_off_our_own_exports_alone() -> None:
    header = ["quote", "verdict"]
    row = ["'=1+1 is two", "verified"]
    assert read(csv_text(header, row)).decisions["claim"].to_list() == ["'=1+1 is two"]
    ours = csv_text([*header, "dataset_version"], [*row, "3"])
    assert read(ours).decisions["claim"].to_list() == ["=1+1 is two"]


def test_json_lines_of_flat_records_with_their_appearances() -> None:
    places = [{"url": f"https://n.example/{n}", "publisher": f"N{n}", "published_at": None} for n in range(2)]
    record = {"quote": "A claim", "verdict": "opinion", "rationales": ["a", "b"], "appearances": places}
    found = read("\n".join(json.dumps(line) for line in (record, {"quote": "B", "verdict": None, "status": "single"})))
    assert found.decisions["url"].to_list() == ["https://n.example/0", "https://n.example/1"]
    assert found.decisions["publisher"].to_list() == ["N0", "N1"]
    assert found.decisions["rationales"].to_list() == [["a", "b"]] * 2
    assert (found.seen, found.rejected["code"].to_list()) == (2, ["NO_VERDICT"])


def test_broken_lines_of_json_lines_are_named_and_the_others_read() -> None:
    good = json.dumps({"claim": "A", "rating": "False"})
    found = read(f'{good}\n{{"claim": "B", "rating"\n{good}\n')
    assert found.decisions.height == 2
    assert found.rejected.select("code", "subject").rows() == [("JSON", "f:2")]


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", "[[[]]]", '{"claim": NaN}', "[" * 100_000, "[" + "9" * 5_000 + "]", DEEP]
)
def test_json_that_holds_nothing_is_rejected_once(text: str) -> None:
    assert len(codes(text)) == 1


def test_text_of_any_other_kind_is_rejected() -> None:
    assert codes("Just a text.\nOn two lines.") == ["NO_COLUMNS"]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3).filter(any), max_size=6))
def test_every_row_is_accepted_or_rejected(rows: list[list[str]]) -> None:
    # read() asserts that the sum is right; here, that it is the number of rows.
    found = read(csv_text(("claim", "rating"), *rows))
    assert found.seen == len(rows)
    assert all("\n" not in subject for subject in found.rejected["subject"])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["ClaimReview", "False"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        *("@type", "@graph", "claimReviewed", "reviewRating", "alternateName", "ratingValue", "url"),
                        *("item", "itemReviewed", "appearance", "author", "dataFeedElement", "claim", "rating"),
                        "appearances",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    ),
)
def test_any_json_is_read_or_rejected(document: object) -> None:
    found = read(json.dumps([document]))
    assert found.seen >= 1


@pytest.mark.parametrize("name", sorted(labels.COLUMNS))
def test_a_column_of_our_exports_means_the_same_in_each_language(name: str) -> None:
    """A file that an editor exported in another language is imported as one with English heads."""
    meant = {language: sorted(columns([label])) for language, label in labels.COLUMNS[name].items()}
    assert meant == dict.fromkeys(meant, meant["en"])


@pytest.mark.parametrize(
    "head",
    [
        "عنوان مقاله",
        "عنوان المقال",
        "تاریخ مقاله (UTC)",
        "تاريخ المقال (UTC)",
        "زمان تصمیم (UTC)",
        "وقت القرار (UTC)",
        "المبررات",
        "رمز الحكم",
    ],
)
def test_heads_that_earlier_releases_wrote_are_still_known(head: str) -> None:
    assert columns([head])
