"""Before a backup of the local Label Studio is put in place: which votes of the dataset it does not have."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from factcheck.cli import app
from factcheck.errors import UsageError
from factcheck.models import AnnotationEvent, Choice
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.studio import restore_cost, studio_restore
from factcheck.studio.local import server_files
from tests.pipeline.test_judging import D, Team, V


class Room(Team):
    """A team whose annotations have numbers of their own, as on a server."""

    def _event(self, desk: Desk, claim: str, user: int, choice: Choice | None, when: datetime) -> AnnotationEvent:
        number = self.claims.index(claim) * 100 + user
        return super()._event(desk, claim, user, choice, when).model_copy(update={"annotation_id": number})


@pytest.fixture
def team(tmp_path: Path) -> Team:
    (tmp_path / "desk").mkdir()
    made = Room(tmp_path / "desk")
    made.vote({(0, 1): V, (0, 2): V, (1, 1): D}, hours=1)
    return made


def take_backup(team: Team, target: Path) -> Path:
    """A backup that holds what the dataset has now."""
    (team.settings.state / "studio").mkdir(exist_ok=True)
    server_files.credentials(team.settings.state / "studio")
    target.mkdir()
    with closing(sqlite3.connect(target / "label_studio.sqlite3")) as database:
        database.execute("CREATE TABLE task_completion (id INTEGER, created_at TEXT, updated_at TEXT)")
        for row in Desk(team.settings).readable().last_states().iter_rows(named=True):
            times = [f"{row[name]:%Y-%m-%d %H:%M:%S.%f}" for name in ("created_at", "updated_at")]
            database.execute("INSERT INTO task_completion VALUES (?, ?, ?)", (row["annotation_id"], *times))
        database.commit()
    (target / "backup.json").write_text(json.dumps({"version": None}), "utf-8")
    (target / ".env").write_text("SECRET_KEY=s\n", "utf-8")
    (target / "credentials.json").write_bytes((team.settings.state / "studio" / "credentials.json").read_bytes())
    return target


def test_a_backup_that_has_every_vote_is_put_in_place(team: Team, tmp_path: Path) -> None:
    saved = take_backup(team, tmp_path / "saved")
    assert studio_restore(team.settings, saved, consent=False) is None
    assert (team.settings.state / "studio" / "data" / "label_studio.sqlite3").is_file()


def test_what_a_backup_would_cost_is_said_before_and_needs_a_yes(team: Team, tmp_path: Path) -> None:
    saved = take_backup(team, tmp_path / "saved")
    team.vote({(1, 2): V, (0, 1): D, (0, 3): None}, hours=2)  # a new vote, an edited one, and a skip
    with pytest.raises(UsageError, match="2 votes by 2 people were given or changed after this backup") as refused:
        studio_restore(team.settings, saved, consent=False)
    assert "--yes" in refused.value.hint
    assert not (team.settings.state / "studio" / "data").exists()
    ran = CliRunner().invoke(app, ["--desk", str(team.folder), "studio", "restore", str(saved)])
    assert ran.exit_code == 2
    assert "Label Studio will not have them" in ran.output
    ran = CliRunner().invoke(app, ["--desk", str(team.folder), "studio", "restore", str(saved), "--yes"])
    assert ran.exit_code == 0
    assert "factcheck pull" in ran.output
    assert "--full" not in ran.output


def test_another_annotation_under_the_same_number_is_not_the_vote(team: Team, tmp_path: Path) -> None:
    saved = take_backup(team, tmp_path / "saved")
    with closing(sqlite3.connect(saved / "label_studio.sqlite3")) as database:
        database.execute("UPDATE task_completion SET created_at = '2020-01-01 00:00:00' WHERE rowid = 1")
        database.commit()
    with pytest.raises(UsageError, match="1 vote by 1 person was given or changed after"):
        studio_restore(team.settings, saved, consent=False)


def test_a_damaged_backup_is_refused(team: Team, tmp_path: Path) -> None:
    saved = take_backup(team, tmp_path / "saved")
    (saved / "label_studio.sqlite3").write_bytes(b"no database" * 100)
    for consent in (False, True):
        with pytest.raises(UsageError, match="no annotations that can be read"):
            studio_restore(team.settings, saved, consent=consent)


def test_a_desk_without_votes_has_nothing_to_lose(tmp_path: Path) -> None:
    team = Team(tmp_path)
    assert restore_cost(team.settings, tmp_path / "saved") == ""
