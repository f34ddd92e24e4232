"""`work` on a desk with votes: from the dataset alone, and nobody named but on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from factcheck.cli import app, streams
from factcheck.pipeline.work import work
from tests.answers import answer
from tests.chaos.whole_desk import WholeDesk, copied, now, whole_desk

NAMES = ("Anahita", "Basma")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeDesk]:
    with whole_desk(tmp_path_factory.mktemp("work") / "desk") as made:
        yield made


def said(desk: WholeDesk, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["--desk", str(desk.folder), "work", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_it_counts_the_desks_votes_without_a_server(desk: WholeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_STUDIO_URL", "http://127.0.0.1:9")
    found: dict[str, Any] = answer(said(desk, "--json"))
    assert [row["done"] for row in found["checkers"]] == [50, 50], "40 and then 10 claims, each by two people"
    assert {row["median_seconds"] for row in found["checkers"]} == {3.0}
    assert {row["shared"] for row in found["checkers"]} == {50}
    (project,) = found["projects"]
    assert project["finished"] == 50
    assert project["open"] == project["tasks"] - 50
    assert found["missing_answers"] == 2 * project["open"]
    last = max(datetime.fromisoformat(row["last_answer"]) for row in found["checkers"])
    today = work(desk.settings, project=None, now=last + timedelta(hours=1))
    assert today.answers_per_day == 100.0, "all of them today"
    assert today.days_left == pytest.approx(found["missing_answers"] / 100)
    assert found["oldest_open"]["claim_id"].startswith("clm_")
    assert today.unknown == []


def test_names_are_for_a_terminal_and_agreement_is_per_cent(desk: WholeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    for output in (said(desk), said(desk, "--json")):
        assert not any(name.lower() in output.lower() for name in NAMES)
        assert "@" not in output
    assert re.search(r"ant_[0-9a-f]+ .* \d\d % of 50", said(desk))
    monkeypatch.setattr(streams, "on_terminal", lambda: True)
    assert all(name in said(desk) for name in NAMES)
    assert not any(name in said(desk, "--json") for name in NAMES), "names are in no --json, wherever it goes"


def test_it_says_what_it_does_not_know(desk: WholeDesk, tmp_path: Path) -> None:
    other = copied(desk, tmp_path / "desk")
    (other.folder / ".factcheck" / "pushed.json").unlink()
    assert any("has pushed no claim" in line for line in work(other.settings, project=None, now=now()).unknown)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert CliRunner().invoke(app, ["--desk", str(empty), "init"]).exit_code == 0
    done = CliRunner().invoke(app, ["--desk", str(empty), "work"])
    assert done.exit_code == 0, done.output
    assert "no answer was pulled yet" in done.output
    assert not (empty / "dataset").exists(), "who only looks makes nothing"
