from __future__ import annotations

import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factcheck import frames
from factcheck.errors import Busy, DatasetError
from factcheck.models import Rejection
from factcheck.workspace import Workspace

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_the_second_run_is_told_of_the_first(tmp_path: Path) -> None:
    first, second = Workspace(tmp_path / "s"), Workspace(tmp_path / "s")
    with (
        first.writing("push", now=NOW),
        pytest.raises(Busy, match=r"factcheck push, process \d+"),
        second.writing("pull", now=NOW),
    ):
        pass
    with second.writing("pull", now=NOW):
        pass


def test_the_folder_is_private(tmp_path: Path) -> None:
    with Workspace(tmp_path / "s").writing("pull", now=NOW):
        assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700


def test_the_same_rejection_is_kept_once(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "s")
    rejected = frames.from_records(
        Rejection, [Rejection(stage="pull", code="NO_CHOICE", subject="task 1", reason="…", payload="ی")]
    )
    workspace.quarantine(rejected, now=NOW)
    workspace.quarantine(rejected, now=NOW + timedelta(hours=1))
    (entry,) = workspace.quarantined()
    assert entry["payload"] == "ی"
    assert entry["first_seen"] < entry["last_seen"]


def test_what_was_pushed_is_kept_by_project(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "s")
    assert workspace.pushed("main") == []
    workspace.remember_pushed("main", ["b", "a"])
    workspace.remember_pushed("main", ["c", "a"])
    assert (workspace.pushed("main"), workspace.pushed("other")) == (["a", "b", "c"], [])


def test_what_a_killed_run_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    state = tmp_path / ".factcheck"
    left = [
        state / ".lock.json.99999.tmp",
        state / "staging" / ".claims.parquet.7.tmp",
        state / "ledgers" / ".main.json.7.tmp",
    ]
    kept = [state / ".notes.tmp", state / "studio" / ".mine.7.tmp"]
    for path in (*left, *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    with Workspace(state).writing("ingest", now=NOW):
        assert not any(path.exists() for path in left)
    assert all(path.exists() for path in kept)


@pytest.mark.parametrize(
    "content", [b"", b"x", b"[]", b"null", b"1", b"[" * 100_000, b"\xff", b'{"main": 1}', b'{"a": [1]}']
)
@pytest.mark.parametrize("name", ["quarantine.jsonl", "pushed.json", "last-pull", "projects.json", "doubts.json"])
def test_a_damaged_file_is_named_and_says_how_to_go_on(tmp_path: Path, name: str, content: bytes) -> None:
    workspace = Workspace(tmp_path)
    (tmp_path / name).write_bytes(content)
    if (name, content) == ("quarantine.jsonl", b""):
        assert workspace.quarantined() == []
        return
    readers: dict[str, Callable[[], object]] = {
        "quarantine.jsonl": workspace.quarantined,
        "pushed.json": lambda: workspace.pushed("main"),
        "last-pull": workspace.last_pull,
        "projects.json": lambda: workspace.project("main"),
        "doubts.json": lambda: workspace.doubts("main"),
    }
    with pytest.raises(DatasetError, match=f"{name}: is damaged") as raised:
        readers[name]()
    assert "move it away" in raised.value.hint


@pytest.mark.parametrize("content", [b"[]", b"null", b'{"verb": "pull"}', b"[" * 100_000])
def test_whoever_holds_the_lock_may_have_written_anything(tmp_path: Path, content: bytes) -> None:
    with Workspace(tmp_path).writing("pull", now=NOW):
        (tmp_path / "lock.json").write_bytes(content)
        with pytest.raises(Busy, match="process unknown"), Workspace(tmp_path).writing("push", now=NOW):
            pass


def test_a_watch_that_holds_the_desk_is_waited_for(tmp_path: Path) -> None:
    taken, done = threading.Event(), threading.Event()

    def watch() -> None:
        with Workspace(tmp_path).writing("watch", now=NOW):
            taken.set()
            done.wait(10)

    holder = threading.Thread(target=watch)
    holder.start()
    assert taken.wait(10)
    threading.Timer(0.4, done.set).start()
    with Workspace(tmp_path).writing("push", now=NOW):
        assert done.is_set()
    holder.join()


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b'{"doubtz": []}',
        b'{"doubts": [{"project": "main", "task_id": null, "until": "x", "reason": "y"}]}',
        b'{"doubts": [{"project": "main", "task_id": null, "until": "2026-11-22T10:00:00", "reason": "y"}]}',
        b'{"doubts": [{"project": "main", "task_id": null, "until": "2026-11-22", "reason": "y"}]}',
    ],
)
def test_doubts_that_would_end_at_no_known_time_are_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "doubts.json").write_bytes(content)
    with pytest.raises(DatasetError, match=r"doubts\.json: is damaged"):
        Workspace(tmp_path).doubts("main")
