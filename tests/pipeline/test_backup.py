"""A backup is the whole desk, put back elsewhere by the lines of the page; what is damaged is refused before."""

from __future__ import annotations

import json
import re
import shlex
import stat
from pathlib import Path

import pytest

from factcheck import dataset as ds
from tests.cli.test_twice import Newsroom, newsroom, template
from tests.cli.test_twice import _server_data as server_data
from tests.dataset import desks

__all__ = ["newsroom", "template"]

DOCS = Path(__file__).parents[2] / "docs"


def lines(page: str) -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def follow(page: str, desk: Path, elsewhere: Path) -> None:
    """Types the page's lines; /mnt is `elsewhere`, and so is the new machine's folder."""
    for line in lines(page):
        words = [word.replace("/mnt", str(elsewhere)) for word in line]
        if words[0] == "mkdir":
            (elsewhere / words[1]).mkdir()
            continue
        if words[0] == "cd":
            desk = elsewhere / words[1]
            continue
        assert words.pop(0) == "factcheck"
        done = desks.run(desk, *words)
        assert done.code == 0, (line, done.text)


def test_the_page_is_followed_and_the_other_machine_has_the_same_desk(newsroom: Newsroom, tmp_path: Path) -> None:
    server_data(newsroom)
    desk, there = newsroom.folder, tmp_path / "there"
    there.mkdir()
    before = desks.ends(desk)
    follow("backup.md", desk, there)
    saved, new = there / "backups" / "monday", there / "desk"
    assert desks.ends(desk) == before
    one, other = ds.open(desk / "dataset"), ds.open(new / "dataset")
    assert (other.head, other.id) == (one.head, one.id)
    assert other.version() == one.version()
    assert desks.run(new, "log").said == desks.run(desk, "log").said
    assert (new / ".factcheck" / "studio" / "data" / "label_studio.sqlite3").is_file()
    for name in ("credentials.json", "data/.env"):
        ours, theirs = (folder / ".factcheck" / "studio" / name for folder in (desk, new))
        assert theirs.read_bytes() == ours.read_bytes()
        assert stat.S_IMODE(theirs.stat().st_mode) == 0o600
    assert stat.S_IMODE(saved.stat().st_mode) == 0o700
    assert desks.run(new, "pull").code == 0


def test_the_page_on_upgrades_is_followed(newsroom: Newsroom, tmp_path: Path) -> None:
    follow("upgrading.md", newsroom.folder, tmp_path / "there")


@pytest.mark.parametrize("change", ["flipped", "gone"])
def test_a_damaged_backup_puts_nothing_in_place(newsroom: Newsroom, tmp_path: Path, change: str) -> None:
    saved, new = tmp_path / "saved", tmp_path / "new"
    assert desks.run(newsroom.folder, "backup", str(saved)).code == 0
    victim = next((saved / "dataset" / "versions").glob("*.parquet"))
    if change == "gone":
        victim.unlink()
    else:
        victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    new.mkdir()
    done = desks.run(new, "backup", "--restore", str(saved))
    assert done.said["error"]["code"] == "CORRUPT"
    assert victim.name in done.said["error"]["subject"]
    assert list(new.iterdir()) == []


def test_a_desk_is_never_written_over_and_other_folders_are_no_backups(newsroom: Newsroom, tmp_path: Path) -> None:
    saved, new = tmp_path / "saved", tmp_path / "new"
    assert desks.run(newsroom.folder, "backup", str(saved)).code == 0
    taken = desks.run(newsroom.folder, "backup", "--restore", str(saved))
    assert taken.said["error"]["code"] == "OUTPUT_EXISTS"
    new.mkdir()
    assert desks.run(new, "backup", "--restore", str(tmp_path)).said["error"]["code"] == "USAGE"
    about = json.loads((saved / "backup.json").read_text("utf-8"))
    (saved / "backup.json").write_text(json.dumps(about | {"format": 99}), "utf-8")
    assert desks.run(new, "backup", "--restore", str(saved)).said["error"]["code"] == "NEWER_FORMAT"
    assert list(new.iterdir()) == []


def test_a_folder_with_anything_in_it_gets_nothing(newsroom: Newsroom, tmp_path: Path) -> None:
    saved, new = tmp_path / "saved", tmp_path / "new"
    assert desks.run(newsroom.folder, "backup", str(saved)).code == 0
    (new / "dataset").mkdir(parents=True)
    (new / "notes.txt").write_text("mine", "utf-8")
    done = desks.run(new, "backup", "--restore", str(saved))
    assert done.said["error"]["code"] == "OUTPUT_EXISTS"
    assert sorted(path.name for path in new.iterdir()) == ["dataset", "notes.txt"]


def test_a_backup_takes_nothing_away_and_leaves_nothing_half_made(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "saved.unfinished"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine", "utf-8")
    parts = newsroom.folder / ".factcheck" / "parts" / "0123456789abcdef"
    parts.mkdir(parents=True)
    assert desks.run(newsroom.folder, "backup", str(tmp_path / "saved")).code == 0
    assert (mine / "notes.txt").read_text("utf-8") == "mine"
    assert not list((tmp_path / "saved").rglob("parts"))

    def full(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("factcheck.fs.sync_tree", full)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert desks.run(newsroom.folder, "backup", str(tmp_path / "another")).code == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == before
