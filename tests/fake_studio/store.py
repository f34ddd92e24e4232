"""Label Studio's store as it was measured: what moves `updated_at`, what an id is worth, what a delete leaves."""

from __future__ import annotations

import hashlib
import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

Row = dict[str, Any]


class Missing(Exception):
    """404."""


class Store:
    """Projects, tasks and annotations in memory. `now` is the server's clock; every write moves it by `tick`."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
        self.tick = timedelta(milliseconds=1)
        self.users: dict[int, Row] = {}
        self.tokens: dict[str, int] = {}
        self.projects: dict[int, Row] = {}
        self.tasks: dict[int, Row] = {}
        self.annotations: dict[int, Row] = {}
        self.exports: dict[int, Row] = {}
        self._project_ids = itertools.count(1)

    def add_user(self, name: str, token: str) -> int:
        number = len(self.users) + 1
        email = f"{name.lower()}@desk.example"
        self.users[number] = {"id": number, "first_name": name, "last_name": "", "email": email, "username": name}
        self.tokens[token] = number
        return number

    def add_project(self, fields: Row) -> Row:
        number = next(self._project_ids)
        defaults = {"title": "", "description": "", "label_config": "<View></View>", "maximum_annotations": 1}
        self.projects[number] = defaults | fields | {"id": number}
        return self.projects[number]

    def change_project(self, number: int, fields: Row) -> Row:
        project = self.get(self.projects, number)
        changed = fields.get("maximum_annotations", project["maximum_annotations"]) != project["maximum_annotations"]
        project |= fields
        if changed:
            for task in self.of_project(number):
                task["overlap"] = project["maximum_annotations"]
                task["is_labeled"] = self.total(task["id"]) >= task["overlap"]
        return project

    def import_tasks(self, project: int, items: list[Row]) -> list[int]:
        self.get(self.projects, project)
        return [self._add_task(project, item["data"], item.get("predictions", [])) for item in items]

    def change_task(self, number: int, fields: Row) -> Row:
        task = self.get(self.tasks, number)
        task |= fields
        self._moved(number)
        return task

    def delete_task(self, number: int) -> None:
        self.get(self.tasks, number)
        del self.tasks[number]
        for annotation in [row["id"] for row in self.annotations.values() if row["task"] == number]:
            del self.annotations[annotation]

    def annotate(self, task: int, user: int, fields: Row) -> Row:
        project = self.get(self.tasks, task)["project"]
        number = self._next_id(self.annotations)
        moment = self._moment()
        fixed = {"id": number, "task": task, "project": project, "created_at": moment, "updated_at": moment}
        defaults = {"completed_by": user, "updated_by": user, "was_cancelled": False, "lead_time": None}
        self.annotations[number] = defaults | fields | fixed
        self._moved(task)
        return self.annotations[number]

    def change_annotation(self, number: int, user: int, fields: Row) -> Row:
        annotation = self.get(self.annotations, number)
        annotation |= fields | {"updated_at": self._moment(), "updated_by": user}
        self._moved(annotation["task"])
        return annotation

    def delete_annotation(self, number: int) -> None:
        task = self.get(self.annotations, number)["task"]
        del self.annotations[number]
        self._moved(task)

    def delete_user(self, number: int) -> None:
        del self.users[number]
        for annotation in self.annotations.values():
            for role in ("completed_by", "updated_by"):
                annotation[role] = None if annotation[role] == number else annotation[role]

    def of_project(self, project: int) -> list[Row]:
        return [row for row in self.tasks.values() if row["project"] == project]

    def export(self, project: int, title: str) -> Row:
        """All tasks as they are now, in a file with its digest."""
        hidden = {"overlap", "is_labeled"}
        tasks = [self.shown(task) for task in self.of_project(project)]
        file = [{key: task[key] for key in task if key not in hidden} for task in json.loads(json.dumps(tasks))]
        md5 = hashlib.md5(json.dumps(file).encode()).hexdigest()
        number = self._next_id(self.exports)
        fixed = {"id": number, "project": project, "title": title, "status": "completed"}
        self.exports[number] = fixed | {"md5": md5, "file": file}
        return self.exports[number]

    def shown(self, task: Row) -> Row:
        """The task as the task list shows it."""
        mine = [row for row in self.annotations.values() if row["task"] == task["id"]]
        skipped = sum(row["was_cancelled"] for row in mine)
        counts = {"total_annotations": len(mine) - skipped, "cancelled_annotations": skipped}
        return task | counts | {"annotations": mine, "drafts": [], "draft_exists": False}

    def total(self, task: int) -> int:
        return sum(row["task"] == task and not row["was_cancelled"] for row in self.annotations.values())

    def get(self, rows: dict[int, Row], number: int) -> Row:
        if number not in rows:
            raise Missing
        return rows[number]

    def _add_task(self, project: int, data: Row, predictions: list[Row]) -> int:
        number = self._next_id(self.tasks)
        moment = self._moment()
        self.tasks[number] = {
            "id": number,
            "project": project,
            "data": data,
            "predictions": predictions,
            "overlap": self.projects[project]["maximum_annotations"],
            "is_labeled": False,
            "created_at": moment,
            "updated_at": moment,
        }
        return number

    def _next_id(self, rows: dict[int, Row]) -> int:
        """SQLite uses the ids of deleted rows at the end again."""
        return max(rows, default=0) + 1

    def _moment(self) -> str:
        self.now += self.tick
        return self.now.isoformat(timespec="microseconds").replace("+00:00", "Z")

    def _moved(self, task: int) -> None:
        row = self.tasks[task]
        row["updated_at"] = self._moment()
        if self.annotations and row["overlap"]:
            row["is_labeled"] = row["is_labeled"] or self.total(task) >= row["overlap"]
