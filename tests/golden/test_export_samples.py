"""The samples beside the built-in profiles are what the code writes.

`python -m tests.golden.write_samples` renews them.
"""

from __future__ import annotations

import contextlib
import io
import re
import sqlite3
import zipfile
from pathlib import Path

import polars as pl
import pytest

from factcheck.exporters import profiles, render, view
from factcheck.exporters.write_folder import MANIFEST
from tests.golden.export_changes import told
from tests.golden.export_release import release

EXPORTS = Path(__file__).parents[2] / "exports"
RELEASE = release()
VIEW = view(RELEASE.articles, RELEASE.claims, RELEASE.verdicts, RELEASE.versions)


def unpacked(content: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {item.filename: archive.read(item) for item in archive.infolist()}


def _without_digests(content: bytes) -> bytes:
    """Without the digests and sizes of Parquet files beside it."""
    return re.sub(rb'"(sha256|contentSize|hash)": "(sha256:)?([0-9a-f]{64}|\d+ B)"', b"", content)


def _held(path: Path) -> dict[str, object]:
    """The statements and rows of a SQLite file, without the index of the search and the table that folds a query.

    The second goes by the Unicode of the Python that made it.
    """
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        made = base.execute("select name, sql from sqlite_master where name not like 'claims_search_%'").fetchall()
        names = [name for name, sql in made if sql and sql.startswith("create table") and name != "folding"]
        return {"made": made} | {name: base.execute(f"select * from {name}").fetchall() for name in names}


@pytest.mark.parametrize("name", sorted(profiles(None)))
def test_the_sample_is_what_the_profile_writes(name: str, tmp_path: Path) -> None:
    folder = EXPORTS / name / "sample"
    profile = profiles(None)[name]
    done = render(VIEW, profile, told(RELEASE, profile))
    made = {file.name: file.content for file in done.files}
    for one in done.streamed:
        one.write(tmp_path / one.name)
        made[one.name] = (tmp_path / one.name).read_bytes()
    if done.folder is not None:
        made |= {f"{done.folder.name}/{page.name}": page.make() for page in done.folder.pages}
        made[f"{done.folder.name}/{MANIFEST}"] = (folder / done.folder.name / MANIFEST).read_bytes()
    kept = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert made.keys() == kept.keys()
    for file, content in made.items():
        if file.endswith(".xlsx"):
            # Each part byte by byte: how they are packed depends on the machine's zlib.
            assert unpacked(content) == unpacked(kept[file])
        elif file.endswith(".parquet"):
            # Values, schema and metadata: the bytes name the library's version.
            assert pl.read_parquet(content).equals(pl.read_parquet(kept[file]))
            assert pl.read_parquet_schema(io.BytesIO(content)) == pl.read_parquet_schema(io.BytesIO(kept[file]))
            ours, theirs = (pl.read_parquet_metadata(io.BytesIO(item)) for item in (content, kept[file]))
            assert {**ours, "ARROW:schema": ""} == {**theirs, "ARROW:schema": ""}
        elif file.endswith(".sqlite"):
            # What is in it: how the library lays out its pages may differ from version to version.
            assert _held(tmp_path / file) == _held(folder / file)
        else:
            assert _without_digests(content) == _without_digests(kept[file])
