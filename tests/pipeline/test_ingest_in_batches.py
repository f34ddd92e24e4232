"""Long runs of `ingest`: the same whatever the batches are, and gone on with where one was killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from factcheck import settings
from factcheck.articles import files
from factcheck.models import Report
from factcheck.pipeline import ingest as pipeline
from factcheck.pipeline import keeping
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.init import init
from factcheck.settings.model import Articles

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FILES, BATCH = 70, 10
REJECTED = 4
"""Files between the articles of a batch that become none, at most."""
_KILLED = """
import os, signal, sys
from datetime import datetime, timezone
from pathlib import Path
from factcheck import settings
from factcheck.pipeline import keeping
from factcheck.pipeline.ingest import ingest

keeping.ARTICLES, keeping.SECONDS = int(sys.argv[4]), 1e9
last = int(sys.argv[3])

def progress(done, of):
    if done >= last:
        os.kill(os.getpid(), signal.SIGKILL)

ingest(settings.load(Path(sys.argv[1]), {}), [sys.argv[2]], now=datetime(2026, 11, 22, 12, tzinfo=timezone.utc),
       progress=progress)
"""


def desk_in(folder: Path) -> settings.Settings:
    init(folder, name="Desk", language="en", url="https://desk.example", force=False)
    return settings.load(folder, {})


def news(folder: Path, count: int = FILES) -> Path:
    """Files of one article each, every ninth empty and every thirteenth the same as the first."""
    folder.mkdir()
    for n in range(count):
        text = f"The minister said that output rose by {0 if n % 13 == 12 else n} per cent in 2025."
        (folder / f"{n:04d}.txt").write_text("" if n % 9 == 8 else text, "utf-8")
    return folder


def staged(desk: settings.Settings) -> pl.DataFrame:
    return Desk(desk).staging.articles()


def told(report: Report) -> dict[str, object]:
    return report.model_dump(exclude={"seconds", "counts"})


@contextmanager
def opened_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """The files that are read while the block runs."""
    seen: list[Path] = []
    opened = files.opened

    def noted(path: Path) -> AbstractContextManager[BinaryIO]:
        seen.append(path)
        return opened(path)

    with monkeypatch.context() as patch:
        patch.setattr(files, "opened", noted)
        yield seen


@pytest.mark.parametrize("seed", range(3))
def test_a_run_that_is_killed_is_gone_on_with_and_at_most_one_batch_is_read_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    desk, other = desk_in(tmp_path / "desk"), desk_in(tmp_path / "other")
    folder, last = news(tmp_path / "news"), random.Random(seed).randint(1, FILES)
    command = [sys.executable, "-c", _KILLED, str(desk.root), str(folder), str(last), str(BATCH)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    there = staged(desk).height
    assert there % BATCH == 0
    with opened_files(monkeypatch) as again:
        report = pipeline.ingest(desk, [str(folder)], now=NOW)
    assert len(again) <= FILES - last + BATCH + REJECTED
    assert report.counts["unchanged"] == there
    whole = pipeline.ingest(other, [str(folder)], now=NOW)
    assert told(report) == told(whole)
    assert staged(desk).equals(staged(other))
    assert not (desk.state / "staging" / "reading.jsonl").exists()


@pytest.fixture(scope="module")
def in_one_batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[object, ...]]:
    """A folder of files, and what comes of it where all are one batch."""
    at = tmp_path_factory.mktemp("law")
    folder = news(at / "news", 14)
    return folder, outcome(desk_in(at / "desk"), [str(folder)], 1000)


def outcome(desk: settings.Settings, sources: list[str], batch: int) -> tuple[object, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "ARTICLES", batch)
        report = pipeline.ingest(desk, sources, now=NOW)
    # Which of two files with the same text was first is a matter of their order.
    rows = staged(desk).drop("source").sort("article_id").rows()
    return rows, report.counts, report.seen, report.rejected, report.warnings


@how(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.sampled_from([1, 2, 5, 20]), order=st.randoms(use_true_random=False))
def test_batches_and_order_make_no_difference(
    in_one_batch: tuple[Path, tuple[object, ...]], batch: int, order: random.Random
) -> None:
    folder, expected = in_one_batch
    paths = [str(path) for path in sorted(folder.iterdir())]
    order.shuffle(paths)
    with tempfile.TemporaryDirectory() as at:
        assert outcome(desk_in(Path(at)), paths, batch) == expected


def test_a_run_that_may_read_few_files_is_gone_on_with_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_in(tmp_path / "desk")
    folder = news(tmp_path / "news", 30)
    few = desk.model_copy(update={"articles": Articles(max_files=12)})
    left = []
    for _ in range(3):
        with opened_files(monkeypatch) as seen:
            report = pipeline.ingest(few, [str(folder)], now=NOW)
        assert len(seen) <= 12
        left += [line for line in report.warnings if "are left" in line]
    assert [line.split()[0] for line in left] == ["18", "6"]
    assert (report.seen, report.rejected) == (30, 5)
    assert staged(desk).height == 25


def test_a_file_that_changed_since_the_killed_run_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_in(tmp_path / "desk")
    folder = news(tmp_path / "news", 8)
    few = desk.model_copy(update={"articles": Articles(max_files=5)})
    pipeline.ingest(few, [str(folder)], now=NOW)
    (folder / "0002.txt").write_text("The minister said that output fell by 12 per cent in 2025.", "utf-8")
    with opened_files(monkeypatch) as seen:
        pipeline.ingest(desk, [str(folder)], now=NOW)
    assert [path.name for path in seen] == ["0002.txt", "0005.txt", "0006.txt", "0007.txt"]
    assert "fell by 12" in " ".join(staged(desk)["text"])


def test_a_run_that_is_asked_for_something_else_reads_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_in(tmp_path / "desk")
    folder = news(tmp_path / "news", 8)
    few = desk.model_copy(update={"articles": Articles(max_files=5)})
    pipeline.ingest(few, [str(folder)], now=NOW)
    with opened_files(monkeypatch) as seen:
        report = pipeline.ingest(desk, [str(folder)], now=NOW, languages=["en"])
    assert len(seen) == 8
    assert report.counts == {"new": 3, "unchanged": 5}


def test_the_name_of_a_chat_is_not_written_down(tmp_path: Path) -> None:
    desk = desk_in(tmp_path / "desk")
    folder = news(tmp_path / "news", 3)
    chat = folder / "WhatsApp Chat with Jane Doe.txt"
    chat.write_bytes(b"")
    few = desk.model_copy(update={"articles": Articles(max_files=2)})
    report = pipeline.ingest(few, [str(folder / "0000.txt"), str(chat), str(folder / "0001.txt")], now=NOW)
    assert [one.code for one in report.rejections] == ["EMPTY"]
    told = (desk.state / "staging" / "reading.jsonl").read_text("utf-8")
    assert "0000.txt" in told
    assert "Jane" not in told
