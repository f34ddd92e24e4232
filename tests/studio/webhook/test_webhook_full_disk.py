"""A disk that is really full (a file-size limit of the kernel's): 503, and nothing acknowledged that is not there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import json, resource, signal, sys
from pathlib import Path
import httpx
from factcheck.studio.webhook.inbox import Inbox
from factcheck.studio.webhook.listener import listening
from factcheck.studio.webhook.metrics import Metrics
from factcheck.studio.webhook.receiver import SECRET_HEADER, Receiver

folder = Path(sys.argv[1])
inbox = Inbox(folder)
receiver = Receiver(inbox, "s" * 43, metrics=Metrics(), projects=lambda: range(100), wake=lambda: None, health=dict)
told = []
with listening(receiver, host="127.0.0.1", port=None) as port, httpx.Client(trust_env=False, timeout=20) as http:
    def post(project):
        answer = http.post(
            f"http://127.0.0.1:{port}/webhook/{project}",
            json={"action": "ANNOTATION_CREATED"},
            headers={SECRET_HEADER: "s" * 43},
        )
        told.append((project, answer.status_code))

    post(1)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (60, 0):  # a write that is cut short, then one that cannot begin
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        for project in (2, 3, 4):
            post(project)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    post(5)
print(json.dumps(told))
"""


def test_what_is_not_on_the_disk_is_never_acknowledged(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(tmp_path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    lines = [line for path in sorted(tmp_path.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
    on_disk = set()
    for line in lines:
        try:
            on_disk.add(json.loads(line)["project_id"])
        except ValueError:
            continue  # torn by the full disk; a reader takes it for "anything"
    acknowledged = {project for project, status in told if status == 200}
    assert acknowledged <= on_disk
    assert {1, 5} <= acknowledged
    assert [status for _, status in told[4:7]] == [503, 503, 503]
    assert {status for _, status in told} == {200, 503}
