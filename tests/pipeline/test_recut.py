"""`claims --again`: other rules cut articles that were sent, and no vote moves or is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from factcheck import dataset as dataset_package
from factcheck import frames
from factcheck.claims import Extracted, extract
from factcheck.cli import app
from factcheck.dataset.verify import verify
from factcheck.models import Claim, ClaimState, Rejection, claim_id
from factcheck.pipeline import mending, recut
from factcheck.pipeline.claims import claims as cut_staged
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.event_commit import How
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.push import plan_push
from factcheck.settings import Settings
from tests.chaos.schedule import Action
from tests.chaos.storm import weathered
from tests.fake_studio import props
from tests.pipeline import test_regrouping, test_upgrade
from tests.pipeline.test_upgrade import LATER

Spans = Callable[[int, int], tuple[int, int]]
TEXT = """\
The minister said exports rose by 14 percent to 3.5 billion dollars in 2024.

The ministry of roads built 120 kilometres of railway in the north last year.

Unemployment in the capital fell from 9.1 to 8.4 percent, the statistics office said.
"""


def same(start: int, end: int) -> tuple[int, int]:
    return start, end


def shorter(start: int, end: int) -> tuple[int, int]:
    return start, end - 2


def halved(start: int, end: int) -> tuple[int, int]:
    return (start + end) // 2, end


def by(spans: Spans, name: str = "rules-9") -> recut.Cutter:
    """Rules that cut out every line, or some part of it, and call themselves so."""

    def cut(articles: pl.DataFrame, **_: Any) -> Extracted:
        found = []
        for article, text in articles.select("article_id", "text").iter_rows():
            at = 0
            for line in text.splitlines(keepends=True):
                start, end = spans(at, at + len(line.rstrip()))
                at += len(line)
                if line.isspace():
                    continue
                quote = text[start:end]
                own = claim_id(article_id=article, start=start, end=end, quote=quote)
                found.append(
                    Claim(
                        claim_id=own,
                        article_id=article,
                        group_id=own,
                        start=start,
                        end=end,
                        quote=quote,
                        lang="en",
                        claimant=name,
                        check_worthiness=0.8,
                        extractor=name,
                    )
                )
        return Extracted(frames.from_records(Claim, found), frames.empty(Rejection), len(found))

    return cut


def none(articles: pl.DataFrame, **_: Any) -> Extracted:
    """Rules that find nothing."""
    return Extracted(frames.empty(Claim), frames.empty(Rejection), articles.height)


def breaking(articles: pl.DataFrame, **_: Any) -> Extracted:
    """Rules that no article survives."""
    rejected = [
        Rejection(stage="claims", code="UNEXPECTED", subject=one, reason="a bug") for one in articles["article_id"]
    ]
    return Extracted(frames.empty(Claim), frames.from_records(Rejection, rejected), articles.height)


def rows(settings: Settings) -> dict[str, dict[str, Any]]:
    return {row["claim_id"]: row for row in Desk(settings).claims().to_dicts()}


def active(settings: Settings) -> set[str]:
    return {row["quote"] for row in rows(settings).values() if row["state"] == ClaimState.ACTIVE}


class Sent(test_regrouping.OldDesk):
    """A desk with one article of three claims that were sent, and in no version yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "desk", {})
        file = folder / "news.txt"
        file.write_text(TEXT, "utf-8")
        ingest(self.settings, [str(file)], now=self.later())
        self.cut()
        self.push()

    def cut(self) -> Any:
        return cut_staged(self.settings, show=0, now=self.later())[0]

    def again(self, cut: recut.Cutter, *, dry_run: bool = False) -> recut.Again:
        return recut.again(self.settings, dry_run=dry_run, now=self.later(), cut=cut)

    def answer(self, words: str, choice: str = "verified") -> str:
        """Somebody answers the task of the claim that begins with these words; its id."""
        (claim,) = [row for row in rows(self.settings).values() if row["quote"].startswith(words)]
        self.players.people[0].submit(self.tasks()[claim["claim_id"]], choice)
        return str(claim["claim_id"])


@pytest.fixture
def old(tmp_path: Path) -> Iterator[test_upgrade.OldDesk]:
    made = test_upgrade.OldDesk(tmp_path)
    yield made
    made.players.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Sent]:
    made = Sent(tmp_path)
    yield made
    made.players.close()


SPOKEN_OF = [props.claim_id(number) for number in (1, 2, 3, 4)]
"""Claims of the desk of 67c683e with a vote, a deleted one or a skip."""
SILENT = [props.claim_id(number) for number in (5, 6)]


