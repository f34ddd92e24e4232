"""`export --since`: what each reader was given last, and what has changed since."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from factcheck import dataset as ds
from factcheck import settings
from factcheck.cli import app
from factcheck.dataset.fork import fork
from factcheck.dataset.release import release
from factcheck.errors import UnknownVersion, UsageError
from factcheck.pipeline import receipts, run_day
from factcheck.pipeline.corrections import corrections
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.export import Published, export
from factcheck.pipeline.init import init
from tests.dataset.conftest import START, Rows
from tests.failing import Killed, die_at

ROWS = Rows()


class Newsroom:
    """A desk whose dataset is committed to directly."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        init(folder, name="Desk", language="en", url="https://desk.example", force=False)
        self.commit(articles=ROWS.articles(range(6)), claims=ROWS.claims(range(6)), verdicts=ROWS.verdicts([0, 1, 2]))

    @property
    def settings(self) -> settings.Settings:
        return settings.load(self.folder, {})

    @property
    def data(self) -> ds.Dataset:
        return Desk(self.settings).dataset

    def commit(self, **frames: Any) -> None:
        data = self.data
        ds.commit(data, **frames, cause="pull", now=ROWS.at(data.last_good))

    def export(self, what: str = "weekly-changes", **options: Any) -> Published:
        return export(self.settings, what, **{"as_of": None, "out": None, "force": False} | options)

    def change(self) -> None:
        """A new verdict, a changed one, and one that fell."""
        self.commit(
            verdicts=pl.concat(
                [ROWS.verdicts([3]), ROWS.verdicts([1], "disputed", reason="false"), ROWS.verdicts([0], None)]
            )
        )

    def files(self) -> dict[str, bytes]:
        folder = self.folder / "exports"
        return {path.name: path.read_bytes() for path in folder.glob("*.*") if path.is_file()}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Newsroom(tmp_path_factory.mktemp("template")).folder


@pytest.fixture
def newsroom(template: Path, tmp_path: Path) -> Newsroom:
    made = Newsroom.__new__(Newsroom)
    made.folder = Path(shutil.copytree(template, tmp_path / "desk"))
    return made


def kinds(published: Published) -> list[str]:
    (path,) = (path for path, _ in published.files if path.suffix == ".jsonl" and path.name.startswith("changes-"))
    return [json.loads(line)["kind"] for line in path.read_text("utf-8").splitlines()]


def test_without_a_receipt_nobody_guesses_and_a_word_means_everything(newsroom: Newsroom) -> None:
    with pytest.raises(UsageError, match="no receipt of an earlier export") as caught:
        newsroom.export(since="last")
    assert "--since beginning" in caught.value.hint
    assert newsroom.files() == {}
    assert kinds(newsroom.export(since="beginning")) == ["verdict_new"] * 3


def test_what_has_to_come_off_the_site_comes_first(newsroom: Newsroom) -> None:
    newsroom.export(since="beginning")
    newsroom.change()
    done = newsroom.export(since="last")
    assert kinds(done) == ["verdict_withdrawn", "verdict_changed", "verdict_new"]
    assert (done.since, done.changes) == (1, {"verdict_changed": 1, "verdict_new": 1, "verdict_withdrawn": 1})
    message = (newsroom.folder / "exports" / "latest.weekly-changes.md").read_text("utf-8")
    assert message.index("Take off the site") < message.index("## Changed") < message.index("## New")


def test_where_nothing_changed_no_file_is_written(newsroom: Newsroom) -> None:
    for what in ("weekly-changes", "newsroom-xlsx", "open-data-csv", "verdict-feed"):
        newsroom.export(what, since="beginning")
    before = newsroom.files()
    stamps = {path: path.stat().st_mtime_ns for path in (newsroom.folder / "exports").iterdir()}
    newsroom.commit(articles=ROWS.articles([9]), claims=ROWS.claims([9]).clear())
    for what in ("weekly-changes", "newsroom-xlsx", "open-data-csv", "verdict-feed"):
        done = newsroom.export(what, since="last")
        assert (done.unchanged, done.files, done.since, done.version) == (True, [], 1, 2)
    assert newsroom.files() == before
    assert {path: path.stat().st_mtime_ns for path in (newsroom.folder / "exports").iterdir()} == stamps
    result = CliRunner().invoke(app, ["--desk", str(newsroom.folder), "export", "weekly-changes", "--since", "last"])
    assert (result.exit_code, "nothing changed" in result.output) == (0, True)


def test_a_count_that_changed_is_no_change_of_a_verdict_and_still_renews_a_table(newsroom: Newsroom) -> None:
    for what in ("weekly-changes", "open-data-csv"):
        newsroom.export(what, since="beginning")
    newsroom.commit(verdicts=ROWS.verdicts([0], n_votes=3, n_verified=3))
    assert newsroom.export("weekly-changes", since="last").unchanged
    assert not newsroom.export("open-data-csv", since="last").unchanged


