"""A checker's hours on real interviews: what is said again is one task, or a pair that people are asked about."""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from factcheck import settings
from factcheck.pipeline.claims import claims
from factcheck.pipeline.desired import wanted_of_projects
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init
from factcheck.pipeline.match import match
from tests.pipeline.test_judging import NOW

NEWS = Path(__file__).parents[3] / "shared" / "data" / "news"
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not NEWS.is_dir(), reason="the evaluation data is not beside the repository"),
]
WHOLE = {"G01", "G04", "G06", "G10"}
"""Groups of which all claims are one task or linked by pairs. Of G02 one tells of another span of years in other words;
G05 holds claims that support each other and say different things."""
PARTS = {"G02": 2, "G05": 3}
"""Into how many parts the others fall, at most."""


def parts(names: list[str], together: set[frozenset[str]]) -> list[set[str]]:
    """The names in sets of those that are linked, also by others of them."""
    found: list[set[str]] = []
    for name in names:
        mine = [some for some in found if any(frozenset((name, other)) in together for other in some)]
        found = [some for some in found if some not in mine] + [{name}.union(*mine)]
    return found


def test_what_is_said_again_is_one_task_or_a_pair_to_be_asked_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold: dict[str, Any] = json.loads((NEWS / "gold_open.json").read_text("utf-8"))
    init(tmp_path, name="Desk", language="fa", url="https://desk.example", force=False)
    desk_settings = settings.load(tmp_path, {})
    ingest(desk_settings, [str(NEWS / name) for name in gold["files"]], now=NOW)
    claims(desk_settings, show=0, now=NOW)
    desk = Desk(desk_settings)
    every, articles = desk.claims(), desk.articles()
    texts = {Path(row["source"]).name: row for row in articles.to_dicts()}
    assert set(texts) == set(gold["files"])
    groups: dict[str, str] = {}
    for one in gold["claims"]:
        words = (NEWS / one["file"]).read_bytes().decode("utf-8")[one["start"] : one["end"]]
        article = texts[one["file"]]
        start = article["text"].index(words)
        here = every.filter(
            pl.col("article_id") == article["article_id"], pl.col("start") < start + len(words), pl.col("end") > start
        )
        assert here["group_id"].n_unique() == 1, one["id"]
        groups[one["id"]] = here["group_id"][0]
    pairs = {frozenset((row["one"], row["other"])) for row in match(desk_settings).rows}
    told = {
        group["id"]: parts(
            sorted({groups[one] for one in group["members"]}), pairs | {frozenset((one,)) for one in groups.values()}
        )
        for group in gold["claim_groups"]
    }
    worth = every.filter(pl.col("check_worthiness") >= desk_settings.claims.min_check_worthiness)
    (wanted,) = wanted_of_projects(desk, None)
    linked = sum(pair <= set(wanted.tasks["claim_id"]) for pair in pairs)
    with capsys.disabled():
        sys.stdout.write(
            f"\na checker's hours: {worth.height} claims worth checking are {wanted.tasks.height} tasks, "
            f"{linked} pairs of them to be asked about; parts of each group: "
            f"{', '.join(f'{name} {len(some)}' for name, some in told.items())}\n"
        )
    assert wanted.tasks.height < worth.height
    assert {name for name, some in told.items() if len(some) == 1} >= WHOLE
    assert all(len(told[name]) <= most for name, most in PARTS.items())
    right = {
        frozenset(two) for group in gold["claim_groups"] for two in itertools.combinations(sorted(group["members"]), 2)
    }
    wrong = [
        (one, other)
        for one, other in itertools.combinations(sorted(groups), 2)
        if groups[one] == groups[other] and frozenset((one, other)) not in right
    ]
    assert wrong == []
