"""What a pull and `factcheck proposals` tell of answers beside their votes, without saying whose they are."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from factcheck import dataset, frames
from factcheck.models import AnnotationEvent, Choice
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.pull_report import of_said
from tests.answers import answer
from tests.pipeline.test_judging import NOW, Team

V, D = Choice.VERIFIED, Choice.DISPUTED


class Said(Team):
    """A team whose answers say more than a verdict."""

    def say(self, claim: int, user: int, *, hours: int, **said: Any) -> pl.DataFrame:
        desk = Desk(self.settings)
        event = self._event(desk, self.claims[claim], user, said.pop("choice", V), NOW)
        events = frames.from_records(AnnotationEvent, [event.model_copy(update=said)])
        dataset.commit(desk.dataset, events=events, cause="pull", now=NOW.replace(hour=NOW.hour + hours))
        return events

    def told(self, *events: pl.DataFrame) -> list[str]:
        return of_said(Desk(self.settings), pl.concat(events))


@pytest.fixture
def team(tmp_path: Path) -> Said:
    team = Said(tmp_path)
    team.vote({(0, 1): V, (0, 2): V}, hours=1)
    return team


def test_every_answer_that_somebody_else_changed_is_named_by_claim_and_task_and_nobody_is(team: Said) -> None:
    other = f"ant_{9:020x}"
    events = [team.say(place, user, hours=2, edited_by=other) for place in range(3) for user in (1, 2, 3)]
    own = team.say(1, 1, hours=3)
    mine = own.with_columns(pl.col("annotator_id").alias("edited_by"))
    (told,) = team.told(*events, mine.with_columns(annotation_key=pl.lit("another")))
    assert told.startswith("9 answers were changed by another person than their authors")
    assert told.count("main task 1, claim clm_") == 9
    assert all(claim in told for claim in team.claims)
    assert "ant_" not in told
    (one,) = team.told(events[0])
    assert one.startswith("1 answer was changed by another person than its author and counts")


def test_evidence_that_names_no_address_is_told_with_its_claim(team: Said) -> None:
    lines = ["سالنامهٔ آماری، ص ۱۲", "(https://a.example/1).", "own check | we asked", "amar.org.ir | آمار"]
    (told,) = team.told(team.say(0, 1, hours=2, evidence=lines))
    assert told.startswith(f"claim {team.claims[0]} ")
    assert "evidence line \u2068سالنامهٔ آماری، ص ۱۲\u2069 names no address" in told
    many = team.told(team.say(1, 1, hours=2, evidence=[f"box {number}" for number in range(10)]))
    assert (len(many), many[-1]) == (4, "7 more evidence lines name no address")


def test_an_answer_that_says_nothing_more_is_not_told(team: Said) -> None:
    skipped = team.say(0, 3, hours=2, choice=None, evidence=["box 7"], same_as="x")
    assert team.told(team.say(0, 1, hours=2), skipped) == []


def test_proposals_are_listed_with_what_they_may_mean_and_stay_after_the_next_pull(team: Said) -> None:
    first, second, third = team.claims
    quote = Desk(team.settings).claims().filter(pl.col("claim_id") == second)["quote"].item()
    team.say(0, 1, hours=2, same_as=second)
    team.say(0, 2, hours=2, same_as=f"«{quote}»")
    events = team.say(2, 1, hours=3, choice=D, corrected_claim="shorter", same_as="no such claim")
    assert {told.split(": ")[0] for told in team.told(events)} == {
        "checkers say that these claims repeat another one",
        "checkers say that these claims should have been cut otherwise",
    }
    found = answer(team.run("proposals", "--json"))["proposals"]
    said = {(one["claim_id"], one["kind"], one["proposal"]): one["matches"] for one in found}
    assert said == {
        (first, "same_as", second): [second],
        (first, "same_as", f"«{quote}»"): [second],
        (third, "same_as", "no such claim"): [],
        (third, "corrected_claim", "shorter"): [],
    }
    assert {one["n_answers"] for one in found} == {1}
    assert "ant_" not in json.dumps(found)
    lines = team.run("proposals")
    assert "should read: \u2068shorter\u2069" in lines
    assert f"same as: \u2068{second}\u2069  -> {second}" in lines


def test_each_proposal_names_the_command_that_does_it(team: Said) -> None:
    first, second, third = team.claims
    team.say(0, 1, hours=2, same_as=second)
    team.say(2, 1, hours=3, corrected_claim="it's shorter; $HOME", same_as="no such claim")

    def commands() -> list[list[str]]:
        return [
            shlex.split(line)
            for one in answer(team.run("proposals", "--json"))["proposals"]
            for line in one["commands"]
        ]

    merge, edit = sorted(commands(), reverse=True)
    assert merge == ["factcheck", "claim", "merge", first, second, "--dry-run"]
    assert edit == ["factcheck", "claim", "edit", third, "--text=it's shorter; $HOME", "--dry-run"]
    assert f"  {shlex.join(merge)}" in team.run("proposals").splitlines()
    assert "dry run" in team.run(*edit[1:])
    assert "dry run" in team.run(*merge[1:])
    for done in (edit, merge):
        team.run(*done[1:-1], "--yes")
    assert commands() == [], "what is done is not proposed again"


def test_a_proposal_ends_with_the_answer_that_made_it(team: Said) -> None:
    assert "no proposals" in team.run("proposals")
    team.say(0, 1, hours=2, same_as="https://a.example/1")
    assert answer(team.run("proposals", "--json"))["proposals"][0]["proposal"] == "https://a.example/1"
    team.say(0, 1, hours=3)
    assert answer(team.run("proposals", "--json"))["proposals"] == []
