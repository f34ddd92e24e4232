from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from factcheck.claims.affiliations import affiliation
from factcheck.errors import ConfigError
from factcheck.exporters import Exported, Profile, find, lint, render, view
from factcheck.exporters.profiles import ClaimReviewOptions
from factcheck.models import Verdict
from tests.exporters.export_rows import CONTEXT, TEXTS, appearance, row, rows
from tests.golden.export_release import id_of, release


def exported(*items: dict[str, Any], desk_url: str = "https://desk.example.org", **options: Any) -> Exported:
    profile = Profile(name="claimreview", format="claimreview", claimreview=ClaimReviewOptions(**options))
    return render(rows(*items), profile, replace(CONTEXT, desk_url=desk_url))


def review(*items: dict[str, Any], **options: Any) -> dict[str, Any]:
    done = exported(*items, **options)
    found: dict[str, Any] = json.loads(done.files[1].content)
    return found


def test_our_own_output_has_no_errors() -> None:
    frames = release()
    rows_ = view(frames.articles, frames.claims, frames.verdicts, frames.versions)
    done = render(rows_, find("claimreview", None), frames.context)
    assert len(done.files) == 1 + done.accepted == 7
    for file in done.files:
        found, others = lint.reviews(json.loads(file.content))
        judged = lint.together(lint.judge(file.name, None, found, site=frames.context.desk_url, page=None))
        assert judged
        assert others == []
        assert [finding for one in judged for finding in one.findings if finding.rule.exports == "refuse"] == []
    assert set(done.rejected["code"]) == {"WITHDRAWN", "FILTERED_STATUS", "OPINION"}


def test_a_verdict_of_another_desk_is_not_signed_as_ours() -> None:
    done = exported(row(policy="import(Desk X, 2019)", verdict_origin="import", verdict_source="Desk X, 2019"))
    assert done.accepted == 0
    assert done.rejected["code"].to_list() == ["IMPORTED"]


def test_the_whole_document_of_a_verified_claim() -> None:
    item = row(
        claimant="وزارت کار",
        rationales=["Counted."],
        evidence=["https://stats.example.org/1", "p. 3", "javascript:alert(1)"],
        appearances=[appearance(), appearance(url="https://b.example.com/2", publisher=None, title=None)],
    )
    when = "2026-11-20T09:30:00+00:00"
    first = {
        "@type": "CreativeWork",
        "url": "https://news.example.com/1",
        "headline": "Bridges",
        "datePublished": when,
        "inLanguage": "en",
        "publisher": {"@type": "Organization", "name": "The Example"},
    }
    second = {
        "@type": "CreativeWork",
        "url": "https://b.example.com/2",
        "datePublished": when,
        "inLanguage": "en",
    }
    assert review(item) == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": "https://desk.example.org/claims/clm_00000000000000000000",
        "identifier": "clm_00000000000000000000",
        "claimReviewed": "The bridge has 12 arches.",
        "inLanguage": "fa",
        "datePublished": when,
        "dateModified": when,
        "sdDatePublished": when,
        "version": 7,
        "author": {"@type": "Organization", "name": "Fact-checking desk", "url": "https://desk.example.org"},
        "reviewRating": {
            "@type": "Rating",
            "alternateName": "درست",
            "ratingValue": 5,
            "bestRating": 5,
            "worstRating": 1,
        },
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Organization", "name": "وزارت کار"},
            "datePublished": when,
            "inLanguage": "en",
            "firstAppearance": first,
            "appearance": [first, second],
        },
        "reviewBody": "Counted.",
        "citation": ["https://stats.example.org/1"],
    }


def test_a_feed_holds_the_same_reviews_as_the_documents() -> None:
    done = exported(row(), row(claim_id="clm_" + "1" * 20, verdict="disputed"))
    feed, *documents = (json.loads(file.content) for file in done.files)
    assert feed["@type"] == "DataFeed"
    assert (feed["version"], feed["identifier"], feed["dateModified"]) == (7, "ab" * 32, "2026-11-20T09:30:00+00:00")
    inside = [{"@context": "https://schema.org", **item} for part in feed["dataFeedElement"] for item in part["item"]]
    assert inside == documents
    assert [file.name for file in done.files[1:]] == [f"claimreview-v7/clm_{digit * 20}.jsonld" for digit in ("0", "1")]


def test_disputed_is_words_alone_unless_the_desk_has_a_number() -> None:
    disputed = row(verdict="disputed")
    assert review(disputed)["reviewRating"] == {"@type": "Rating", "alternateName": "نادرست یا گمراه‌کننده"}
    rated = review(disputed, ratings={Verdict.DISPUTED: 2})["reviewRating"]
    assert (rated["ratingValue"], rated["worstRating"], rated["bestRating"]) == (2, 1, 5)


def test_opinion_is_left_out_unless_asked_for_and_never_gets_a_number_by_itself() -> None:
    done = exported(row(verdict="opinion"))
    assert (done.accepted, done.rejected["code"].to_list()) == (0, ["OPINION"])
    assert review(row(verdict="opinion"), opinion=True)["reviewRating"]["alternateName"] == "اظهار نظر"


def test_what_is_not_decided_is_left_out_and_said() -> None:
    done = exported(row(status="contested", verdict=None), row())
    assert (done.seen, done.accepted) == (2, 1)
    assert done.rejected["code"].to_list() == ["NO_VERDICT"]


