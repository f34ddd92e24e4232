"""Somebody who read only the README's first line: every command is printed as a next step by the one before.

From an empty folder to three people working, to verdicts, contested claims and exports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.whole_desk import news
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import result
from tests.fake_studio.served import serving
from tests.newcomer import Newcomer

NAMES = ("Anahita", "Basma", "Chris")
ROOT = Path(__file__).parents[2]


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
    pushed = list(who.offered)
    assert "/user/signup/?token=" in who.type("factcheck studio invite")
    people = [fake.store.add_user(name, f"token of {name}") for name in NAMES]
    assert all(fake.store.users[one]["email"] in who.type("factcheck studio user list") for one in people[:1])
    who.offered = pushed
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
    lead = fake.store.users[people[2]]["email"]
    who.type(f"factcheck studio user add {lead} --lead", offered="factcheck studio user add EMAIL --lead")
    said = who.type("factcheck push --queue")
    assert "log in as a lead" in said
    who.offered = pulled
    who.type("factcheck export")
    assert who.offered == ["factcheck export newsroom-xlsx"]
    who.type(who.offered[0])
    assert any((who.folder / "exports").iterdir())
    published = list(who.offered)
    who.type("factcheck work")
    who.offered = published
    who.type("factcheck release first", offered="factcheck release NAME")
    who.type(who.offered[0])


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
