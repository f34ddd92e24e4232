"""The edge to Label Studio: the only place that knows its SDK and sends requests.

Reads, and writes that can be repeated, are tried again until a total deadline; a POST is sent once, and where its
answer is lost `Unanswered` says so: the caller looks at the server before it goes on.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Unpack

from factcheck.errors import NotOnServer, ProtocolError, TooLarge, Unanswered
from factcheck.studio.api import responses
from factcheck.studio.api.connection import Connection, Pace
from factcheck.studio.api.known import KnownProject
from factcheck.studio.api.records import REMOVED, Page, Person, RemoteProject, Summary, marked, people_of, project_of
from factcheck.studio.api.retry import FIRST_WAIT

_TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"  # microseconds are mandatory in a filter, else the server answers 500
_FEW = 500
"""Tasks, or claims, of one question that is asked for a few of them."""

_STUMBLES, _CERTAIN = 3, 4
"""How often the server may fall over a page of tasks before it is read in parts, and over one task before we say so."""


class Client:
    """A Label Studio server seen by one user; `token` is a legacy token or a personal access token (JWT).

    `deadline` is how many seconds one call may go on trying. Raises UnsafeServer from `check_server`, AuthError where
    the token is not accepted, Unavailable where the server stays away, ProtocolError where its answers make no sense.
    """

    def __init__(self, url: str, token: str, **pace: Unpack[Pace]) -> None:
        self.connection = Connection(url, token, **pace)
        self.url, self.ask, self._call = self.connection.url, self.connection.ask, self.connection.call

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def check_server(self, *, allow_unsafe: bool = False) -> str:
        """The server's version; raises UnsafeServer for one with known holes unless `allow_unsafe`."""
        return self.connection.check_server(allow_unsafe=allow_unsafe)

    @property
    def server_time(self) -> datetime | None:
        """The server's clock at its last answer, in whole seconds; None before the first answer."""
        return self.connection.server_time

    def people(self) -> list[Person]:
        """The users of the server's organization, without those who were removed: it hides who they were."""
        return [
            Person(user.id, f"{user.first_name or ''} {user.last_name or ''}".strip(), user.email or "")
            for user in self._call(lambda sdk: list(sdk.users.list()))
            if user.email != REMOVED
        ]

    def find_projects(self, mark: str) -> list[RemoteProject]:
        """The projects whose description holds the mark, oldest first; that of `main-2` is not the mark of `main`."""
        listed: list[Any] = self._call(lambda sdk: list(sdk.projects.list(include="id,description", page_size=1000)))
        found = sorted(item.id for item in listed if marked(item.description or "", mark))
        return [self.project(project_id) for project_id in found]

    def project(self, project_id: int) -> RemoteProject:
        """One project as it is now."""
        return project_of(self._call(lambda sdk: sdk.projects.get(project_id)))

    def project_made(self, known: KnownProject) -> RemoteProject | None:
        """The project of that number if it is the one that was made then; None where it is gone."""
        try:
            found = self.project(known.project_id)
        except NotOnServer:
            return None
        return found if known.is_same(found.project_id, found.created_at) else None

    def create_project(self, **fields: Any) -> RemoteProject:
        """A new project; raises Unanswered where the answer is lost: look for it before trying again."""
        made: Any = self._call(lambda sdk: sdk.projects.create(**fields))
        return self.project(made.id)

    def update_project(self, project_id: int, **fields: Any) -> None:
        """Change settings of a project."""
        self._call(lambda sdk: sdk.projects.update(project_id, **fields))

    def import_tasks(
        self, project_id: int, data: Iterable[str], predictions: Mapping[int, str] | None = None
    ) -> list[int]:
        """The numbers of the new tasks, one for each JSON text in their order; all of them are made or none.

        `predictions` are by their places in `data`; a server that tells no numbers gives an empty list. Raises
        Unanswered where the answer is lost, TooLarge where the tasks have to be sent in smaller parts. The bytes go out
        with the SDK's token, but not through its encoder, which walks through every value in Python.
        """
        with_them = predictions or {}
        body, place = io.BytesIO(), -1  # bytes at once: texts in Arabic script take twice as much as Python strings
        for place, item in enumerate(data):
            suggested = f',"predictions":[{with_them[place]}]' if place in with_them else ""
            body.write(f'{"," if place else "["}{{"data":{item}{suggested}}}'.encode())
        body.write(b"]")
        path, told = f"/api/projects/{project_id}/import", {"return_task_ids": "true"}
        answer = self.ask("POST", path, params=told, content=body.getvalue())
        if not isinstance(answer, dict) or answer.get("task_count") != place + 1:
            raise Unanswered("the import's answer does not say how many tasks were created", subject=self.url)
        made = answer.get("task_ids")
        whole = isinstance(made, list) and len(made) == place + 1 and all(isinstance(task, int) for task in made)
        return made if isinstance(made, list) and whole else []

    def people_on(self, project_id: int, task_ids: Sequence[int]) -> dict[int, int]:
        """By task, how many people have submitted an answer; without those that cannot be read."""
        found: dict[int, int] = {}
        for start in range(0, len(task_ids), _FEW):
            of_tasks = _filter("id", "in_list", "List", list(task_ids[start : start + _FEW]))
            for page in self.pages(project_id, of_tasks):
                found |= {task["id"]: people_of(task) for task in page if isinstance(task.get("annotations"), list)}
        return found

    def claim_on(self, project_id: int, task_id: int, claim_ids: Sequence[str]) -> str | None:
        """Which of these claims a task carries that the server cannot show; it can still be asked for by them."""
        waiting = list(claim_ids)
        while waiting:
            asked, waiting = waiting[:_FEW], waiting[_FEW:]
            its_own = [_filter("id", "equal", "Number", task_id), _filter("data.claim_id", "in_list", "List", asked)]
            if not self.page(project_id, its_own, size=1, include="id").total:
                continue
            if len(asked) == 1:
                return asked[0]
            half = len(asked) // 2
            return self.claim_on(project_id, task_id, asked[:half]) or self.claim_on(project_id, task_id, asked[half:])
        return None

    def update_task(self, task_id: int, **fields: Any) -> bool:
        """Change a task in place: `data`, `overlap`, `is_labeled`; its annotations stay.

        False where the server cannot write its answer down, because it cannot show one of those annotations (500):
        what it did is seen by the next look.
        """
        try:
            self.ask("PATCH", f"/api/tasks/{task_id}/", content=json.dumps(fields).encode(), stumbles=_STUMBLES)
        except Unanswered as error:
            if not error.stumbled:
                raise
            return False
        return True

    def update_annotation(self, annotation_id: int, **fields: Any) -> None:
        """Change an annotation in place."""
        self.ask("PATCH", f"/api/annotations/{annotation_id}/", content=json.dumps(fields).encode())

    def delete_task(self, task_id: int) -> None:
        """Remove a task; one that is gone already is as good."""
        try:
            self._call(lambda sdk: sdk.tasks.delete(str(task_id)))
        except NotOnServer:
            return

    def unanswered(self, project_id: int, task_id: int) -> bool:
        """Whether the task is there, can be read, and nobody has answered it or begun to."""
        found = self._salvage(project_id, [], [task_id], None)
        return (
            bool(found)
            and "broken" not in found[0]
            and not found[0].get("annotations")
            and not found[0].get("draft_exists")
        )

    def webhooks(self, project_id: int) -> list[dict[str, Any]]:
        """The project's webhooks as they came, secrets in their headers included."""
        answer = self.ask("GET", "/api/webhooks/", params={"project": project_id})
        if not isinstance(answer, list) or not all(isinstance(hook, dict) for hook in answer):
            raise ProtocolError("the list of webhooks is not a list", subject=self.url, hint="try again")
        return answer

    def save_webhook(self, project_id: int, webhook_id: int | None, fields: dict[str, Any]) -> None:
        """Change a webhook, or make one where `webhook_id` is None; AccessError where its address is refused."""
        method, path = ("POST", "/api/webhooks/") if webhook_id is None else ("PATCH", f"/api/webhooks/{webhook_id}/")
        self.ask(method, path, content=json.dumps(fields | {"project": project_id}).encode())

    def delete_webhook(self, webhook_id: int) -> None:
        """Remove a webhook; one that is gone already is as good."""
        try:
            self._call(lambda sdk: sdk.webhooks.delete(webhook_id))
        except NotOnServer:
            return

    def moved(self, project_id: int, since: datetime, *, most: int = 1000) -> list[tuple[int, str]] | None:
        """Id and update time of the tasks the server updated after `since`; None where they are more than `most`."""
        page = self.page(project_id, _updated(since), size=most, include="id,updated_at")
        return [(task["id"], str(task.get("updated_at"))) for task in page.tasks] if page.total <= most else None

    def newest(self, project_id: int) -> str | None:
        """The latest update time of a task, as the server writes it; None where there is no task."""
        found = self.page(project_id, [], size=1, include="id,updated_at", ordering="-tasks:updated_at").tasks
        return str(found[0].get("updated_at")) if found else None

    def summary(self, project_id: int) -> Summary:
        """The project at a glance, in one small request."""
        page = self.page(project_id, [], size=1, include="id,updated_at", ordering="-tasks:updated_at")
        return Summary(page.total, page.answers, str(page.tasks[0].get("updated_at")) if page.tasks else "")

    def annotation(self, annotation_id: int) -> dict[str, Any] | None:
        """An annotation as it is now, whatever task it stands on; None where there is none of that number.

        One over which the server falls is `unreadable`: it is there, and nobody can say more of it.
        """
        try:
            found = self.ask("GET", f"/api/annotations/{annotation_id}/", stumbles=_STUMBLES)
        except NotOnServer:
            return None
        except Unanswered as error:
            if not error.stumbled:
                raise
            return {"id": annotation_id, "unreadable": True}
        return found if isinstance(found, dict) else None

    def tasks_of(self, project_id: int, task_ids: Sequence[int], *, size: int = 200) -> Iterator[list[dict[str, Any]]]:
        """The project's tasks with these ids, with their annotations; ids of other projects give nothing."""
        for start in range(0, len(task_ids), size):
            some = _filter("id", "in_list", "List", list(task_ids[start : start + size]))
            yield from self.pages(project_id, some, size=size)

    def count(self, project_id: int, *, since: datetime | None = None) -> int:
        """How many tasks the project has; only those the server updated after `since`."""
        return self.page(project_id, _updated(since), size=1, include="id").total

    def lookup(self, project_id: int, claim_ids: Sequence[str], *, include: str, size: int = 1000) -> list[Any]:
        """The tasks of these claims, asked for in addresses that the server and the proxies before it take."""
        found: list[Any] = []
        waiting = list(claim_ids)
        while waiting:
            of_claims = _filter("data.claim_id", "in_list", "List", waiting[:size])
            try:
                pages = list(self.pages(project_id, of_claims, include=include))
            except TooLarge:
                if size == 1:
                    raise
                size = max(1, size // 5)
                continue
            found += [task for page in pages for task in page]
            waiting = waiting[size:]
        return found

    def tasks(
        self,
        project_id: int,
        *,
        since: datetime | None = None,
        above: int = 0,
        size: int = 500,
        include: str | None = None,
        annotated: bool = False,
    ) -> Iterator[list[dict[str, Any]]]:
        """Tasks by ascending id, page by page; only those the server updated after `since`, or the `annotated` ones.

        With their annotations, or with the fields that `include` names.
        """
        filters = _updated(since)
        filters += [_filter("total_annotations", "greater", "Number", 0)] if annotated else []
        yield from self.pages(project_id, *filters, above=above, size=size, include=include)

    def pages(
        self, project_id: int, *filters: dict[str, Any], above: int = 0, size: int = 1000, include: str | None = None
    ) -> Iterator[list[dict[str, Any]]]:
        """The matching tasks, page by page, each task once although others come, go and change meanwhile.

        Pages are asked for by "id greater than the last one", never by number: a page number moves when a task before
        it goes. A page that is short of its own total, or out of order, is asked for again; raises ProtocolError
        where it stays so. A task over which the server falls whenever it is to show it comes as its `id` with
        `broken`, why, and `unreadable`.
        """
        after = above
        while True:
            page = self._whole_page(project_id, filters, after, size, include)
            if page.tasks:
                yield page.tasks
                after = page.tasks[-1]["id"]
            if page.total <= len(page.tasks):
                return

    def page(
        self,
        project_id: int,
        filters: Sequence[dict[str, Any]],
        *,
        size: int,
        include: str | None = None,
        ordering: str = "tasks:id",
        stumbles: int | None = None,
    ) -> Page:
        """The first page of the task list, by ascending id unless told otherwise; `stumbles` as in `ask`."""
        query: dict[str, Any] = {"ordering": [ordering]}
        if filters:
            query["filters"] = {"conjunction": "and", "items": list(filters)}
        params: dict[str, Any] = {"project": project_id, "page_size": size, "query": json.dumps(query)}
        params |= {"include": include} if include else {"fields": "all"}
        answer = self.ask("GET", "/api/tasks/", params=params, stumbles=stumbles)
        tasks, total = (answer.get("tasks"), answer.get("total")) if isinstance(answer, dict) else (None, None)
        if not isinstance(tasks, list) or not isinstance(total, int):
            raise ProtocolError("the task list has no tasks or no total", subject=self.url, hint="try again")
        found = [task for item in tasks if (task := responses.as_task(item)) is not None]
        if len(found) < len(tasks):
            raise ProtocolError("the task list holds something that is not a task", subject=self.url, hint="try again")
        answers = answer.get("total_annotations")
        return Page(found, total, answers if isinstance(answers, int) else 0)

    def _whole_page(
        self, project_id: int, filters: Sequence[dict[str, Any]], after: int, size: int, include: str | None
    ) -> Page:
        further = [*filters, _filter("id", "greater", "Number", after)]
        for attempt in range(5):
            try:
                page = self.page(project_id, further, size=size, include=include, stumbles=_STUMBLES)
            except Unanswered as error:
                if not error.stumbled or include == "id":
                    raise
                page = self._around(project_id, filters, further, size, include)
            ids = [task["id"] for task in page.tasks]
            if len(ids) == min(size, page.total) and ids == sorted(set(ids)) and (not ids or ids[0] > after):
                return page
            self.connection.sleep(FIRST_WAIT * attempt)
        raise ProtocolError(
            f"the pages of tasks after {after} do not match their total",
            subject=self.url,
            hint="try again; if it happens again, check the server's log",
        )

    def _around(
        self,
        project_id: int,
        filters: Sequence[dict[str, Any]],
        further: Sequence[dict[str, Any]],
        size: int,
        include: str | None,
    ) -> Page:
        """A page over which the server falls, read in parts: it tells the ids, and those it can show are shown."""
        listed = self.page(project_id, further, size=size, include="id")
        ids = [task["id"] for task in listed.tasks]
        return Page(self._salvage(project_id, filters, ids, include), listed.total, listed.answers)

    def _salvage(
        self, project_id: int, filters: Sequence[dict[str, Any]], ids: list[int], include: str | None
    ) -> list[dict[str, Any]]:
        """The tasks of these ascending ids, halved until the server shows them or falls over a single one."""
        if not ids:
            return []
        alone = len(ids) == 1
        between = [_filter("id", "greater", "Number", ids[0] - 1), _filter("id", "less", "Number", ids[-1] + 1)]
        try:
            # Asking again is for the last, single task; before that, asking for halves is asking again.
            stumbles = _CERTAIN if alone else 1
            page = self.page(project_id, [*filters, *between], size=len(ids), include=include, stumbles=stumbles)
        except Unanswered as error:
            if not error.stumbled:
                raise
            if alone:
                return [
                    {"id": ids[0], "broken": "something that makes Label Studio fail (HTTP 500)", "unreadable": True}
                ]
            half = len(ids) // 2
            parts = (ids[:half], ids[half:])
            return [task for part in parts for task in self._salvage(project_id, filters, part, include)]
        return page.tasks


def _filter(column: str, operator: str, kind: str, value: Any) -> dict[str, Any]:
    return {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}


def _updated(since: datetime | None) -> list[dict[str, Any]]:
    if since is None:
        return []
    return [_filter("updated_at", "greater", "Datetime", since.astimezone(UTC).strftime(_TIME_FORMAT))]
