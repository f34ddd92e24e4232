"""`doctor` names every kind of difference, and nothing where there is none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest
from typer.testing import CliRunner

from factcheck import dataset as dataset_package
from factcheck.cli import app
from factcheck.models import Choice
from factcheck.pipeline.decide import decide
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.doctor import DIFFERENCES, Diagnosis, compare_tasks, doctor
from factcheck.pipeline.pull import pull as pipeline_pull
from factcheck.pipeline.push import push as pipeline_push
from factcheck.settings import Settings
from factcheck.studio.sync.standing import REMOTE
from tests.answers import answer
from tests.chaos.newsroom import make_desk, settings_of, stage
from tests.chaos.schedule import MORNING, Action, Players
from tests.chaos.storm import URL, StormyStudio, weathered
from tests.fake_studio.props import NOW, claim_id
from tests.fake_studio.rows import Store


class Desks(NamedTuple):
    """A desk with three claims that are pushed and two votes that are pulled."""

    settings: Settings
    store: Store
    players: Players
    studio: StormyStudio

    def do(self, what: str, claim: int, choice: Choice = Choice.OPINION, *, who: int = 0) -> None:
        self.players.do(Action(what, who, claim, choice, self.store.now))

    def push(self) -> None:
        with weathered(self.studio):
            pipeline_push(self.settings, project=None, now=NOW, say=print)

    def pull(self, *, full: bool = False) -> None:
        with weathered(self.studio):
            pipeline_pull(self.settings, project=None, full=full, now=NOW, say=print)

    def look(self) -> Diagnosis:
        with weathered(self.studio):
            return doctor(self.settings, project=None, now=NOW)

    def told(self) -> list[tuple[str, str, str]]:
        return [(item.kind, item.claim_id, item.advice) for item in self.look().differences]


@pytest.fixture
def desk(tmp_path: Path) -> Desks:
    store = Store()
    store.now = MORNING
    players = Players(store)
    made = Desks(make_desk(tmp_path, URL), store, players, StormyStudio(store, None))
    stage(made.settings, range(1, 4))
    made.push()
    made.do("submit", 1, Choice.VERIFIED)
    made.do("submit", 2, Choice.DISPUTED, who=1)
    made.pull()
    return made


def test_a_desk_that_pulled_everything_is_well(desk: Desks) -> None:
    found = desk.look()
    assert (found.equal, found.annotations, found.tasks, found.unreadable) == (True, 2, 3, 0)


def test_before_the_first_pull_there_is_only_what_waits_for_it(tmp_path: Path) -> None:
    store = Store()
    store.now = MORNING
    desk = Desks(make_desk(tmp_path, URL), store, Players(store), StormyStudio(store, None))
    stage(desk.settings, range(1, 3))
    desk.push()
    assert desk.look().equal
    desk.do("submit", 1)
    assert desk.told() == [("missing_here", claim_id(1), "factcheck pull")]


def test_what_checkers_did_since_is_named_with_the_pull_that_brings_it(desk: Desks) -> None:
    desk.do("edit", 1)
    desk.do("delete", 2)
    desk.do("submit", 3)
    assert sorted(desk.told()) == [
        ("gone_there", claim_id(2), "factcheck pull"),
        ("missing_here", claim_id(3), "factcheck pull"),
        ("other_content", claim_id(1), "factcheck pull"),
    ]
    edited = next(item for item in desk.look().differences if item.kind == "other_content")
    assert edited.what == "choice, rationale, confidence differ: opinion there, verified in the dataset"
    desk.pull()
    assert desk.look().equal


def test_what_no_ordinary_pull_would_find_needs_a_full_one(desk: Desks) -> None:
    """A clock set back by an hour hides an edit from the window of an incremental pull."""
    annotation = next(row for row in desk.store.annotations.values() if row["completed_by"] == 2)
    task = desk.store.tasks[annotation["task"]]
    moved = task["updated_at"]
    desk.do("edit", 1)
    task["updated_at"] = moved.replace("T08:", "T07:")
    desk.pull()
    assert desk.told() == [("other_content", claim_id(1), "factcheck pull --full")]
    desk.pull(full=True)
    assert desk.look().equal


def test_an_answer_that_cannot_be_read_is_no_difference(desk: Desks) -> None:
    desk.do("nonsense", 3)
    found = desk.look()
    assert (found.equal, found.unreadable) == (True, 1)


def test_a_task_that_cannot_be_read_is_named_and_doctor_is_well_when_it_is_deleted_as_advised(desk: Desks) -> None:
    task = next(row["task"] for row in desk.store.annotations.values())
    desk.store.poisoned.add(task)
    found = desk.look()
    assert not found.equal
    (named,) = found.differences
    assert (named.kind, f"task {task}" in named.subject, found.unreadable) == ("unreadable_task", True, 0)
    assert "delete that task" in named.advice
    desk.store.poisoned.clear()
    desk.store.delete_task(task)
    desk.pull()
    desk.push()
    assert desk.look().equal


def test_tasks_that_went_and_tasks_that_stand_twice(desk: Desks) -> None:
    desk.do("delete_task", 3)
    desk.store.import_tasks(1, [{"data": task["data"]} for task in desk.store.of_project(1)[:1]])
    assert sorted(desk.told()) == [
        ("no_task", claim_id(3), "factcheck push"),
        ("two_tasks", claim_id(1), "factcheck push"),
    ]
    desk.push()
    assert desk.look().equal


def test_a_project_that_is_gone(desk: Desks) -> None:
    desk.store.delete_project(1)
    found = desk.look()
    assert [(item.kind, item.advice) for item in found.differences] == [("votes_missing", "factcheck pull --keep")]
    assert "3 claims that were pushed and 2 votes" in found.differences[0].what


def test_verdicts_that_are_not_what_the_votes_give(desk: Desks) -> None:
    data = Desk(desk.settings).dataset
    wrong = data.verdicts().drop("version").collect().head(1).with_columns(n_votes=pl.lit(7))
    dataset_package.commit(data, verdicts=wrong, cause="import", now=NOW)
    assert desk.told() == [("verdict", wrong["claim_id"][0], "factcheck decide --yes")]
    decide(desk.settings, yes=True, now=NOW)
    assert desk.look().equal


def test_annotations_of_a_project_that_the_settings_lost_are_said(desk: Desks, tmp_path: Path) -> None:
    path = tmp_path / "factcheck.toml"
    path.write_text(path.read_text("utf-8").replace("[projects.main]", "[projects.other]"), "utf-8")
    other = desk._replace(settings=settings_of(tmp_path, URL))
    assert other.look().warnings == [
        "2 annotations of project 'main', which factcheck.toml does not name, were not compared"
    ]


def test_the_command_says_what_differs_and_its_exit_code_says_so(
    desk: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTCHECK_STUDIO_URL", URL)

    def run(*arguments: str) -> tuple[int, str]:
        with weathered(desk.studio):
            done = CliRunner().invoke(app, ["--desk", str(tmp_path), "doctor", *arguments])
        return done.exit_code, done.stdout

    code, text = run()
    assert (code, text.splitlines()[-1]) == (0, "the dataset matches Label Studio")
    desk.do("edit", 1)
    code, text = run()
    assert code == 7
    assert f"[other_content] main, {claim_id(1)}, task 1, annotation 1: choice, rationale" in text
    assert text.splitlines()[-2:] == ["next:", "  factcheck pull"]
    code, text = run("--json")
    found = answer(text)
    assert (code, found["equal"], len(found["differences"])) == (7, False, 1)


def test_one_claim_that_is_not_here_does_not_make_every_pull_read_everything(desk: Desks) -> None:
    strange = desk.store.import_tasks(1, [{"data": {"claim_id": claim_id(99), "claim": "Not here."}}])[0]
    desk.players.people[0].submit(strange, "verified")
    desk.pull(full=True)
    desk.studio.requests.clear()
    desk.do("submit", 3)
    desk.pull()
    asked = [name for name in desk.studio.requests if name == "GET /api/tasks/"]
    assert len(asked) == 2, "what moved, and the numbers"


def test_an_honest_deletion_is_no_reason_to_read_everything(desk: Desks) -> None:
    desk.pull(full=True)
    for _ in range(3):
        desk.pull()
    desk.store.now += timedelta(hours=2)
    desk.do("delete", 2)
    desk.studio.requests.clear()
    desk.pull()
    asked = [name for name in desk.studio.requests if name == "GET /api/tasks/"]
    assert len(asked) == 2, asked
    assert desk.look().equal


def test_a_server_that_moved_to_another_address_keeps_its_people(desk: Desks, tmp_path: Path) -> None:
    moved = desk._replace(settings=settings_of(tmp_path, "https://studio.example.org"))
    desk.do("submit", 3, Choice.VERIFIED)
    before = set(Desk(desk.settings).dataset.last_states()["annotator_id"])
    with weathered(desk.studio), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Desk, "server_url", lambda _self: URL)
        assert [item.kind for item in doctor(moved.settings, project=None, now=NOW).differences] == ["missing_here"]
        pipeline_pull(moved.settings, project=None, full=True, now=NOW, say=print)
    after = Desk(desk.settings).dataset.last_states()
    assert set(after["annotator_id"]) == before, "the same people"
    assert after["mark"].null_count() == after.height


def test_no_tasks_and_no_claims_differ_in_nothing() -> None:
    remote = pl.DataFrame(schema=REMOTE)
    assert compare_tasks(remote, [], project="main").equals(pl.DataFrame(schema=DIFFERENCES))
