"""The newcomer's path on a real Label Studio of their own: every command is a next step that was printed before it.

Three people sign up by the link as a browser does, and answer as the page does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.chaos.whole_desk import news
from tests.fake_studio.props import result
from tests.newcomer import Newcomer

pytestmark = pytest.mark.live
PEOPLE = ("sara", "omid", "leila")


class Person:
    """Somebody's browser: cookies, the origin that browsers name, and the token of forms."""

    def __init__(self, link: str, email: str) -> None:
        base, path = re.fullmatch(r"(https?://[^/]+)(/.*)", link).groups()  # type: ignore[union-attr]
        self.email = email
        self._http = httpx.Client(base_url=base, headers={"Origin": base}, timeout=60)
        self._http.get(path).raise_for_status()
        form = {"email": email, "password": "chosen-by-themselves-7351", "csrfmiddlewaretoken": self._mark()}
        came_in = self._http.post(path, data=form)
        assert came_in.status_code == 302, came_in.text  # the page comes back where it refuses the form

    def answer(self, project: int, choice: str) -> bool:
        """Answer the task that comes next; False where none is left."""
        found = self._http.get(f"/api/projects/{project}/next")
        if found.status_code == 404:
            return False
        task = found.raise_for_status().json()["id"]
        body: dict[str, Any] = {"result": result(choice, rationale="سند همین را می‌گوید."), "lead_time": 20.0}
        path = f"/api/tasks/{task}/annotations/?project={project}"
        self._http.post(path, json=body, headers={"X-CSRFToken": self._mark()}).raise_for_status()
        return True

    def close(self) -> None:
        self._http.close()

    def _mark(self) -> str:
        return str(self._http.cookies["csrftoken"])


@pytest.fixture
def who(tmp_path: Path, studio_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newcomer]:
    """A newcomer in an empty folder, whose server is stopped at the end."""
    for name in [name for name in os.environ if name.startswith("FACTCHECK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FACTCHECK_STUDIO_ENVIRONMENT", str(studio_environment))
    one = Newcomer(tmp_path / "desk")
    one.folder.mkdir()
    try:
        yield one
    finally:
        one.typed.clear()
        one.type("factcheck studio down")


def test_three_people_work_and_every_command_was_offered(tmp_path: Path, who: Newcomer) -> None:
    who.type("factcheck init --language fa", offered="factcheck init")
    who.type(f"factcheck ingest {news(tmp_path / 'articles', range(3))}", offered="factcheck ingest FOLDER")
    who.type("factcheck claims")
    who.type("factcheck studio up")
    said = who.type("factcheck push")
    pushed = list(who.offered)
    project = int(re.search(r"open http://127\.0\.0\.1:\d+/projects/(\d+)/data", said)[1])  # type: ignore[index]
    link = re.search(r"http://\S+/user/signup/\?token=\S+", who.type("factcheck studio invite"))[0]  # type: ignore[index]
    team = [Person(link, f"{name}@desk.example") for name in PEOPLE]
    listed = who.type("factcheck studio user list")
    assert all(one.email in listed for one in team)
    answers = 0
    for place, one in enumerate(team):
        for number in range(4):
            answers += one.answer(project, "disputed" if (place, number) == (1, 0) else "verified")
    who.offered = pushed
    said = who.type("factcheck pull")
    assert f"{answers} submitted" in said
    pulled = list(who.offered)
    who.type("factcheck queue")
    who.type(f"factcheck studio user add {team[2].email} --lead", offered="factcheck studio user add EMAIL --lead")
    said = who.type("factcheck push --queue")
    queue = int(re.search(r"/projects/(\d+)/data and log in as a lead", said)[1])  # type: ignore[index]
    assert team[2].answer(queue, "disputed")
    assert "version 2: " in who.type("factcheck pull")
    who.offered = pulled
    who.type("factcheck export")
    who.type(who.offered[0])
    assert list((who.folder / "exports").glob("*.xlsx"))
    who.type("factcheck work")
    for one in team:
        one.close()
