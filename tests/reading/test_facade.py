"""`factcheck.open` tells the figures of the command line, and says what is wrong with the hint beside it."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import factcheck
from factcheck import verdicts
from factcheck.dataset import Dataset
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.rule import standing_votes
from factcheck.verdicts.policy import DawidSkene, Majority
from tests.answers import answer
from tests.pipeline.test_judging import OP, D, Team, V


def said(team: Team, *args: str) -> Any:
    return answer(team.run(*args, "--json"))


def worked(folder: Path, seed: int) -> Team:
    """Two versions of random votes, the first of them released."""
    team, chance = Team(folder), random.Random(seed)
    if seed % 2:
        team.configure("roster = []", 'roster = ["sara@desk.example", "omid@desk.example"]')
    for hours in (1, 2):
        team.vote({(c, u): chance.choice([V, D, OP, None]) for c in range(3) for u in (1, 2, 3)}, hours=hours)
        if hours == 1:
            team.run("release", "first", "--out", str(folder / "out"))
    return team


@pytest.mark.parametrize("seed", range(20))
def test_figures_are_those_of_the_command_line(tmp_path: Path, seed: int) -> None:
    team = worked(tmp_path, seed)
    desk = factcheck.open(tmp_path)
    told = said(team, "agreement", "--by", "lang")
    assert desk.agreement().to_dicts() == [told["overall"]]
    assert desk.agreement("lang").to_dicts() == told["groups"]
    assert desk.agreement("week").to_dicts() == said(team, "agreement", "--by", "week")["groups"]
    assert desk.annotators().to_dicts() == told["annotators"]
    assert desk.pairs().to_dicts() == told["pairs"]
    assert desk.confusion().to_dicts() == told["confusion"]
    assert desk.votes().equals(standing_votes(Desk(team.settings)).sort("claim_id", "annotator_id"))
    changes = said(team, "corrections")["changes"]
    mine = desk.corrections().select("claim_id", "version", after=pl.coalesce("verdict", "status"))
    assert mine.to_dicts() == [{name: row[name] for name in ("claim_id", "version", "after")} for row in changes]
    history = said(team, "history")["changes"]
    assert desk.history()["claim_id"].to_list() == [row["claim_id"] for row in history]
    # What the desk decided is what its policy makes of these votes.
    decided = desk.decide().select("claim_id", "status", "verdict")
    stored = desk.verdicts().collect().select("claim_id", "status", "verdict")
    assert decided.sort("claim_id").equals(stored.join(decided, on="claim_id", how="semi").sort("claim_id"))


@pytest.mark.parametrize("seed", range(6))
def test_probabilities_are_those_that_the_policy_decides_by(tmp_path: Path, seed: int) -> None:
    worked(tmp_path, seed)
    desk = factcheck.open(tmp_path)
    rule = DawidSkene(min_votes=1, threshold=0.7)
    found = desk.posteriors()
    assert found["claim_id"].to_list() == desk.votes()["claim_id"].unique().sort().to_list()
    sums = found.select(pl.sum_horizontal(pl.exclude("claim_id"))).to_series()
    assert ((sums - 1).abs() < 1e-9).all()
    choices = [name for name in found.columns if name != "claim_id"]
    best = {
        row["claim_id"]: max(choices, key=lambda one: row[one])
        for row in found.to_dicts()
        if max(row[one] for one in choices) >= 0.7
    }
    decided = desk.decide(rule)
    told = {
        row["claim_id"]: row["verdict"] or row["status"]
        for row in decided.to_dicts()
        if row["status"] in {"decided", "unproven", "not_a_claim"}
    }
    assert told == best
    assert desk.decide(rule.name).equals(decided)


def test_a_bare_dataset_counts_whom_its_version_counted(tmp_path: Path) -> None:
    team = worked(tmp_path / "desk", 1)
    team.configure("min_votes = 2", "min_votes = 1")
    team.run("decide", "--yes")
    desk, bare = factcheck.open(tmp_path / "desk"), factcheck.open(tmp_path / "desk" / "dataset")
    everybody = verdicts.votes(bare._data.annotations().collect(), roster=None, queue_projects=["queue"])
    assert 0 < bare.votes().height < everybody.height
    assert bare.votes().equals(desk.votes())


def test_versions_are_named_in_many_ways(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.vote({(0, 1): V, (0, 2): V}, hours=1)  # on 22 November 2026, 10:00 UTC
    team.vote({(1, 1): V, (1, 2): V}, hours=20)  # the next day
    desk = factcheck.open(tmp_path)
    moment = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
    one_offset = moment.astimezone(timezone(timedelta(hours=3, minutes=30)))
    numbers = {
        name: desk.version(name)
        for name in (1, "v1", "1", "2026-11-22", date(2026, 11, 22), moment, one_offset, one_offset.isoformat())
    }
    assert {record and record.version for record in numbers.values()} == {1}
    for name in (None, 2, "latest", "newest", "2026-11", "2026", date(2026, 11, 23), "yesterday"):
        record = desk.version(name)
        assert record is not None
        assert record.version == 2, name


def test_a_day_is_the_desks_day(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.configure('time_zone = "UTC"', 'time_zone = "Asia/Tehran"')
    team.vote({(0, 1): V, (0, 2): V}, hours=1)
    team.vote({(1, 1): V, (1, 2): V}, hours=12)  # 21:00 UTC is 00:30 of the next day in Tehran
    desk = factcheck.open(tmp_path)
    bare = factcheck.open(tmp_path / "dataset")
    for name in ("2026-11-22", date(2026, 11, 22)):
        mine, utc = desk.version(name), bare.version(name)
        assert mine is not None
        assert utc is not None
        assert (mine.version, utc.version) == (1, 2)
    told = said(team, "diff", "1", "2026-11-22")
    assert told["changes"] == [], "the command line means the desk's day too"
    since = said(team, "diff", "--since", "2026-11-21")["changes"]
    assert len(since) == 2, "that day ended before the first version, in Tehran as well"
    naive = desk.version(datetime(2026, 11, 23, 0, 15))  # noqa: DTZ001 - that is what is asked
    assert naive is not None
    assert naive.version == 1


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("2026-W47", "2026-11-22"), ("2026W47", "2026-11-22"), ("1405-09-06", "2026-11-27"), ("1405", "2026-03-21"),
        ("1448-06-18", "2026-11-28"), ("v9", "factcheck log"), ("no such tag", "factcheck log"), (9, "factcheck log"),
    ],
)  # fmt: skip
def test_what_names_no_version_is_refused_with_what_to_write(tmp_path: Path, wrong: str | int, hint: str) -> None:
    team = Team(tmp_path)
    team.vote({(0, 1): V, (0, 2): V}, hours=1)
    desk = factcheck.open(tmp_path)
    with pytest.raises(factcheck.errors.UnknownVersion) as caught:
        desk.verdicts(wrong)
    assert hint in caught.value.hint
    assert caught.value.__notes__ == [f"hint: {caught.value.hint}"]
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.hint, again.__notes__) == (str(caught.value), caught.value.hint, caught.value.__notes__)


def test_what_to_group_by_is_not_guessed(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.vote({(0, 1): V, (0, 2): V}, hours=1)
    desk = factcheck.open(tmp_path)
    for wrong in ("claimant", desk.claims().collect(), pl.DataFrame({"lang": ["fa"], "week": [1]})):
        with pytest.raises(factcheck.errors.UsageError, match="says not by what to group"):
            desk.agreement(wrong)  # type: ignore[arg-type]
    mine = desk.claims().select("claim_id", "claimant").collect()
    voted = mine.join(desk.votes(), on="claim_id", how="semi")
    assert desk.agreement(mine)["claimant"].to_list() == voted["claimant"].to_list()
    with pytest.raises(factcheck.errors.ConfigError):
        desk.decide("most(votes=2)")
    assert desk.decide("majority(min_votes=1,margin=1)").equals(desk.decide(Majority(min_votes=1, margin=1)))


def test_the_table_has_a_row_for_every_claim(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.vote({(0, 1): V, (0, 2): V}, hours=1)
    table = factcheck.open(tmp_path).table()
    claims = Dataset.open(tmp_path / "dataset").claims().sort("article_id", "start").collect()
    assert table["claim_id"].to_list() == claims["claim_id"].to_list()
    assert sorted(table["status"].to_list()) == ["decided", "unreviewed", "unreviewed"]
    assert table.filter(pl.col("status") == "decided")["verdict"].to_list() == ["verified"]
    assert table["n_votes"].to_list().count(2) == 1


def test_it_shows_itself_in_a_line_and_in_a_notebook(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.configure('name = "میز"', 'name = "میز <b>"')
    team.vote({(0, 1): V, (0, 2): V}, hours=1)
    desk = factcheck.open(tmp_path)
    assert repr(desk) == "Dataset(میز <b>, 1 version, 3 claims, 1 decided)"
    assert "<bdi>میز &lt;b&gt;</bdi>" in desk._repr_html_()
    assert not [name for name in dir(desk) if name.startswith("_")]
    with pytest.raises(AttributeError):
        desk.nothing = 1  # type: ignore[attr-defined]
    empty = Dataset.open(tmp_path / "empty", create=True)
    assert repr(factcheck.open(empty.uri)) == "Dataset(empty, no version yet)"


def test_where_there_is_nothing_it_says_what_can_be_opened(tmp_path: Path) -> None:
    with pytest.raises(factcheck.errors.NoDataset) as caught:
        factcheck.open(tmp_path)
    assert "factcheck.toml" in caught.value.hint


def test_reading_loads_nothing_of_a_desk(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.vote({(0, 1): V, (0, 2): V}, hours=1)
    heavy = {"label_studio_sdk", "typer", "trafilatura", "httpx", "lxml", "rich", "pandas"}
    code = f"import sys, factcheck; d = factcheck.open({str(tmp_path)!r}); d.agreement(); d.table(); d.posteriors()"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print(*{{name.split('.')[0] for name in sys.modules}})"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not heavy & set(done.stdout.split())


def test_a_day_that_ended_before_the_first_version_is_the_beginning(tmp_path: Path) -> None:
    team = Team(tmp_path)
    team.configure('time_zone = "UTC"', 'time_zone = "Asia/Tehran"')
    team.vote({(0, 1): V, (0, 2): V}, hours=12)  # 21:00 UTC on 22 November, the 23rd in Tehran
    assert len(said(team, "diff", "--since", "2026-11-22")["changes"]) == 1
    assert said(team, "diff", "--since", "2026-11-23")["changes"] == []
