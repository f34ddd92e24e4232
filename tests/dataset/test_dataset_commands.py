"""Every command that works on the dataset, beside damage in the newest version and with arguments that mean nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.dataset import desks


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desks.make(tmp_path_factory.mktemp("desk") / "desk")


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Path:
    return desks.copy(template, tmp_path / "desk")


@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[: len(data) // 2]], ids=["empty", "half"])
def test_a_damaged_newest_version_hides_no_older_one(desk: Path, damage: object) -> None:
    assert callable(damage)
    before = {name: desks.run(desk, *arguments).said for name, arguments in desks.READING.items()}
    shutil.rmtree(desk / "out")
    log = max((desk / "dataset" / "versions" / "_delta_log").glob("*.json"))
    log.write_bytes(damage(log.read_bytes()))
    for name, arguments in desks.READING.items():
        done = desks.run(desk, *arguments)
        assert (done.code, done.said) == (0, before[name]), (name, done.text)
    assert desks.run(desk, *desks.WRITING["release"]).code == 0
    assert desks.run(desk, "fork", str(desk / "out" / "fork"), "--as-of", "1").code == 0
    assert desks.run(desk, "tag", "spring", "--version", "1").code == 0
    newest = [
        ("log",),
        ("status",),
        ("export", "csv"),
        ("diff", "1", "2"),
        ("corrections",),
        ("agreement",),
        ("restore", "1"),
    ]
    for arguments in [*newest, ("show", "CLAIM"), ("tag", "summer"), ("compact",), ("vacuum",), ("decide",)]:
        done = desks.run(desk, *arguments)
        assert done.code == 7, (arguments, done.text)
        error = done.said["error"]
        assert error["code"] == "CORRUPT"
        assert error["subject"] == str(log)
        assert "<unknown>" not in done.text
        assert "--as-of 1" in error["hint"]


@pytest.mark.parametrize("as_of", ["9" * 5_000, "9999-12-31T99", "junk", "0", "۹۹", "tag:x", "\udcff", "\x1b[31m"])
def test_as_of_with_anything_is_answered_in_words(desk: Path, as_of: str) -> None:
    for arguments in (("export", "csv"), ("corrections",), ("release", "spring"), ("fork", str(desk / "out" / "fork"))):
        done = desks.run(desk, *arguments, "--as-of", as_of)
        if as_of == "0" and arguments == ("corrections",):
            assert done.said == {"changes": []}
            continue
        assert (done.code, done.said["error"]["code"]) == (7, "UNKNOWN_VERSION"), done.text
        assert "\x1b" not in done.text
    assert not (desk / "out").exists()
    assert desks.run(desk, "export", "csv", "--as-of", "9999-12-31", "--out", str(desk / "last")).said["version"] == 2
    assert desks.run(desk, "export", "csv", "--as-of", "۱", "--out", str(desk / "first")).said["version"] == 1


@pytest.mark.parametrize(
    "name", ["1", "۱", "2026-11", "a/b", "", "week 47", "..", "-x", ".x", "\u202ex", "x\n", "n" * 300]
)
def test_a_name_that_is_none_is_refused_before_anything_is_written(desk: Path, name: str) -> None:
    for arguments in (("tag", "--", name), ("release", "--out", str(desk / "out"), "--", name)):
        done = desks.run(desk, *arguments)
        assert (done.code, done.said["error"]["code"]) == (2, "USAGE"), done.text
        assert done.said["error"]["hint"]
    assert not (desk / "out").exists()
    assert desks.run(desk, "log").said["versions"][0]["tags"] == []


def test_a_dry_run_of_restore_counts_and_restores_nothing(desk: Path) -> None:
    before = desks.run(desk, "log").said
    told = desks.run(desk, "restore", "1", "--dry-run")
    assert told.code == 0
    would = told.said["would_change"]
    assert would["verdicts"] > 0
    assert desks.run(desk, "log").said == before
    version = desks.run(desk, "restore", "1").said["version"]
    brought = json.loads(version["counts"]) if isinstance(version["counts"], str) else version["counts"]
    assert brought.get("verdicts", 0) == would["verdicts"]
    assert brought.get("annotations", 0) == would["answers"]
    assert brought.get("claims", 0) == would["claims"]
    assert set(desks.run(desk, "restore", "1", "--dry-run").said["would_change"].values()) == {0}
