"""Each move of the fake Label Studio does to tasks and answers what the real one does, as far as we read them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from factcheck.studio.page.label_config import label_config
from tests.fake_studio.member import Member
from tests.fake_studio.props import make_tasks, result
from tests.machine import NAMES, Fake, Machine, Real

CONFIG = label_config("en")


class Stage:
    """Three tasks of two people each: two answers and a skip on the first, one answer on the second."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.anahita, self.basma, self.chris = (machine.member(name) for name in NAMES)
        self.project = self.chris.make_project(
            title="Moves", description="", label_config=CONFIG, maximum_annotations=2, skip_queue="REQUEUE_FOR_OTHERS"
        )
        items = [{"data": json.loads(data)} for data in make_tasks([1, 2, 3])["data"]]
        self.tasks = self.chris.import_tasks(self.project, items)
        self.answers = [
            self.anahita.submit(self.tasks[0], "verified"),
            self.basma.submit(self.tasks[0], "disputed"),
            self.chris.skip(self.tasks[0]),
            self.anahita.submit(self.tasks[1], "opinion"),
        ]
        machine.set_back(self.project)

    def data(self, place: int) -> dict[str, Any]:
        return self.machine.tasks(self.project)[self.tasks[place]]


def again(stage: Stage) -> None:
    """Copies of the first and of the last task, answered; then the button."""
    copies = stage.chris.import_tasks(stage.project, [{"data": stage.data(0)}, {"data": stage.data(2)}])
    for copy in copies:
        stage.chris.submit(copy, "opinion")
    stage.machine.set_back(stage.project)
    stage.chris.press("remove_duplicates", stage.project)


def imported(stage: Stage) -> None:
    said = [
        {"result": result("opinion"), "completed_by": stage.basma.number},
        {"result": result("verified"), "completed_by": {"email": "anahita@desk.example"}, "lead_time": 3.5},
    ]
    stage.chris.import_tasks(stage.project, [{"data": stage.data(2), "annotations": said}])


def from_predictions(stage: Stage) -> None:
    for task in stage.tasks:
        stage.chris.predict(task, "opinion")
    stage.machine.set_back(stage.project)
    stage.chris.press("predictions_to_annotations", stage.project)


def rename(stage: Stage) -> None:
    stage.chris.press(
        "rename_labels", stage.project, [stage.tasks[2]],
        old_label_name="verified", new_label_name="opinion", control_tag="verdict",
    )  # fmt: skip


def reimport(stage: Stage) -> None:
    for task in stage.tasks:
        stage.chris.delete_task(task)
    stage.chris.import_tasks(stage.project, [{"data": json.loads(data)} for data in make_tasks([2, 1, 3])["data"]])


def put_back(stage: Stage) -> None:
    backup = stage.machine.backup()
    stage.basma.submit(stage.tasks[1], "verified")
    stage.anahita.edit(stage.answers[3], "verified")
    stage.machine.put_back(backup)
    stage.chris.submit(stage.tasks[2], "opinion")


def field(stage: Stage) -> None:
    stage.chris.press(
        "add_data_field", stage.project, stage.tasks[:2], value_name="claim_id", value_type="String", value="junk"
    )


def poisoned(stage: Stage) -> None:
    stage.chris.poison(stage.tasks[2])
    paths = [
        f"/api/tasks/?project={stage.project}&fields=all",
        f"/api/tasks/?project={stage.project}&include=id,data,updated_at,total_annotations",
        f"/api/tasks/{stage.tasks[2]}/",
        f"/api/tasks/{stage.tasks[0]}/",
        f"/api/projects/{stage.project}/export?exportType=JSON",
        f"/api/annotations/{stage.answers[0]}/",
    ]
    assert [stage.chris.try_to("GET", path) for path in paths] == [500, 200, 500, 200, 500, 200]
    exports = f"/api/projects/{stage.project}/exports/"
    made = stage.chris.ask("POST", exports, {"title": "ours"})
    assert made["status"] == "failed"
    assert stage.chris.ask("GET", f"{exports}{made['id']}")["status"] == "in_progress"
    assert stage.chris.try_to("PATCH", f"/api/tasks/{stage.tasks[2]}/", {"overlap": 3}) == 500
    stage.chris.delete_task(stage.tasks[2])


def gone(stage: Stage) -> None:
    stage.chris.delete_project(stage.project)
    paths = (f"/api/projects/{stage.project}/", f"/api/tasks/?project={stage.project}", f"/api/tasks/{stage.tasks[0]}/")
    assert [stage.chris.try_to("GET", path) for path in paths] == [404] * 3
    stage.project = stage.chris.make_project(title="Anew", description="", label_config=CONFIG)


