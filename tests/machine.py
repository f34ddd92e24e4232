"""What a Label Studio can be made to do from outside its pages: times set back, a database put back, rows deleted."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import textwrap
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from factcheck.models import Choice
from factcheck.studio.local import install, server
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.member import Member
from tests.live_server import LabelStudio

NAMES = ("anahita", "basma", "chris")
PAST, DAY = timedelta(days=3), timedelta(days=1)
FAKE_URL = "http://127.0.0.1:9"


class Stored(NamedTuple):
    """An answer as the database has it: what the checker chose, None for a skip and for what is no answer.

    `given` is whether a person gave it on the page: not imported, propagated or made of a prediction.
    """

    number: int
    created_at: datetime
    updated_at: datetime
    task: int
    claim: str
    author: int | None
    choice: str | None
    given: bool


class Machine(ABC):
    """A Label Studio, its owner and its members."""

    url: str
    token: str
    owner: Member

    @abstractmethod
    def member(self, name: str) -> Member:
        """A member of that name, made where there is none."""

    @abstractmethod
    def set_back(self, project: int) -> None:
        """What was made or changed in the project during the last day is three days older."""

    @abstractmethod
    def wait(self) -> None:
        """Some seconds go by: the server tells whole ones, so an answer right after a repair is in doubt."""

    @abstractmethod
    def backup(self) -> Any:
        """The database as it is now, for `put_back`."""

    @abstractmethod
    def put_back(self, backup: Any) -> None:
        """The database is what it was."""

    @abstractmethod
    def admin_delete(self, annotations: list[int]) -> None:
        """Answers deleted on Django's own pages."""

    @abstractmethod
    def stored(self, project: int) -> list[Stored]:
        """Every answer of the project, read past all of the server's code."""

    @abstractmethod
    def tasks(self, project: int) -> dict[int, dict[str, Any]]:
        """The data of the project's tasks, read past all of the server's code."""

    @abstractmethod
    def poisoned(self, project: int) -> set[int]:
        """The tasks that the server cannot show."""

    def users(self) -> dict[int, str]:
        """The names of all users by their numbers."""
        listed = self.owner.ask("GET", "/api/users/")
        return {int(user["id"]): str(user["first_name"] or user["email"]) for user in listed}


class Fake(Machine):
    """The one in memory."""

    def __init__(self, studio: FakeStudio | None = None) -> None:
        self.studio = studio or FakeStudio()
        self.url, self.token, self.store = FAKE_URL, ADMIN_TOKEN, self.studio.store
        self.store.now = datetime.now(UTC)
        self.owner = Member(self.url, self.token, self.studio, name="admin", number=1)
        self._members = {name: self.member(name) for name in NAMES}

    def member(self, name: str) -> Member:
        if name in getattr(self, "_members", {}):
            return self._members[name]
        number = len(self.store.users) + 1
        token = f"{number:040x}"
        return Member(self.url, token, self.studio, name=name, number=self.store.add_user(name, token))

    def set_back(self, project: int) -> None:
        rows = self.store.of_project(project)
        rows += [row for row in self.store.annotations.values() if row["project"] == project]
        for row in rows:
            for name in ("created_at", "updated_at"):
                moment = datetime.fromisoformat(row[name])
                if moment > self.store.now - DAY:
                    row[name] = (moment - PAST).isoformat(timespec="microseconds").replace("+00:00", "Z")
        self.store.now = max(self.store.now, datetime.now(UTC))

    def wait(self) -> None:
        self.store.now += timedelta(seconds=3)

    def backup(self) -> Any:
        return self.store.snapshot()

    def put_back(self, backup: Any) -> None:
        self.store.put_back(backup)

    def admin_delete(self, annotations: list[int]) -> None:
        self.store.admin_delete(annotations)

    def stored(self, project: int) -> list[Stored]:
        return [
            _stored(row, self.store.tasks[row["task"]]["data"])
            for row in self.store.annotations.values()
            if self.store.tasks[row["task"]]["project"] == project
        ]

    def tasks(self, project: int) -> dict[int, dict[str, Any]]:
        return {task["id"]: json.loads(json.dumps(task["data"])) for task in self.store.of_project(project)}

    def poisoned(self, project: int) -> set[int]:
        return {task["id"] for task in self.store.of_project(project)} & self.store.poisoned


