"""No input brings the lint down: every file is read or refused with a reason."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.exporters.lint import json_path, judge, matrix, reviews, together
from factcheck.exporters.lint.finding import shown
from factcheck.exporters.lint.sarif import sarif
from factcheck.pipeline.lint import fix, lint
from tests.exporters.lint.corpus_files import BASES, patched

KEYS = ("@type", "@value", "url", "name", "properties", "type", "x")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["https://[x", "9999-12-31", "0001-01-01T00:00:00+23:59", "\ud800", "\0twice", "9" * 30]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip
PLACES = [(base, path) for base in BASES for path in (
    *BASES[base],
    *(("claimReview.0.url", "claimReview.0.textualRating", "claimReview.0.reviewDate") if "answer" in base else
      ("reviewRating.ratingValue", "reviewRating.alternateName", "itemReviewed.author", "itemReviewed.appearance",
       "itemReviewed.datePublished", "author.url", "@graph", "dataFeedElement", "item")),
)]  # fmt: skip


@given(place=st.sampled_from(PLACES), value=ANYTHING, again=st.sampled_from(PLACES), other=ANYTHING)
@settings(max_examples=400)
def test_no_value_in_any_place_brings_it_down(place: Any, value: Any, again: Any, other: Any) -> None:
    document = patched(place[0], {place[1]: value})
    if again[0] == place[0] and "." not in again[1]:
        document[again[1]] = other
    whole = [document, copy.deepcopy(document)]
    found, refused = reviews(whole)
    judged = together(judge("x", 1, found, site="https://desk.example.org", page=None))
    assert len(judged) == len(found)
    assert found or refused
    for row in matrix(judged):
        assert row.read + row.misread + row.dropped == len(judged)
    json.dumps(sarif(judged, [], version="1")).encode()
    findings = [finding for one in judged for finding in one.findings]
    assert all(json_path(finding.path).encode() and finding.message.encode() for finding in findings)


@given(data=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(max_examples=150)
def test_any_bytes_are_read_or_refused(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "lint-any"
    path.write_bytes(data)
    done = lint([path])
    assert len(done.judged) + len(done.refused) >= 1
    assert "UNEXPECTED" not in {one.code for one in done.refused}


HOSTILE = {
    "empty.json": b"",
    "deep.json": b"[" * 100_000,
    "deep_value.json": b'{"@type": "ClaimReview", "x": ' + b"[" * 900 + b"]" * 900 + b"}",
    "deep_type.json": b'{"@type": ' + b"[" * 900 + b'"ClaimReview"' + b"]" * 900 + b"}",
    "deep_claim.json": b'{"@type": "ClaimReview", "claimReviewed": ' + b'{"name": ' * 900 + b'"x"' + b"}" * 901,
    "number.json": b'{"@type": "ClaimReview", "reviewRating": {"ratingValue": ' + b"9" * 4000 + b"}}",
    "infinite.json": b'{"@type": "ClaimReview", "reviewRating": {"ratingValue": 1e999, "x": null}}',
    "nan.json": b'{"@type": "ClaimReview", "reviewRating": NaN}',
    "half.json": b'{"@type": "ClaimReview", "claimReviewed": "\\ud800", "\\udfff": null}',
    "null.json": b"[null]",
    "number_only.json": b"12",
    "page.html": b"<html><body><p>No markup here</p></body></html>",
    "script.html": b'<script type="application/ld+json">{"@type": "ClaimReview", </script>',
    "tags.html": b"<div>" * 5000,
    "table.csv": b"claim,verdict\nx,y\n",
    "picture.png": b"\x89PNG\r\n\x1a\n",
    "utf16.json": '{"@type": "ClaimReview"}'.encode("utf-16"),
    "lines.jsonl": b'{"@type": "ClaimReview"}\n{broken\n{"@type": "Article"}\n{"a": 1}\n',
    "html_in_claim.json": b'{"@type": "ClaimReview", "claimReviewed": "</script><script>alert(1)</script>"}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_read_or_refused_with_a_reason(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name])
    done = lint([tmp_path])
    assert done.files == 1
    assert len(done.judged) + len(done.refused) >= 1
    fixed, unfixed = fix([tmp_path], tmp_path / "out")
    assert all(one.reason and one.code != "UNEXPECTED" for one in [*done.refused, *unfixed])
    assert [one.path.read_bytes().isascii() for one in fixed] in ([], [True])
    again = lint([one.path for one in fixed])
    assert [finding for one in again.judged for finding in one.findings if finding.fixable] == []


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = lint([tmp_path / "nothing", tmp_path / "folder"])
    assert [one.code for one in done.refused] == ["NOT_FOUND", "EMPTY"]


def test_values_are_shown_on_one_line_and_with_what_nobody_sees() -> None:
    assert shown("گمراه\u200cکننده") == "'گمراه\u200cکننده'"
    assert shown("https://a.example/\u00a0x\ny") == r"'https://a.example/\xa0x\ny'"
    assert shown("x" * 5000) == f"'{'x' * 60}…'"
    assert [shown(value) for value in (None, True, 1.5, 10**5000, [1], {"a": 1})] == [
        "None", "True", "1.5", "a number of many digits", "a list", "an object",
    ]  # fmt: skip


def test_what_stands_among_the_reviews_of_an_answer_is_refused() -> None:
    answer = patched("answer", {})
    answer["claimReview"] += [None, "False"]
    found, refused = reviews({"claims": [answer, {"text": "x", "claimReview": []}]})
    assert len(found) == 1
    assert [(json_path(one.path), one.code) for one in refused] == [
        ("$.claims[0].claimReview[1]", "NOT_A_REVIEW"),
        ("$.claims[0].claimReview[2]", "NOT_A_REVIEW"),
        ("$.claims[1]", "NO_RATING"),
    ]


def test_lines_that_are_none_are_refused_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(HOSTILE["lines.jsonl"])
    done = lint([path])
    assert [one.line for one in done.judged] == [1]
    assert [one.subject.removeprefix(str(path)) for one in done.refused] == [":2", ":3 $", ":4 $"]
