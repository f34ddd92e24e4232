"""A folder of pages that is kept: only what changed is written, nobody's file is touched, a killed run is finished."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import fs
from factcheck.errors import OutputExists, UsageError
from factcheck.exporters import write_folder
from factcheck.exporters.contract import Folder, Page
from factcheck.exporters.write_folder import MANIFEST

NAMES = ("index.html", "a/one.html", "a/two.html", "b/three.js")


def folder(pages: dict[str, bytes], asked: list[str] | None = None) -> Folder:
    def page(name: str, content: bytes) -> Page:
        def make() -> bytes:
            if asked is not None:
                asked.append(name)
            return content

        return Page(name, hashlib.sha256(content).hexdigest(), make)

    return Folder("site", [page(name, content) for name, content in pages.items()], [])


def held(root: Path) -> dict[str, bytes]:
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if name != MANIFEST}


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=3), min_size=1), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_whatever_was_there_the_folder_holds_what_the_last_pages_say(runs: list[dict[str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as fresh:
        for pages in runs:
            write_folder(folder(pages), Path(place))
        write_folder(folder(runs[-1]), Path(fresh))
        assert held(Path(place) / "site") == runs[-1]
        assert (Path(place) / "site" / MANIFEST).read_bytes() == (Path(fresh) / "site" / MANIFEST).read_bytes()


def test_what_is_there_already_is_neither_made_nor_written(tmp_path: Path) -> None:
    asked: list[str] = []
    pages = dict.fromkeys(NAMES, b"same")
    write_folder(folder(pages), tmp_path)
    before = {name: (tmp_path / "site" / name).stat().st_mtime_ns for name in NAMES}
    kept = write_folder(folder(pages | {"a/two.html": b"new"}, asked), tmp_path)
    assert asked == ["a/two.html"]
    assert (kept.written, kept.same, kept.removed) == (1, 3, 0)
    after = {name: (tmp_path / "site" / name).stat().st_mtime_ns for name in NAMES}
    assert {name for name in NAMES if before[name] != after[name]} == {"a/two.html"}


def test_what_somebody_cut_off_or_took_away_is_written_again(tmp_path: Path) -> None:
    pages = dict.fromkeys(NAMES, b"whole")
    write_folder(folder(pages), tmp_path)
    (tmp_path / "site" / NAMES[0]).write_bytes(b"")
    (tmp_path / "site" / NAMES[1]).unlink()
    assert write_folder(folder(pages), tmp_path).written == 2
    assert held(tmp_path / "site") == pages


def test_force_makes_every_page_again(tmp_path: Path) -> None:
    pages = dict.fromkeys(NAMES, b"whole")
    write_folder(folder(pages), tmp_path)
    (tmp_path / "site" / NAMES[0]).write_bytes(b"Whole")
    assert write_folder(folder(pages), tmp_path).written == 0
    write_folder(folder(pages), tmp_path, force=True)
    assert held(tmp_path / "site") == pages


def test_a_folder_that_no_export_wrote_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(OutputExists, match="not written by an export"):
        write_folder(folder({"index.html": b"x"}), tmp_path, force=True)
    assert held(tmp_path / "site") == {"mine.txt": b"mine"}


def test_a_persons_file_beside_the_pages_stays_and_is_never_replaced(tmp_path: Path) -> None:
    write_folder(folder({"index.html": b"x"}), tmp_path)
    (tmp_path / "site" / "CNAME").write_text("desk.example", "utf-8")
    write_folder(folder({"index.html": b"y"}), tmp_path)
    with pytest.raises(OutputExists, match="not written by an export"):
        write_folder(folder({"index.html": b"y", "CNAME": b"z"}), tmp_path)
    assert held(tmp_path / "site") == {"index.html": b"y", "CNAME": b"desk.example"}


def test_a_link_in_the_place_of_a_page_is_replaced_and_not_followed(tmp_path: Path) -> None:
    write_folder(folder({"index.html": b"xx"}), tmp_path)
    outside = tmp_path / "outside"
    outside.write_bytes(b"yy")
    (tmp_path / "site" / "index.html").unlink()
    (tmp_path / "site" / "index.html").symlink_to(outside)
    write_folder(folder({"index.html": b"xx"}), tmp_path)
    assert outside.read_bytes() == b"yy"
    assert not (tmp_path / "site" / "index.html").is_symlink()


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", MANIFEST, ".drafts/x"])
def test_no_page_is_written_outside(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        write_folder(folder({name: b"x"}), tmp_path)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("killed_at", range(5))
def test_a_run_that_was_killed_is_finished_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    """Also where the next one goes back to the version before: what was put in place meanwhile is unknown."""
    old, new = dict.fromkeys(NAMES, b"old"), dict.fromkeys(NAMES, b"new")
    write_folder(folder(old), tmp_path)
    steps = 0
    real = Path.replace

    def dies(self: Path, target: Path) -> Path:
        nonlocal steps
        steps += 1
        if steps > killed_at:
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            write_folder(folder(new), tmp_path)
    write_folder(folder(old), tmp_path)
    assert held(tmp_path / "site") == old


def test_pages_are_for_everybody_to_read_and_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = fs.sync

    def noting(paths: object) -> None:
        found = list(paths)  # type: ignore[call-overload]
        synced.extend(path.name for path in found)
        real(found)

    monkeypatch.setattr(fs, "sync", noting)
    write_folder(folder({"a/one.html": b"x"}), tmp_path)
    assert {"0", "a"} <= set(synced), "the draft before its rename, its folder after"
    mode = (tmp_path / "site" / "a/one.html").stat().st_mode
    assert mode & 0o044 == 0o044
