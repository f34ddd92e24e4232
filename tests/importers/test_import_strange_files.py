"""Files as they are met: Excel's first lines, markup inside texts, answers of the Fact Check Tools API, microdata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factcheck.folding import match_key
from factcheck.importers import documents
from factcheck.importers.clean import plain
from tests.failing import failing
from tests.importers.import_files import csv_text, one, read, review

CASES = Path(__file__).parent / "cases"
ROWS = [
    ("بودجه حمل‌ونقل ۴۵ درصد افزایش یافته است", "verified", "https://a.example/1", "https://desk.example/r/1"),
    ("خط سوم مترو امسال تمام می‌شود", "disputed", "https://a.example/2", "https://desk.example/r/2"),
]


def _codes(found: documents.Read) -> list[str]:
    return list(found.rejected["code"])


def case(name: str) -> documents.Read:
    return read((CASES / name).read_text("utf-8-sig"))


@pytest.mark.parametrize(("name", "line"), [("sep_semicolon.csv", 3), ("sep_bom.csv", 3), ("blank_first.csv", 4)])
def test_what_excel_writes_before_the_header_is_no_header(name: str, line: int) -> None:
    found = case(name)
    told = [(row["claim"], row["verdict"], row["url"], row["evidence"][0]) for row in found.decisions.to_dicts()]
    assert told == ROWS
    assert found.rejected.height == 0
    assert found.decisions["subject"].to_list() == [f"f:{line}", f"f:{line + 1}"]


@pytest.mark.parametrize(
    ("opening", "separator"),
    [
        ("sep=;", ";"), ("SEP=|", "|"), ('"sep=;"', ";"), ("sep=\t", "\t"), ("sep=^", "^"), ("sep=,,,,,", ","),
        ("\nsep=;\n", ";"),
        (",,,,", ","), ("  \n\t\n", ","), ('"",""', ","), ("sep=", ","), ("sep=;", ","),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_first_lines(opening: str, separator: str, end: str) -> None:
    body = csv_text(("claim", "rating"), ("A; claim, that | is ^ long", "false"), delimiter=separator)
    found = read(f"{opening}\n{body}".replace("\r\n", "\n").replace("\n", end))
    assert found.decisions["claim"].to_list() == ["A; claim, that | is ^ long"]
    assert found.seen == 1


@pytest.mark.parametrize("text", ["sep=;", "sep=;\n", "\n\n", ",,,\n", "sep=;\nsep=;\n", "\n" * 100_000])
def test_nothing_below_the_first_lines(text: str) -> None:
    found = read(text)
    assert _codes(found) in (["NO_COLUMNS"], ["EMPTY"], [])


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text", ["x" * 2_000_000, "sep=;" + "," * 2_000_000, " " * 2_000_000, "<" * 200_000, "&" * 500_000]
)
def test_a_file_of_one_long_line_takes_no_time(text: str) -> None:
    assert read(text).seen <= 1
    assert read(f"claim,rating\n{text[:9000]},false").seen == 1


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["<b", "<b ", "<!--", "<b>", "</b>", "&#", "&amp;", "<a <", "&lt;b&gt;"])
def test_markup_without_end_takes_no_time(piece: str) -> None:
    plain(piece * (200_000 // len(piece)))


@pytest.mark.parametrize("name", ["entities_claim.json", "rating_html.json"])
def test_entities_and_tags_are_the_text_that_readers_saw(name: str) -> None:
    (found,) = case(name).decisions.to_dicts()
    assert found["claim"] == "«خط چهارم» مترو \u200cامسال تمام می\u200cشود"
    assert found["verdict"] == "disputed"
    assert "markup_in_text" in found["warnings"]
    assert match_key(found["claim"]) == match_key("خط چهارم مترو امسال تمام می‌شود")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("&laquo;a&raquo;", "«a»"), ("a&zwnj;b", "a\u200cb"), ("a&nbsp;b", "a\u00a0b"), ("<b>a</b>&nbsp;", "a"),
        ("<p>a</p><p>b</p>", "a\nb"), ("a<br>b<br/>c", "a\nb\nc"), ("&amp;laquo;a", "«a"), ("AT&amp;T", "AT&T"),
        ("&lt;b&gt;a&lt;/b&gt;", "a"), ('<span style="x" lang=fa>a</span>', "a"), ("<ul><li>a<li>b</ul>", "a\nb"),
        ("a<!-- x -->b", "ab"), ("&#1740;&#x6cc;", "یی"), ("&#150;", "–"), ("&#0;", "\ufffd"), ("&#x110000;", "\ufffd"),
    ],
)  # fmt: skip
def test_markup_becomes_plain_text(raw: str, text: str) -> None:
    assert plain(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "5 < 6 and 7 > 3", "a <b c", "The <b> tag is old", "x < y", "Smith & Sons", "a & b; c", "R&D; &c", "<3",
        "<script>alert(1)</script>",
        "a <not-a-tag> b", "</b> first", "<b>a</i>", "?a=1&copy=2", "&bogus;", "&", "<", "<>", "&#;", "  two  spaces ",
    ],
)  # fmt: skip
def test_what_is_no_markup_stays(text: str) -> None:
    assert plain(text) == text


def test_all_texts_of_a_decision_are_cleaned_and_addresses_only_of_entities() -> None:
    document = review(
        claimReviewed="<i>The bridge</i> cost 40&nbsp;million.",
        reviewBody="<p>It cost <b>60</b> million.</p>",
        url="https://checks.example/?a=1&amp;b=2",
    )
    document["itemReviewed"]["author"] = {"@type": "Person", "name": "M&uuml;ller &amp; S&ouml;hne"}
    found = one(document)
    assert found["claim"] == "The bridge cost 40\u00a0million."
    assert found["rationales"] == ["It cost 60 million."]
    assert found["claimant"] == "Müller & Söhne"
    assert found["evidence"][0] == "https://checks.example/?a=1&b=2"


def test_a_mapping_may_be_written_as_the_rating_stands_in_the_file() -> None:
    text = csv_text(("claim", "rating"), ("A claim", "<b>Wobbly</b>&nbsp;"))
    for word in ("Wobbly", "<b>Wobbly</b>&nbsp;"):
        assert read(text, own=[f"{word}=disputed"]).decisions["verdict"].to_list() == ["disputed"]
    (rejected,) = read(text).rejected.to_dicts()
    assert rejected["code"] == "UNKNOWN_RATING"
    assert "Wobbly" in rejected["reason"]
    assert "<b>Wobbly</b>&nbsp;" in rejected["payload"]  # as it stands in the file


def test_our_own_exports_are_plain_already() -> None:
    claim = "The <b>bold</b> &amp; the brave"
    ours = csv_text(("quote", "verdict", "dataset_version"), (claim, "verified", "1"))
    assert read(ours).decisions["claim"].to_list() == [claim]
    line = json.dumps({"quote": claim, "verdict": "verified", "dataset_version": 1})
    assert read(line).decisions["claim"].to_list() == [claim]


def google(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((CASES / "google_api.json").read_text("utf-8"))
    document["claims"][0] |= changes
    return document


def test_an_answer_of_the_fact_check_tools_api() -> None:
    (found,) = case("google_api.json").decisions.to_dicts()
    assert {
        name: found[name] for name in ("claim", "verdict", "claimant", "claimed_raw", "decided_raw", "subject")
    } == {
        "claim": "بودجه حمل‌ونقل ۴۵ درصد افزایش یافته است",
        "verdict": "disputed",
        "claimant": "شهردار نمونه",
        "claimed_raw": "2024-10-03T00:00:00Z",
        "decided_raw": "2024-10-05T00:00:00Z",
        "subject": "f#/claims/0/claimReview/0",
    }
    assert found["evidence"] == ["https://desk.example/r/1"]
    assert found["rationales"] == ["بررسی بودجه"]


def test_each_review_of_a_claim_is_a_decision_of_its_own() -> None:
    one_review = google()["claims"][0]["claimReview"][0]
    found = read(json.dumps(google(claimReview=[one_review, one_review | {"textualRating": "??"}, 5, None, {}])))
    assert found.decisions.height == 1
    assert sorted(_codes(found)) == ["EMPTY", "NOT_A_REVIEW", "NO_RATING", "UNKNOWN_RATING"]
    assert found.seen == 5


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (google(claimReview=[]), "NO_RATING"), (google(claimReview=None), "NO_RATING"), (google(text=""), "NO_CLAIM"),
        (google(text=["a", "b"]), "NO_CLAIM"), ({"claims": []}, "NOT_A_REVIEW"), ({}, "NO_COLUMNS"),
        ({"claims": 5}, "NO_COLUMNS"),
        ({"claims": [5]}, "NOT_A_REVIEW"), ({"claims": None}, "NO_COLUMNS"),
    ],
)  # fmt: skip
def test_an_answer_that_says_too_little(document: Any, code: str) -> None:
    found = read(json.dumps(document))
    assert _codes(found) == [code]


def test_the_form_of_microdata() -> None:
    def item(kind: str, **properties: Any) -> dict[str, Any]:
        return {"type": f"https://schema.org/{kind}", "properties": properties}

    node = item(
        "ClaimReview",
        claimReviewed="The bridge cost 40 million.",
        url="https://checks.example/1",
        datePublished="2025-03-02",
        reviewRating=item("Rating", alternateName="False"),
        itemReviewed=item("Claim", author=item("Person", name="The mayor")),
    )
    w3c = {
        "type": ["https://schema.org/ClaimReview"],
        "properties": {name: [value] for name, value in node["properties"].items()},
    }
    for document, pointer in [
        (node, "#"),
        ([node], "#/0"),
        ({"microdata": [item("WebPage", name="x"), node], "json-ld": [], "opengraph": []}, "#/microdata/1"),
        ({"microdata": [], "json-ld": [review()]}, "#/json-ld/0"),
        ({"items": [w3c]}, "#/items/0"),
    ]:
        found = one(document)
        assert (found["claim"], found["verdict"]) == ("The bridge cost 40 million.", "disputed")
        assert found["subject"] == f"f{pointer}"
        assert found["claimant"] == "The mayor"


class _Odd(Exception):
    pass


@pytest.mark.parametrize("kind", ["csv", "json", "lines"])
@pytest.mark.parametrize("place", ["_settle", "meaning", "reader"])
def test_a_record_that_fails_its_reader_costs_that_record(
    monkeypatch: pytest.MonkeyPatch, kind: str, place: str
) -> None:
    from factcheck.importers import json_documents, tables

    second_fails = failing(1, lambda: _Odd("a\nstrange thing"))

    if place == "reader":
        module: Any = tables if kind == "csv" else json_documents
        name = "_draft" if kind == "csv" else "read_review"
    else:
        module, name = documents, place
    monkeypatch.setattr(module, name, second_fails(getattr(module, name)))
    text = {
        "csv": csv_text(("claim", "rating"), *((f"Claim {n}", "false") for n in range(3))),
        "json": json.dumps([review(claimReviewed=f"Claim {n}") for n in range(3)]),
        "lines": "\n".join(json.dumps(review(claimReviewed=f"Claim {n}")) for n in range(3)),
    }[kind]
    found = read(text)
    assert found.decisions["claim"].to_list() == ["Claim 0", "Claim 2"]
    assert found.seen == 3
    (rejected,) = found.rejected.to_dicts()
    assert rejected["code"] == "UNEXPECTED"
    assert "_Odd" in rejected["reason"]
    assert "\n" not in rejected["reason"]
    assert rejected["subject"] == {"csv": "f:3", "json": "f#/1", "lines": "f:2"}[kind]
