"""What a member of Label Studio can do to everybody's work, hidden buttons included, as it was measured on 1.23.2."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from tests.fake_studio.tables import Missing, Row, Tables

__all__ = ["Missing", "Row", "Store"]


class Store(Tables):
    """The tables, and the moves that are no plain request for one row. Each says what it leaves unmoved."""

    def remove_duplicates(self, project: int) -> None:
        """Answers go to the first answered task of the same data. Neither they nor that task move."""
        alike: dict[str, list[Row]] = {}
        for task in sorted(self.of_project(project), key=lambda task: int(task["id"])):
            alike.setdefault(json.dumps(task["data"]), []).append(task)
        for tasks in alike.values():
            first = next((task for task in tasks if self._counted(task)), tasks[0])
            spare = [task for task in tasks if task is not first]
            for task in spare:
                for answer in self.of_task(task["id"]):
                    answer["task"] = first["id"]
                self.delete_task(task["id"])
        most = self.projects[project]["maximum_annotations"]
        for task in self.of_project(project):
            self.recount(task["id"])
            task["overlap"] = most
            task["is_labeled"] = self.total(task["id"]) >= most

    def labels_bulk(self, old: list[str], new: list[str], project: int | None = None) -> int:
        """Results rewritten, in every project where none is named. Nothing moves, nobody is said to have done it."""
        mine = [row for row in self.annotations.values() if project in {None, row["project"]}]
        return sum(_replace(answer, None, old, new) for answer in mine)

    def rename_labels(self, project: int, user: int, control: str, old: str, new: str) -> None:
        """Results rewritten in the whole project: tasks move and the caller is the last editor; answers do not move."""
        for answer in [row for row in self.annotations.values() if row["project"] == project]:
            if _replace(answer, control, [old], [new]):
                answer["updated_by"] = user
                self._touched(answer["task"])

    def propagate(self, user: int, source: int, tasks: Collection[int]) -> None:
        """Copies of an answer in the caller's name. Tasks do not move, though their counters do."""
        said = self.get(self.annotations, source)
        for task in sorted(set(tasks) - {said["task"]}):
            made = {"result": said["result"], "completed_by": user, "updated_by": None, "parent_annotation": source}
            self._add_annotation(self._next_number("annotations"), task, json.loads(json.dumps(made)))
            self.settle(task)

    def predictions_to_annotations(self, user: int, tasks: Collection[int]) -> None:
        """Every prediction that no answer was made of becomes one, in the caller's name."""
        used = {row["parent_prediction"] for row in self.annotations.values()}
        for task in sorted(tasks):
            for prediction in self.get(self.tasks, task)["predictions"]:
                if prediction["id"] not in used:
                    said = {"result": prediction["result"], "parent_prediction": prediction["id"]}
                    by = {"completed_by": user, "updated_by": None}
                    self._add_annotation(self._next_number("annotations"), task, json.loads(json.dumps(said)) | by)
                    self._touched(task)
            self.settle(task)

    def add_data_field(self, tasks: Collection[int], name: str, value: Any) -> None:
        """Task data rewritten; no task moves."""
        for task in tasks:
            self.get(self.tasks, task)["data"][name] = value

    def convert_to_draft(self, annotation: int, user: int) -> None:
        """The answer is gone, and a draft of the caller's is there."""
        said = self.get(self.annotations, annotation)
        self.drafts.append({"id": self._next_number("drafts"), "task": said["task"], "user": user})
        self.delete_annotation(annotation)

    def delete_answers(self, tasks: Collection[int], annotator: int | None = None) -> None:
        """All answers of these tasks, or one person's; drafts go too, and the tasks move."""
        for task in tasks:
            mine = [row for row in self.of_task(task) if annotator in {None, row["completed_by"]}]
            for answer in mine:
                del self.annotations[answer["id"]]
            if mine:
                self._touched(task)
            self.settle(task)
        self.drafts = [row for row in self.drafts if row["task"] not in tasks or annotator not in {None, row["user"]}]

    def admin_delete(self, annotations: Collection[int]) -> None:
        """Rows deleted in Django's own pages: no task moves, and the counters go on counting them."""
        for number in annotations:
            del self.annotations[self.get(self.annotations, number)["id"]]

    def reimport(self, project: int) -> None:
        """A file read again: its tasks are deleted and made anew, under the ids that came free."""
        data = [task["data"] for task in self.of_project(project)]
        for task in self.of_project(project):
            self.delete_task(task["id"])
        self.import_tasks(project, [{"data": item} for item in data])

    def poison(self, task: int, user: int, result: list[Row]) -> int:
        """An answer that is stored, and from then on makes whatever shows it a 500."""
        made = self.annotate(task, user, {"result": result})
        self.poisoned.add(task)
        return int(made["id"])

    @staticmethod
    def _counted(task: Row) -> bool:
        return bool(task["total_annotations"] + task["cancelled_annotations"])


def _replace(answer: Row, control: str | None, old: list[str], new: list[str]) -> bool:
    """Whether the answer chose exactly `old`, in that control or in any."""
    changed = False
    for item in answer["result"]:
        if item["value"].get("choices") == old and control in {None, item["from_name"]}:
            item["value"]["choices"] = list(new)
            changed = True
    return changed
