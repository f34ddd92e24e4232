from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from factcheck.errors import OutputExists, Stop, UsageError
from factcheck.exporters import Rendered, write
from tests.failing import Killed, die_at

FILE = Rendered("claims-v1.csv", b"one")
FOLDER = [Rendered("reviews-v1/a.jsonld", b"a"), Rendered("reviews-v1/b.jsonld", b"b")]


def listing(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_and_folders_appear_whole_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "new" / "exports"
    assert write([FILE, *FOLDER], out) == [out / "claims-v1.csv", *(out / file.name for file in FOLDER)]
    assert listing(out) == {"claims-v1.csv": b"one", "reviews-v1/a.jsonld": b"a", "reviews-v1/b.jsonld": b"b"}
    assert sorted(path.name for path in out.iterdir()) == ["claims-v1.csv", "reviews-v1"]


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    write([FILE, *FOLDER], tmp_path)
    before = listing(tmp_path)
    for files in ([Rendered("other.csv", b"2"), FILE._replace(content=b"2")], [FOLDER[0]._replace(content=b"2")]):
        with pytest.raises(OutputExists, match="already exists") as caught:
            write(files, tmp_path)
        assert "--force" in caught.value.hint
    assert listing(tmp_path) == before


def test_force_replaces_all_of_an_earlier_export(tmp_path: Path) -> None:
    write([FILE, *FOLDER], tmp_path)
    write([FILE._replace(content=b"2"), FOLDER[1]._replace(content=b"2")], tmp_path, force=True)
    assert listing(tmp_path) == {"claims-v1.csv": b"2", "reviews-v1/b.jsonld": b"2"}


def test_a_link_is_refused_and_with_force_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / FILE.name).symlink_to(tmp_path / "precious")
    (tmp_path / "reviews-v1").symlink_to(tmp_path / "nowhere")
    for files in ([FILE], FOLDER):
        with pytest.raises(OutputExists, match="is a link"):
            write(files, tmp_path)
    write([FILE, *FOLDER], tmp_path, force=True)
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (tmp_path / FILE.name).is_symlink()
    assert (tmp_path / "reviews-v1" / "a.jsonld").read_bytes() == b"a"
    assert not (tmp_path / "nowhere").exists()


def test_force_never_takes_a_strangers_files(tmp_path: Path) -> None:
    (tmp_path / "reviews-v1").mkdir()
    (tmp_path / "reviews-v1" / "notes.txt").write_text("mine", "utf-8")
    (tmp_path / FILE.name).mkdir()
    with pytest.raises(OutputExists, match="not written by an export"):
        write(FOLDER, tmp_path, force=True)
    with pytest.raises(OutputExists, match="is a folder"):
        write([FILE], tmp_path, force=True)
    assert listing(tmp_path) == {"reviews-v1/notes.txt": b"mine"}


@pytest.mark.parametrize("name", ["", "../a", "/etc/a", "a/../b", "a/b/c"])
def test_a_name_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        write([Rendered(name, b"x")], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_way_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(UsageError, match="cannot be written"):
        write([FILE], tmp_path / "out")


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync
    calls: list[int] = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Stop, match="No space left") as caught:
        write([FILE, *FOLDER], tmp_path)
    assert "free some space" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_name_taken_in_between_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.link

    def overtaken(source: Any, target: Any) -> None:
        Path(target).write_bytes(b"theirs")
        real(source, target)

    monkeypatch.setattr(os, "link", overtaken)
    with pytest.raises(OutputExists):
        write([FILE], tmp_path)
    assert listing(tmp_path) == {FILE.name: b"theirs"}


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(source: Any, target: Any) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), source, None, target)

    monkeypatch.setattr(os, "link", refused)
    write([FILE], tmp_path)
    assert listing(tmp_path) == {FILE.name: b"one"}


def test_everything_is_synced_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def recording(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").readlink().suffix)
        real(handle)

    monkeypatch.setattr(os, "fsync", recording)
    write([FILE, *FOLDER], tmp_path)
    ready = ["", ".part"]
    assert synced == [".csv", ".jsonld", ".jsonld", "", "", *ready, ""]


def test_the_same_again_is_no_error_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    write([FILE], tmp_path)
    before = (tmp_path / FILE.name).stat().st_mtime_ns
    assert write([FILE, *FOLDER], tmp_path) == write([FILE, *FOLDER], tmp_path)
    assert (tmp_path / FILE.name).stat().st_mtime_ns == before
    (tmp_path / "reviews-v1" / "a.jsonld").unlink()
    with pytest.raises(OutputExists):
        write([FILE, *FOLDER], tmp_path)


CHANGES: list[tuple[Any, str]] = [
    *((os, name) for name in ("open", "write", "fsync", "link")),
    *((Path, name) for name in ("mkdir", "rename", "replace", "unlink", "open")),
    (shutil, "rmtree"),
]
"""What changes the disk."""


@pytest.mark.parametrize("force", [False, True])
def test_killed_at_any_step_the_same_command_again_ends_alike(tmp_path: Path, force: bool) -> None:
    other = [one._replace(content=b"old") for one in (FILE, *FOLDER)]
    whole = {file.name: file.content for file in (FILE, *FOLDER)}
    step = 0
    while True:
        out = tmp_path / f"{step}"
        write(other if force else [], out)
        with pytest.MonkeyPatch.context() as patch:
            die_at(step, patch, CHANGES)
            try:
                write([FILE, *FOLDER], out, force=force)
            except Killed:
                pass
            else:
                break
        write([FILE, *FOLDER], out, force=force)
        assert listing(out) == whole, step
        assert sorted(path.name for path in out.iterdir()) == ["claims-v1.csv", "reviews-v1"], step
        step += 1
    assert step > 15


def test_a_killed_force_loses_no_earlier_export(tmp_path: Path) -> None:
    other = [one._replace(content=b"old") for one in FOLDER]
    for step in range(40):
        out = tmp_path / f"{step}"
        write(other, out)
        with pytest.MonkeyPatch.context() as patch, contextlib.suppress(Killed):
            die_at(step, patch, CHANGES)
            write(FOLDER, out, force=True)
        write([FILE], out)  # another command is the next to come by
        assert {path: content for path, content in listing(out).items() if path != FILE.name} in (
            {file.name: file.content for file in FOLDER},
            {file.name: file.content for file in other},
        ), step


def test_what_earlier_releases_left_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / ".claims-v1.csv.0123456789abcdef.part").write_bytes(b"half")
    (tmp_path / ".old-v1.0123456789abcdef.old").mkdir()
    (tmp_path / ".reviews-v1.0123456789abcdef.part").mkdir()
    (tmp_path / ".mine.part").write_bytes(b"mine")
    write([FILE], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".mine.part", "claims-v1.csv", "old-v1"]


