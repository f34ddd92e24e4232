"""`factcheck match`: proposals with their reasons and a command; nothing is merged before a person does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from factcheck.pipeline.claims import claims
from factcheck.pipeline.ingest import ingest
from tests.dataset import desks
from tests.pipeline.test_judging import NOW, Team

MORE = (
    "وزیر نیرو گفت: در سال ۱۴۰۳ تولید برق کشور به ۳۸۰ میلیارد کیلووات‌ساعت رسید.\n"
    "شمار کارگران این شرکت در پنج سال گذشته ۱۴ درصد کاهش یافته است.\n"
    "The ministry said exports did not rise by 12 percent to 3.4 billion dollars in 2025.\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    team = Team(tmp_path / "desk")
    (team.folder / "b.txt").write_text(MORE, "utf-8")
    ingest(team.settings, [str(team.folder / "b.txt")], now=NOW)
    claims(team.settings, show=0, now=NOW)
    team.vote({}, hours=1)
    return team.folder


def found(desk: Path) -> list[dict[str, Any]]:
    done = desks.run(desk, "match", "--review")
    assert done.code == 0, done.text
    rows: list[dict[str, Any]] = done.said["found"]
    return rows


def test_what_is_alike_is_told_with_its_command_and_a_merge_settles_it(desk: Path) -> None:
    same, tension = sorted(found(desk), key=lambda row: row["relation"])
    assert (same["relation"], tension["relation"]) == ("same", "tension")
    assert all("برق" in quote for quote in same["quotes"])
    assert tension["command"] is None
    assert any("40 percent" in reason and "14 percent" in reason for reason in tension["reasons"])
    before = desks.ends(desk)
    assert found(desk) == found(desk)
    assert desks.ends(desk) == before
    factcheck, claim, merge, *rest = same["command"].split()
    assert (factcheck, claim, merge, rest[-1]) == ("factcheck", "claim", "merge", "--dry-run")
    done = desks.run(desk, "claim merge", *rest[:-1], "--yes")
    assert done.code == 0, done.text
    assert [row["relation"] for row in found(desk)] == ["tension"]


def test_a_desk_without_claims_says_so_and_the_short_form_counts(desk: Path, tmp_path: Path) -> None:
    said = desks.run(desk, "match").said
    assert (said["pairs"], said["tension"], said["found"]) == (2, 1, [])
    lonely = Team(tmp_path / "lonely")
    assert desks.run(lonely.folder, "match", "--review").said["pairs"] == 0
