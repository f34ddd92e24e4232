"""Label Studio's HTTP interface over the store, as an httpx transport with faults on purpose.

Only what factcheck and its checkers use. The real SDK runs on it unchanged.
"""

from __future__ import annotations

import base64
import json
import random
import re
import threading
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

import httpx

from factcheck.text import has_surrogate
from tests.fake_studio.buttons import BUTTONS, Buttons, Poisoned
from tests.fake_studio.organization import OFFICE, Forbidden, Office
from tests.fake_studio.rows import Missing, Row, Store
from tests.fake_studio.tabs import TABS, Tabs

ADMIN_TOKEN = "a" * 40
VERSION = "1.23.2"

FAULTS_OF_ANY = ("reset_before", "reset_after", "502_before", "502_after", "503", "429")
FAULTS_OF_LISTS = ("short_page", "empty_page", "shuffled_page")

# Django takes project 7 and 007 for the same; nobody sends the second.
ROUTES: list[tuple[str, str, str]] = [
    ("GET", r"/api/version/", "version"),
    ("GET", r"/api/projects/", "projects"),
    ("POST", r"/api/projects/", "new_project"),
    ("GET", r"/api/projects/(\d+)/", "project"),
    ("PATCH", r"/api/projects/(\d+)/", "change_project"),
    ("POST", r"/api/projects/(\d+)/import/?", "import_tasks"),
    ("GET", r"/api/projects/(\d+)/exports/", "exports"),
    ("POST", r"/api/projects/(\d+)/exports/", "new_export"),
    ("GET", r"/api/projects/(\d+)/exports/(\d+)", "export"),
    ("DELETE", r"/api/projects/(\d+)/exports/(\d+)", "delete_export"),
    ("GET", r"/api/projects/(\d+)/exports/(\d+)/download", "download"),
    ("GET", r"/api/tasks/", "tasks"),
    ("PATCH", r"/api/tasks/(\d+)/", "change_task"),
    ("DELETE", r"/api/tasks/(\d+)/", "delete_task"),
    ("POST", r"/api/tasks/(\d+)/annotations/", "annotate"),
    ("PATCH", r"/api/annotations/(\d+)/", "change_annotation"),
    ("DELETE", r"/api/annotations/(\d+)/", "delete_annotation"),
]