def test_a_run_that_is_at_work_keeps_its_drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.link

    def meanwhile(source: Any, target: Any) -> None:
        monkeypatch.setattr(os, "link", real)
        write(FOLDER, tmp_path)
        real(source, target)

    monkeypatch.setattr(os, "link", meanwhile)
    write([FILE], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["claims-v1.csv", "reviews-v1"]


POINTERS = [Rendered("latest.claims.csv", b"one"), Rendered("latest.claims.json", b"two")]
OLDER = [pointer._replace(content=b"old") for pointer in POINTERS]


def test_a_pointer_is_replaced_and_a_version_is_not(tmp_path: Path) -> None:
    write([FILE], tmp_path, pointers=OLDER)
    paths = write([FILE], tmp_path, pointers=POINTERS)
    assert [path.name for path in paths] == [FILE.name, *(pointer.name for pointer in POINTERS)]
    assert listing(tmp_path) == {FILE.name: b"one", "latest.claims.csv": b"one", "latest.claims.json": b"two"}


def test_a_pointer_that_says_the_same_is_not_touched(tmp_path: Path) -> None:
    write([FILE], tmp_path, pointers=POINTERS)
    before = {path: path.stat() for path in tmp_path.iterdir()}
    write([FILE], tmp_path, pointers=POINTERS)
    assert {path: path.stat() for path in tmp_path.iterdir()} == before


def test_a_link_or_folder_in_a_pointers_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / POINTERS[0].name).symlink_to(tmp_path / "precious")
    (tmp_path / POINTERS[1].name).mkdir()
    for pointer in POINTERS:
        with pytest.raises(OutputExists, match="never replaced"):
            write([FILE], tmp_path, pointers=[pointer], force=True)
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (tmp_path / FILE.name).exists()


def test_a_refused_version_moves_no_pointer(tmp_path: Path) -> None:
    write([FILE._replace(content=b"theirs")], tmp_path, pointers=OLDER)
    with pytest.raises(OutputExists):
        write([FILE], tmp_path, pointers=POINTERS)
    assert listing(tmp_path) == {FILE.name: b"theirs", **{one.name: one.content for one in OLDER}}


@pytest.mark.parametrize("at", [0, 1])
def test_where_a_pointer_fails_the_version_is_not_there_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    write([], tmp_path, pointers=OLDER)
    real = Path.replace

    def failing(self: Path, target: Any) -> Path:
        if Path(target) == tmp_path / POINTERS[at].name and self.parent.name == "new":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(Stop, match="could not be written"):
        write([FILE, *FOLDER], tmp_path, pointers=POINTERS)
    assert listing(tmp_path) == {one.name: one.content for one in OLDER}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(one.name for one in OLDER)


@pytest.mark.parametrize("force", [False, True])
def test_killed_at_any_step_pointer_and_version_are_old_or_new_together(tmp_path: Path, force: bool) -> None:
    """Once anybody has written to the folder again; until then a pointer is whole, and of the one or the other."""
    before = [one._replace(content=b"old") for one in (FILE, *FOLDER)] if force else []
    old = {one.name: one.content for one in (*before, *OLDER)}
    new = {one.name: one.content for one in (FILE, *FOLDER, *POINTERS)}
    seen = []
    for step in range(200):
        out = tmp_path / f"{step}"
        write(before, out, pointers=OLDER)
        with pytest.MonkeyPatch.context() as patch:
            die_at(step, patch, CHANGES)
            try:
                write([FILE, *FOLDER], out, pointers=POINTERS, force=force)
            except Killed:
                pass
            else:
                break
        for pointer, older in zip(POINTERS, OLDER, strict=True):
            assert (out / pointer.name).read_bytes() in (pointer.content, older.content), step
        write([Rendered("other.csv", b"")], out)
        left = listing(out)
        del left["other.csv"]
        assert left in (old, new), step
        seen.append(left == new)
        assert not list(out.glob(".*")), step
    assert set(seen) == {False, True}


@pytest.mark.parametrize("force", [False, True])
def test_a_device_or_a_pipe_is_never_replaced(tmp_path: Path, *, force: bool) -> None:
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "latest.x.txt")
    with pytest.raises(OutputExists, match="never replaced"):
        write([Rendered("pipe", b"x")], tmp_path, force=force)
    with pytest.raises(OutputExists, match="never replaced"):
        write([Rendered("a-v1.txt", b"x")], tmp_path, force=force, pointers=[Rendered("latest.x.txt", b"x")])
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "latest.x.txt").is_fifo()
