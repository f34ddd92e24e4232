"""Somebody who read only the README's first line: every command is printed as a next step by the one before.

From an empty folder to three people working, to verdicts, contested claims and exports.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from factcheck.cli import app
from tests.chaos.whole_desk import news
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import result
from tests.fake_studio.served import serving

NAMES = ("Anahita", "Basma", "Chris")
ROOT = Path(__file__).parents[2]


class Newcomer:
    """Types only what the command before has printed below `next:`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.offered: list[str] = []
        self.typed: list[str] = []

    def type(self, line: str, *, offered: str | None = None) -> str:
        """The output of the line; `offered` is how it was printed, where it has a placeholder."""
        printed = offered or line
        assert not self.typed or any(one == printed or one.startswith(f"{printed} ") for one in self.offered), (
            f"`{printed}` was not offered by `{self.typed[-1]}`, which offered {self.offered}"
        )
        done = CliRunner().invoke(app, ["--desk", str(self.folder), *shlex.split(line)[1:]])
        assert done.exit_code == 0, done.output
        self.typed.append(line)
        steps = done.stdout.rpartition("\nnext:\n")[2].splitlines() if "\nnext:\n" in done.stdout else []
        self.offered = [one.strip() for one in steps]
        return done.stdout


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeStudio]:
    """A server of the newcomer's own; `studio up` has its test in tests/live."""
    studio = FakeStudio()
    with serving(studio) as url:
        monkeypatch.setenv("FACTCHECK_STUDIO_URL", url)
        monkeypatch.setenv("FACTCHECK_TOKEN", ADMIN_TOKEN)
        yield studio


def test_every_command_is_a_next_step_of_the_one_before(tmp_path: Path, fake: FakeStudio) -> None:
    assert "factcheck init" in (ROOT / "README.md").read_text("utf-8")
    articles = news(tmp_path / "articles", range(6))
    who = Newcomer(tmp_path / "desk")
    who.folder.mkdir()
    who.type("factcheck init")
    who.type(f"factcheck ingest {articles}", offered="factcheck ingest FOLDER")
    who.type("factcheck claims")
    who.type("factcheck push --dry-run")
    said = who.type("factcheck push")
    assert re.search(r"open http://127\.0\.0\.1:\d+/projects/\d+/data and log in", said)
    people = [fake.store.add_user(name, f"token of {name}") for name in NAMES]
    for number, task in enumerate(list(fake.store.tasks)[:4]):
        for place, person in enumerate(people):
            verdict = "disputed" if number == 0 and place == 1 else "verified"
            fields = {"result": result(verdict, rationale="because"), "lead_time": 30.0}
            if place < 2:  # two are asked for each claim
                fake.store.annotate(task, person, fields)
    fake.store.annotate(list(fake.store.tasks)[5], people[2], {"result": result("opinion"), "lead_time": 9.0})
    said = who.type("factcheck pull")
    assert "\nversion 1: " in said
    pulled = list(who.offered)
    who.type("factcheck queue")
    assert who.offered[0].startswith("name who decides in factcheck.toml: [verdicts] leads = ")
    toml = who.folder / "factcheck.toml"
    toml.write_text(toml.read_text("utf-8").replace("leads = []", 'leads = ["chris@desk.example"]'), "utf-8")
    who.type("factcheck push --queue")
    who.offered = pulled
    who.type("factcheck export")
    name = who.offered[0]
    who.type(name)
    assert any((who.folder / "exports").iterdir())
    who.offered = ["factcheck status"]  # what every page of the README ends with
    who.type("factcheck status")
    who.type("factcheck work")


def test_a_push_before_claims_says_what_was_forgotten(tmp_path: Path, fake: FakeStudio) -> None:
    who = Newcomer(tmp_path / "desk")
    who.folder.mkdir()
    who.type("factcheck init")
    who.type(f"factcheck ingest {news(tmp_path / 'articles', range(3))}", offered="factcheck ingest FOLDER")
    who.typed.clear()
    said = who.type("factcheck push")
    assert "3 articles were ingested and not read for claims: run `factcheck claims`" in said
    assert who.offered[0] == "factcheck claims"
    assert not fake.store.tasks
    who.type("factcheck claims")
    who.type("factcheck push")
    assert "not read for claims" not in who.type("factcheck push", offered="factcheck pull")
    one = news(tmp_path / "more", range(9, 10))
    who.typed.clear()
    who.type(f"factcheck ingest {one}")
    who.typed.clear()
    assert "1 article was ingested and not read for claims" in who.type("factcheck push")