@pytest.mark.parametrize("cut", [extract, by(halved), none], ids=["ours", "halved", "none"])
def test_the_votes_of_67c683e_stay_where_they_are_whatever_newer_rules_cut(
    old: test_upgrade.OldDesk, cut: recut.Cutter
) -> None:
    before = {claim: row for claim, row in rows(old.settings).items() if claim in SPOKEN_OF}
    hashes = old.data.versions()["version_hash"].to_list()
    done = recut.again(old.settings, dry_run=False, now=LATER, cut=cut)
    after = rows(old.settings)
    assert {claim: after[claim] for claim in SPOKEN_OF} == before
    assert done.held == len(SPOKEN_OF)
    assert old.states() == old.told["states"]
    assert old.verdicts() == old.told["verdicts"]
    data = dataset_package.open(old.settings.dataset_uri)
    assert data.versions()["version_hash"].to_list()[:2] == hashes
    assert verify(old.settings.dataset_uri).findings == []
    old.push()
    assert old.pull(full=True).version is None, "no answer is news"
    assert old.states() == old.told["states"]
    assert old.verdicts() == old.told["verdicts"]
    assert old.well()
    twice = recut.again(old.settings, dry_run=False, now=LATER, cut=cut)
    assert (twice.retired, twice.updated, twice.new, twice.version) == ([], [], [], None)


def test_claims_without_a_vote_are_told_otherwise_in_place_or_retired(old: test_upgrade.OldDesk) -> None:
    old.push()
    told = recut.again(old.settings, dry_run=True, now=LATER, cut=by(same))
    assert ([row["claim_id"] for row in told.updated], told.retired, told.new) == (SILENT, [], [])
    assert {row["extractor"] for row in rows(old.settings).values()} == {"test-1"}, "a dry run changes nothing"
    assert recut.again(old.settings, dry_run=False, now=LATER, cut=by(same)).version == 3
    there = rows(old.settings)
    assert {there[claim]["claimant"] for claim in SILENT} == {"rules-9"}
    assert {there[claim]["extractor"] for claim in SPOKEN_OF} == {"test-1"}
    tasks = {number: dict(task["data"]) for number, task in old.store.tasks.items()}
    pushed = old.push()
    assert {*tasks} == {*old.store.tasks}, "each claim has its own task still"
    changed = [task["data"] for number, task in old.store.tasks.items() if task["data"] != tasks[number]]
    assert pushed.counts["updated"] == len(changed)
    assert {data["claim_id"] for data in changed} >= {*SILENT}
    # Who said it is another now: what looked like another figure of the same thing is one no more.
    other = re.compile(r"<p [^>]*><b>other figures:</b>.*?</p>")
    for data in changed:
        before = next(one for one in tasks.values() if one["claim_id"] == data["claim_id"])
        silent = data["claim_id"] in SILENT
        assert ("rules-9" in data["about"]) is silent
        assert silent or data["about"] == other.sub("", before["about"]) != before["about"]

    done = recut.again(old.settings, dry_run=False, now=LATER, cut=by(shorter, "rules-10"))
    assert ([row["claim_id"] for row in done.retired], len(done.new), done.left_out) == (SILENT, 2, 4)
    with weathered(old.studio):
        planned = plan_push(old.settings, project=None, now=LATER, say=print)
    named = planned.steps.filter(pl.col("action") == "retire")
    assert named.height == len(SILENT)
    assert "out of the queue" in named["change"][0]
    assert {words.strip("\u200e\u200f\u2066\u2067\u2068\u2069") for words in named["claim"]} == {
        there[claim]["quote"] for claim in SILENT
    }
    counts = old.push().counts
    assert (counts["created"], counts["retired"]) == (2, 2)
    assert old.well()
    # Rules that cut them out again bring them back, under their ids.
    back = recut.again(old.settings, dry_run=False, now=LATER, cut=by(same, "rules-11"))
    assert [row["claim_id"] for row in back.updated] == SILENT
    assert {rows(old.settings)[claim]["state"] for claim in SILENT} == {"active"}
    old.push()
    assert old.well()


def test_a_claim_that_was_answered_after_it_was_retired_is_checked_after_all(old: test_upgrade.OldDesk) -> None:
    recut.again(old.settings, dry_run=False, now=LATER, cut=by(shorter))
    for who in (0, 1):
        old.players.do(Action("submit", who, 5, "verified", old.store.now))
    report = old.pull()
    assert [said for said in report.warnings if SILENT[0] in said and "checked again" in said]
    assert [SILENT[0], "decided", "verified"] in old.verdicts()
    assert rows(old.settings)[SILENT[0]]["state"] == "active"
    assert rows(old.settings)[SILENT[1]]["state"] == "withdrawn", "nobody answered that one"
    old.push()
    assert old.well()
    done = recut.again(old.settings, dry_run=False, now=LATER, cut=by(shorter))
    assert done.left_out == 5, "what stands at its place now leaves"
    assert rows(old.settings)[SILENT[0]]["state"] == "active"


