"""What editors signed stands in the formats for others, and what waits for them in none; their page is the claim's."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from factcheck.exporters import Exported, Profile, render
from tests.exporters.export_rows import CONTEXT, row, rows

SITE = "https://desk.example.org"
PAGE = f"{SITE}/2026/bridges"
WRITTEN = {
    "claim_reviewed": "The new bridge has twelve arches.", "headline": "Arches, counted", "summary": "It has nine.",
    "page_url": PAGE, "topic": "Bridges",
}  # fmt: skip
FORMATS = ["claimreview", "community-notes", "evidence", "google-api", "markdown"]


def exported(what: str, *items: dict[str, Any], **options: Any) -> Exported:
    profile = Profile.model_validate({"name": "mine", "format": what, **options})
    return render(rows(*items), profile, replace(CONTEXT, desk_url=SITE, language="en"))


def item(state: str, **values: Any) -> dict[str, Any]:
    return row(evidence=["https://stats.example/1"], editorial_state=state, **WRITTEN | values)


def text(done: Exported) -> str:
    return "".join(file.content.decode() for file in done.files)


@pytest.mark.parametrize("what", FORMATS)
@pytest.mark.parametrize("state", ["approved", "published"])
def test_what_is_signed_is_shown(what: str, state: str) -> None:
    done = text(exported(what, item(state))).replace("\\", "")
    assert WRITTEN["claim_reviewed"] in done
    assert PAGE in done
    assert what == "google-api" or "It has nine." in done  # the API has no field for it


@pytest.mark.parametrize("what", [*FORMATS, "label-studio-json"])
@pytest.mark.parametrize("state", ["draft", "needs_review", "withdrawn"])
def test_what_is_not_signed_is_not(what: str, state: str) -> None:
    done = text(exported(what, item(state))).replace("\\", "")
    assert "The bridge has 12 arches." in done
    assert not [word for word in ("twelve", "counted", "nine", "Bridges\u2069") if word in done]


def test_two_claims_on_an_editors_page_have_an_address_each_for_the_labeler() -> None:
    items = [item("published", claim_id=f"clm_{digit * 20}") for digit in "01"]
    done = exported("claimreview", *items, claimreview={"reader": "labeler", "documents": False})
    feed = json.loads(done.files[0].content)
    urls = [one["item"][0]["url"] for one in feed["dataFeedElement"]]
    assert urls == [f"{PAGE}#clm_{digit * 20}" for digit in "01"]


def test_two_claims_on_an_editors_page_are_one_body_for_google() -> None:
    items = [item("published", claim_id=f"clm_{digit * 20}") for digit in "01"]
    other = row(claim_id="clm_" + "2" * 20)
    done = exported("google-api", items[0], other, items[1])
    bodies = [json.loads(line) for line in done.files[0].content.splitlines()]
    assert [(body["pageUrl"], len(body["claimReviewMarkups"])) for body in bodies] == [
        (PAGE, 2), (f"{SITE}/claims/clm_{'2' * 20}", 1),
    ]  # fmt: skip
    assert done.accepted == 3


@pytest.mark.parametrize("what", ["community-notes", "evidence", "markdown"])
def test_an_editors_page_that_is_no_address_is_not_one_in_a_file(what: str) -> None:
    done = text(exported(what, item("published", page_url="javascript:alert(1)")))
    assert "javascript:" not in done
    assert f"{SITE}/claims/clm_" in done
