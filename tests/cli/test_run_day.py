"""A desk's day in one command: what it leaves, what it does where a step fails, what it refuses."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from factcheck.cli import app
from factcheck.workspace import Workspace
from tests.answers import answer
from tests.chaos.whole_desk import WholeDesk, copied, news, whole_desk

SOURCES = """
[sources.inbox]
folder = "inbox"
publisher = "Daily Herald"

[exports]
daily = ["open-data-csv", "newsroom-xlsx"]
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeDesk]:
    with whole_desk(tmp_path_factory.mktemp("day") / "desk") as desk:
        path = desk.folder / "factcheck.toml"
        path.write_text(path.read_text("utf-8").partition("[exports]")[0] + SOURCES, "utf-8")
        news(desk.folder / "inbox", range(5))
        yield desk


@pytest.fixture
def desk(template: WholeDesk, tmp_path: Path) -> WholeDesk:
    return copied(template, tmp_path / "desk")


def run(desk: WholeDesk, *arguments: str, exit_code: int = 0) -> str:
    done = CliRunner().invoke(app, ["--desk", str(desk.folder), *arguments])
    assert done.exit_code == exit_code, done.output
    return done.stdout


def day(desk: WholeDesk, *arguments: str, exit_code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = answer(run(desk, "run", "--json", *arguments, exit_code=exit_code))
    for step in found["steps"]:
        if report := step["report"]:
            assert report["accepted"] + report["rejected"] == report["seen"], step
    return found


def states(found: dict[str, Any]) -> dict[str, str]:
    return {" ".join(filter(None, (step["step"], step["of"]))): step["state"] for step in found["steps"]}


def add(desk: WholeDesk, text: str) -> None:
    path = desk.folder / "factcheck.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_a_day_reads_the_sources_and_ends_in_exports(desk: WholeDesk) -> None:
    desk.vote(5)
    found = day(desk)
    assert states(found) == dict.fromkeys(
        ("ingest inbox", "claims", "push", "pull", "export open-data-csv", "export newsroom-xlsx"), "done"
    )
    assert found["steps"][0]["report"]["accepted"] == 5
    version = found["steps"][3]["report"]["version"]
    assert version
    assert {path.suffix for path in (desk.folder / "exports").iterdir()} >= {".csv", ".xlsx"}
    again = day(desk)
    assert again["steps"][0]["report"]["counts"] == {"new": 0, "unchanged": 5}
    assert again["steps"][3]["report"]["version"] is None, "nothing new, no version"
    from factcheck.pipeline.desk import Desk

    mine = Desk(desk.settings).articles().filter(publisher="Daily Herald")
    assert mine.height == 5, "the source's publisher"


def test_the_first_day_tells_all_that_changed_and_each_later_one_what_changed_since(desk: WholeDesk) -> None:
    path = desk.folder / "factcheck.toml"
    path.write_text(path.read_text("utf-8").replace('"newsroom-xlsx"]', '"weekly-changes"]'), "utf-8")
    desk.vote(5)
    first = day(desk)
    assert states(first)["export weekly-changes"] == "done"
    told = {file.name for file in (desk.folder / "exports").iterdir() if file.name.startswith("changes-")}
    assert told
    assert all("v0-to-" in name for name in told), told
    second = day(desk)
    assert states(second)["export weekly-changes"] == "done"
    assert {file.name for file in (desk.folder / "exports").iterdir() if file.name.startswith("changes-")} == told


def test_it_says_so_in_a_table_with_the_version_as_every_command_says_it(desk: WholeDesk) -> None:
    desk.vote(4)
    said = run(desk, "run")
    assert "ingest inbox" in said
    assert "\nversion " in said
    assert "next:" in said


def test_a_source_that_cannot_be_reached_is_named_and_the_rest_is_done(desk: WholeDesk) -> None:
    add(desk, '\n[sources.gone]\nfolder = "nowhere"\n[sources.list]\naddresses = "missing.txt"\n')
    found = day(desk, exit_code=3)
    assert found["failed"] == ["ingest gone", "ingest list"]
    assert states(found)["ingest inbox"] == states(found)["pull"] == states(found)["export newsroom-xlsx"] == "done"
    assert "failed: ingest gone" in run(desk, "run", exit_code=3)


def test_an_empty_folder_is_a_quiet_day(desk: WholeDesk) -> None:
    (desk.folder / "quiet").mkdir()
    add(desk, '\n[sources.quiet]\nfolder = "quiet"\n')
    assert day(desk)["failed"] == []


def test_without_a_server_what_needs_none_is_done(desk: WholeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACTCHECK_STUDIO_URL")
    found = day(desk, exit_code=5)
    assert found["failed"] == ["push"]
    assert states(found)["pull"] == "not tried"
    assert states(found)["claims"] == states(found)["export newsroom-xlsx"] == "done"


def test_an_export_that_somebody_has_edited_stays(desk: WholeDesk) -> None:
    day(desk)
    path = next((desk.folder / "exports").glob("claims-v*.csv"))
    path.write_text("mine now", "utf-8")
    found = day(desk)
    assert path.read_text("utf-8") == "mine now"
    kept = next(step for step in found["steps"] if step["of"] == "open-data-csv")
    assert "was left alone" in kept["report"]["warnings"][0]


def test_only_and_skip_choose_steps_and_refuse_others(desk: WholeDesk) -> None:
    assert set(states(day(desk, "--only", "claims", "--only", "pull"))) == {"claims", "pull"}
    assert "pull" not in states(day(desk, "--skip", "pull", "--skip", "export"))
    assert "no such step" in answer(run(desk, "run", "--json", "--only", "pul", exit_code=2))["error"]["message"]
    run(desk, "run", "--only", "pull", "--skip", "pull", exit_code=2)


def test_a_dry_run_changes_nothing(desk: WholeDesk) -> None:
    desk.vote(3)
    before = contents(desk)
    found = day(desk, "--dry-run")
    assert set(states(found).values()) == {"planned"}
    assert contents(desk) == before


def test_a_plan_whose_step_fails_says_what_to_do_about_it(desk: WholeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACTCHECK_STUDIO_URL", raising=False)
    told = json.loads(run(desk, "run", "--json", "--dry-run", exit_code=5))
    assert told["next_steps"][0] == "factcheck studio up"


def contents(desk: WholeDesk) -> dict[str, bytes]:
    files = (path for path in desk.folder.rglob("*") if path.is_file() and "lock" not in path.name)
    return {str(path.relative_to(desk.folder)): path.read_bytes() for path in files}


def test_the_second_of_two_runs_is_refused_in_words(desk: WholeDesk) -> None:
    with Workspace(desk.folder / ".factcheck").whole_day(now=datetime.now(UTC)):
        error = answer(run(desk, "run", "--json", exit_code=8))["error"]
        assert error["code"] == "BUSY"
        assert "another `factcheck run`" in error["message"]
        assert "process" in error["message"]
        run(desk, "work")  # who only reads is not in the way
    day(desk)


def test_two_that_start_at_once_leave_one_end_state(desk: WholeDesk) -> None:
    desk.vote(4)
    both = [desk.start("run", "--json") for _ in range(2)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in both]
    assert {code for _, code in ended} <= {0, 8}, ended
    assert 0 in {code for _, code in ended}
    assert day(desk)["steps"][3]["report"]["version"] is None


def test_threads_of_the_progress_line_end(desk: WholeDesk) -> None:
    run(desk, "run")
    for thread in threading.enumerate():
        if thread.name == "progress":
            thread.join(2.0)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    "wrong",
    [
        "[sources.a]\n",
        '[sources.a]\nfolder = "x"\nfeed = "https://news.example/feed"\n',
        '[sources.a]\nfeed = "news.example"\n',
        '[sources."a b"]\nfolder = "x"\n',
        '[sources.a]\nfoldr = "x"\n',
    ],
)
def test_a_source_is_one_place(desk: WholeDesk, wrong: str) -> None:
    add(desk, wrong)
    run(desk, "run", exit_code=4)


def test_a_list_of_addresses_is_one_a_line(desk: WholeDesk) -> None:
    (desk.folder / "list.txt").write_text("\ufeff# the agencies\nftp://a.example/1\n\n ftp://b.example/2 \n", "utf-8")
    add(desk, '\n[sources.list]\naddresses = "list.txt"\n')
    step = day(desk, "--only", "ingest", exit_code=3)["steps"][1]
    assert [item["subject"] for item in step["report"]["rejections"]] == ["ftp://a.example/1", "ftp://b.example/2"]


def test_a_line_of_a_list_is_never_taken_for_a_file(desk: WholeDesk) -> None:
    private = desk.folder / "private.txt"
    private.write_text("The minister said on Monday that 12,000 trees were planted in the city.\n", "utf-8")
    (desk.folder / "list.txt").write_text(f"{private}\nftp://a.example/1  # the agency\n", "utf-8")
    add(desk, '\n[sources.list]\naddresses = "list.txt"\n')
    step = day(desk, "--only", "ingest", exit_code=3)["steps"][1]
    assert [item["subject"] for item in step["report"]["rejections"]] == [str(private), "ftp://a.example/1"]


def test_a_list_that_is_empty_is_named(desk: WholeDesk) -> None:
    (desk.folder / "list.txt").write_text("# nothing yet\n", "utf-8")
    add(desk, '\n[sources.list]\naddresses = "list.txt"\n')
    step = day(desk, "--only", "ingest", exit_code=4)["steps"][1]
    assert "contains no addresses" in step["error"]["message"]
