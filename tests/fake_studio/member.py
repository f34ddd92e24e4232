"""A member of a Label Studio with all its buttons, pressed through HTTP as its pages do; the same on fake and real."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from tests.fake_studio.props import Checker, result


class Member(Checker):
    """A person who works with their own token, and may press everything: the free edition has no roles."""

    def __init__(self, url: str, token: str, transport: httpx.BaseTransport | None, *, name: str, number: int) -> None:
        super().__init__(url, token, transport)
        self.name, self.number = name, number

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._ask(method, path, body)

    def rows(self, project: int) -> list[dict[str, Any]]:
        """Every task of the project with its answers, as the task list shows them."""
        return list(self._ask("GET", f"/api/tasks/?project={project}&page_size=10000&fields=all")["tasks"])

    def press(self, action: str, project: int, tasks: Sequence[int] | None = None, **fields: Any) -> None:
        """An action of the data manager, on these tasks or on all."""
        chosen = {"all": True, "excluded": []} if tasks is None else {"all": False, "included": list(tasks)}
        self._ask("POST", f"/api/dm/actions/?id={action}&project={project}", {"selectedItems": chosen} | fields)

    def tabs(self, project: int) -> list[dict[str, Any]]:
        return list(self._ask("GET", f"/api/dm/views/?project={project}"))

    def make_tab(self, project: int, data: dict[str, Any]) -> int:
        return int(self._ask("POST", "/api/dm/views/", {"project": project, "data": data})["id"])

    def change_tab(self, tab: int, project: int, data: dict[str, Any]) -> None:
        self._ask("PATCH", f"/api/dm/views/{tab}/", {"project": project, "data": data})

    def delete_tab(self, tab: int) -> None:
        self._ask("DELETE", f"/api/dm/views/{tab}/")

    def take(self, project: int, tab: dict[str, Any]) -> dict[str, Any]:
        """The next task of the tab's label stream, asked for as the page does."""
        body = {"ordering": tab["data"]["ordering"], "filters": {"conjunction": "and", "items": []}}
        return dict(self._ask("POST", f"/api/dm/actions/?id=next_task&project={project}&tabID={tab['id']}", body))

    def set_project(self, project: int, **fields: Any) -> None:
        self._ask("PATCH", f"/api/projects/{project}/", fields)

    def project(self, project: int) -> dict[str, Any]:
        return dict(self._ask("GET", f"/api/projects/{project}/"))

    def delete_project(self, project: int) -> None:
        self._ask("DELETE", f"/api/projects/{project}/")

    def make_project(self, **fields: Any) -> int:
        return int(self._ask("POST", "/api/projects/", fields)["id"])

    def set_task(self, task: int, **fields: Any) -> None:
        self._ask("PATCH", f"/api/tasks/{task}/", fields)

    def move_task(self, task: int, here: int, there: int) -> None:
        self._ask("PATCH", f"/api/tasks/{task}/?project={here}", {"project": there})

    def copy_task(self, project: int, data: dict[str, Any]) -> int:
        return int(self._ask("POST", "/api/tasks/", {"project": project, "data": data})["id"])

    def import_tasks(self, project: int, items: list[dict[str, Any]]) -> list[int]:
        found = self._ask("POST", f"/api/projects/{project}/import?return_task_ids=true", items)["task_ids"]
        return [int(number) for number in found]

    def file(self, project: int) -> list[dict[str, Any]]:
        """The project's export."""
        return list(self._ask("GET", f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true"))

    def predict(self, task: int, choice: str) -> int:
        body = {"task": task, "result": result(choice), "score": 0.5, "model_version": "m"}
        return int(self._ask("POST", "/api/predictions/", body)["id"])

    def to_draft(self, annotation: int) -> None:
        self._ask("POST", f"/api/annotations/{annotation}/convert-to-draft")

    def labels_bulk(self, old: str, new: str, project: int | None) -> None:
        named = {} if project is None else {"project": project}
        self._ask("POST", "/api/labels/bulk", named | {"old_label": [old], "new_label": [new]})

    def poison(self, task: int) -> None:
        """Half a character in the rationale: stored, answered with 500, and shown by no page from then on."""
        body = {"result": result("verified", rationale="half a \ud800 character"), "lead_time": 4.5}
        assert self.try_to("POST", f"/api/tasks/{task}/annotations/", body) == httpx.codes.INTERNAL_SERVER_ERROR

    def try_to(self, method: str, path: str, body: Any = None) -> int:
        """The status code, whatever it is. Texts go out escaped, so that half a character can."""
        import json

        headers = {"content-type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        return self._http.request(method, path, content=content, headers=headers).status_code
