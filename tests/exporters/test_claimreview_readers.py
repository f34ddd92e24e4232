"""ClaimReview by reader: what the labeler and Duke's crawler read in our files, and that they drop none of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.errors import Rejected
from factcheck.exporters import Exported, Profile, find, lint, render, view
from factcheck.exporters.claimreview_readers import READERS, fitted
from factcheck.exporters.claimreview_schema import schema
from factcheck.exporters.labeler_words import OURS as LABELER_WORDS
from factcheck.models import Reason, Verdict
from tests.exporters.export_rows import CONTEXT, TEXTS, row, rows
from tests.exporters.lint.test_own_markup import lost
from tests.exporters.test_export_feeds import HOSTILE
from tests.golden.export_release import release

# What rdflib's own parser does inside.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

DUKE = jsonschema.Draft6Validator(json.loads(Path(__file__).with_name("duke_review.schema.json").read_text("utf-8")))
OURS = jsonschema.Draft202012Validator(schema())
VERDICTS = [("verified", None), ("disputed", None), *(("disputed", str(reason)) for reason in Reason)]
# The English words of the labeler's table in its order; it takes the first that stands anywhere in the rating word.
TABLE = [
    *((word, "false") for word in ("false", "fake", "mostly false", "untrue", "misleading", "debunked", "fabricated")),
    *((word, "true") for word in ("true", "mostly true", "accurate", "confirmed", "verified")),
    *((word, "mixed") for word in ("mixture", "mixed", "half true", "partly true", "some truth", "partly false")),
    ("outdated", "outdated"), ("no longer true", "outdated"), ("disputed", "disputed"), ("contested", "disputed"),
    ("unproven", "unknown"), ("unverified", "unknown"), ("out of context", "mixed"), ("satire", "mixed"),
]  # fmt: skip
MEANT = {
    "verified": "true", "disputed": "false", "false": "false", "misleading": "false", "doctored": "false",
    "partly_true": "mixed", "out_of_context": "mixed", "outdated": "outdated", "unproven": "unknown",
}  # fmt: skip


def exported(reader: str, *items: dict[str, Any], **options: Any) -> Exported:
    profile = Profile.model_validate(
        {"name": "mine", "format": "claimreview", "claimreview": {"reader": reader, **options}}
    )
    return render(rows(*items), profile, replace(CONTEXT, desk_url="https://desk.example.org"))


def documents(done: Exported) -> list[Any]:
    return [json.loads(file.content) for file in done.files if not file.name.endswith(".txt")]


def judged(document: Any) -> list[lint.Judged]:
    found, others = lint.reviews(document)
    assert others == []
    return lint.together(lint.judge("", None, found, site="https://desk.example.org", page=None))


def check(done: Exported, reader: str) -> None:
    """No error, nothing that the named reader drops or misreads; valid by its schema, and whole as linked data."""
    for document in documents(done):
        for one in judged(document):
            assert one.fate(reader) in {"does not care", "mends"}, [finding.id for finding in one.findings]
            assert not [finding.id for finding in one.findings if finding.rule.level == "error"]
        listed = document if isinstance(document, list) else [document]
        for single in listed:
            assert "@graph" not in json.dumps(single)
            assert list((DUKE if reader == "duke" else OURS).iter_errors(single)) == []
            assert lost(single) == set()


@pytest.mark.parametrize("reader", ["labeler", "duke"])
def test_what_is_written_for_a_reader_is_read_by_it(reader: str) -> None:
    frames = release()
    done = render(
        view(frames.articles, frames.claims, frames.verdicts, frames.versions),
        find(f"claimreview-{reader}", None),
        frames.context,
    )
    assert done.accepted == 6
    check(done, reader)
    about = done.files[-1] if reader == "labeler" else done.files[1]
    assert b"dataset_version: 3\n" in about.content
    assert f"profile: claimreview-{reader}\n".encode() in about.content


@pytest.mark.parametrize("reader", ["labeler", "duke"])
@pytest.mark.parametrize(("verdict", "reason"), VERDICTS)
def test_every_verdict_has_a_form(reader: str, verdict: str, reason: str | None) -> None:
    scale = {"verified": 5, "disputed": 1}
    done = exported(reader, row(verdict=verdict, reason=reason), ratings=scale)
    assert done.accepted == 1
    check(done, reader)


@pytest.mark.parametrize("said", MEANT)
def test_the_labeler_finds_what_is_meant_in_each_word(said: str) -> None:
    word = LABELER_WORDS[said].lower().replace("(", "").replace(")", "")
    assert next(verdict for known, verdict in TABLE if known in word) == MEANT[said]


def test_the_words_cover_every_verdict_but_an_opinion() -> None:
    assert set(LABELER_WORDS) == {*map(str, Verdict), *map(str, Reason), "unproven"} - {"opinion"}
    assert set(MEANT) == set(LABELER_WORDS)


def test_the_labelers_word_is_english_and_its_language_the_claims() -> None:
    arabic = row(quote="ارتفع السعر", lang="ar", verdict="disputed", reason="partly_true")
    (feed, *_) = documents(exported("labeler", arabic))
    (one,) = feed["dataFeedElement"][0]["item"]
    assert one["reviewRating"]["alternateName"] == "Mixed"
    assert one["inLanguage"] == "ar"
    assert feed["inLanguage"] == "fa"


def test_the_default_reader_changes_nothing() -> None:
    plain = Profile(name="mine", format="claimreview")
    assert (
        exported("default", row()).files
        == render(rows(row()), plain, replace(CONTEXT, desk_url="https://desk.example.org")).files
    )


def test_duke_has_text_and_days_in_eight_properties() -> None:
    done = exported("duke", row(evidence=["https://a.example/1"], rationales=["why"]), ratings={"verified": 4})
    listed, single = documents(done)
    assert listed == [single]
    assert set(single) == {
        "@context", "@type", "author", "claimReviewed", "datePublished", "itemReviewed", "reviewRating", "url",
    }  # fmt: skip
    assert single["datePublished"] == "2026-11-20"
    assert single["itemReviewed"]["datePublished"] == "2026-11-20"
    assert single["reviewRating"] == {
        "@type": "Rating", "alternateName": "درست", "ratingValue": "4", "bestRating": "5", "worstRating": "1",
    }  # fmt: skip


def test_an_opinion_has_no_word_for_the_labeler_and_is_left_out() -> None:
    done = exported("labeler", row(verdict="opinion"), row(claim_id="clm_" + "1" * 20), opinion=True)
    assert (done.accepted, done.rejected["code"].to_list()) == (1, ["READER"])
    assert done.rejected["reason"].to_list() == ["the Bluesky labeler has no word for opinion"]


def test_an_unproven_claim_is_not_read_as_a_verified_one() -> None:
    item = row(status="unproven", verdict=None)
    (feed,) = documents(exported("labeler", item, unproven=True, documents=False))
    assert feed["dataFeedElement"][0]["item"][0]["reviewRating"]["alternateName"] == "Unproven"


PAGES = st.lists(st.sampled_from(["https://d.example/a", "https://d.example/b", "https://d.example/a#x"]), max_size=8)


@settings(max_examples=100)
@given(PAGES)
def test_no_two_reviews_of_the_labeler_have_one_address(pages: list[str]) -> None:
    """It would replace the first by the second: a page gets the claim's id as fragment, whoever else is there."""
    taken: dict[str, str] = {}
    written: dict[str, str] = {}
    for number, page in enumerate(pages):
        claim = f"clm_{number:020x}"
        document = documents(exported("labeler", row(claim_id=claim)))[1] | {"url": page}
        if page in taken:
            with pytest.raises(Rejected, match="which it would replace"):
                fitted(document, row(claim_id=claim), READERS["labeler"], taken)
            continue
        url = fitted(document, row(claim_id=claim), READERS["labeler"], taken)["url"]
        assert url not in written.values()
        assert url.partition("#")[0] == page.partition("#")[0]
        assert url == (page if "#" in page else f"{page}#{claim}")
        written[claim] = url
    assert len(written) == len(pages) - max(0, pages.count("https://d.example/a#x") - 1)


@pytest.mark.parametrize("reader", ["labeler", "duke"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_or_is_refused(reader: str, text: str) -> None:
    check_hostile(reader, text)


@settings(max_examples=100)
@given(st.sampled_from(["labeler", "duke"]), TEXTS)
def test_any_text_stays_text_or_is_refused(reader: str, text: str) -> None:
    check_hostile(reader, text)


def check_hostile(reader: str, text: str) -> None:
    done = exported(reader, row(quote=text, claimant=text or None, rationales=[text], evidence=[text]))
    assert done.seen == done.accepted + done.rejected.height
    assert all(reason for reason in done.rejected["reason"])
    for file in done.files:
        assert not set("<>&\u2028\u2029\u0085") & set(file.content.decode())
    if done.accepted:
        assert documents(done)[1]["claimReviewed"].split() == text.split()
        check(done, reader)
