from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from factcheck.errors import OutputExists, UsageError
from factcheck.studio.local.backup import backup
from tests.live_server import LabelStudio

pytestmark = pytest.mark.live

CONFIG = '<View><Text name="t" value="$text"/><Choices name="c" toName="t"><Choice value="a"/></Choices></View>'
BATCH = 50


def test_a_copy_taken_during_writes_holds_whole_transactions_only(label_studio: LabelStudio, tmp_path: Path) -> None:
    with httpx.Client(
        base_url=label_studio.url,
        headers={"Authorization": f"Token {label_studio.token}"},
        timeout=60,
        trust_env=False,
    ) as client:
        project = client.post("/api/projects", json={"title": "Backup", "label_config": CONFIG}).json()["id"]
        written = 0
        done = threading.Event()

        def write() -> None:
            nonlocal written
            while not done.is_set():
                tasks = [{"text": f"{written}-{number}"} for number in range(BATCH)]
                assert client.post(f"/api/projects/{project}/import", json=tasks).status_code == 201
                written += BATCH

        writer = threading.Thread(target=write)
        writer.start()
        try:
            counts = []
            for number in range(5):
                before = written
                copy = backup(label_studio.folder, tmp_path / "copies" / f"{number}.sqlite3")
                with closing(sqlite3.connect(copy)) as database:
                    query = "SELECT count(*) FROM task WHERE project_id = ?"
                    (count,) = database.execute(query, (project,)).fetchone()
                assert count >= before, "what was answered before the copy is in it"
                assert count % BATCH == 0, "a request is one transaction: all or nothing"
                counts.append(count)
        finally:
            done.set()
            writer.join()
        client.delete(f"/api/projects/{project}")
    assert counts == sorted(counts)
    assert (tmp_path / "copies" / "0.sqlite3").stat().st_mode & 0o777 == 0o600
    with pytest.raises(OutputExists):
        backup(label_studio.folder, tmp_path / "copies" / "0.sqlite3")


def test_without_a_server_folder_there_is_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        backup(tmp_path / "nothing", tmp_path / "copy.sqlite3")
    assert not (tmp_path / "copy.sqlite3").exists()
