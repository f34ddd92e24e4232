"""A view in parts on disk is the view in memory, and a file made of it is the same file."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from factcheck import exporters, locks, settings
from factcheck.dataset import Dataset
from factcheck.errors import Corrupt
from factcheck.exporters import ExportContext, Profile
from factcheck.exporters.large_view import OF_A_VIEW, LargeView, Order, large_view
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.export import export
from factcheck.pipeline.version_view import folder_for_parts, version_view, whole_view
from tests.pipeline.test_changes_law import History
from tests.pipeline.test_withdrawn_law import blank

__all__ = ["blank"]

ORDERS = [[], ["status"], ["-decided_at", "claimant"], ["publishers", "-quote"]]
FILTERS = [{}, {"statuses": ["decided"]}, {"verdicts": ["disputed"], "withdrawn": True}]


def with_history(blank: Path, folder: Path, seed: int) -> Dataset:
    desk = Desk(settings.load(Path(shutil.copytree(blank, folder)), {}))
    History(desk.dataset, seed)
    return desk.dataset


def context_of(data: Dataset, number: int) -> ExportContext:
    record = data.version(number)
    assert record is not None
    return ExportContext(version=number, version_hash=record.version_hash, committed_at=record.committed_at)


def in_parts(data: Dataset, number: int, folder: Path, *, large: int = 1) -> LargeView:
    folder.mkdir(parents=True)
    made = version_view(data, number, folder, large=large)
    assert isinstance(made, LargeView)
    return made


def test_parts_hold_what_the_whole_holds_in_every_version(blank: Path, tmp_path: Path) -> None:
    moved = 0
    for seed in range(5):
        data = with_history(blank, tmp_path / f"desk{seed}", seed)
        for number in range(1, data.head + 1):
            whole = whole_view(data, number)
            small = version_view(data, number, tmp_path, large=1000)
            assert isinstance(small, pl.DataFrame)
            assert_frame_equal(small, whole)
            for large in (1, 3):
                made = in_parts(data, number, tmp_path / f"{seed}-{number}-{large}", large=large)
                assert made.height == whole.height
                assert_frame_equal(made.whole(), whole)
                assert_frame_equal(OF_A_VIEW.sorted(pl.concat(list(made.in_parts()))), whole)
            moved += data.claims(number).filter(pl.col("claim_id") != pl.col("group_id")).collect().height
    assert moved, "no copy stood in the group of another claim: nothing was asked of what moves between parts"


@pytest.mark.parametrize(("sort", "filters"), list(itertools.product(ORDERS, FILTERS)))
def test_a_file_of_parts_is_the_file_of_the_whole(
    blank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sort: list[str], filters: dict[str, object]
) -> None:
    monkeypatch.setattr("factcheck.exporters.large_view.BATCH", 3)
    data = with_history(blank, tmp_path / "desk", 3)
    number = data.head
    context = context_of(data, number)
    parts = in_parts(data, number, tmp_path / "parts")
    assert len(parts.parts) > 3
    for name in ("csv", "jsonl", "parquet", "claimreview"):
        options = {"documents": False} if name == "claimreview" else {}
        form = {"name": name, "format": name, "sort": sort, "filters": filters, "claimreview": options}
        profile = Profile.model_validate(form)
        wanted = exporters.render(whole_view(data, number), profile, context)
        found = exporters.render(parts, profile, context)
        assert not found.files
        (one,) = found.streamed
        assert one.name == wanted.files[0].name
        one.write(tmp_path / one.name)
        if name == "parquet":
            assert_frame_equal(pl.read_parquet(tmp_path / one.name), pl.read_parquet(wanted.files[0].content))
            assert pl.read_parquet_metadata(tmp_path / one.name) == pl.read_parquet_metadata(wanted.files[0].content)
        else:
            assert (tmp_path / one.name).read_bytes() == wanted.files[0].content
        again = tmp_path / f"again-{one.name}"
        one.write(again)
        assert again.read_bytes() == (tmp_path / one.name).read_bytes()
        found = found.settled()
        assert (found.seen, found.accepted) == (wanted.seen, wanted.accepted)
        assert found.seen == found.accepted + found.rejected.height
        assert_frame_equal(found.rejected.sort("subject"), wanted.rejected.sort("subject"))
        assert found.notes == wanted.notes


def test_a_format_that_cannot_be_streamed_is_made_of_the_whole(blank: Path, tmp_path: Path) -> None:
    data = with_history(blank, tmp_path / "desk", 5)
    context = context_of(data, data.head)
    parts = in_parts(data, data.head, tmp_path / "parts")
    found = exporters.render(parts, "markdown", context)
    assert found.files == exporters.render(whole_view(data, data.head), "markdown", context).files
    assert found.files


def test_documents_of_reviews_are_made_of_the_whole(blank: Path, tmp_path: Path) -> None:
    data = with_history(blank, tmp_path / "desk", 3)
    context = context_of(data, data.head)
    parts = in_parts(data, data.head, tmp_path / "parts")
    found = exporters.render(parts, "claimreview", context)
    assert len(found.files) == found.accepted + 1 > 1
    assert found.files == exporters.render(whole_view(data, data.head), "claimreview", context).files


def test_nothing_is_a_view_too(tmp_path: Path) -> None:
    made = large_view([], tmp_path)
    assert made.height == 0
    assert [rows.height for rows in made.batches()] == [0]
    assert made.whole().schema == exporters.VIEW


def test_equal_keys_in_several_parts_lose_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.exporters.large_view.BATCH", 7)
    monkeypatch.setattr("factcheck.exporters.large_view.BLOCK", 2)
    frames = [pl.DataFrame({"key": [None, 1, 1, 2] * 3, "id": range(12)}).with_columns(part=at) for at in range(5)]
    made = large_view(
        (frame.with_columns(part=pl.lit(at)) for at, frame in enumerate(frames)),
        tmp_path,
        Order(["key"], [True]),
        frames[0].schema,
    )
    found = pl.concat(list(made.batches()))
    assert found["key"].to_list() == [2] * 15 + [1] * 30 + [None] * 15
    assert found.select("id", "part").unique().height == 60


def test_a_verdict_of_no_claim_is_damage_in_parts_too(
    blank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = with_history(blank, tmp_path / "desk", 1)
    lost = data.verdict_changes().collect()["claim_id"][0]
    pieces = Dataset.pieces

    def without(
        self: Dataset, table: Literal["claims", "verdicts"], as_of: int, *, rows: int
    ) -> Iterator[pl.DataFrame]:
        for piece in pieces(self, table, as_of, rows=rows):
            yield piece.filter(pl.col("claim_id") != lost) if table == "claims" else piece

    monkeypatch.setattr(Dataset, "pieces", without)
    with pytest.raises(Corrupt, match="claim_id that does not exist"):
        version_view(data, data.head, tmp_path, large=1)


def test_an_export_of_parts_leaves_nothing_and_takes_away_what_dead_runs_left(
    blank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = with_history(blank, tmp_path / "desk", 2)
    desk = settings.load(tmp_path / "desk", {})
    wanted = export(desk, "open-data-csv", as_of=None, out=tmp_path / "whole", force=False)
    monkeypatch.setattr("factcheck.pipeline.version_view.LARGE", 1)
    dead = desk.state / "parts" / "0123456789abcdef"
    dead.mkdir(parents=True)
    (dead / "1.arrow").write_bytes(b"rows")
    living = desk.state / "parts" / "fedcba9876543210"
    living.mkdir()
    with locks.held(living, unknown=True):
        done = export(desk, "open-data-csv", as_of=None, out=tmp_path / "parts", force=False)
    assert data.head == done.version
    assert [path.name for path, _ in done.files] == [path.name for path, _ in wanted.files]
    for path, _ in done.files:
        assert path.read_bytes() == (tmp_path / "whole" / path.name).read_bytes()
    assert done._replace(files=[]) == wanted._replace(files=[])
    assert [path.name for path in (desk.state / "parts").iterdir()] == [living.name]


def test_the_folder_for_parts_is_closed_to_others(tmp_path: Path) -> None:
    with folder_for_parts(tmp_path) as folder:
        assert folder.stat().st_mode & 0o077 == 0
        assert folder.parent.stat().st_mode & 0o077 == 0
    assert not folder.exists()
