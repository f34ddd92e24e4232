"""What Label Studio tells of users, projects and task lists, as records of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

SETTINGS = (
    "maximum_annotations", "sampling", "skip_queue", "show_skip_button", "enable_empty_annotation",
    "show_annotation_history", "show_collab_predictions", "reveal_preannotations_interactively",
    "show_ground_truth_first", "show_overlap_first", "overlap_cohort_percentage",
)  # fmt: skip
"""Settings of a project that decide what checkers see and which tasks they get; any member can change them."""


class Person(NamedTuple):
    """A user of the Label Studio server."""

    user_id: int
    name: str
    email: str


REMOVED = "Deleted"
"""What the server shows for the e-mail address, first name and user name of a member who was removed."""


class RemoteProject(NamedTuple):
    """What we look at in a project; `settings` are those of `SETTINGS` that this server has.

    `marked` tells whether its description holds our mark, `copies` which other projects hold it too, `rearranged`
    whether we just changed a setting that gives tasks another overlap; `instruction` is the guide shown to checkers.
    """

    project_id: int
    title: str
    description: str
    label_config: str
    overlap: int
    created_at: str = ""
    settings: Mapping[str, Any] = MappingProxyType({})
    marked: bool = True
    copies: tuple[int, ...] = ()
    rearranged: bool = False
    instruction: str = ""


class Page(NamedTuple):
    """One answer of the task list: the tasks as they came, how many match in all, and their answers without skips."""

    tasks: list[dict[str, Any]]
    total: int
    answers: int


class Summary(NamedTuple):
    """A project at a glance: number of tasks, of answers (no skips), and the latest update time of a task, or ""."""

    tasks: int
    answers: int
    newest: str


def project_of(answer: Any) -> RemoteProject:
    """The project in an answer of the SDK."""
    return RemoteProject(
        int(answer.id),
        str(answer.title or ""),
        str(answer.description or ""),
        str(answer.label_config or ""),
        int(answer.maximum_annotations or 1),
        answer.created_at.isoformat() if isinstance(answer.created_at, datetime) else "",
        {name: value for name in SETTINGS if (value := getattr(answer, name, None)) is not None},
        instruction=str(getattr(answer, "expert_instruction", None) or ""),
    )


def people_of(task: dict[str, Any]) -> int:
    """How many people have submitted an answer to a task, as the server counts them for its queue."""
    annotations = [row for row in task["annotations"] if isinstance(row, dict) and row.get("was_cancelled") is not True]
    people = [row.get("completed_by") for row in annotations]
    numbers = [person.get("id") if isinstance(person, dict) else person for person in people]
    return len({number for number in numbers if isinstance(number, int)})


def marked(description: str, mark: str) -> bool:
    """Whether the description of a project holds the mark; that of `main-2` is not the mark of `main`."""
    return re.search(rf"(?<![\w:-]){re.escape(mark)}(?![\w:-])", description) is not None