class FakeStudio(Tabs, Buttons, Office, httpx.BaseTransport):
    """A Label Studio in memory. `faults` yields the name of a fault, or None, for each request."""

    def __init__(self, store: Store | None = None, faults: Iterator[str | None] | None = None) -> None:
        self.store = store or Store()
        if not self.store.users:
            self.store.add_user("admin", ADMIN_TOKEN)
        self.faults = faults
        self.version = VERSION
        self.date: Callable[[], str] = lambda: format_datetime(self.store.now, usegmt=True)
        self.requests: list[str] = []
        self.refresh_token = ""
        self.access_tokens = 0
        self._late: list[tuple[int, httpx.Request]] = []
        self._one_at_a_time = threading.RLock()
        self.mangle: Callable[[str, bytes], bytes] = lambda _path, content: content

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._one_at_a_time:  # a database keeps two imports apart; dictionaries do not
            return self._handle(request)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(f"{request.method} {request.url.path}")
        self._store_what_is_late()
        fault = next(self.faults, None) if self.faults is not None else None
        if fault == "late" and request.method == "POST":
            self._late.append((len(self.requests) + 2, request))
            raise httpx.ReadTimeout("timed out", request=request)
        if fault == "reset_before":
            raise httpx.ConnectError("refused", request=request)
        if fault in {"502_before", "503"}:
            return httpx.Response(int(fault[:3]), text="Bad Gateway")
        if fault == "429":
            return httpx.Response(429, headers={"retry-after": "2"})
        status, body = self._answer(request, fault)
        if fault == "reset_after":
            raise httpx.ReadError("connection reset", request=request)
        if fault == "502_after":
            return httpx.Response(502, text="Bad Gateway")
        content = b"" if body is None else self.mangle(request.url.path, json.dumps(body).encode())
        return httpx.Response(
            status, content=content, headers={"content-type": "application/json", "date": self.date()}
        )

    def _store_what_is_late(self) -> None:
        """A server goes on with a request that its client has given up."""
        due = [request for when, request in self._late if when <= len(self.requests)]
        self._late = [(when, request) for when, request in self._late if when > len(self.requests)]
        for request in due:
            self._answer(request, None)

    def _answer(self, request: httpx.Request, fault: str | None) -> tuple[int, Any]:
        if request.url.path == "/api/token/refresh/":
            return self._refresh(json.loads(request.content))
        user = self._user(request)
        if user is None:
            return 401, {"detail": "Invalid token.", "status_code": 401}
        for method, pattern, name in [*ROUTES, *TABS, *BUTTONS, *OFFICE]:
            found = re.fullmatch(pattern, request.url.path)
            if found and method == request.method:
                query = {key: values[0] for key, values in parse_qs(request.url.query.decode()).items()}
                body = json.loads(request.content) if request.content else {}
                try:
                    answer = getattr(self, f"_{name}")(*map(int, found.groups()), user=user, query=query, body=body)
                except (Missing, Forbidden) as refused:
                    return refused.status, {"detail": str(refused)}
                except Poisoned:
                    return 500, {"detail": "surrogates not allowed"}
                if name == "tasks" and fault in FAULTS_OF_LISTS:
                    answer = _spoilt(answer, fault)
                return {"POST": 201, "DELETE": 204}.get(method, 200), answer
        return 404, {"detail": f"the fake has no {request.method} {request.url.path}"}

    def _user(self, request: httpx.Request) -> int | None:
        token = request.headers.get("authorization", "").removeprefix("Token ").removeprefix("Bearer ")
        return self.store.tokens.get(token)

    def _refresh(self, body: Row) -> tuple[int, Any]:
        if body.get("refresh") != self.refresh_token:
            return 401, {"detail": "Token is invalid or expired", "code": "token_not_valid"}
        self.access_tokens += 1
        access = jwt(f"access {self.access_tokens}")
        self.store.tokens[access] = 1
        return 200, {"access": access}

    def _version(self, **_: Any) -> Row:
        return {"release": self.version, "edition": "Community"}

    def _projects(self, *, query: Row, **_: Any) -> Row:
        rows = list(self.store.projects.values()) if query.get("page", "1") == "1" else []
        if not rows and query.get("page", "1") != "1":
            raise Missing
        return {"count": len(rows), "next": None, "previous": None, "results": rows}

    def _new_project(self, *, body: Row, **_: Any) -> Row:
        return self.store.add_project(body)

    def _project(self, number: int, **_: Any) -> Row:
        return self.store.get(self.store.projects, number)

    def _change_project(self, number: int, *, body: Row, **_: Any) -> Row:
        return self.store.change_project(number, body)

    def _import_tasks(self, number: int, *, query: Row, body: list[Row], **_: Any) -> Row:
        made = self.store.import_tasks(number, body)
        said = sum(len(item.get("annotations", [])) for item in body)
        counts = {"task_count": len(made), "annotation_count": said, "prediction_count": 0, "duration": 0.0}
        return counts | ({"task_ids": made} if "return_task_ids" in query else {})

    def _exports(self, number: int, **_: Any) -> list[Row]:
        return [row for row in self.store.exports.values() if row["project"] == number]

    def _new_export(self, number: int, *, body: Row, **_: Any) -> Row:
        return self.store.export(number, body["title"])

    def _export(self, _number: int, export: int, **_: Any) -> Row:
        return self.store.get(self.store.exports, export)

    def _delete_export(self, _number: int, export: int, **_: Any) -> None:
        del self.store.exports[self.store.get(self.store.exports, export)["id"]]

    def _download(self, _number: int, export: int, **_: Any) -> list[Row]:
        found: list[Row] = self.store.get(self.store.exports, export)["file"]
        return found

    def _tasks(self, *, query: Row, **_: Any) -> Row:
        asked = json.loads(query.get("query", "{}"))
        self.store.get(self.store.projects, int(query["project"]))
        rows = self.store.of_project(int(query["project"]))
        for item in asked.get("filters", {}).get("items", []):
            rows = [row for row in rows if _matches(row, item)]
        column = asked.get("ordering", ["tasks:id"])[0]
        rows.sort(key=lambda row: row[column.removeprefix("-").removeprefix("tasks:")], reverse=column[0] == "-")
        size, page = int(query.get("page_size", 100)), int(query.get("page", 1))
        page_rows = rows[(page - 1) * size : page * size]
        if not page_rows and page > 1:
            raise Missing
        if query.get("include") != "id" and self.store.unreadable & {row["id"] for row in page_rows}:
            raise Poisoned
        shown = [self.store.shown(row) for row in page_rows]
        if "include" in query:  # answers are shown to who asks for all fields, and to nobody else
            keys = [key for key in query["include"].split(",") if key not in {"annotations", "predictions"}]
            shown = [{key: row[key] for key in keys} for row in shown]
        elif query.get("fields") == "all":
            self._refuse_poisoned(page_rows)
        else:
            shown = [{key: row[key] for key in row if key not in {"annotations", "predictions"}} for row in shown]
        return {
            "tasks": shown,
            "total": len(rows),
            "total_annotations": sum(row["total_annotations"] for row in rows),
            "total_predictions": sum(len(row["predictions"]) for row in rows),
        }

    def _change_task(self, number: int, *, body: Row, **_: Any) -> Row:
        changed = self.store.change_task(number, body)
        self._refuse_poisoned([changed])  # it is changed all the same
        return changed

    def _delete_task(self, number: int, **_: Any) -> None:
        self.store.delete_task(number)

    def _annotate(self, number: int, *, user: int, body: Row, **_: Any) -> Row:
        if has_surrogate(json.dumps(body, ensure_ascii=False)):
            self.store.poison(number, user, body["result"])
            raise Poisoned
        return self.store.annotate(number, user, body)

    def _change_annotation(self, number: int, *, user: int, body: Row, **_: Any) -> Row:
        return self.store.change_annotation(number, user, body)

    def _delete_annotation(self, number: int, **_: Any) -> None:
        self.store.delete_annotation(number)