def test_each_reader_has_a_receipt_of_each_profile(newsroom: Newsroom) -> None:
    newsroom.export(since="beginning", reader="سارا")
    newsroom.change()
    assert newsroom.export(since="last", reader="سارا").since == 1
    assert newsroom.export(since="last", reader="سارا").unchanged
    for other in ({"reader": "web"}, {}, {"what": "newsroom-xlsx", "reader": "سارا"}):
        with pytest.raises(UsageError, match="no receipt"):
            newsroom.export(since="last", **other)
    with pytest.raises(UsageError, match="reader"):
        newsroom.export(since="beginning", reader="../x")


@pytest.mark.parametrize("said", ["1", "v1", "first", "2026-11-05"])
def test_since_a_version_a_tag_or_a_date(newsroom: Newsroom, said: str) -> None:
    newsroom.data.tag("first", 1, now=START)
    newsroom.change()
    assert newsroom.export(since=said).since == 1


def test_an_older_export_takes_nothing_back(newsroom: Newsroom) -> None:
    newsroom.change()
    newsroom.export("open-data-csv")
    latest = newsroom.files()["latest.open-data-csv.csv"]
    newsroom.export("open-data-csv", as_of="1")
    assert newsroom.files()["latest.open-data-csv.csv"] == latest
    assert newsroom.export("open-data-csv", since="last").since == 2
    with pytest.raises(UsageError, match="newer than"):
        newsroom.export("weekly-changes", since="2", as_of="1")


def test_changes_need_a_since_and_say_so(newsroom: Newsroom) -> None:
    with pytest.raises(UsageError, match="needs since") as caught:
        newsroom.export()
    assert "--since last" in caught.value.hint


