"""The routes behind Label Studio's buttons, those of the menus and the hidden ones: what any member may call."""

from __future__ import annotations

import json
from typing import Any

from factcheck.text import has_surrogate
from tests.fake_studio.rows import Missing, Row, Store

BUTTONS: list[tuple[str, str, str]] = [
    ("DELETE", r"/api/projects/(\d+)/", "delete_project"),
    ("DELETE", r"/api/projects/(\d+)/tasks/", "delete_tasks"),
    ("GET", r"/api/projects/(\d+)/export", "file"),
    ("POST", r"/api/tasks/", "copy_task"),
    ("GET", r"/api/tasks/(\d+)/", "task"),
    ("GET", r"/api/annotations/(\d+)/", "annotation"),
    ("POST", r"/api/annotations/(\d+)/convert-to-draft", "convert_to_draft"),
    ("POST", r"/api/predictions/", "predict"),
    ("POST", r"/api/labels/bulk", "labels_bulk"),
    ("POST", r"/api/dm/actions/", "action"),
    ("DELETE", r"/api/users/(\d+)/", "delete_user"),
    ("PATCH", r"/api/users/(\d+)/", "change_user"),
]


class Poisoned(Exception):
    """500: the answer would hold what the server cannot write."""


class Buttons:
    """Handlers of `BUTTONS`, each with the user who called."""

    store: Store

    def next_task(self, project: int, user: int, body: Row) -> Row:
        raise NotImplementedError

    def _delete_project(self, number: int, **_: Any) -> None:
        self.store.delete_project(number)

    def _delete_tasks(self, number: int, **_: Any) -> None:
        for task in self.store.of_project(number):
            self.store.delete_task(task["id"])

    def _file(self, number: int, **_: Any) -> list[Row]:
        self._refuse_poisoned(self.store.of_project(number))
        return self.store.file(number)

    def _copy_task(self, *, body: Row, **_: Any) -> Row:
        return self.store.copy_task(int(body["project"]), body["data"])

    def _task(self, number: int, **_: Any) -> Row:
        found = self.store.get(self.store.tasks, number)
        self._refuse_poisoned([found])
        return self.store.shown(found)

    def _annotation(self, number: int, **_: Any) -> Row:
        found = self.store.get(self.store.annotations, number)
        if has_surrogate(json.dumps(found["result"], ensure_ascii=False)):
            raise Poisoned
        return found

    def _convert_to_draft(self, number: int, *, user: int, **_: Any) -> None:
        self.store.convert_to_draft(number, user)

    def _predict(self, *, body: Row, **_: Any) -> Row:
        made = self.store.predict(int(body["task"]), {key: body[key] for key in body if key != "task"})
        self.store._touched(int(body["task"]))
        return made

    def _labels_bulk(self, *, body: Row, **_: Any) -> Row:
        changed = self.store.labels_bulk(body["old_label"], body["new_label"], body.get("project"))
        return {"annotations_updated": changed}

    def _action(self, *, user: int, query: Row, body: Row, **_: Any) -> Row:
        if query["id"] == "next_task":
            return self.next_task(int(query["project"]), user, body)
        project, chosen = int(query["project"]), body["selectedItems"]
        every = [task["id"] for task in self.store.of_project(project)]
        tasks = [task for task in every if chosen["all"] or task in chosen.get("included", [])]
        match query["id"]:
            case "remove_duplicates":
                self.store.remove_duplicates(project)
            case "propagate_annotations":
                self.store.propagate(user, body["source_annotation_id"], tasks)
            case "predictions_to_annotations":
                self.store.predictions_to_annotations(user, tasks)
            case "rename_labels":
                old, new = body["old_label_name"], body["new_label_name"]
                self.store.rename_labels(project, user, body["control_tag"], old, new)
            case "add_data_field":
                self.store.add_data_field(tasks, body["value_name"], body["value"])
            case "delete_tasks_annotations":
                annotator = body.get("annotator")
                self.store.delete_answers(tasks, int(annotator) if annotator else None)
            case "delete_tasks":
                for task in tasks:
                    self.store.delete_task(task)
            case other:
                raise AssertionError(f"the fake has no action {other}")
        return {"processed_items": len(tasks)}

    def _delete_user(self, number: int, **_: Any) -> None:
        self.store.delete_user(number)

    def _change_user(self, number: int, *, body: Row, **_: Any) -> Row:
        allowed = {"first_name", "last_name", "username"}
        found = self.store.get(self.store.users, number)
        found |= {key: body[key] for key in body if key in allowed}
        return found

    def _refuse_poisoned(self, tasks: list[Row]) -> None:
        if any(task["id"] in self.store.poisoned for task in tasks):
            raise Poisoned


__all__ = ["BUTTONS", "Buttons", "Missing", "Poisoned"]
