"""`factcheck watch` beside a real Label Studio: soon, and after every outage the same dataset."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from factcheck.studio.webhook import hook_secret
from factcheck.studio.webhook.receiver import SECRET_HEADER
from tests.watch_driver import WatchedDesk, latency, watching

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, studio_environment: Path) -> Iterator[WatchedDesk]:
    """A desk whose Label Studio may call 127.0.0.1."""
    made = WatchedDesk(tmp_path_factory.mktemp("watched"), studio_environment)
    made.up(webhooks=True)
    try:
        made.push()
        yield made
    finally:
        made.down()


def converged(desk: WatchedDesk) -> None:
    """Every action is in the dataset once, and a look at everything finds nothing else."""
    assert desk.states() == desk.expected
    assert desk.doubled() == 0
    assert desk.pull_everything().counts["events"] == 0


def hooks(desk: WatchedDesk) -> list[dict[str, object]]:
    found: list[dict[str, object]] = desk.ask("GET", f"/api/webhooks/?project={desk.project}")
    return found


def test_called_by_a_webhook_it_commits_soon(desk: WatchedDesk) -> None:
    with watching(desk.folder) as watch:
        watch.until(lambda: watch.of("webhook"))
        assert [event["state"] for event in watch.of("webhook")] == ["made"]
        waits = latency(desk, watch, submits=15)
        assert waits[len(waits) // 2] < 2, waits  # its p95 is measured by tests/bench/watch_bench.py
        url = watch.of("watching")[0]["url"]
        assert httpx.get(f"{url}/healthz", trust_env=False).json()["webhook"] == "registered"
        metrics = httpx.get(f"{url}/metrics", trust_env=False).text
        assert 'factcheck_hints_total{outcome="accepted"} 15' in metrics
        annotation = desk.submit(desk.tasks[0])
        watch.until(lambda: desk.states() == desk.expected)
        desk.delete(annotation)
        watch.until(lambda: desk.states() == desk.expected)
        assert watch.end() == 0
        assert watch.of("stopped")
    assert hooks(desk) == [], "no checker waits for a receiver that is gone"
    converged(desk)


def test_killed_in_the_middle_the_next_one_converges(desk: WatchedDesk) -> None:
    tasks = desk.tasks
    for round_number in range(3):
        with watching(desk.folder) as watch:
            watch.until(lambda watch=watch: watch.of("webhook"))  # type: ignore[misc]
            killer = threading.Timer(0.4 + 0.3 * round_number, watch.process.kill)
            killer.start()
            for task in tasks[:8]:
                desk.submit(task, "disputed")
            killer.join()
            watch.process.wait(10)
    assert len(hooks(desk)) == 1, "the killed ones left one webhook, not three"
    with watching(desk.folder, "--poll", "60") as watch:
        watch.until(lambda: desk.states() == desk.expected and bool(watch.of("webhook")))
        assert [event["state"] for event in watch.of("webhook")] == ["repaired"]
        assert watch.end(signal.SIGINT) == 0
    converged(desk)


def test_a_hint_left_by_a_killed_one_leads_to_a_pull(desk: WatchedDesk) -> None:
    inbox = desk.settings.state / "inbox"
    (inbox / "00000001.jsonl").write_text('{"project_id": 1, "deletion": false}\n', "ascii")
    with watching(desk.folder, "--no-webhook", "--poll", "60") as watch:
        watch.until(lambda: not list(inbox.iterdir()))
        assert watch.end() == 0


def test_a_deleted_task_takes_its_annotations_along(desk: WatchedDesk) -> None:
    with watching(desk.folder) as watch:
        watch.until(lambda: watch.of("webhook"))
        task = desk.tasks[-1]
        desk.submit(task)
        watch.until(lambda: desk.states() == desk.expected)
        alive = len(desk.ask("GET", f"/api/tasks/{task}/")["annotations"])
        desk.ask("DELETE", f"/api/tasks/{task}/")
        began = time.monotonic()
        desk.expected["deleted"] += alive
        watch.until(lambda: desk.states() == desk.expected)
        assert time.monotonic() - began < 10, "long before the next poll"
    converged(desk)


def test_a_stranger_is_turned_away(desk: WatchedDesk) -> None:
    with watching(desk.folder) as watch:
        watch.until(lambda: watch.of("webhook"))
        url = f"{watch.of('watching')[0]['url']}/webhook/{desk.project}"
        body = {"action": "ANNOTATION_CREATED"}
        assert httpx.post(url, json=body, trust_env=False).status_code == 401
        secret = hook_secret.hook_secret(desk.settings.state)
        assert httpx.post(url, json=body, headers={SECRET_HEADER: secret}, trust_env=False).status_code == 200
        assert secret not in " ".join(watch.said)


def test_it_outlives_label_studio_and_polls_where_no_webhook_may_come(desk: WatchedDesk) -> None:
    with watching(desk.folder) as watch:
        watch.until(lambda: watch.of("webhook"))
        desk.down()
        watch.until(lambda: watch.of("trouble") or watch.of("recovered"), seconds=90)
        desk.up(webhooks=False)
        watch.until(lambda: watch.of("recovered"), seconds=90)
        watch.until(lambda: watch.of("webhook")[-1]["state"] == "refused", seconds=30)
        waits = latency(desk, watch, submits=6)
        assert waits[len(waits) // 2] < 4, waits
        annotation = desk.submit(desk.tasks[0])
        watch.until(lambda: desk.states() == desk.expected)
        desk.delete(annotation)
        watch.until(lambda: desk.states() == desk.expected)
        assert watch.end() == 0
        assert any("USE_DEFAULT_BANNED_SUBNETS" in line for line in watch.said)
    converged(desk)