def receipt(newsroom: Newsroom) -> Path:
    (path,) = (newsroom.settings.state / "receipts").rglob("*.json")
    return path


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda data: data[: len(data) // 2],
    "a number changed": lambda data: data.replace(b'"version":1', b'"version":2'),
    "other bytes": lambda _: b"\xff\x00",
    "a list": lambda _: b"[]",
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_receipt_is_said_and_not_believed(newsroom: Newsroom, kind: str) -> None:
    newsroom.export(since="beginning")
    newsroom.change()
    path = receipt(newsroom)
    path.write_bytes(DAMAGES[kind](path.read_bytes()))
    with pytest.raises(UsageError, match="receipt of the last export is damaged") as caught:
        newsroom.export(since="last")
    assert caught.value.subject == str(path)
    newsroom.export(since="beginning")
    assert newsroom.export(since="last").unchanged


def test_a_receipt_of_another_reader_is_not_believed(newsroom: Newsroom) -> None:
    newsroom.export(since="beginning", reader="web")
    path = receipt(newsroom)
    shutil.copy(path, path.with_name("app.json"))
    with pytest.raises(UsageError, match="is damaged"):
        newsroom.export(since="last", reader="app")


def test_a_version_that_is_gone_is_refused_in_words(newsroom: Newsroom, tmp_path: Path) -> None:
    where = newsroom.folder / "dataset"
    shutil.copytree(where, tmp_path / "backup")
    newsroom.change()
    newsroom.export(since="beginning")
    shutil.rmtree(where)
    shutil.copytree(tmp_path / "backup", where)
    with pytest.raises(UnknownVersion, match="version 2, which no longer exists; the newest is 1") as caught:
        newsroom.export(since="last")
    assert "--since beginning" in caught.value.hint
    newsroom.commit(verdicts=ROWS.verdicts([4]))
    with pytest.raises(UnknownVersion, match="another version 2 than the one that is there now"):
        newsroom.export(since="last")
    done = newsroom.export(since="1")
    assert done.since == 1
    assert newsroom.export(since="last").unchanged


def test_a_fork_is_another_dataset(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.export(since="beginning")
    fork(newsroom.data, tmp_path / "fork")
    shutil.rmtree(newsroom.folder / "dataset")
    shutil.copytree(tmp_path / "fork", newsroom.folder / "dataset")
    with pytest.raises(UnknownVersion, match="made from another dataset"):
        newsroom.export(since="last")


def test_killed_at_any_step_a_receipt_is_the_old_or_the_new_one(newsroom: Newsroom) -> None:
    state, data = newsroom.settings.state, newsroom.data
    newsroom.change()
    told: dict[str, Any] = {"profile": "weekly-changes", "reader": None}
    seen = set()
    for step in range(40):
        shutil.rmtree(state / "receipts", ignore_errors=True)
        receipts.keep(state, data, **told, version=1)
        with pytest.MonkeyPatch.context() as patch:
            die_at(step, patch, [(os, name) for name in ("open", "write", "fsync")] + [(Path, "replace")])
            try:
                receipts.keep(state, data, **told, version=2)
            except Killed:
                pass
            else:
                break
        seen.add(receipts.since(state, data, **told, said="last").version)
        receipts.keep(state, data, **told, version=2)
        assert receipts.since(state, data, **told, said="last").version == 2
        assert [path.name for path in (state / "receipts" / "weekly-changes").iterdir()] == ["@.json"]
    assert step > 3
    assert seen == {1, 2}


def test_the_sheet_of_changes_stands_first(newsroom: Newsroom) -> None:
    newsroom.export("newsroom-xlsx", since="beginning")
    newsroom.change()
    done = newsroom.export("newsroom-xlsx", since="last")
    names = sorted(path.name for path, _ in done.files)
    assert names == ["latest.newsroom-xlsx.xlsx", "verdicts-v2-since-v1.xlsx"]
    book = openpyxl.load_workbook(done.files[0][0])
    assert book.sheetnames[0] == "Changes"
    shown = list(book["Changes"].iter_rows(values_only=True))
    assert [row[0] for row in shown] == ["What changed", "Verdict withdrawn", "Verdict changed", "New verdict"]
    assert shown[2][3:5] == ("Verified", "False")
    assert ("Changes since version", 1) in list(book["About"].iter_rows(values_only=True))


def test_a_pointer_has_the_bytes_of_the_newest_file(newsroom: Newsroom) -> None:
    for what in ("open-data-csv", "claimreview", "verdict-feed", "newsroom-xlsx"):
        newsroom.export(what)
    newsroom.change()
    for what in ("open-data-csv", "claimreview", "verdict-feed", "newsroom-xlsx"):
        done = newsroom.export(what)
        single = {path.suffix: path.read_bytes() for path, _ in done.files if path.parent.name == "exports"}
        for suffix, content in single.items():
            assert newsroom.files()[f"latest.{what}{suffix}"] == content
        assert sum(path.name.startswith("latest.") for path, _ in done.files) == len(single)


def test_a_day_writes_what_changed_since_the_day_before(newsroom: Newsroom) -> None:
    first = run_day._export(newsroom.settings, "weekly-changes")
    assert first.seen, "the first day tells everything"
    assert first.counts == {"files": 4}
    assert run_day._export(newsroom.settings, "weekly-changes").counts == {"files": 0}
    newsroom.change()
    report = run_day._export(newsroom.settings, "weekly-changes")
    assert (report.seen, report.accepted, report.counts) == (3, 3, {"files": 4})
    assert run_day._export(newsroom.settings, "verdict-feed").counts["files"] == 6


def test_what_has_changed_back_is_no_change(newsroom: Newsroom) -> None:
    newsroom.export(since="beginning")
    newsroom.change()
    newsroom.commit(
        verdicts=pl.concat([ROWS.verdicts([3], None), ROWS.verdicts([0, 1])]),
    )
    assert newsroom.export(since="last").unchanged


def test_words_and_claims_that_changed_are_said(newsroom: Newsroom) -> None:
    newsroom.export(since="beginning")
    newsroom.commit(claims=pl.concat([ROWS.claims([0], state="withdrawn"), ROWS.claims([1], claimant="WHO")]))
    done = newsroom.export(since="last")
    assert kinds(done) == ["claim_withdrawn", "words_corrected"]


def test_the_corrections_feed_has_what_the_command_lists(newsroom: Newsroom, tmp_path: Path) -> None:
    assert newsroom.export("corrections-feed").rows == 0
    release(newsroom.data, "one", tmp_path / "out", as_of=1, publisher="Desk", licence="CC0-1.0", now=ROWS.at(90))
    newsroom.change()
    newsroom.commit(claims=ROWS.claims([2], state="withdrawn"))
    done = newsroom.export("corrections-feed")
    listed = corrections(newsroom.settings, as_of=None)
    (path,) = (path for path, _ in done.files if path.name == "latest.corrections-feed.json")
    items = json.loads(path.read_text("utf-8"))["items"]
    assert (done.rows, len(items)) == (3, 3)
    assert [item["url"] for item in items] == [
        f"https://desk.example/claims/{row['claim_id']}"
        for row in sorted(listed, key=lambda row: (-row["version"], row["claim_id"]))
    ]
    again = {item["id"] for item in items}
    newsroom.commit(verdicts=ROWS.verdicts([1], "opinion"))
    newsroom.export("corrections-feed")
    items = json.loads(path.read_text("utf-8"))["items"]
    assert {item["id"] for item in items} == again, "the same verdict, corrected otherwise, is the same entry"
