"""Tasks for another Label Studio: they fit this project's own labeling config, and name nobody."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from factcheck.exporters import Exported, Profile, render
from factcheck.models import Reason
from tests.exporters.export_rows import CONTEXT, MOMENT, TEXTS, row, rows
from tests.exporters.test_export_feeds import HOSTILE

ROOT = Path(__file__).parents[2]
CONFIG = ET.fromstring((ROOT / "schemas" / "label_config.xml").read_text("utf-8"))
ASKED = {tag.get("value", "").removeprefix("$") for tag in CONFIG.iter() if tag.get("value", "").startswith("$")}
KNOWN = {
    choices.get("name"): {choice.get("alias") for choice in choices.iter("Choice")}
    for choices in CONFIG.iter("Choices")
}
AREAS = {area.get("name") for area in CONFIG.iter("TextArea")}


def exported(*items: dict[str, Any], verdicts: str = "predictions", **claimreview: Any) -> Exported:
    profile = Profile.model_validate(
        {
            "name": "ls",
            "format": "label-studio-json",
            "label_studio": {"verdicts": verdicts},
            "claimreview": claimreview,
        }
    )
    return render(rows(*items), profile, CONTEXT)


def tasks(*items: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(exported(*items, **options).files[0].content)
    return found


def fits(task: dict[str, Any]) -> None:
    """The config finds all that it shows, and everything answered is an answer that it offers."""
    assert set(task["data"]) >= ASKED
    for said in (*task.get("predictions", []), *task.get("annotations", [])):
        assert not {"completed_by", "created_by", "updated_by", "created_username", "id"} & set(said)
        for region in said["result"]:
            assert region["to_name"] == "claim"
            if region["type"] == "choices":
                assert set(region["value"]["choices"]) <= KNOWN[region["from_name"]]
            else:
                assert (region["type"], region["from_name"] in AREAS) == ("textarea", True)
                assert all(isinstance(text, str) for text in region["value"]["text"])


ANSWERS = [
    ("decided", "verified", None, "verified"), ("decided", "opinion", None, "opinion"),
    ("unproven", None, None, "unproven"), ("not_a_claim", None, None, "not_a_claim"),
    *(("decided", "disputed", str(reason), "disputed") for reason in Reason),
]  # fmt: skip


@pytest.mark.parametrize("verdicts", ["predictions", "annotations"])
@pytest.mark.parametrize(("status", "verdict", "reason", "choice"), ANSWERS)
def test_what_stands_is_answered_in_the_configs_words(
    verdicts: str, status: str, verdict: str | None, reason: str | None, choice: str
) -> None:
    item = row(
        status=status, verdict=verdict, reason=reason, rationales=["Counted."], evidence=["https://a.example", "p"]
    )
    (task,) = tasks(item, verdicts=verdicts)
    fits(task)
    (said,) = task[verdicts]
    values = {region["from_name"]: next(iter(region["value"].values())) for region in said["result"]}
    assert values["verdict"] == [choice]
    assert values.get("reason") == ({"false": ["untrue"]}.get(reason, [reason]) if reason else None)
    assert (values["rationale"], values["evidence"]) == (["Counted."], ["https://a.example\np"])
    assert said.get("score") == (1.0 if verdicts == "predictions" else None)


def test_the_servers_own_rules_take_the_sample() -> None:
    """The check that Label Studio makes of what is imported, from its SDK."""
    from label_studio_sdk.label_interface.interface import LabelInterface

    rules: Any = LabelInterface((ROOT / "schemas" / "label_config.xml").read_text("utf-8"))
    sample = ROOT / "exports" / "label-studio-json" / "sample" / "label-studio-v3.json"
    found = json.loads(sample.read_text("utf-8"))
    assert len([task for task in found if "predictions" in task]) == 8
    for task in found:
        assert rules.validate_task({"data": task["data"]})
        for said in task.get("predictions", []):
            assert rules.validate_prediction(said, return_errors=True) == []


def test_a_claim_without_a_result_is_a_task_to_do() -> None:
    (task,) = tasks(row(status="contested", verdict=None))
    fits(task)
    assert not {"predictions", "annotations"} & set(task)


def test_a_task_says_which_version_it_is_of() -> None:
    (task,) = tasks(row())
    assert task["meta"] == {
        "desk": "Fact-checking desk", "dataset_version": 7, "dataset_tag": "week-47", "dataset_hash": "ab" * 32,
        "dataset_committed_at": MOMENT.isoformat(timespec="seconds"), "profile": "ls", "policy": "",
    }  # fmt: skip
    assert task["predictions"][0]["model_version"] == "verdicts-v7"


def test_what_is_withdrawn_or_kept_back_is_not_in_it() -> None:
    done = exported(row(state="withdrawn"), row(claim_id="clm_" + "1" * 20, rationales=["internal"]), rationale=False)
    assert (done.accepted, done.rejected["code"].to_list()) == (1, ["WITHDRAWN"])
    assert b"internal" not in done.files[0].content


class Page(HTMLParser):
    """The text of a piece of HTML, and the elements in it."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.elements: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= {"href"}
        self.elements.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def check(text: str) -> None:
    item = row(quote=text, claimant=text, publisher=text, title=text, url=text, rationales=[text], evidence=[text])
    (task,) = tasks(item)
    fits(task)
    data = task["data"]
    assert (data["claim"], data["claimant"], data["outlet"], data["title"], data["url"]) == (text,) * 5
    values = [next(iter(region["value"].values())) for region in task["predictions"][0]["result"]]
    assert values == [["verified"], [text], [text]]
    for name in ("about", "context"):
        page = Page()
        page.feed(data[name])
        page.close()
        assert page.elements <= {"p", "a"}
        assert text in page.text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text: str) -> None:
    check(text)


@settings(max_examples=150)
@given(TEXTS)
def test_any_text_is_text(text: str) -> None:
    check(text)
