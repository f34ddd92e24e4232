"""A profile in words says what an export of it does."""

from __future__ import annotations

import io
import json
import re

import openpyxl
import polars as pl
import pytest

from factcheck.exporters import Profile, find, formats, profiles, render, view
from factcheck.exporters.explaining import explained
from factcheck.exporters.filters import Filters
from factcheck.exporters.profiles import parse
from tests.golden.export_changes import told
from tests.golden.export_release import release

FRAMES = release()
VIEW = view(FRAMES.articles, FRAMES.claims, FRAMES.verdicts, FRAMES.versions)
BUILT_IN = sorted(profiles(None))


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_files_that_are_named_are_the_files_that_are_written(name: str) -> None:
    profile = find(name, None)
    context = told(FRAMES, profile)
    done = render(VIEW, profile, context)
    since = "" if context.since is None else str(context.since.version)
    named = {one.format(version=3, since=since, claim_id="{claim_id}") for one in explained(profile, context).writes}
    names = [*(file.name for file in done.files), *(large.name for large in done.streamed)]
    written = {re.sub("clm_[0-9a-f]{20}", "{claim_id}", one) for one in names}
    assert named == (written or {f"{done.folder.name}/" if done.folder else ""})


@pytest.mark.parametrize("name", [*BUILT_IN, "csv", "xlsx", "jsonl", "parquet"])
@pytest.mark.parametrize("language", ["fa", "ar", "en"])
def test_the_columns_that_are_named_are_the_columns_that_are_written(name: str, language: str) -> None:
    frames = release(language)
    profile = find(name, None)
    columns = explained(profile, frames.context).columns
    if profile.format not in {"csv", "xlsx", "jsonl", "parquet"}:
        assert columns == []
        return
    content = render(VIEW, profile, frames.context).files[0].content
    names, titles = (list(one) for one in zip(*columns, strict=True))
    if profile.format == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        found = [cell.value for cell in sheet[1]]
    elif profile.format == "csv":
        found = pl.read_csv(content, infer_schema=False).columns
    elif profile.format == "jsonl":
        found = list(json.loads(content.splitlines()[0]))
    else:
        found = pl.read_parquet(io.BytesIO(content)).columns
    assert found == (titles if profile.headers == "labels" else names)


def test_the_columns_that_are_always_written_are_named() -> None:
    profile = Profile(name="mine", format="csv", columns=["quote"], filters=Filters(withdrawn=True))
    written = pl.read_csv(render(VIEW, profile, FRAMES.context).files[0].content).columns
    assert [name for name, _ in explained(profile, FRAMES.context).columns] == written == [
        "quote", "state", "dataset_version",
    ]  # fmt: skip


def test_filters_order_publisher_and_licence_are_said() -> None:
    profile = parse(
        'format = "csv"\nsort = ["-decided_at", "claim_id"]\nlicence = ""\n[publisher]\nname = "Partner"\n'
        '[filters]\noutlets = ["صحیفة المثال"]\ntag = "week-47"\npublished_from = "7d"\n'
        '[claimreview]\nreview_url = "{desk_url}/c/{claim_id}"\n',
        name="mine",
        subject="profile.toml",
    )
    found = explained(profile, FRAMES.context)
    assert found.shows == [
        "no claim that was withdrawn",
        "claims that had a result in week-47 only",
        "outlet صحیفة المثال only",
        "published from 7d only",
    ]
    assert found.order == ["decided_at, descending", "claim_id"]
    assert found.needs == ["the version week-47"]
    assert (found.publisher, found.licence) == ("Partner, https://desk.example.org", "")
    assert found.address == "https://desk.example.org/c/{claim_id}"
    everything = Profile(name="all", format="csv", filters=Filters(withdrawn=True))
    assert explained(everything, FRAMES.context).shows == []


@pytest.mark.parametrize("name", formats())
def test_every_format_can_be_explained(name: str) -> None:
    found = explained(Profile(name=name, format=name), FRAMES.context)
    assert found.writes
    assert found.licence.startswith("Creative Commons Attribution 4.0 International https://")
    assert ("--since" in found.needs) == (name == "changes")
