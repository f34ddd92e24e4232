"""The whole loop through the pipeline: contested claims go to the leads, their decisions come home."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from factcheck import settings
from factcheck.errors import ConfigError
from factcheck.models import Report
from factcheck.pipeline.claims import claims
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init
from factcheck.pipeline.pull import pull as pipeline_pull
from factcheck.pipeline.push import Planned, plan_push
from factcheck.pipeline.push import push as pipeline_push
from factcheck.reading.standing import QUEUE
from factcheck.studio.api.client import Client
from factcheck.studio.page.translations import WORDINGS
from factcheck.text import isolate
from tests.contract.conftest import Studio

ARTICLES = {
    "water.txt": "The minister said that reservoirs hold 210 million cubic metres, 30 percent less than in 2023.",
    "bridge.txt": "Mayor Dana Whitlock said that the bridge carried 41,000 vehicles a day before it closed in 2024.",
    "jobs.txt": "وزیر کار گفت: نرخ بیکاری در سال ۱۴۰۳ به ۷٫۶ درصد رسید.",
}


class Office:
    """A desk on the contract's Label Studio: what `factcheck` does there, a minute apart."""

    def __init__(self, folder: Path, studio: Studio) -> None:
        self.studio, self.folder = studio, folder
        self.now = datetime.now(UTC)
        init(folder, name="Desk", language="fa", url="https://desk.example", force=False)
        for name, text in ARTICLES.items():
            (folder / name).write_text(text, "utf-8")
        self.settings = settings.load(folder, {})
        ingest(self.settings, [str(folder / name) for name in ARTICLES], now=self.tick())
        claims(self.settings, show=0, now=self.tick())

    def configure(self, section: str, **keys: Any) -> None:
        """Change keys of a section, or of a project."""
        if section in self.settings.projects:
            changed = self.settings.projects | {section: self.settings.projects[section].model_copy(update=keys)}
            self.settings = self.settings.model_copy(update={"projects": changed})
        else:
            own = getattr(self.settings, section).model_copy(update=keys)
            self.settings = self.settings.model_copy(update={section: own})

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def push(self, **how: Any) -> Report:
        return pipeline_push(self.settings, project=None, now=self.tick(), say=lambda _: None, **how)

    def plan(self, **how: Any) -> Planned:
        self.said: list[str] = []
        return plan_push(self.settings, project=None, now=self.tick(), say=self.said.append, **how)

    def pull(self) -> Report:
        return pipeline_pull(self.settings, project=None, full=False, now=self.tick(), say=lambda _: None)

    def tasks(self, project: str) -> dict[str, int]:
        found = self.studio.client.find_projects(Desk(self.settings).mark(project))
        return self.studio.admin.task_ids(found[0].project_id) if found else {}

    def task(self, project: str, claim: str) -> dict[str, Any]:
        found = self.studio.client.find_projects(Desk(self.settings).mark(project))[0].project_id
        return self.studio.admin.task(found, self.tasks(project)[claim])

    def status(self, claim: str) -> tuple[str, str | None]:
        rows = Desk(self.settings).dataset.verdicts().collect().filter(claim_id=claim)
        return rows["status"][0], rows["verdict"][0]