class Real(Machine):
    """The one that the test session started, on SQLite."""

    def __init__(self, running: LabelStudio, scratch: Path) -> None:
        self.running, self._scratch = running, scratch
        scratch.mkdir(parents=True, exist_ok=True)
        self.url, self.token = running.url, running.token
        self.owner = Member(self.url, self.token, None, name="admin", number=1)
        self._members: dict[str, Member] = {}

    def member(self, name: str) -> Member:
        if name not in self._members:
            token = self.running.make_user(name).token
            who = httpx.get(f"{self.url}/api/current-user/whoami", headers={"Authorization": f"Token {token}"}).json()
            self._members[name] = Member(self.url, token, None, name=name, number=who["id"])
        return self._members[name]

    def set_back(self, project: int) -> None:
        for table in ("task", "task_completion"):
            for name in ("created_at", "updated_at"):
                older = f"date(substr({name}, 1, 10), '-{PAST.days} days') || substr({name}, 11)"
                recent = f"project_id = ? AND {name} > datetime('now', '-1 day')"
                self.sql(f"UPDATE {table} SET {name} = {older} WHERE {recent}", project)

    def wait(self) -> None:
        time.sleep(3)

    def backup(self) -> Any:
        path = self._scratch / f"{len(list(self._scratch.iterdir()))}.sqlite3"
        with closing(self._database()) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
        return path

    def put_back(self, backup: Any) -> None:
        # Into the running server's file, as one transaction of SQLite's own: it opens the database for each request.
        with closing(sqlite3.connect(backup)) as copy, closing(self._database()) as target:
            copy.backup(target)

    def forget(self, name: str) -> None:
        """Their token is no good any more."""
        self._members.pop(name, None)

    def admin_delete(self, annotations: list[int]) -> None:
        page = "/admin/tasks/annotation/"
        with self.browser() as browser:
            fields = {"action": "delete_selected", "_selected_action": list(map(str, annotations)), "post": "yes"}
            answer = browser.post(page, data=fields | {"csrfmiddlewaretoken": csrf(browser.get(page).text)})
            assert answer.status_code == httpx.codes.FOUND, answer.text[:300]

    @contextmanager
    def browser(self) -> Iterator[httpx.Client]:
        """The owner, logged in with a password."""
        with httpx.Client(base_url=self.url, timeout=60, trust_env=False, headers={"Referer": self.url}) as browser:
            form = browser.get("/user/login/").text
            fields = {"email": self.running.email, "password": self.running.password}
            answer = browser.post("/user/login/", data=fields | {"csrfmiddlewaretoken": csrf(form)})
            assert answer.status_code == httpx.codes.FOUND
            yield browser

    def sync_storage(self, environment: Path, project: int, folder: Path, user: int) -> None:
        """Files of a folder taken in as a connected storage would: by a second process, since ours has that off."""
        data = self.running.folder / "data"
        program = textwrap.dedent(
            f"""
            import os, sys
            import label_studio
            sys.path.insert(0, os.path.dirname(label_studio.__file__))
            import django
            django.setup()
            from core.current_request import CurrentContext
            from io_storages.localfiles.models import LocalFilesImportStorage
            from users.models import User
            CurrentContext.set_user(User.objects.get(id={user}))
            storage = LocalFilesImportStorage.objects.create(
                project_id={project}, title="folder", path={str(folder)!r}, use_blob_urls=False
            )
            storage.sync()
            """
        )
        variables = server.variables(data) | {
            "DJANGO_SETTINGS_MODULE": "core.settings.label_studio",
            "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "true",
            "LABEL_STUDIO_ENABLE_LOCAL_FILES_STORAGE": "true",
            "LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT": str(folder.parent),
        }
        done = subprocess.run(
            [str(install.python(environment)), "-I", "-c", program],
            env=variables, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]

    def stored(self, project: int) -> list[Stored]:
        columns = {
            "id": "id", "created_at": "created_at", "updated_at": "updated_at", "task": "task_id",
            "completed_by": "completed_by_id", "updated_by": "updated_by_id", "result": "result",
            "was_cancelled": "was_cancelled", "parent_prediction": "parent_prediction_id",
            "parent_annotation": "parent_annotation_id",
        }  # fmt: skip
        asked = ", ".join(f"answer.{column}" for column in columns.values())
        found = []
        for data, *row in self.sql(
            f"SELECT task.data, {asked} FROM task_completion answer JOIN task ON task.id = answer.task_id "
            "WHERE task.project_id = ?",
            project,
        ):
            named = dict(zip(columns, row, strict=True))
            named["result"] = json.loads(named["result"])
            found.append(_stored(named, json.loads(data)))
        return found

    def tasks(self, project: int) -> dict[int, dict[str, Any]]:
        rows = self.sql("SELECT id, data FROM task WHERE project_id = ? ORDER BY id", project)
        return {number: json.loads(data) for number, data in rows}

    def poisoned(self, project: int) -> set[int]:
        half = "SELECT task_id FROM task_completion WHERE project_id = ? AND result LIKE '%\\ud800%'"
        return {int(task) for (task,) in self.sql(half, project)}

    def sql(self, statement: str, *values: Any) -> list[Any]:
        with closing(self._database()) as database, database:
            return database.execute(statement, values).fetchall()

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.running.folder / "data" / "label_studio.sqlite3", timeout=30)


def _stored(row: dict[str, Any], data: dict[str, Any]) -> Stored:
    choices = [item["value"]["choices"] for item in row["result"] if item.get("from_name") == "verdict"]
    chosen = choices[0][0] if len(choices) == 1 and len(choices[0]) == 1 and choices[0][0] in set(Choice) else None
    made = {name: row[name] for name in ("parent_prediction", "parent_annotation") if row[name]}
    return Stored(
        row["id"],
        _time(row["created_at"]),
        _time(row["updated_at"]),
        row["task"],
        str(data.get("claim_id")),
        row["completed_by"],
        None if row["was_cancelled"] else chosen,
        given=not made and row["updated_by"] is not None,
    )


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def csrf(page: str) -> str:
    """The token of a form in that page."""
    return page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
