"""What 67c683e left in a Label Studio, on the real one: the page of today comes, and every vote stays what it is."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from factcheck import dataset as dataset_package
from factcheck.models import Report
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.doctor import doctor
from factcheck.pipeline.migrate import migrate
from factcheck.pipeline.pull import pull
from factcheck.pipeline.push import push
from factcheck.settings import Settings
from factcheck.studio.page.label_config import label_config
from tests.chaos.newsroom import make_desk, stage
from tests.fake_studio.props import NOW
from tests.live_server import LabelStudio
from tests.pipeline.test_page_migration import votes
from tests.pipeline.test_upgrade import GOLDEN

pytestmark = pytest.mark.live


def ask(server: LabelStudio, method: str, path: str, body: Any, token: str | None = None) -> Any:
    headers = {"Authorization": f"Token {token or server.token}"}
    answer = httpx.request(method, f"{server.url}{path}", json=body, headers=headers, trust_env=False, timeout=60)
    assert answer.is_success, answer.text
    return answer.json()


def put_back(server: LabelStudio, tables: dict[str, Any], mark: str) -> int:
    """The project of the golden desk with its tasks and answers, under that mark; its number."""
    ((before, row),) = tables["projects"].items()
    made = ask(server, "POST", "/api/projects", {
        "title": row["title"], "description": f"Claims for checking, sent by factcheck. {mark}",
        "label_config": row["label_config"], "maximum_annotations": 2,
    })["id"]  # fmt: skip
    numbers = {}
    for task in tables["tasks"].values():
        assert str(task["project"]) == before
        numbers[task["id"]] = ask(server, "POST", "/api/tasks", {"project": made, "data": task["data"]})["id"]
    for answer in tables["annotations"].values():
        person = server.make_user(tables["users"][str(answer["completed_by"])]["first_name"])
        body = {"result": answer["result"], "was_cancelled": answer["was_cancelled"], "lead_time": 4.5}
        ask(server, "POST", f"/api/tasks/{numbers[answer['task']]}/annotations/", body, person.token)
    return int(made)


def verdicts(settings: Settings) -> list[tuple[Any, ...]]:
    rows = dataset_package.open(settings.dataset_uri).verdicts().select("claim_id", "status", "verdict")
    return rows.sort("claim_id").collect().rows()


@pytest.mark.parametrize("way", ["push", "migrate"])
def test_every_vote_is_kept(
    way: str, label_studio: LabelStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tarfile.open(GOLDEN) as archive:
        archive.extract("server.json", tmp_path, filter="data")
    tables = json.loads((tmp_path / "server.json").read_text("utf-8"))["tables"]
    monkeypatch.setenv("FACTCHECK_TOKEN", label_studio.token)
    settings = make_desk(tmp_path / "desk", label_studio.url)
    stage(settings, range(1, 7))
    project = put_back(label_studio, tables, Desk(settings).mark("main"))

    def pulled(*, full: bool) -> Report:
        return pull(settings, project=None, full=full, now=NOW, say=print)

    assert pulled(full=False).version == 1
    before, decided = votes(settings), verdicts(settings)
    assert [(row[2], row[3]) for row in before] == [
        ("submitted", "opinion"), ("submitted", "verified"), ("submitted", "verified"), ("submitted", "disputed"),
        ("submitted", "disputed"), ("skipped", None),
    ]  # fmt: skip
    if way == "migrate":
        done = migrate(settings, project=None, mapping={"wahr": "not_a_claim"}, dry_run=False, now=NOW, say=print)
        assert done.counts["annotations"] == 1, "the one answer that none of our pages has"
    counts = push(settings, project=None, now=NOW, say=print).counts
    assert (counts["updated"], counts["created"], counts["removed"]) == (6, 0, 0)
    assert ask(label_studio, "GET", f"/api/projects/{project}", None)["label_config"] == label_config("en")
    pulled(full=True)
    assert votes(settings)[: len(before)] == before
    assert len(votes(settings)) == len(before) + (way == "migrate")
    assert [row for row in verdicts(settings) if row[:2] in {it[:2] for it in decided}] == decided
    assert doctor(settings, project=None, now=NOW).equal
    assert push(settings, project=None, now=NOW, say=print).counts["updated"] == 0
