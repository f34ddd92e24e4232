"""Drafts of Community Notes: at most 280 to X, one source, about the claim; nothing hostile in them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.exporters import Exported, Profile, render
from factcheck.exporters.as_community_notes import TAGS
from factcheck.exporters.x_length import ELLIPSIS, weighed
from factcheck.models import Reason
from tests.exporters.export_rows import CONTEXT, TEXTS, row, rows
from tests.exporters.test_export_feeds import HOSTILE

SOURCE = "https://stats.example/1404"
ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)


def exported(*items: dict[str, Any], **claimreview: Any) -> Exported:
    profile = Profile.model_validate({"name": "notes", "format": "community-notes", "claimreview": claimreview})
    return render(rows(*items), profile, CONTEXT)


def drafts(*items: dict[str, Any], **claimreview: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(*items, **claimreview).files[0].content.splitlines()]


def disputed(**values: Any) -> dict[str, Any]:
    return row(**({"verdict": "disputed", "reason": "false", "evidence": [SOURCE]} | values))


def test_a_draft_says_claim_verdict_why_and_one_source() -> None:
    (draft,) = drafts(disputed(rationales=["It has nine.", "Counted."], evidence=["p. 3", f"{SOURCE} | data"]))
    assert draft["info"] == {
        "text": f"«The bridge has 12 arches.»: False. It has nine. Counted.\n{SOURCE}",
        "classification": "misinformed_or_potentially_misleading",
        "misleading_tags": ["factual_error"],
        "trustworthy_sources": None,
    }
    assert (draft["post_id"], draft["shortened"], draft["language"]) == (None, False, "en")
    assert draft["weighted_length"] == weighed(draft["info"]["text"]) == 58 + 23
    assert (draft["dataset_version"], draft["profile"], draft["dataset_tag"]) == (7, "notes", "week-47")


def test_the_verdicts_word_is_in_the_claims_language() -> None:
    assert "«قيل»: زائف." in drafts(disputed(quote="قيل", lang="ar"))[0]["info"]["text"]
    assert "«on dit»: نادرست." in drafts(disputed(quote="on dit", lang="fr"))[0]["info"]["text"]


def test_a_long_claim_leaves_room_for_why() -> None:
    (draft,) = drafts(disputed(quote="claim " * 100, rationales=["reason " * 100]))
    head, _, why = draft["info"]["text"].partition(": False. ")
    assert draft["shortened"]
    assert head.endswith(f"claim{ELLIPSIS}»")
    assert why.startswith("reason reason")
    assert why.endswith(f"reason{ELLIPSIS}\n{SOURCE}")
    assert 260 < draft["weighted_length"] <= 280
    (short,) = drafts(disputed(quote="claim " * 100, rationales=["why"]))
    assert short["info"]["text"].endswith(f"claim{ELLIPSIS}»: False. why\n{SOURCE}")


def test_every_reason_has_a_tag_that_x_knows() -> None:
    known = {
        "disputed_claim_as_fact", "factual_error", "manipulated_media", "misinterpreted_satire",
        "missing_important_context", "other", "outdated_information",
    }  # fmt: skip
    assert set(TAGS) == set(map(str, Reason))
    assert set(TAGS.values()) <= known
    assert drafts(disputed(reason=None))[0]["info"]["misleading_tags"] == ["other"]
    verified = drafts(row(evidence=[SOURCE]))[0]["info"]
    assert (verified["classification"], verified["misleading_tags"]) == ("not_misleading", [])


def test_without_a_source_there_is_no_draft() -> None:
    items = [
        disputed(claim_id="clm_" + "1" * 20, evidence=["p. 3", "own check | we asked"]),
        disputed(claim_id="clm_" + "2" * 20, evidence=["https://127.0.0.1/" + "x" * 300]),
        row(claim_id="clm_" + "3" * 20, verdict="opinion", evidence=[SOURCE]),
        disputed(claim_id="clm_" + "4" * 20, quote="https://a.example \u202e"),
        row(claim_id="clm_" + "5" * 20, status="single", verdict=None, evidence=[SOURCE]),
    ]
    done = exported(*items, opinion=True)
    assert done.rejected["code"].to_list() == ["NO_SOURCE", "NO_SOURCE", "OPINION", "NO_WORDS", "NO_VERDICT"]
    assert (done.accepted, done.files[0].content) == (0, b"")


def test_the_page_goes_before_its_copy_and_a_short_address_before_one_that_does_not_fit() -> None:
    copy = "https://web.archive.org/web/20260102030405/https://a.example/x"
    assert drafts(disputed(evidence=["https://127.0.0.1/" + "x" * 300, copy]))[0]["source"] == "https://a.example/x"


def test_reasons_can_be_kept_back() -> None:
    assert "internal" not in drafts(disputed(rationales=["internal"]), rationale=False)[0]["info"]["text"]


def check(text: str, why: str) -> None:
    done = exported(disputed(quote=text, rationales=[why], evidence=[text, SOURCE]))
    assert done.seen == done.accepted + done.rejected.height == 1
    for line in done.files[0].content.splitlines():
        draft = json.loads(line)
        note = draft["info"]["text"]
        assert draft["claim"] == text
        assert draft["weighted_length"] == weighed(note) <= 280
        words, _, source = note.rpartition("\n")
        assert source == draft["source"]
        assert not ADDRESS.search(words)
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", words)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_second_address_and_no_control(text: str) -> None:
    check(text, text)


@settings(max_examples=300)
@given(TEXTS, st.text(st.characters(codec="utf-8"), max_size=400))
def test_any_text_makes_a_draft_that_x_takes_or_none(text: str, why: str) -> None:
    check(text, why)
    check(f"{text} https://b.example/{why} www.x.example", f"{why} {text}")
