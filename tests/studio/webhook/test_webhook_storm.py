"""Many calls at once, on a receiver in a process of its own; the full size stands in tests/bench/webhook_bench.py."""

from __future__ import annotations

import threading
from pathlib import Path

from factcheck.studio.webhook.inbox import Inbox
from tests.bench.webhook_bench import MANY, receiving, storm


def test_a_storm_is_taken_in_a_forged_one_is_not_and_a_kill_loses_nothing(tmp_path: Path) -> None:
    with receiving(tmp_path, drain=0) as (port, process):
        forged = storm(port, connections=20, requests=10, secret="wrong" * 9)
        assert forged.statuses == {401: 200}
        assert not list(tmp_path.iterdir())
        same = storm(port, connections=50, requests=10)
        assert same.statuses == {200: 500}
        assert sum(path.read_bytes().count(b"\n") for path in tmp_path.iterdir()) == 1
        killer = threading.Timer(0.2, process.kill)
        killer.start()
        done = storm(port, connections=50, requests=100, projects=MANY)
        killer.join()
    inbox = Inbox(tmp_path)
    kept = {hint.project_id for hint in inbox.take()}
    assert done.acknowledged <= kept, "what was answered with 200 is on disk"
    inbox.close()
