from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from factcheck import articles
from factcheck.articles import Ingested, Limits
from factcheck.models import Article

TEXT = "The mayor said on Monday that the city had planted 12,000 trees since 2019.\n"


def codes(found: Ingested) -> list[str]:
    return found.rejected["code"].to_list()


def read(*sources: str | Path, now: datetime, **limits: int) -> Ingested:
    return articles.read(sources, now=now, languages=["en"], limits=Limits(**limits))


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.txt", "EMPTY"),
        (b"\xef\xbb\xbf", "a.txt", "EMPTY"),
        (b" \n\t\n", "a.txt", "EMPTY"),
        (b"\x00\x01\x00", "a.txt", "NO_TEXT"),
        (b"\xff\xfa\x81", "a.txt", "ENCODING"),
        (b"abc \xed\xa0\xbd def", "a.txt", "SURROGATE"),
        (b"Title: only a header\n", "a.txt", "NO_TEXT"),
        (b"%PDF-1.4", "a.txt", "UNREADABLE"),
        (b'{"a": 1}', "a.json", "COLUMNS"),
        (b"<svg></svg>", "a.xml", "UNSUPPORTED"),
        (b"x" * 2001, "a.txt", "TOO_LARGE"),
    ],
)
def test_a_file_that_is_no_article_is_rejected_with_its_name(
    ingest: Callable[..., Ingested], data: bytes, name: str, code: str
) -> None:
    found = ingest(data, name, max_bytes=2000)
    assert codes(found) == [code]
    assert found.articles.height == 0
    row = found.rejected.to_dicts()[0]
    assert row["stage"] == "ingest"
    assert row["subject"].endswith(name)
    assert row["reason"]


def test_the_kind_is_told_by_the_content_and_not_only_by_the_name(ingest: Callable[..., Ingested]) -> None:
    page = f"<!DOCTYPE html><html><body><article><p>{TEXT * 3}</p></article></body></html>"
    assert "<" not in ingest(page, "page.txt").articles["text"][0]
    assert ingest(TEXT, "note.html").articles["text"][0] == TEXT
    assert ingest(TEXT, "noname").articles["text"][0] == TEXT


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "sub").mkdir()
    for name in ["b.txt", "a.txt", "sub/c.txt", ".hidden"]:
        (tmp_path / name).write_text(name + " " + TEXT)
    found = read(tmp_path, now=now)
    assert [Path(source).name for source in found.articles["source"]] == ["a.txt", "b.txt", "c.txt"]
    assert found.warnings[0] == f"{tmp_path}: 1 hidden files were skipped"


def test_a_file_named_twice_is_read_once_and_equal_files_are_one_article(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT)
    found = read(tmp_path / "a.txt", tmp_path, now=now)
    assert (found.articles.height, codes(found)) == (1, ["DUPLICATE"])
    assert any("given twice" in warning for warning in found.warnings)


def test_links_that_leave_the_folder_are_refused(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "outside.txt").write_text("secret " + TEXT)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "real.txt").write_text(TEXT)
    (folder / "leaves.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "dangling.txt").symlink_to(folder / "nothing")
    (folder / "loop").symlink_to(folder)
    (folder / "relative.txt").symlink_to("../outside.txt")
    found = read(folder, now=now)
    assert found.articles["text"].to_list() == [TEXT]
    assert codes(found) == ["LINK"] * 4


def test_a_link_inside_the_folder_is_the_same_article(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    assert codes(read(tmp_path, now=now)) == ["DUPLICATE"]


@pytest.mark.timeout(20)
def test_fifo_socket_and_device_are_refused_and_do_not_hold_the_run(tmp_path: Path, now: datetime) -> None:
    os.mkfifo(tmp_path / "a.txt")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "b"))
    (tmp_path / "c.txt").write_text(TEXT)
    try:
        found = read(tmp_path, Path("/dev/zero"), tmp_path / "a.txt", now=now)
    finally:
        listener.close()
    assert codes(found) == ["NOT_A_FILE"] * 3  # the FIFO that is named a second time is not read again
    assert found.articles.height == 1


def test_what_is_not_there_and_what_cannot_be_read(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "empty").mkdir()
    found = read(tmp_path / "nothing.txt", tmp_path / "empty", "ftp://example.org/a", now=now)
    assert codes(found) == ["NOT_FOUND", "EMPTY", "UNSUPPORTED"]


def test_a_run_that_may_read_few_files_says_how_many_are_left(tmp_path: Path, now: datetime) -> None:
    for n in range(5):
        (tmp_path / f"{n}.txt").write_text(f"{n} {TEXT}")
    notes: list[str] = []
    found = list(articles.reading([tmp_path], now=now, languages=["en"], notes=notes, max_files=2))
    assert len([one for one in found if isinstance(one, Article)]) == 2
    assert found[-1] == articles.FilesLeft(3)
    assert notes == ["3 files are left: run the same command again to go on"]
