"""`factcheck match`: proposals with their reasons and a command; nothing is merged before a person does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factcheck.pipeline.claims import claims
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.match import match
from factcheck.settings import load
from tests.dataset import desks
from tests.pipeline.test_judging import NOW, Team
from tests.pipeline.test_proposals import Said

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


def test_a_pair_that_was_refused_is_not_asked_about_again_until_somebody_says_so(desk: Path) -> None:
    pair = next(row for row in found(desk) if row["relation"] == "same")
    one, other = pair["one"], pair["other"]
    done = desks.run(desk, "match", "--refuse", other[:12], one, "--reason", "two years")
    assert done.code == 0, done.text
    assert done.said == {"one": one, "other": other, "changed": True}
    assert [row["relation"] for row in found(desk)] == ["tension"]
    again = desks.run(desk, "match", "--refuse", one, other)
    assert (again.code, again.said["changed"]) == (0, False)
    assert desks.run(desk, "match").said["refused"] == 1
    kept = json.loads((desk / ".factcheck" / "refused.json").read_text("utf-8"))
    assert [(row["one"], row["other"], row["why"]) for row in kept] == [(one, other, "two years")]
    back = desks.run(desk, "match", "--ask-again", one, other)
    assert (back.code, back.said["changed"]) == (0, True)
    assert len(found(desk)) == 2
    assert desks.run(desk, "match", "--ask-again", one, other).said["changed"] is False


def test_a_pair_stays_refused_where_one_of_the_two_stands_in_another_group(desk: Path) -> None:
    pair = next(row for row in found(desk) if row["relation"] == "same")
    other = next(row for row in found(desk) if row["relation"] == "tension")
    desks.run(desk, "match", "--refuse", pair["one"], pair["other"])
    merged = desks.run(desk, "claim merge", pair["other"], other["one"], "--yes")
    assert merged.code == 0, merged.text
    heads = Desk(load(desk, {})).claims()
    group = dict(heads.select("claim_id", "group_id").iter_rows())
    asked = {frozenset((row["one"], row["other"])) for row in found(desk)}
    assert frozenset((group[pair["one"]], group[pair["other"]])) not in asked


def test_a_merge_that_was_undone_is_not_proposed_again(desk: Path) -> None:
    pair = next(row for row in found(desk) if row["relation"] == "same")
    assert desks.run(desk, "claim merge", pair["one"], pair["other"], "--yes").code == 0
    undone = desks.run(desk, "undo", "--yes")
    assert undone.code == 0, undone.text
    assert [row["relation"] for row in found(desk)] == ["tension"]
    # Taking the undo back makes one claim of the two again.
    assert desks.run(desk, "undo", undone.said["event"], "--yes").code == 0
    assert [row["relation"] for row in found(desk)] == ["tension"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--refuse", "clm_ffffffff", "clm_ffffffff"), "no such claim"),
        (("--refuse", "{one}", "{one}"), "is one claim"),
        (("--refuse", "{one}", "{other}", "--ask-again", "{one}", "{other}"), "two things at once"),
        (("--refuse", "{one}", "{other}", "--review"), "lists, and the other option decides"),
        (("--refuse", "{one}", "cl"), "no such claim"),
    ],
)
def test_a_wrong_refusal_is_refused(desk: Path, args: tuple[str, ...], says: str) -> None:
    pair = found(desk)[0]
    done = desks.run(desk, "match", *(arg.format(**pair) for arg in args))
    assert done.code == 2 or "no such" in says
    assert done.code != 0
    assert says in done.text
    assert not (desk / ".factcheck" / "refused.json").exists()


def test_a_file_of_refusals_that_is_damaged_is_named(desk: Path) -> None:
    (desk / ".factcheck" / "refused.json").write_text("[{", "utf-8")
    done = desks.run(desk, "match")
    assert done.code != 0
    assert "refused.json" in done.text


def test_what_checkers_say_is_the_same_comes_first_with_how_many_say_so(tmp_path: Path) -> None:
    team = Said(tmp_path / "desk")
    first, second, third = team.claims
    team.say(0, 1, hours=2, same_as=third)
    team.say(0, 2, hours=2, same_as=third)
    rows, refused = match(team.settings)
    assert refused == 0
    assert {rows[0]["one"], rows[0]["other"]} == {first, third}
    assert (rows[0]["checkers"], rows[0]["reasons"][0]) == (2, "2 answers say that they are the same")
    assert {second} & {one for row in rows[1:] for one in (row["one"], row["other"])} or len(rows) == 1
    done = desks.run(team.folder, "match", "--refuse", first, third)
    assert done.code == 0, done.text
    assert all({row["one"], row["other"]} != {first, third} for row in match(team.settings).rows)
