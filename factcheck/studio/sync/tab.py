"""The Data Manager's tab of a project of ours: what people need to see of a task, those most worth checking first.

A tab that is made by the interface is everybody's, and so are the changes that a member makes in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from factcheck.errors import AccessError, ServerError, Unanswered, Unavailable
from factcheck.languages import Language
from factcheck.studio.api.client import Client
from factcheck.studio.page.task_words import TASK_WORDS
from factcheck.studio.page.tasks import ORDER
from factcheck.studio.sync.standing import SHOWN

_SEEN = ("claim", "lang", "score", "state")
_OURS = ("claim_id", "content_hash", *(name for name in SHOWN if name not in _SEEN))
_THEIRS = (
    "inner_id", "cancelled_annotations", "total_predictions", "annotators", "annotations_results", "annotations_ids",
    "predictions_score", "predictions_model_versions", "predictions_results", "file_upload", "storage_filename",
    "created_at", "updated_at", "updated_by", "avg_lead_time", "draft_exists",
    "completed_at",
)  # fmt: skip
"""Label Studio's own columns that say nothing to a checker; what is left are id and number of answers."""

_PATH = "/api/dm/views/"
_TITLES = frozenset(words.tab for words in TASK_WORDS.values())


def ensure_tab(client: Client, project_id: int, *, language: Language, say: Callable[[str], None]) -> int | None:
    """The number of our tab, made where it is missing and put back in its order; None where the server refuses.

    It is known by its title, in any of our languages, and by its order: what a member hides, widens or filters in it
    stays, and so do all other tabs. Of tabs of ours that are alike, as a lost answer can leave them, the oldest stays.
    """
    wanted = tab(language)
    try:
        ours = _ours(client, project_id)
        if not ours:
            ours = [_made(client, project_id, wanted)]
        for spare in ours[1:]:
            if spare["data"] == ours[0]["data"]:
                client.ask("DELETE", f"{_PATH}{spare['id']}/")
        first = ours[0]
        if first["data"].get("ordering") != wanted["ordering"]:
            body = {"project": project_id, "data": first["data"] | {"ordering": wanted["ordering"]}}
            client.ask("PATCH", f"{_PATH}{first['id']}/", content=json.dumps(body).encode())
            say(f"the tab {first['data'].get('title')!r} had another order; corrected")
    except (AccessError, ServerError, Unavailable) as error:
        say(f"the tab with the claims in order of worth could not be made ({error.what}); the next push tries again")
        return None
    return int(first["id"])


def tab(language: Language) -> dict[str, Any]:
    """The tab as Label Studio keeps it."""
    hidden = [f"tasks:data.{name}" for name in _OURS] + [f"tasks:{name}" for name in _THEIRS]
    return {
        "title": TASK_WORDS[language].tab,
        "type": "list",
        "target": "tasks",
        "ordering": [f"-tasks:data.{ORDER}"],
        "filters": {"conjunction": "and", "items": []},
        "hiddenColumns": {"explore": hidden, "labeling": [*hidden, "tasks:id"]},
        "columnsWidth": {"tasks:data.claim": 520, "tasks:data.lang": 90, "tasks:data.score": 110},
        "columnsDisplayType": {},
        "gridWidth": 4,
    }


def _ours(client: Client, project_id: int) -> list[dict[str, Any]]:
    """Our tabs, oldest first."""
    answer = client.ask("GET", _PATH, params={"project": project_id})
    found = [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []
    titled = [
        row
        for row in found
        if isinstance(row.get("id"), int) and isinstance(data := row.get("data"), dict) and data.get("title") in _TITLES
    ]
    return sorted(titled, key=lambda row: int(row["id"]))


def _made(client: Client, project_id: int, wanted: dict[str, Any]) -> dict[str, Any]:
    """The new tab; a lost answer is looked up before anything is sent again."""
    body = json.dumps({"project": project_id, "data": wanted}).encode()
    try:
        made = client.ask("POST", _PATH, content=body)
    except Unanswered:
        if there := _ours(client, project_id):
            return there[0]
        raise
    if isinstance(made, dict) and isinstance(made.get("id"), int) and isinstance(made.get("data"), dict):
        return made
    raise ServerError("its answer about a new tab makes no sense", subject=client.url, hint="run the command again")