def test_the_desks_own_page_is_no_appearance() -> None:
    own = appearance(url="https://www.desk.example.org/archive/1")
    item = review(row(appearances=[own, appearance()]))["itemReviewed"]
    assert [work["url"] for work in item["appearance"]] == ["https://news.example.com/1"]
    assert "appearance" not in review(row(appearances=[own]))["itemReviewed"]


@pytest.mark.parametrize(
    ("claimant", "publisher", "expected"),
    [
        ("Jane Doe", "The Example", {"@type": "Person", "name": "Jane Doe"}),
        ("The Example", "The Example", {"@type": "Organization", "name": "The Example"}),
        ("وزارة الصحة", None, {"@type": "Organization", "name": "وزارة الصحة"}),
        ("Interior ministry", None, {"@type": "Organization", "name": "Interior ministry"}),
        (None, "The Example", {"@type": "Organization", "name": "The Example"}),
        (None, None, None),
    ],
)
def test_who_made_the_claim(claimant: str | None, publisher: str | None, expected: dict[str, str] | None) -> None:
    item = review(row(claimant=claimant, publisher=publisher))["itemReviewed"]
    assert item.get("author") == expected


@pytest.mark.parametrize(
    ("claimant", "lang", "kind"),
    [
        ("سخنگوی وزارت راه، علی کریمی", "fa", "Person"),
        ("رئیس هیئت مدیره", "fa", "Person"),
        ("هیئت مدیره شرکت نفت", "fa", "Organization"),
        ("ستاد بحران", "fa", "Organization"),
        ("وزير النفط", "ar", "Person"),
        ("المتحدث باسم شركة الكهرباء", "ar", "Person"),
        ("شركة الكهرباء", "ar", "Organization"),
        ("مديرية الأمن", "ar", "Organization"),
        ("Water Board spokesman Jane Doe", "en", "Person"),
        ("the Water Board", "en", "Organization"),
        ("Acme Ltd", "en", "Organization"),
        ("the board of directors", "en", "Organization"),
        ("Jane Doe, Water Board", "en", "Person"),
    ],
)
def test_who_has_a_role_is_a_person_and_a_body_that_speaks_is_none(claimant: str, lang: str, kind: str) -> None:
    said = affiliation(claimant, lang)
    of = row(claimant=claimant, lang=lang, claimant_role=said.role, claimant_organisation=said.organisation)
    assert review(of)["itemReviewed"]["author"] == {"@type": kind, "name": claimant}


def test_a_role_that_a_corrected_claimant_does_not_have_says_nothing() -> None:
    of = row(claimant="Interior ministry", claimant_role="spokesman", claimant_organisation="Water Board")
    assert review(of)["itemReviewed"]["author"]["@type"] == "Organization"


def test_the_page_of_the_review_lies_on_the_desks_site() -> None:
    found = review(row(), review_url="{desk_url}/fa/check/{claim_id}.html")
    assert found["url"] == "https://desk.example.org/fa/check/clm_00000000000000000000.html"
    for options in (
        {"review_url": "https://elsewhere.example.net/{claim_id}"},
        {"desk_url": "desk.example.org"},
        {"desk_url": "file:///srv/desk"},
    ):
        with pytest.raises(ConfigError, match="own site"):
            exported(row(), **options)


def test_rationales_and_documents_can_be_kept_back() -> None:
    done = exported(row(rationales=["internal"]), rationale=False, documents=False)
    assert [file.name for file in done.files] == ["claimreview-v7.jsonld"]
    assert b"internal" not in done.files[0].content


def test_a_review_that_breaks_a_rule_is_left_out_and_named() -> None:
    done = exported(row(quote="Bridge stands ??? ????"), row(claim_id="clm_" + "1" * 20))
    assert (done.seen, done.accepted) == (2, 1)
    (line,) = done.rejected.rows(named=True)
    assert (line["code"], line["subject"]) == ("CLAIMREVIEW", "clm_" + "0" * 20)
    assert "TEXT_LOST at $.claimReviewed" in line["reason"]


def test_a_long_claim_is_kept_whole_and_said() -> None:
    done = exported(row(quote="word " * 40))
    assert len(json.loads(done.files[1].content)["claimReviewed"]) == 199
    assert done.notes == [
        "CLAIM_LONG in 1 of 1 reviews, as in clm_00000000000000000000: the claim has more than 75 characters: 199"
    ]


def test_a_desk_that_has_not_named_its_address_is_told() -> None:
    assert not exported(row()).notes
    (told,) = exported(row(), desk_url="https://example.org").notes
    assert told == "the reviews name https://example.org, a placeholder address: set desk.url before publishing"


@given(text=TEXTS.filter(lambda text: text.strip()), rationale=TEXTS)
def test_any_text_can_stand_in_a_script_element(text: str, rationale: str) -> None:
    done = exported(row(quote=text, rationales=[rationale, "</script><!--\u2028\u2029&"]))
    for file in done.files:
        raw = file.content.decode()
        assert not set("<>&\u2028\u2029\u0085") & set(raw)
        json.loads(raw)
    for document in (json.loads(file.content) for file in done.files[1:]):
        assert document["claimReviewed"].split() == text.split()
        assert document["reviewBody"] == f"{rationale}\n\n</script><!--\u2028\u2029&"


def test_non_latin_text_is_written_as_it_is() -> None:
    frames = release()
    rows_ = view(frames.articles, frames.claims, frames.verdicts, frames.versions)
    files = {file.name: file.content.decode() for file in render(rows_, "claimreview", frames.context).files}
    assert "می‌توان گفت کم‌سابقه است" in files[f"claimreview-v3/{id_of('fa_plain')}.jsonld"]
