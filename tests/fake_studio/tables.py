"""Label Studio's tables as they were measured: what moves `updated_at`, what an id is worth, what a delete leaves."""

from __future__ import annotations

import copy
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

Row = dict[str, Any]


PROJECT: Row = {
    "title": "",
    "description": "",
    "label_config": "<View></View>",
    "maximum_annotations": 1,
    "overlap_cohort_percentage": 100,
    "sampling": "Sequential sampling",
    "skip_queue": "REQUEUE_FOR_OTHERS",
    "show_skip_button": True,
    "enable_empty_annotation": True,
    "show_annotation_history": False,
    "show_overlap_first": False,
    "show_collab_predictions": True,
    "reveal_preannotations_interactively": False,
    "expert_instruction": "",
    "show_instruction": False,
    "is_published": False,
    "color": "#FFFFFF",
    "model_version": "",
}
"""A project as the server makes one where nothing is said."""

ANNOTATION: Row = {
    "was_cancelled": False,
    "lead_time": None,
    "ground_truth": False,
    "parent_prediction": None,
    "parent_annotation": None,
    "import_id": None,
}


class Missing(Exception):
    """404."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Not found.")


class Tables:
    """Projects, tasks and annotations in memory. `now` is the server's clock; every write moves it by `tick`."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
        self.tick = timedelta(milliseconds=1)
        self.users: dict[int, Row] = {}
        self.tokens: dict[str, int] = {}
        self.removed: set[int] = set()
        self.invitations = 1
        self.projects: dict[int, Row] = {}
        self.tasks: dict[int, Row] = {}
        self.annotations: dict[int, Row] = {}
        self.exports: dict[int, Row] = {}
        self.tabs: dict[int, Row] = {}
        self.drafts: list[Row] = []
        self.poisoned: set[int] = set()
        """Tasks with an answer that the server stored and cannot show: 500 for whatever holds its text."""
        self.unreadable: set[int] = set()
        """Tasks whose own data cannot be shown either: 500 for whatever holds more of them than the id."""
        self._numbers: dict[str, int] = {}

    def add_user(self, name: str, token: str) -> int:
        number = len(self.users) + 1
        email = f"{name.lower()}@desk.example"
        self.users[number] = {"id": number, "first_name": name, "last_name": "", "email": email, "username": name}
        self.tokens[token] = number
        return number

    def add_project(self, fields: Row) -> Row:
        number = self._next_number("projects")
        self.projects[number] = PROJECT | fields | {"id": number, "created_at": self._moment()}
        return self.projects[number]

    def change_project(self, number: int, fields: Row) -> Row:
        """No task moves, whatever becomes of its overlap."""
        project = self.get(self.projects, number)
        before, tasks = dict(project), self.of_project(number)
        project |= fields
        most = project["maximum_annotations"]
        if project["overlap_cohort_percentage"] != before["overlap_cohort_percentage"] and most > 1:
            more = int(len(tasks) * project["overlap_cohort_percentage"] / 100 + 0.5)
            tasks.sort(key=lambda task: -self.total(task["id"]))
            for place, task in enumerate(tasks):
                task["overlap"] = most if place < more else 1
        elif most != before["maximum_annotations"]:
            several = [task for task in tasks if task["overlap"] > 1] if most > 1 else []
            for task in several or tasks:
                task["overlap"] = most
        else:
            return project
        for task in tasks:
            task["is_labeled"] = self.total(task["id"]) >= task["overlap"]
        return project

    def import_tasks(self, project: int, items: list[Row]) -> list[int]:
        """Tasks, and what comes with them: answers in the names they bear, which nobody is said to have changed."""
        self.get(self.projects, project)
        made = []
        for item in items:
            number = self._add_task(project, item["data"], self._next_imported("tasks"))
            for prediction in item.get("predictions", []):
                self.predict(number, prediction)
            for answer in item.get("annotations", []):
                given = {key: answer[key] for key in ("result", "lead_time", "was_cancelled") if key in answer}
                said = {"completed_by": self._user(answer.get("completed_by")), "updated_by": None}
                given["import_id"] = answer.get("id")
                self._add_annotation(self._next_imported("annotations"), number, given | said)
            self.settle(number)
            made.append(number)
        return made

    def predict(self, task: int, prediction: Row) -> Row:
        """A prediction of the task, which does not move."""
        number = self._next_number("predictions")
        made = {"model_version": "", "score": None} | prediction | {"id": number, "task": task}
        self.get(self.tasks, task)["predictions"].append(made)
        return made

    def copy_task(self, project: int, data: Row) -> Row:
        """A task made by itself, as the page's "copy" does: one person is enough for it."""
        self.get(self.projects, project)
        number = self._add_task(project, data, self._next_number("tasks"))
        self.tasks[number]["overlap"] = 1
        return self.tasks[number]

    def change_task(self, number: int, fields: Row) -> Row:
        """Everything of it can be written, its counters too, until the next recount."""
        task = self.get(self.tasks, number)
        self._moved(number)
        task |= fields
        for answer in self.of_task(number):
            answer["project"] = task["project"]
        return task

    def delete_task(self, number: int) -> None:
        self.get(self.tasks, number)
        del self.tasks[number]
        for annotation in self.of_task(number):
            del self.annotations[annotation["id"]]
        self.poisoned.discard(number)

    def delete_project(self, number: int) -> None:
        """Everything of it goes too, also answers that only say that they are of this project."""
        del self.projects[self.get(self.projects, number)["id"]]
        for task in self.of_project(number):
            self.delete_task(task["id"])
        self.annotations = {key: row for key, row in self.annotations.items() if row["project"] != number}
        self.exports = {key: row for key, row in self.exports.items() if row["project"] != number}
        self.tabs = {key: row for key, row in self.tabs.items() if row["project"] != number}

    def annotate(self, task: int, user: int, fields: Row) -> Row:
        self.get(self.tasks, task)
        made = self._add_annotation(
            self._next_number("annotations"), task, {"completed_by": user} | fields | {"updated_by": user}
        )
        self._moved(task)
        return made

    def change_annotation(self, number: int, user: int, fields: Row) -> Row:
        annotation = self.get(self.annotations, number)
        before = annotation["task"]
        annotation |= fields | {"updated_at": self._moment(), "updated_by": user}
        self._moved(annotation["task"])
        if annotation["task"] != before:
            self._touched(before)  # its counters stay, and count what is not there
        return annotation

    def delete_annotation(self, number: int) -> None:
        task = self.get(self.annotations, number)["task"]
        del self.annotations[number]
        self._touched(task)
        self.settle(task)

    def delete_user(self, number: int) -> None:
        del self.users[number]
        for annotation in self.annotations.values():
            for role in ("completed_by", "updated_by"):
                annotation[role] = None if annotation[role] == number else annotation[role]

    def of_project(self, project: int) -> list[Row]:
        return [row for row in self.tasks.values() if row["project"] == project]

    def of_task(self, task: int) -> list[Row]:
        return [row for row in self.annotations.values() if row["task"] == task]

    def file(self, project: int) -> list[Row]:
        """All tasks as they are now, as an export has them."""
        hidden = {"overlap", "is_labeled"}
        tasks = [self.shown(task) for task in self.of_project(project)]
        return [{key: task[key] for key in task if key not in hidden} for task in json.loads(json.dumps(tasks))]

    def export(self, project: int, title: str) -> Row:
        """A snapshot with its digest. One that fails says so to who asked for it, and is on its way ever after."""
        number = self._next_number("exports")
        fixed = {"id": number, "project": project, "title": title}
        if any(task["id"] in self.poisoned for task in self.of_project(project)):
            self.exports[number] = fixed | {"status": "in_progress", "md5": "", "file": []}
            return self.exports[number] | {"status": "failed"}
        file = self.file(project)
        md5 = hashlib.md5(json.dumps(file).encode()).hexdigest()
        self.exports[number] = fixed | {"status": "completed", "md5": md5, "file": file}
        return self.exports[number]

    def snapshot(self) -> Row:
        """What a backup of the database holds."""
        kept = (
            "users",
            "tokens",
            "projects",
            "tasks",
            "annotations",
            "exports",
            "tabs",
            "drafts",
            "poisoned",
            "_numbers",
        )
        return copy.deepcopy({name: getattr(self, name) for name in kept})

    def put_back(self, backup: Row) -> None:
        """The database is as it was when the backup was taken; the clock has gone on."""
        for name, value in copy.deepcopy(backup).items():
            setattr(self, name, value)

    def start_anew(self) -> None:
        """Another server: the same people can log in, and nothing else is there."""
        for rows in (self.projects, self.tasks, self.annotations, self.exports, self.tabs, self._numbers):
            rows.clear()
        self.drafts.clear()
        self.poisoned.clear()

    def shown(self, task: Row) -> Row:
        """The task as the task list shows it."""
        drafts = [row for row in self.drafts if row["task"] == task["id"]]
        return task | {"annotations": self.of_task(task["id"]), "drafts": drafts, "draft_exists": bool(drafts)}

    def recount(self, task: int) -> None:
        """Bring the stored counters to what is there; not every change does."""
        row, mine = self.tasks[task], self.of_task(task)
        skipped = sum(bool(answer["was_cancelled"]) for answer in mine)
        row |= {"total_annotations": len(mine) - skipped, "cancelled_annotations": skipped}

    def settle(self, task: int) -> None:
        """Counters, and whether enough people have answered."""
        self.recount(task)
        row = self.tasks[task]
        people = {answer["completed_by"] for answer in self.of_task(task) if not answer["was_cancelled"]} - {None}
        row["is_labeled"] = len(people) >= row["overlap"]

    def total(self, task: int) -> int:
        return sum(row["task"] == task and not row["was_cancelled"] for row in self.annotations.values())

    def get(self, rows: dict[int, Row], number: int) -> Row:
        if number not in rows:
            raise Missing
        return rows[number]

    def _add_task(self, project: int, data: Row, number: int) -> int:
        moment = self._moment()
        self.tasks[number] = {
            "id": number,
            "project": project,
            "data": data,
            "predictions": [],
            "overlap": self.projects[project]["maximum_annotations"],
            "is_labeled": False,
            "total_annotations": 0,
            "cancelled_annotations": 0,
            "created_at": moment,
            "updated_at": moment,
        }
        return number

    def _add_annotation(self, number: int, task: int, fields: Row) -> Row:
        moment = self._moment()
        fixed = {"id": number, "task": task, "project": self.tasks[task]["project"]}
        self.annotations[number] = ANNOTATION | fields | fixed | {"created_at": moment, "updated_at": moment}
        return self.annotations[number]

    def _user(self, said: Any) -> int | None:
        """A user by number, or by e-mail."""
        said = said.get("email") if isinstance(said, dict) else said
        return next((number for number, row in self.users.items() if said in {number, row["email"]}), None)

    def next_tab(self) -> int:
        return self._next_number("tabs")

    def _next_number(self, what: str) -> int:
        """SQLite gives a number once, where rows are made one by one."""
        highest = max(getattr(self, what, {}), default=0)
        self._numbers[what] = max(self._numbers.get(what, 0), highest) + 1
        return self._numbers[what]

    def _next_imported(self, what: str) -> int:
        """An import numbers from the highest row that exists: the ids of deleted rows at the end come again."""
        number = int(max(getattr(self, what), default=0)) + 1
        self._numbers[what] = max(self._numbers.get(what, 0), number)
        return number

    def _moment(self) -> str:
        self.now += self.tick
        return self.now.isoformat(timespec="microseconds").replace("+00:00", "Z")

    def _touched(self, task: int) -> None:
        self.tasks[task]["updated_at"] = self._moment()

    def _moved(self, task: int) -> None:
        self._touched(task)
        self.settle(task)