def jwt(name: str) -> str:
    """A token that the SDK takes for a personal access token; nobody checks its signature."""
    parts = [{"alg": "HS256", "typ": "JWT"}, {"exp": 4_000_000_000, "token_type": "refresh", "name": name}]
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*coded, "c2lnbmF0dXJl"])


def seeded(seed: int, kinds: tuple[str, ...], *, share: float, most: int) -> Iterator[str | None]:
    """Faults at random places, the same for the same seed; at most `most` of them, so that every run can end."""
    dice = random.Random(seed)
    while most:
        fault = dice.choice(kinds) if dice.random() < share else None
        most -= fault is not None
        yield fault


def _matches(row: Row, item: Row) -> bool:
    column, operator, value = item["filter"].removeprefix("filter:tasks:"), item["operator"], item["value"]
    found = row["data"].get(column[5:]) if column.startswith("data.") else row.get(column)
    if operator in {"greater", "less"}:
        return bool(found > value if operator == "greater" else found < value)
    if operator == "equal":
        return bool(found == value)
    assert operator == "in_list", operator
    return found in value


def _spoilt(answer: Row, fault: str) -> Row:
    tasks = list(answer["tasks"])
    if fault == "short_page":
        tasks = tasks[:-1]
    elif fault == "empty_page":
        tasks = []
    else:
        random.Random(len(tasks)).shuffle(tasks)
    return answer | {"tasks": tasks}
