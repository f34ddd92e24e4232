"""What an upgrade leaves behind when it fails; tests/live/test_studio_keeping.py shows it succeed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from factcheck.errors import Corrupt, ServerError, UsageError
from factcheck.studio.local import backup, install, server, server_files
from factcheck.studio.local.upgrade import upgrade

OLD = "1.22.0"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A stopped server's folder, with data of an older version."""
    data = tmp_path / "studio" / "data"
    data.mkdir(parents=True)
    with closing(sqlite3.connect(data / "label_studio.sqlite3")) as database:
        database.execute("CREATE TABLE task (id INTEGER)")
        database.execute("INSERT INTO task VALUES (7)")
        database.commit()
    (data / ".env").write_text("SECRET_KEY=s\n", "utf-8")
    server_files.credentials(data.parent)
    server_files.write_state(data.parent, server_files.State(url="http://127.0.0.1:1", wanted=False, version=OLD))
    return data.parent


def environment(path: Path, program: str, *, fingerprint: str) -> Path:
    """An environment whose Python is that shell program."""
    interpreter = install.python(path)
    interpreter.parent.mkdir(parents=True)
    interpreter.write_text(f"#!/bin/sh\n{program}\n", "utf-8")
    interpreter.chmod(0o755)
    (path / "pyvenv.cfg").touch()
    marker = {"requirements": fingerprint, "path": str(path.absolute())}
    (path / "factcheck-environment.json").write_text(json.dumps(marker), "utf-8")
    return path


def tasks(folder: Path) -> list[tuple[int]]:
    with closing(sqlite3.connect(folder / "data" / "label_studio.sqlite3")) as database:
        return database.execute("SELECT id FROM task").fetchall()


def run(folder: Path, at: Path) -> None:
    upgrade(folder, at, saved=folder.parent / "backups" / "one", database=None, progress=lambda _: None)


def test_older_data_are_not_changed_by_a_mere_start(folder: Path, tmp_path: Path) -> None:
    at = environment(tmp_path / "environment", "exit 9", fingerprint=install.fingerprint())
    with pytest.raises(UsageError, match=OLD) as caught:
        server.up(folder, at, progress=print)
    assert "studio upgrade" in caught.value.hint


def test_a_failed_install_brings_the_old_environment_back(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = environment(tmp_path / "environment", "exit 9", fingerprint="of the version before")
    tool = tmp_path / "uv"
    tool.write_text("#!/bin/sh\necho 'Hash mismatch' >&2\nexit 2\n", "utf-8")
    tool.chmod(0o755)
    monkeypatch.setattr(install, "_uv", lambda: str(tool))
    with pytest.raises(ServerError, match=r"(?s)everything was restored.*Hash mismatch"):
        run(folder, at)
    marker = json.loads((at / "factcheck-environment.json").read_text("utf-8"))
    assert marker["requirements"] == "of the version before"
    assert not at.with_name("environment.previous").exists()
    assert tasks(folder) == [(7,)]
    assert server_files.read_state(folder) == server_files.State(url="http://127.0.0.1:1", wanted=False, version=OLD)


def test_failed_migrations_bring_the_data_back(folder: Path, tmp_path: Path) -> None:
    spoil = f"echo spoilt > {folder}/data/label_studio.sqlite3; echo no such column; exit 3"
    at = environment(tmp_path / "environment", spoil, fingerprint=install.fingerprint())
    own = server_files.credentials(folder)
    with pytest.raises(ServerError, match=r"(?s)everything was restored.*no such column"):
        run(folder, at)
    assert tasks(folder) == [(7,)]
    assert server_files.credentials(folder) == own
    assert sorted(path.name for path in folder.glob("data*")) == ["data"]
    state = server_files.read_state(folder)
    assert state is not None
    assert state.version == OLD
    assert (tmp_path / "backups" / "one" / "label_studio.sqlite3").is_file(), "the backup stays"


def test_nothing_is_touched_where_the_data_cannot_be_saved(folder: Path, tmp_path: Path) -> None:
    at = environment(tmp_path / "environment", "exit 9", fingerprint="of the version before")
    (folder / "data" / "label_studio.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(Corrupt, match="not a database"):
        run(folder, at)
    assert install.python(at).exists()


def test_only_a_backup_is_restored_and_only_when_stopped(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a backup"):
        backup.restore(folder, tmp_path)
    saved = backup.save(folder, tmp_path / "saved")
    assert saved.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in saved.iterdir()} == {0o600}
    before = backup.restore(tmp_path / "new", saved)
    assert before is None
    assert tasks(tmp_path / "new") == [(7,)]
    assert server_files.credentials(tmp_path / "new") == server_files.credentials(folder)
