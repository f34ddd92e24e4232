"""`[publish]`: what readers are given is written again after every version, and nothing older stays."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from factcheck.cli import app
from factcheck.models import digest
from factcheck.pipeline import published
from factcheck.pipeline.publish import Publication, follow, publish
from factcheck.pipeline.watch import PUBLISH_WITHIN, Watching, WatchLoop
from tests.answers import answer
from tests.dataset.conftest import START
from tests.failing import Killed, die_at
from tests.pipeline.test_export_since import ROWS, Newsroom

PROFILES = ["open-data-csv", "claimreview", "verdict-feed", "public-site"]
STEPS = [(os, name) for name in ("open", "write", "fsync", "unlink")] + [
    (Path, name) for name in ("replace", "rename", "unlink", "mkdir", "write_bytes")
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Newsroom(tmp_path_factory.mktemp("publishing"))
    named(made.folder, PROFILES)
    return made.folder


@pytest.fixture
def newsroom(template: Path, tmp_path: Path) -> Newsroom:
    made = Newsroom.__new__(Newsroom)
    made.folder = Path(shutil.copytree(template, tmp_path / "desk"))
    return made


def named(desk: Path, profiles: list[str], to: str = "public") -> None:
    """The settings of the desk name these profiles."""
    path = desk / "factcheck.toml"
    text = path.read_text("utf-8").partition("\n[publish]\n")[0]
    path.write_text(f"{text}\n[publish]\nprofiles = {json.dumps(profiles)}\nto = {json.dumps(to)}\n", "utf-8")


def done(newsroom: Newsroom, **options: Any) -> Publication:
    found = publish(newsroom.settings, now=START, **options)
    assert found is not None
    return found


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): digest(path.read_bytes().hex())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_newest_version_is_there_and_the_one_before_is_not(newsroom: Newsroom) -> None:
    first = done(newsroom)
    assert (first.version, list(first.written), first.failed) == (1, PROFILES, {})
    place = newsroom.folder / "public"
    before = {path.name for path in place.iterdir()}
    assert {"claimreview-v1.jsonld", "claimreview-v1", "verdicts-v1.atom", "latest.verdict-feed.rss"} <= before
    newsroom.change()
    second = done(newsroom)
    assert (second.version, list(second.written)) == (2, PROFILES)
    assert {path.name for path in place.iterdir()} == {name.replace("-v1", "-v2") for name in before}
    assert (place / "latest.claimreview.jsonld").read_bytes() == (place / "claimreview-v2.jsonld").read_bytes()


def test_a_verdict_that_fell_stands_in_no_file_any_more(newsroom: Newsroom) -> None:
    named(newsroom.folder, ["open-data-csv", "claimreview", "verdict-feed"])
    words = json.dumps(newsroom.data.claims().collect()["quote"].sort()[0], ensure_ascii=False)[1:-1]
    told = "This one fell."
    newsroom.commit(verdicts=ROWS.verdicts([0], rationales=[told]))
    done(newsroom)
    place = newsroom.folder / "public"

    def holding(text: str) -> list[Path]:
        return [path for path in place.rglob("*") if path.is_file() and text in path.read_text("utf-8")]

    assert words
    assert len(holding(told)) > 5
    newsroom.commit(verdicts=ROWS.verdicts([0], None, rationales=[told]))
    done(newsroom)
    assert [path for path in holding(told) if "open-data" not in path.name] == []


def test_twice_writes_nothing_and_what_is_missing_or_made_otherwise_is_written(newsroom: Newsroom) -> None:
    done(newsroom)
    place = newsroom.folder / "public"
    stamps = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    assert (twice := done(newsroom)).same == PROFILES
    assert twice.written == {}
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == stamps
    assert list(done(newsroom, again=True).written) == PROFILES
    (place / "verdicts-v1.rss").unlink()
    assert list(done(newsroom).written) == ["verdict-feed"]
    (place / "public-site-v1" / "index.html").unlink(missing_ok=True)
    shutil.rmtree(next(path.parent for path in place.rglob("index.html") if path.parent.parent == place))
    assert list(done(newsroom).written) == ["public-site"]
    text = (newsroom.folder / "factcheck.toml").read_text("utf-8")
    (newsroom.folder / "factcheck.toml").write_text(text.replace('name = "Desk"', 'name = "Another desk"'), "utf-8")
    assert list(done(newsroom).written) == PROFILES
    newsroom.data.tag("spring", 1, now=START)
    assert done(newsroom).same == PROFILES


def test_one_that_cannot_be_made_leaves_all_as_they_were_and_is_tried_again(newsroom: Newsroom) -> None:
    done(newsroom)
    place = newsroom.folder / "public"
    before = tree(place)
    newsroom.change()
    named(newsroom.folder, [*PROFILES, "no-such"])
    failed = done(newsroom)
    assert list(failed.failed) == ["no-such"]
    assert failed.written == {}
    assert tree(place) == before
    standing = {one["profile"]: one for one in published.standing(newsroom.settings)}
    assert standing["no-such"]["version"] is None
    assert "no such" in standing["no-such"]["failed"]
    assert standing["claimreview"]["version"] == 1
    own = newsroom.folder / "exports" / "no-such"
    own.mkdir(parents=True)
    (own / "profile.toml").write_text('format = "jsonl"\n', "utf-8")
    assert list(done(newsroom).written) == [*PROFILES, "no-such"]
    assert all(one["failed"] is None and one["version"] == 2 for one in published.standing(newsroom.settings))


@pytest.mark.parametrize(
    ("profiles", "to", "why"),
    [
        (["weekly-changes"], "public", "nobody knows since when"),
        (["one", "two"], "public", "one and two would both write same-v1.csv"),
        (["claimreview"], "dataset/public", "cannot lie among"),
        (["claimreview"], ".factcheck/exports", "cannot lie among"),
        (["claimreview"], ".", "cannot lie among"),
        (["claimreview"], "nonsense://x", "no address of an object store"),
    ],
)
def test_what_cannot_be_published_is_refused_in_words(
    newsroom: Newsroom, profiles: list[str], to: str, why: str
) -> None:
    for name in ("one", "two"):
        folder = newsroom.folder / "exports" / name
        folder.mkdir(parents=True)
        (folder / "profile.toml").write_text('format = "csv"\nfile = "same-v{version}.csv"\n', "utf-8")
    named(newsroom.folder, profiles, to)
    before = tree(newsroom.folder / "dataset")
    failed = done(newsroom)
    assert set(failed.failed) == set(profiles)
    assert all(why in str(error) and error.hint for error in failed.failed.values())
    assert tree(newsroom.folder / "dataset") == before
    assert not (newsroom.folder / "public").exists()


def test_what_a_person_changed_or_put_there_stays_and_is_said(newsroom: Newsroom) -> None:
    done(newsroom)
    place = newsroom.folder / "public"
    (place / "verdicts-v1.rss").write_text("mine", "utf-8")
    (place / "note.txt").write_text("mine too", "utf-8")
    newsroom.change()
    assert [note for note in done(newsroom).notes if "verdicts-v1.rss" in note]
    assert (place / "verdicts-v1.rss").read_text("utf-8") == "mine"
    assert (place / "note.txt").exists()


def test_a_profile_that_is_named_no_more_and_another_place_are_said(newsroom: Newsroom) -> None:
    done(newsroom)
    named(newsroom.folder, ["claimreview"])
    assert done(newsroom).stale == ["open-data-csv", "verdict-feed", "public-site"]
    assert [one["kept_up"] for one in published.standing(newsroom.settings)] == [True, False, False, False]
    named(newsroom.folder, ["claimreview"], "elsewhere")
    moved = done(newsroom)
    assert "still lies there" in moved.notes[0]
    assert (newsroom.folder / "elsewhere" / "claimreview-v1.jsonld").exists()


def test_killed_at_any_step_the_next_run_ends_as_one_that_was_not(newsroom: Newsroom, tmp_path: Path) -> None:
    named(newsroom.folder, ["open-data-csv", "verdict-feed"])
    done(newsroom)
    newsroom.change()
    start = Path(shutil.copytree(newsroom.folder, tmp_path / "start"))
    done(newsroom)
    wanted = tree(newsroom.folder / "public")
    newsroom.commit(verdicts=ROWS.verdicts([4]))
    done(newsroom)
    later = tree(newsroom.folder / "public")
    deaths = 0
    for step in range(0, 400, 3):
        desk = Newsroom.__new__(Newsroom)
        desk.folder = Path(shutil.copytree(start, tmp_path / f"at{step}"))
        settings = desk.settings
        with pytest.MonkeyPatch.context() as patch:
            die_at(step, patch, STEPS)
            try:
                publish(settings, now=START)
            except Killed:
                deaths += 1
            else:
                break
        if step % 2:
            assert done(desk).failed == {}
            assert tree(desk.folder / "public") == wanted
        desk.commit(verdicts=ROWS.verdicts([4]))
        assert done(desk).failed == {}
        assert tree(desk.folder / "public") == later
        shutil.rmtree(desk.folder)
    else:
        pytest.fail("it never came to its end")
    assert deaths > 15


def test_the_command_and_what_follows_a_version(newsroom: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    def ran(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["--desk", str(newsroom.folder), *arguments])

    shown = ran("publish")
    assert shown.exit_code == 0, shown.output
    assert "claimreview: claimreview-v1.jsonld" in shown.stdout
    assert "public-site: as it was" in ran("publish").stdout
    claim = newsroom.data.claims().collect()["claim_id"][0]
    taken = ran("withdraw", claim, "--reason", "satire", "--yes")
    assert taken.exit_code == 0, taken.output
    assert "version 2 published: open-data-csv, claimreview, verdict-feed, public-site" in taken.stderr
    assert "published   claimreview: version 2" in ran("status").stdout
    named(newsroom.folder, ["no-such"])
    undone = ran("undo", "--yes")
    assert undone.exit_code == 0, undone.output
    assert "warning: no-such was not published" in undone.stderr
    refused = ran("publish", "--json")
    assert refused.exit_code == 2
    assert answer(refused.stdout)["failed"]["no-such"]["hint"]
    named(newsroom.folder, [])
    assert ran("publish").exit_code == 2


def test_a_dry_run_publishes_nothing(newsroom: Newsroom) -> None:
    claim = newsroom.data.claims().collect()["claim_id"][0]
    arguments = ["--desk", str(newsroom.folder), "withdraw", claim, "--reason", "satire", "--dry-run"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert not (newsroom.folder / "public").exists()


def test_nothing_that_goes_wrong_ends_what_came_before(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("factcheck.pipeline.publish.rendered", lambda *_: 1 / 0)
    assert follow(newsroom.settings, now=START, say=said.append) is None
    assert len(said) == 1
    assert "nothing was published" in said[0]


def test_a_watch_publishes_when_nothing_comes_in_or_after_a_minute(newsroom: Newsroom) -> None:
    told: list[dict[str, Any]] = []
    loop = WatchLoop(
        newsroom.settings, Watching(webhook=False), clock=lambda: START, say=lambda _: None, tell=told.append
    )
    loop._unpublished_at = time.monotonic()
    loop._publish(quiet=False, wide=False)
    assert told == []
    loop._publish(quiet=True, wide=False)
    assert told == [{"event": "published", "version": 1, "profiles": PROFILES, "failed": {}}]
    newsroom.change()
    loop._unpublished_at = time.monotonic() - PUBLISH_WITHIN
    loop._publish(quiet=False, wide=False)
    assert [one["version"] for one in told] == [1, 2]
    loop._publish(quiet=True, wide=True)
    assert len(told) == 2