@pytest.fixture
def office(tmp_path: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Office:
    @contextmanager
    def client(_desk: Desk, **_patience: Any) -> Iterator[Client]:
        yield studio.client

    monkeypatch.setattr(Desk, "client", client)
    made = Office(tmp_path, studio)
    made.configure("verdicts", leads=["chris@desk.example"])
    return made


def disagree(office: Office, claim: str) -> None:
    anahita, basma, _ = office.studio.checkers
    anahita.submit(office.tasks("main")[claim], "verified", rationale="Seen <b>it</b>.", evidence="https://a.example/1")
    basma.submit(office.tasks("main")[claim], "disputed", rationale="دیگری گفت", confidence="high")


def test_contested_claims_go_to_the_leads_and_come_back_decided(office: Office) -> None:
    office.push()
    first, second, third = sorted(office.tasks("main"))
    anahita, basma, chris = office.studio.checkers
    disagree(office, first)
    disagree(office, second)
    for checker in (anahita, basma):
        checker.submit(office.tasks("main")[third], "opinion")
    office.pull()
    assert office.status(first) == ("contested", None)

    assert office.plan(queue=True).report.counts == {"create": 2}
    assert office.push(queue=True).counts["created"] == 2
    assert office.push(queue=True).counts["unchanged"] == 2
    assert sorted(office.tasks(QUEUE)) == [first, second]
    shown = office.task(QUEUE, first)["data"]
    assert "Seen &lt;b&gt;it&lt;/b&gt;." in shown["votes"]
    assert 'href="https://a.example/1"' in shown["votes"]
    assert f"{isolate('A')}: {WORDINGS['fa'].verified}" in shown["votes"]
    assert f"{isolate('B')}: نادرست یا گمراه‌کننده" in shown["votes"]
    assert not {"anahita", "basma", "ant_"} & set(json.dumps(shown).lower().split())
    assert "ant_" not in json.dumps(shown)
    assert office.pull().counts["events"] == 0

    chris.submit(office.tasks(QUEUE)[first], "disputed", rationale="The figure is of 2022.")
    assert office.pull().counts["events"] == 1
    assert office.status(first) == ("decided", "disputed")
    # The votes agree now on the second one; it leaves the leads' queue.
    chris.submit(office.tasks("main")[second], "disputed")
    office.pull()
    assert office.status(second) == ("decided", "disputed")
    before = office.task(QUEUE, first)
    assert office.push(queue=True).counts["retired"] == 1
    gone = office.task(QUEUE, second)
    assert gone["is_labeled"] is True
    assert gone["data"]["notice"]
    assert office.task(QUEUE, first)["data"] == before["data"]
    assert office.status(first) == ("decided", "disputed")


def test_an_answer_of_somebody_who_may_not_decide_leaves_room_for_the_lead(office: Office) -> None:
    office.push()
    claim = min(office.tasks("main"))
    anahita, _, chris = office.studio.checkers
    disagree(office, claim)
    office.pull()
    office.push(queue=True)
    anahita.submit(office.tasks(QUEUE)[claim], "verified")
    office.pull()
    assert office.status(claim) == ("contested", None)
    assert office.push(queue=True).counts["updated"] == 1
    task = office.task(QUEUE, claim)
    assert (task["overlap"], task["is_labeled"]) == (2, False)
    made = chris.submit(office.tasks(QUEUE)[claim], "opinion")
    office.pull()
    assert office.status(claim) == ("decided", "opinion")
    chris.delete(made)
    office.pull()
    assert office.status(claim) == ("contested", None)


def test_without_leads_there_is_no_queue(office: Office) -> None:
    office.configure("verdicts", leads=[])
    with pytest.raises(ConfigError, match="nobody is allowed to decide"):
        office.push(queue=True)


def test_contested_and_worthy_claims_get_more_people(office: Office) -> None:
    office.push()
    claim = min(office.tasks("main"))
    disagree(office, claim)
    office.pull()
    assert office.task("main", claim)["is_labeled"] is True
    office.configure("main", annotators_when_contested=3)
    assert office.push().counts["updated"] == 1
    task = office.task("main", claim)
    assert (task["overlap"], task["is_labeled"]) == (3, False)
    assert office.push().counts["updated"] == 0


def test_a_worthy_claim_has_its_people_from_the_first_push(office: Office) -> None:
    office.configure("main", annotators_when_worthy=4, worthy_from=0.0)
    assert office.push().counts["created"] == 3
    assert {office.task("main", claim)["overlap"] for claim in office.tasks("main")} == {4}
    assert office.push().counts["unchanged"] == 3


def test_a_plan_says_what_a_push_would_do_to_which_claim(office: Office) -> None:
    assert office.plan().steps["action"].to_list() == ["create"] * 3
    assert not office.studio.client.find_projects(Desk(office.settings).mark("main"))
    office.push()
    assert office.plan().steps.is_empty()
    assert office.plan().report.counts == {"unchanged": 3}
    office.configure("main", annotators_per_claim=3)
    assert office.plan().report.counts == {"unchanged": 3}
    assert office.said == [
        "Desk: each claim goes to 2 people instead of 3 (maximum_annotations); `factcheck push` corrects it"
    ]
    assert office.push().counts["updated"] == 0
    office.configure("main", languages=["en"])
    planned = office.plan()
    assert planned.report.counts == {"retire": 1, "unchanged": 2}
    assert planned.steps.select("project", "action", "change").rows() == [("main", "retire", "text, out of the queue")]
    assert "بیکاری" in planned.steps["claim"][0]
    assert office.push().counts["retired"] == 1


def test_a_project_that_loses_a_language_lets_its_claims_go(office: Office) -> None:
    office.push()
    persian = {claim for claim in office.tasks("main") if office.task("main", claim)["data"]["lang"] == "fa"}
    assert len(persian) == 1
    office.configure("main", languages=["en"])
    counts = office.push().counts
    assert (counts["retired"], counts["unchanged"]) == (1, 2)
    assert office.push().counts["unchanged"] == 3
    office.configure("main", languages=["en", "fa"])
    assert office.push().counts["updated"] == 1
    assert not any(office.task("main", claim)["is_labeled"] for claim in office.tasks("main"))


def test_a_verdict_goes_as_a_suggestion_where_the_desk_wants_it_and_is_no_vote(office: Office) -> None:
    farsi = settings.Project(title="Farsi", languages=["fa"], predictions=True)
    office.push()
    for claim, task in office.tasks("main").items():
        disagree(office, claim)
        office.studio.checkers[2].submit(task, "disputed")
    office.pull()
    office.settings = office.settings.model_copy(update={"projects": office.settings.projects | {"farsi": farsi}})
    office.push()
    (claim,) = office.tasks("farsi")
    suggested = office.task("farsi", claim)["predictions"]
    assert [found["result"][0]["value"]["choices"] for found in suggested] == [["disputed"]]
    assert suggested[0]["model_version"].startswith("earlier-verdicts-1 majority")
    assert not office.task("main", claim)["predictions"]
    assert office.studio.client.find_projects(Desk(office.settings).mark("farsi"))[0].settings[
        "show_collab_predictions"
    ]
    assert not office.studio.client.find_projects(Desk(office.settings).mark("main"))[0].settings[
        "show_collab_predictions"
    ]
    assert office.pull().counts["events"] == 0


def test_several_projects_feed_one_dataset(office: Office) -> None:
    farsi = settings.Project(title="Farsi", languages=["fa"], annotators_per_claim=1)
    office.settings = office.settings.model_copy(update={"projects": office.settings.projects | {"farsi": farsi}})
    office.configure("main", languages=["en"])
    office.push()
    assert (len(office.tasks("main")), len(office.tasks("farsi"))) == (2, 1)
    for project in ("main", "farsi"):
        for task in office.tasks(project).values():
            office.studio.checkers[0].submit(task, "verified")
    report = office.pull()
    assert report.counts["events"] == 3
    events = Desk(office.settings).dataset.annotations().collect()
    assert sorted(events["project"].to_list()) == ["farsi", "main", "main"]
    assert office.pull().counts["events"] == 0