MOVES: dict[str, Callable[[Stage], Any]] = {
    "own edit": lambda s: s.anahita.edit(s.answers[0], "opinion"),
    "edit of another": lambda s: s.chris.edit(s.answers[0], "opinion"),
    "delete": lambda s: s.anahita.delete(s.answers[0]),
    "remove duplicates": again,
    "answer moved": lambda s: s.chris.change(s.answers[0], {"task": s.tasks[2]}),
    "task copied": lambda s: s.chris.copy_task(s.project, s.data(0)),
    "labels bulk": lambda s: s.chris.labels_bulk("verified", "opinion", s.project),
    "labels renamed": rename,
    "propagated": lambda s: s.chris.press(
        "propagate_annotations", s.project, s.tasks, source_annotation_id=s.answers[3]
    ),
    "from predictions": from_predictions,
    "imported with answers": imported,
    "export imported": lambda s: s.chris.import_tasks(s.project, s.chris.file(s.project)),
    "author exchanged": lambda s: s.chris.change(s.answers[0], {"completed_by": s.chris.number}),
    "in another's name": lambda s: s.chris.send(
        s.tasks[2], {"result": result("opinion"), "completed_by": s.basma.number, "lead_time": 1.0}
    ),
    "made a draft": lambda s: s.chris.to_draft(s.answers[0]),
    "data field": field,
    "task patched": lambda s: s.chris.set_task(s.tasks[0], data=s.data(2)),
    "counters patched": lambda s: s.chris.set_task(s.tasks[2], total_annotations=7, cancelled_annotations=3),
    "answers of the list deleted": lambda s: s.chris.press("delete_tasks_annotations", s.project),
    "one person's answers deleted": lambda s: s.chris.press(
        "delete_tasks_annotations", s.project, annotator=str(s.anahita.number)
    ),
    "deleted on django's pages": lambda s: s.machine.admin_delete(s.answers[:2]),
    "reimported": reimport,
    "fewer people": lambda s: s.chris.set_project(s.project, maximum_annotations=1),
    "more people": lambda s: s.chris.set_project(s.project, maximum_annotations=3),
    "backup put back": put_back,
    "poisoned": poisoned,
    "project gone and anew": gone,
}


def outcome(machine: Machine, move: Callable[[Stage], Any]) -> dict[str, Any]:
    """What the move did, with numbers and times made comparable."""
    stage = Stage(machine)
    before = _rows(machine.owner, stage.project)
    move(stage)
    after = _rows(machine.owner, stage.project)
    people = {person.number: person.name for person in (stage.anahita, stage.basma, stage.chris)}
    old = {task["id"]: task for task in before}
    answers = {answer["id"]: answer for task in before for answer in task["annotations"]}
    names: dict[Any, str] = {}
    count = itertools.count(1)
    for kind, rows in (
        ("task", [*before, *after]),
        ("answer", [a for t in [*before, *after] for a in t["annotations"]]),
    ):
        # Answers that one action makes on several tasks come in no order that holds: those are told by their tasks.
        for row in sorted(rows, key=lambda row: (int(row.get("task", 0)) * (row["id"] not in answers), int(row["id"]))):
            names.setdefault((kind, row["id"]), f"{kind} {next(count)}")

    def same(row: dict[str, Any], was: dict[str, Any] | None, name: str) -> Any:
        return None if was is None else row[name] == was[name]

    listed = machine.owner.ask("GET", f"/api/tasks/?project={stage.project}&page_size=1000&include=id")
    return {"counted": (listed["total"], listed["total_annotations"])} | {
        names["task", task["id"]]: {
            **{name: task[name] for name in ("overlap", "is_labeled", "total_annotations")},
            "claim": (task["data"]["claim_id"], task["data"]["claim"]),
            "cancelled": task["cancelled_annotations"],
            "draft": task["draft_exists"],
            "made": same(task, old.get(task["id"]), "created_at"),
            "still": same(task, old.get(task["id"]), "updated_at"),
            "answers": {
                names["answer", answer["id"]]: {
                    "said": answer["result"],
                    "skipped": answer["was_cancelled"],
                    "author": people.get(answer["completed_by"]),
                    "editor": people.get(answer["updated_by"]),
                    "lead_time": answer["lead_time"],
                    "of_a_prediction": answer["parent_prediction"] is not None,
                    "imported": answer["import_id"] is not None,
                    "of": names.get(("answer", answer["parent_annotation"])),
                    "task": names["task", answer["task"]],
                    "made": same(answer, answers.get(answer["id"]), "created_at"),
                    "still": same(answer, answers.get(answer["id"]), "updated_at"),
                }
                for answer in sorted(task["annotations"], key=lambda row: int(row["id"]))
            },
        }
        for task in sorted(after, key=lambda row: int(row["id"]))
    }


def _rows(owner: Member, project: int) -> list[dict[str, Any]]:
    return owner.rows(project)


@pytest.fixture(scope="session")
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Real(request.getfixturevalue("label_studio"), tmp_path_factory.mktemp("backups"))


@pytest.mark.live
@pytest.mark.parametrize("name", MOVES)
def test_the_fake_does_what_the_real_one_does(name: str, real: Machine) -> None:
    pretended, done = outcome(Fake(), MOVES[name]), outcome(real, MOVES[name])
    assert pretended == done


@pytest.mark.parametrize("name", MOVES)
def test_a_move_moves_something(name: str) -> None:
    assert outcome(Fake(), MOVES[name]) != outcome(Fake(), lambda _: None)
