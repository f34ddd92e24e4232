"""What `--fix` promises: nothing certain is left, twice is once, and no word of a claim or a rating changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import schema_org
from factcheck.errors import OutputExists, UsageError
from factcheck.exporters.lint import judge, rating_word, reviews
from factcheck.exporters.lint.mending import can_be_mended, mended
from factcheck.pipeline.lint import fix, lint
from tests.exporters.lint.corpus_files import CASES, file_of, page, patched

BAD = "http://www.schema.org/"
BROKEN: dict[str, Any] = {
    "@type": ["Review", "ClaimReview"],
    "@context": BAD,
    "claimReviewed": ["The bridge has 12 arches"],
    "url": " https://desk.example.org/claims/1\u00a0",
    "reviewRating": [{"alternateName": {"@value": "False"}, "ratingValue": "1", "worstRating": "1", "bestRating": "5"}],
    "reviewBody": None,
    "citation": ["https://a.example/1, https://b.example/2", "", None],
    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Jane Doe", "sameAs": {"x": None}}},
}


def fixable(document: Any) -> list[tuple[str, tuple[str | int, ...]]]:
    return [
        (finding.id, finding.path)
        for one in judge("", None, reviews(document)[0], site=None, page=None)
        for finding in one.findings
        if finding.fixable and not one.review.converted
    ]


def words(document: Any) -> list[tuple[list[str], str]]:
    found = [one.node for one in reviews(document)[0] if one.kind == "markup"]
    return [(schema_org.texts(node.get("claimReviewed")), rating_word(node.get("reviewRating"))) for node in found]


def test_everything_certain_is_mended_at_once() -> None:
    assert mended(BROKEN) == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": "The bridge has 12 arches",
        "url": "https://desk.example.org/claims/1",
        "reviewRating": {
            "@type": "Rating", "alternateName": "False", "ratingValue": 1, "worstRating": 1, "bestRating": 5
        },
        "citation": ["https://a.example/1", "https://b.example/2"],
        "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Jane Doe"}},
    }  # fmt: skip


def test_a_graph_is_taken_apart_and_its_other_nodes_stay() -> None:
    site = {"@type": "WebSite", "name": "Desk"}
    assert mended({"@context": BAD, "@graph": [site, patched("en", {"@context": "__absent__"})]}) == [
        {"@context": "https://schema.org", **site},
        patched("en", {}),
    ]
    named = {"@id": "https://desk.example.org/#graph", "@context": BAD, "@graph": [patched("en", {})]}
    assert list(mended(named)) == ["@id", "@context", "@graph"]


JSON_VALUES = st.recursive(
    st.sampled_from([None, "", " ", "False", "نادرست", "1", 1, -1, 2.5, True, "https://a.example/1"])
    | st.sampled_from([" https://a.example/1\n", "https://a.example/1, https://b.example/2", "x\u00a0y", "\ud800"])
    | st.sampled_from(["http://schema.org", "https://schema.org", "Rating", "2026-11-20", "2026-11-20T08:00"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["@value", "@type", "name", "url", "alternateName", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = (
    "@context", "url", "claimReviewed", "reviewRating", "itemReviewed", "author", "datePublished", "citation",
    "headline", "inLanguage", "sdLicense",
)  # fmt: skip
KINDS = ("ClaimReview", ["ClaimReview"], "schema:ClaimReview", ["Review", "ClaimReview"])
REVIEWS = st.dictionaries(st.sampled_from(NAMES), JSON_VALUES, max_size=8).flatmap(
    lambda found: st.sampled_from(KINDS).map(lambda kind: {"@type": kind, **found})
)
RATED = st.dictionaries(
    st.sampled_from(["@type", "alternateName", "name", "ratingValue", "bestRating", "worstRating"]), JSON_VALUES
)
DOCUMENTS = st.one_of(
    REVIEWS,
    st.builds(lambda review, rating: review | {"reviewRating": rating}, REVIEWS, RATED),
    st.lists(REVIEWS, max_size=3),
    st.builds(lambda inside, rest: {"@graph": inside, **rest}, st.lists(REVIEWS | JSON_VALUES, max_size=3),
              st.dictionaries(st.sampled_from(["@context", "@id"]), JSON_VALUES, max_size=1)),
    st.builds(lambda inside: {"@context": BAD, "@type": "DataFeed", "dataFeedElement": inside},
              st.lists(st.builds(lambda one: {"@type": "DataFeedItem", "item": one}, REVIEWS | st.lists(REVIEWS)))),
)  # fmt: skip


@given(document=DOCUMENTS)
def test_mended_markup_has_nothing_left_to_mend_and_the_same_words(document: Any) -> None:
    before = json.dumps(document)
    done = mended(document)
    assert json.dumps(document) == before, "the document itself is left as it was"
    assert fixable(done) == []
    assert mended(done) == done
    assert words(done) == words(document)


@given(document=DOCUMENTS)
def test_what_has_nothing_to_mend_comes_back_as_it_was(document: Any) -> None:
    if not fixable(document):
        assert mended(document) == document


@pytest.mark.parametrize("case", CASES, ids=[f"{case['rule']}-{number}" for number, case in enumerate(CASES)])
def test_the_corpus_mended_as_files_has_nothing_certain_left(case: dict[str, Any], tmp_path: Path) -> None:
    name, text = file_of(case, "bad")
    source = tmp_path / "in" / name
    source.parent.mkdir()
    source.write_text(text, "utf-8")
    promised = [finding for one in lint([source]).judged for finding in one.findings if finding.fixable]
    fixed, refused = fix([tmp_path / "in"], tmp_path / "out")
    assert bool(fixed) == bool(promised)
    assert refused == []
    for one in fixed:
        assert {rule for rule, _ in one.mends} == {finding.id for finding in promised}
        again = lint([one.path])
        assert [finding for one in again.judged for finding in one.findings if finding.fixable] == []
        assert fix([one.path], tmp_path / "twice") == ([], [])


def test_lines_and_pages_keep_everything_else(tmp_path: Path) -> None:
    whole = json.dumps(patched("fa", {}), ensure_ascii=False)
    (tmp_path / "a.jsonl").write_text(f"{whole}\n\n{json.dumps(BROKEN)}\n{whole}\n", "utf-8")
    (tmp_path / "b.html").write_text(page("https://desk.example.org/claims/1", [json.dumps(BROKEN), whole]), "utf-8")
    fixed, _ = fix([tmp_path / "a.jsonl", tmp_path / "b.html"], tmp_path / "out")
    lines = fixed[0].path.read_text("utf-8").split("\n")
    assert [lines[0], lines[1], lines[3], lines[4]] == [whole, "", whole, ""]
    text = fixed[1].path.read_text("utf-8")
    assert f'<script type="application/ld+json">{whole}</script>' in text
    assert text.endswith("</head><body><p>Text</p></body></html>\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
def test_a_page_stays_in_its_encoding_with_its_line_ends(encoding: str, tmp_path: Path) -> None:
    name = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    script = json.dumps(patched("answer_ar", {}) | BROKEN | {"headline": "الجسر"}, ensure_ascii=False, indent=1)
    whole = page("https://desk.example.org/claims/1", [script]).replace("<p>Text", "<p>قال الوزير إن الجسر في المدينة")
    whole = whole.replace("<head>", f'<head><meta charset="{name}">').replace("\n", "\r\n")
    source = tmp_path / "page.html"
    source.write_bytes(whole.encode(encoding))
    ((_, copy, mends),), _ = fix([source], tmp_path / "out")
    assert mends
    text = copy.read_bytes().decode(encoding)
    before, _, behind = whole.partition(script.replace("\n", "\r\n"))
    assert text.startswith(before)
    assert text.endswith(behind)
    done = [one.review.node for one in lint([copy]).judged]
    assert [node["headline"] for node in done] == ["الجسر"]


def test_markup_of_two_minds_is_left_to_a_person(tmp_path: Path) -> None:
    source = tmp_path / "one.json"
    source.write_text('{"@type": "ClaimReview", "url": "https://a.example/1", "url": "https://a.example/2"}', "utf-8")
    assert not can_be_mended(schema_org.parse(source.read_text("utf-8")))
    fixed, refused = fix([source], tmp_path / "out")
    assert fixed == []
    assert [one.code for one in refused] == ["JSON"]
    assert not (tmp_path / "out").exists()


def test_a_copy_never_goes_over_another_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.json").write_text(json.dumps(BROKEN | {"version": name}), "utf-8")
    with pytest.raises(UsageError, match="twice"):
        fix([tmp_path / "a", tmp_path / "b"], tmp_path / "out")
    with pytest.raises(UsageError, match="the file itself"):
        fix([tmp_path / "a"], tmp_path / "a", force=True)
    with pytest.raises(OutputExists):
        fix([tmp_path / "b"], tmp_path / "out")
    assert len(fix([tmp_path / "b"], tmp_path / "out", force=True)[0]) == 1