def test_the_command_shows_first_what_it_would_do(old: test_upgrade.OldDesk) -> None:
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["--desk", str(old.settings.root), "claims", *arguments])
        assert done.exit_code == (2 if "--regroup" in arguments else 0), done.output
        return done.output

    assert "1 article was cut by older rules" in run()
    shown = run("--again", "--dry-run")
    assert "1 article cut again: 2 retired, 0 updated, " in shown
    assert "kept although older rules cut them: 4" in shown
    assert f"retired: {SILENT[0][:12]}" in shown
    assert "next:\n  factcheck claims --again" in shown
    assert old.data.head == 2
    assert "\nversion 3: " in run("--again")
    assert "version" not in run("--again")
    assert "older rules" not in run()
    assert "one, then the other" in run("--again", "--regroup")


def test_what_was_sent_and_is_in_no_version_is_treated_as_what_is(desk: Sent) -> None:
    first = {*rows(desk.settings)}
    done = desk.again(by(shorter))
    assert (len(done.retired), len(done.new), done.version) == (3, 3, None)
    assert len({*rows(desk.settings)} - first) == 3
    desk.push()
    assert desk.well()
    assert {*active(desk.settings)} == {line[:-2] for line in TEXT.splitlines() if line}
    for _ in range(2):  # the rules of today cut them as they were: what was sent since stays as it was sent
        assert desk.cut().counts["left_as_sent"] == 3
        assert {*active(desk.settings)} == {line[:-2] for line in TEXT.splitlines() if line}
    # Somebody had opened the retired one before: the first version holds it as it is checked again.
    (retired,) = [one for one in first if rows(desk.settings)[one]["quote"].startswith("Unemployment")]
    desk.players.people[0].submit(desk.tasks()[retired], "disputed")
    assert desk.pull().version == 1
    there = rows(desk.settings)
    assert [one for one in first if there[one]["state"] == "active"] == [retired]
    desk.push()
    assert desk.well()


def test_by_default_nothing_that_was_sent_is_touched_and_nothing_stands_beside_it(
    desk: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(desk.settings)
    assert not [said for said in desk.cut().warnings if "older rules" in said]
    monkeypatch.setattr("factcheck.claims.extract", by(shorter))
    monkeypatch.setattr("factcheck.claims.extractor", lambda _: "rules-9")
    report = desk.cut()
    assert rows(desk.settings) == before
    assert report.counts["left_as_sent"] == 3
    assert [said for said in report.warnings if "1 article was cut by older rules" in said]
    assert "created" not in {name for name, count in desk.push().counts.items() if count}


def test_what_a_person_did_stays(desk: Sent) -> None:
    desk.answer("The minister")
    desk.pull()
    claims = {row["quote"][:12]: row["claim_id"] for row in rows(desk.settings).values()}
    minister, roads, work = (claims[one] for one in ("The minister", "The ministry", "Unemployment"))
    how = How("Sara", "not ours")
    facts = mending.Facts(claimant="the Ministry of Roads and Housing")
    mending.edit(desk.settings, roads, None, facts, how=how, now=desk.later())
    mending.withdraw(desk.settings, work, how=how, now=desk.later())
    added = mending.add(desk.settings, "5,000 people came.", mending.Facts(), url=None, how=how, now=desk.later())
    before = rows(desk.settings)
    for cut in (by(same), by(shorter), none):
        done = desk.again(cut)
        assert (done.retired, done.updated, done.new) == ([], [], [])
    assert rows(desk.settings) == before
    assert {before[one]["state"] for one in (minister, roads, *added.claims)} == {"active"}


def test_an_article_that_cannot_be_read_keeps_its_claims(desk: Sent) -> None:
    before = rows(desk.settings)
    done = desk.again(breaking)
    assert (done.failed, done.retired, rows(desk.settings)) == (1, [], before)


def test_a_text_that_another_replaced_gets_no_claims_again(desk: Sent, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(TEXT.replace("14", "12"), "utf-8")
    ingest(desk.settings, [str(tmp_path / "news.txt")], now=desk.later())
    desk.cut()
    before = active(desk.settings)
    assert not [one for one in before if "14 percent" in one]
    desk.again(by(shorter))
    assert not [one for one in active(desk.settings) if "14 percent" in one]
