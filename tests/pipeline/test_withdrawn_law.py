"""A verdict that was taken back or changed stands in no file of any format, but where changes are what is told."""

from __future__ import annotations

import io
import itertools
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from fnmatch import fnmatch
from pathlib import Path

import polars as pl
import pytest

from factcheck import exporters, settings
from factcheck.exporters import Profile, Rendered
from factcheck.exporters.contract import Since
from factcheck.models import VerdictChange
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.export import context_of, rendered, since_then
from factcheck.pipeline.init import init
from factcheck.pipeline.version_view import whole_view
from tests.pipeline.test_changes_law import History

TELLS_OF_CHANGES = {
    "weekly-changes": ("*",),
    "changes": ("*",),
    "corrections-feed": ("*",),
    "public-site": ("*/corrections.html", "*/claims/{claim}.html"),
    "dataset-folder": ("*/status_history.parquet",),
    "site": ("*/corrections.html", "*/claims/{claim}.html"),
}
"""Where an older verdict may stand: lists of changes and corrections, and the change list of its own page."""
RATINGS_ALONE = {"claimreview-duke", "google-api"}
"""What has a verdict's word and neither why nor sources: a claim without a result may not be in it at all."""
TABLE_OF_CHANGES = "status_history"
"""Of a database, the table that is one."""


class Marked(History):
    """A history in which each verdict has grounds of its own, by which it is found."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.numbers = itertools.count()
        self.marks: dict[str, str] = {}
        super().__init__(desk.dataset, seed)

    def _verdict(self, group: str) -> VerdictChange:
        mark = f"zq{next(self.numbers):05}qz"
        self.marks[mark] = group
        made = super()._verdict(group)
        return made.model_copy(
            update={"rationales": [f"because {mark}"], "evidence": [f"https://evidence.example/{mark}"]}
        )


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("withdrawn") / "desk"
    init(folder, name="Desk", language="en", url="https://desk.example", force=False)
    assert Desk(settings.load(folder, {})).dataset.head == 0
    return folder


def chosen() -> list[Profile]:
    """Every profile that is built in, and every format as it is, without what needs a server's people."""
    built_in = exporters.profiles(Path("/nonexistent")).values()
    named = [one.model_copy(update={"columns": [name for name in one.columns if name != "said"]}) for one in built_in]
    formats = [Profile(name=name, format=name) for name in exporters.formats()]
    return [*named, *(one for one in formats if one.name not in {profile.name for profile in named})]


def files(desk: Desk, profile: Profile) -> Iterator[Rendered]:
    """Every file of an export of the newest version."""
    data = desk.dataset
    version = data.version()
    assert version is not None
    context = context_of(desk.settings, data, version, profile)
    if "since" in exporters.format_of(profile).needs:
        context, _ = since_then(data, profile, context, Since(0))
    done = rendered(desk, data, profile, context, whole=lambda: whole_view(data, version.version))
    yield from done.files
    with tempfile.TemporaryDirectory() as scratch:
        for large in done.streamed:
            path = Path(scratch) / large.name
            large.write(path)
            yield Rendered(large.name, path.read_bytes())
    if done.folder is not None:
        for page in done.folder.pages:
            yield Rendered(f"{done.folder.name}/{page.name}", page.make())


def told(file: Rendered, folder: Path) -> str:
    """All the text in a file, whatever it is packed in."""
    if file.name.endswith(".parquet"):
        return pl.read_parquet(io.BytesIO(file.content)).write_ndjson()
    if file.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if file.content.startswith(b"SQLite format 3"):
        path = folder / "found.sqlite"
        path.write_bytes(file.content)
        with closing(sqlite3.connect(path)) as database:
            named = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            tables = [name for (name,) in named if not name.startswith(TABLE_OF_CHANGES)]
            # The shadow tables of a full-text index hold bytes: a word that is gone may not be among them either.
            return "".join(str(row) for name in tables for row in database.execute(f'SELECT * FROM "{name}"'))
    return file.content.decode("utf-8", "replace")


@pytest.mark.parametrize(
    "n_histories", [pytest.param(6, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.chaos)]
)
def test_what_does_not_stand_is_nowhere(blank: Path, tmp_path: Path, n_histories: int) -> None:
    profiles = chosen()
    gone_ever, seen = 0, dict.fromkeys((profile.name for profile in profiles), 0)
    for seed in range(n_histories):
        folder = Path(shutil.copytree(blank, tmp_path / f"desk{seed}"))
        desk = Desk(settings.load(folder, {}))
        history = Marked(desk, seed)
        data = desk.dataset
        view = exporters.view(
            data.articles().collect(), data.claims().collect(), data.verdict_changes().collect(), data.versions(None)
        )
        stands = "".join(view.filter(pl.col("state") == "active")["rationales"].explode().drop_nulls().to_list())
        gone = {mark: claim for mark, claim in history.marks.items() if mark not in stands}
        gone_ever += len(gone)
        results = view.filter(pl.col("state") == "active", pl.col("verdict").is_not_null())["claim_id"]
        without = {*history.claims, *view["claim_id"]} - {*results}
        for profile in profiles:
            for file in files(desk, profile):
                text = told(file, tmp_path)
                seen[profile.name] += sum(mark in text for mark in history.marks)
                allowed = TELLS_OF_CHANGES.get(profile.name, ())
                bad = [
                    mark
                    for mark, claim in gone.items()
                    if mark in text and not any(fnmatch(file.name, one.format(claim=claim)) for one in allowed)
                ]
                assert not bad, (seed, profile.name, file.name, bad)
                if profile.name in RATINGS_ALONE:
                    seen[profile.name] += sum(claim in text for claim in results)
                    assert not [claim for claim in without if claim in text], (seed, profile.name, file.name)
        shutil.rmtree(folder)
    assert gone_ever > 3 * n_histories
    silent = {name for name, times in seen.items() if not times and "*" not in TELLS_OF_CHANGES.get(name, ())}
    assert not silent, f"these formats show no grounds at all, so this law says nothing of them: {silent}"
