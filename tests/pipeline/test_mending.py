"""Claims mended by hand: what becomes of words, votes, verdicts and tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from factcheck import dataset as dataset_package
from factcheck import frames
from factcheck.cli import app
from factcheck.dataset import annotators
from factcheck.dataset.fork import fork
from factcheck.dataset.verify import verify
from factcheck.errors import UnknownClaim, UsageError
from factcheck.exporters.view import view
from factcheck.models import Article
from factcheck.pipeline import mending
from factcheck.pipeline.claims import claims as cut
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.event_commit import How, Mended
from factcheck.pipeline.import_ import import_earlier
from factcheck.pipeline.mending import Facts
from factcheck.pipeline.undo import undo
from tests.answers import answer
from tests.fake_studio.props import NOW, claim_id
from tests.pipeline.test_regrouping import OldDesk, articles_of

QUOTES = {
    1: "Exports rose by 14 percent and imports fell by 3 percent.",
    2: "The bridge cost 7 million dollars.",
    3: "The bridge was opened for seven million.",
    4: "The town has a new school.",
}
HOW = How("Sara Rezaei", "heard again")
YES = HOW._replace(yes=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[OldDesk]:
    made = OldDesk(tmp_path / "desk", QUOTES)
    yield made
    made.players.close()


@pytest.fixture
def voted(desk: OldDesk) -> OldDesk:
    desk.push()
    for claim in (1, 2):
        desk.vote(claim, "verified", 0, 1)
    desk.vote(3, "disputed", 0, 1, 2)
    desk.pull()
    return desk


def rows(desk: OldDesk) -> dict[str, dict[str, Any]]:
    return {row["claim_id"]: row for row in Desk(desk.settings).claims().to_dicts()}


def edit(desk: OldDesk, claim: int, words: str | None, how: How = YES, **facts: str) -> Mended:
    return mending.edit(desk.settings, claim_id(claim), words, Facts(**facts), how=how, now=desk.later())


def on_the_page(desk: OldDesk) -> dict[str, dict[str, Any]]:
    data = dataset_package.open(desk.settings.dataset_uri)
    frames = [data.articles(), data.claims(), data.verdict_changes()]
    articles, claims, verdicts = (frame.collect() for frame in frames)
    shown = view(articles, claims, verdicts, data.versions())
    return {row["claim_id"]: row for row in shown.filter(pl.col("state") == "active").to_dicts()}


def test_other_words_are_another_claim_that_waits_for_its_own_votes(voted: OldDesk) -> None:
    before = voted.states()
    with pytest.raises(UsageError, match="verified → withdrawn"):
        edit(voted, 1, "Exports rose by 14 percent", HOW)
    shown = edit(voted, 1, "Exports rose by 14 percent", HOW._replace(dry_run=True))
    assert (shown.version, shown.votes, shown.tasks) == (None, 2, {"new": 1, "out_of_queue": 1})
    assert dataset_package.open(voted.settings.dataset_uri).head == 1

    done = edit(voted, 1, "Exports rose by 14 percent")
    assert done._replace(version=None, event=None) == shown
    old, new = rows(voted)[claim_id(1)], rows(voted)[done.claims[1]]
    assert (old["state"], new["state"], new["supersedes"]) == ("withdrawn", "active", claim_id(1))
    assert (new["article_id"], new["start"], new["end"]) == (old["article_id"], 0, len("Exports rose by 14 percent"))
    assert [(row["claim_id"], row["before"], row["after"]) for row in done.verdicts] == [
        (claim_id(1), "verified", "withdrawn")
    ]
    assert voted.states() == before
    assert voted.verdicts()[1] == ("verified", 2), "it keeps its history"
    assert claim_id(1) not in on_the_page(voted)
    assert on_the_page(voted)[new["claim_id"]]["status"] == "unreviewed"
    pushed = voted.push()
    assert (pushed.counts["created"], pushed.counts["retired"]) == (1, 1)
    assert voted.pull(full=True).version is None
    assert voted.states() == before
    assert voted.well()


def test_words_that_the_article_does_not_hold_get_an_article_of_their_own(voted: OldDesk) -> None:
    done = edit(voted, 4, "The town has two new schools.")
    new = rows(voted)[done.claims[1]]
    texts = {row["article_id"]: row for row in Desk(voted.settings).articles().to_dicts()}
    article = texts[new["article_id"]]
    assert article["text"][new["start"] : new["end"]] == new["quote"] == "The town has two new schools."
    assert (article["source"], article["publisher"]) == ("person", "Outlet 4")
    back = edit_of(voted, new["claim_id"], QUOTES[4])
    assert back.claims[1] == claim_id(4), "the old words are the old claim"
    assert {row["what"] for row in back.changes} == {"back", "withdrawn"}


def edit_of(desk: OldDesk, claim: str, words: str) -> Mended:
    return mending.edit(desk.settings, claim, words, Facts(), how=YES, now=desk.later())


def test_facts_keep_the_id_the_task_and_the_votes(voted: OldDesk) -> None:
    before, tasks = voted.states(), voted.tasks()
    done = edit(voted, 1, None, HOW, claimant="the minister", outlet="Channel 1", date="2025-11-22", context="In May.")
    assert (done.claims, done.verdicts, done.tasks) == ([claim_id(1)], [], {"changed": 1})
    shown = on_the_page(voted)[claim_id(1)]
    assert (shown["claimant"], shown["publisher"], shown["verdict"]) == ("the minister", "Channel 1", "verified")
    assert shown["published_at"] == datetime(2025, 11, 22, tzinfo=UTC)
    voted.vote(1, "disputed", 2)  # on the page as it was, before the push
    assert voted.push().counts["updated"] == 1
    task = voted.store.tasks[tasks[claim_id(1)]]["data"]
    assert "Channel 1" in task["about"]
    assert "In May." in task["context"]
    assert voted.tasks() == tasks
    assert voted.pull().counts["submitted"] == 1, "an answer on the page as it was counts"
    assert set(before) < set(voted.states())
    assert edit(voted, 1, None, HOW, claimant="the minister").version is None
    edit(voted, 1, None, HOW, outlet="")
    assert on_the_page(voted)[claim_id(1)]["publisher"] == "Outlet 1"
    voted.push()
    assert voted.well()


def test_a_split_makes_claims_without_votes(voted: OldDesk) -> None:
    parts = ["Exports rose by 14 percent", "imports fell by 3 percent"]
    done = mending.split(voted.settings, claim_id(1), parts[:1], ["31:56"], how=YES, now=voted.later())
    made = [rows(voted)[claim] for claim in done.claims[1:]]
    assert [row["quote"] for row in made] == parts
    assert {row["supersedes"] for row in made} == {claim_id(1)}
    assert len({row["group_id"] for row in made}) == 2
    for bad in (["Exports rose"], [QUOTES[2], "cost"]):
        with pytest.raises(UsageError):
            mending.split(voted.settings, claim_id(2), bad, [], how=YES, now=voted.later())


def merge(desk: OldDesk, *claims: int, how: How = YES) -> Mended:
    return mending.merge(desk.settings, [claim_id(claim) for claim in claims], how=how, now=desk.later())


def test_merged_claims_that_were_settled_differently_are_contested(voted: OldDesk) -> None:
    """Each person's last answer says disputed: together a majority, and yet nobody's verdict."""
    before, states = voted.verdicts(), voted.states()
    with pytest.raises(UsageError, match="would change"):
        merge(voted, 2, 3, how=HOW)
    done = merge(voted, 2, 3)
    assert voted.verdicts()[2] == ("contested", 3)
    assert {(row["before"], row["after"]) for row in done.verdicts} == {
        ("verified", "contested"), ("disputed", "contested"),
    }  # fmt: skip
    voted.push()
    assert voted.pull(full=True).version is None
    assert voted.well(), "decided again it is contested again"
    voted.vote(2, "disputed", 0, 1)
    voted.pull()
    assert voted.verdicts()[2][0] == "disputed", "the sides agree"
    voted.vote(2, "verified", 0, 1)
    voted.pull()
    assert voted.verdicts()[2][0] == "contested"

    undo(voted.settings, done.event, how=YES, now=voted.later())
    assert voted.verdicts() == before
    assert {row[0] for row in states} <= {row[0] for row in voted.states()}
    voted.push()
    assert voted.pull(full=True).version is None
    assert voted.well()


def test_a_side_that_was_found_unproven_is_not_outvoted_by_a_merge(voted: OldDesk) -> None:
    voted.vote(4, "unproven", 0, 1)
    voted.pull()
    assert voted.verdicts()[4][0] == "unproven"
    merge(voted, 4, 3)
    assert "contested" in {outcome for outcome, _ in (voted.verdicts()[3], voted.verdicts()[4])}
    assert "disputed" not in {voted.verdicts()[3][0], voted.verdicts()[4][0]}


def test_merged_claims_have_the_votes_of_all_sides(voted: OldDesk) -> None:
    voted.vote(4, "disputed", 2)
    voted.pull()
    done = merge(voted, 4, 3, how=HOW)
    assert [row["united"] for row in done.verdicts if row["united"] is None] == []
    group = rows(voted)[claim_id(4)]["group_id"]
    assert voted.verdicts()[int(group[4:], 16)] == ("disputed", 3), "one person's votes on both are one"
    with pytest.raises(UsageError, match="one claim already"):
        merge(voted, 4, 3)


def test_withdrawn_claims_leave_the_page_and_keep_their_votes(voted: OldDesk) -> None:
    with pytest.raises(UsageError, match="needs a reason"):
        mending.withdraw(voted.settings, claim_id(2), how=How("Sara"), now=voted.later())
    before = voted.states()
    done = mending.withdraw(voted.settings, f"art_{2:020x}", how=YES, now=voted.later())
    assert done.claims == [claim_id(2)]
    assert claim_id(2) not in on_the_page(voted)
    voted.push()
    voted.vote(2, "disputed", 2)  # who had it open may still answer
    voted.pull()
    assert voted.verdicts()[2] == ("verified", 3)
    with pytest.raises(UsageError, match="was withdrawn"):
        edit(voted, 2, "x y")
    again = undo(voted.settings, None, how=HOW, now=voted.later())
    assert [row["what"] for row in again.changes] == ["back"]
    assert on_the_page(voted)[claim_id(2)]["verdict"] == "verified"
    assert set(before) < set(voted.states())
    with pytest.raises(UsageError, match="nothing to undo"):
        undo(voted.settings, None, how=HOW, now=voted.later())


def test_an_undo_never_takes_back_what_was_changed_since(voted: OldDesk) -> None:
    first = edit(voted, 4, "The town has a new")
    heir = first.claims[1]
    second = edit_of(voted, heir, "The town has")
    with pytest.raises(UsageError, match="changed again since"):
        undo(voted.settings, first.event, how=YES, now=voted.later())
    undo(voted.settings, None, how=YES, now=voted.later())
    assert rows(voted)[heir]["state"] == "active"
    with pytest.raises(UsageError, match="taken back already"):
        undo(voted.settings, second.event, how=YES, now=voted.later())
    undo(voted.settings, None, how=YES, now=voted.later())
    assert {claim: row["state"] for claim, row in rows(voted).items() if row["state"] == "active"} == {
        claim_id(number): "active" for number in QUOTES
    }


def test_a_claim_without_an_article(desk: OldDesk) -> None:
    facts = Facts("the mayor", "Channel 1", "2025-11-22", "At the rally in May.")
    done = mending.add(desk.settings, " 5,000 people came. ", facts, url="https://example.org/v", how=HOW, now=NOW)
    row = rows(desk)[done.claims[0]]
    article = Desk(desk.settings).articles().filter(pl.col("article_id") == row["article_id"]).row(0, named=True)
    assert article["text"][row["start"] : row["end"]] == row["quote"] == "5,000 people came."
    assert (article["publisher"], article["url"], row["extractor"]) == ("Channel 1", "https://example.org/v", "person")
    assert article["published_at"] == datetime(2025, 11, 22, tzinfo=UTC)
    again = mending.add(desk.settings, "5,000 people came.", facts, url="https://example.org/v", how=HOW, now=NOW)
    assert again.version is None
    assert desk.push().counts["created"] == len(QUOTES) + 1
    for words, given in ((" ", {}), ("x", {"date": "32 May"}), ("x", {"url": "ftp://x"})):
        with pytest.raises(UsageError):
            mending.add(desk.settings, words, Facts(date=given.get("date")), url=given.get("url"), how=HOW, now=NOW)
    with pytest.raises(UnknownClaim):
        mending.withdraw(desk.settings, "clm_ffffffff", how=YES, now=NOW)


def test_who_did_it_is_an_opaque_id_and_can_be_forgotten(desk: OldDesk, tmp_path: Path) -> None:
    edit(desk, 4, "The town has")
    edit(desk, 2, None, claimant="the mayor")
    edit(desk, 3, None, HOW._replace(by="Omid"), claimant="the mayor")
    data = dataset_package.open(desk.settings.dataset_uri)
    events = data.claim_events().collect()
    assert events["who"].n_unique() == 2
    folder = Path(desk.settings.dataset_uri)
    holding = [path for path in folder.rglob("*.parquet") if b"Rezaei" in path.read_bytes()]
    assert {path.parent.name for path in holding} <= {"annotators"}
    names = pl.concat([frame.collect().cast(pl.String) for frame in (data.claim_events().select("who", "why"),)])
    assert "Rezaei" not in str(names.to_dicts())
    copy = fork(data, tmp_path / "fork")
    there = copy.claim_events().collect()
    assert there["why"].null_count() == there.height == 3
    assert not {*there["who"]} & {*events["who"]}
    assert {at.time() for at in there["at"]} == {datetime.min.time()}
    assert verify(str(tmp_path / "fork")).findings == []

    (sara,) = annotators.people(data).filter(pl.col("name") == HOW.by)["annotator_id"]
    annotators.forget(data, "sara rezaei")
    people = annotators.people(data).filter(pl.col("annotator_id") == sara)
    assert people.select("name", "forgotten").rows() == [("", True)]
    edit(desk, 1, None, claimant="the mayor")
    newest = dataset_package.open(desk.settings.dataset_uri).claim_events().collect().sort("version")
    assert newest["who"][-1] not in {*events["who"]}, "who comes back is somebody new"
    assert verify(desk.settings.dataset_uri).findings == []


def test_the_commands_say_what_happens(voted: OldDesk, tmp_path: Path) -> None:
    def run(*arguments: str) -> Any:
        done = CliRunner().invoke(app, ["--desk", str(tmp_path / "desk"), *arguments])
        return done.exit_code, done.output

    one = claim_id(1)
    code, said = run("claim", "edit", one, "--text", "Exports rose by 14 percent", "--dry-run")
    assert code == 0
    assert "superseded: " in said
    assert "verdict: verified → withdrawn" in said
    assert "votes: 2 stay" in said
    assert run("claim", "edit", one, "--text", "Exports rose by 14 percent")[0] == UsageError.exit_code
    code, said = run("withdraw", one, "--reason", "satire", "--yes", "--by", "Sara Rezaei", "--json")
    assert (code, answer(said)["changes"][0]["what"]) == (0, "withdrawn")
    code, said = run("show", one)
    assert "withdraw (state)" in said
    assert "satire" in said
    assert "Rezaei" not in said
    assert run("undo", "--by", "")[0] == 0
    assert run("claim", "merge", claim_id(2), claim_id(3), "--yes")[0] == 0
    assert run("claim", "add", "5,000 people came.", "--outlet", "Channel 1")[0] == 0
    assert run("claim", "split", one, "--span", "0:12", "--span", "13:20", "--yes")[0] == 0


def test_a_pull_leaves_articles_that_were_not_cut_where_claims_finds_them(desk: OldDesk) -> None:
    desk.push()
    fresh = articles_of({90: "Exports rose by 20 percent in 2025, the minister said."})
    Desk(desk.settings).staging.add_articles(fresh)
    desk.vote(1, "verified", 0, 1)
    assert desk.pull().version == 1
    assert Desk(desk.settings).staging.articles()["article_id"].to_list() == fresh["article_id"].to_list()
    report, _ = cut(desk.settings, show=0, now=desk.later())
    assert report.counts["articles"] == 1


def test_a_copy_that_comes_later_does_not_bring_a_withdrawn_verdict_back(voted: OldDesk) -> None:
    mending.withdraw(voted.settings, claim_id(2), how=YES, now=voted.later())
    text = f"Yesterday in town. {QUOTES[2]} Nobody knows why."
    copy = Article(article_id="art_" + "f" * 20, source="s", publisher="Copy", lang="en", text=text, fetched_at=NOW)
    Desk(voted.settings).staging.add_articles(frames.from_records(Article, [copy]))
    cut(voted.settings, show=0, now=voted.later())
    voted.push()
    voted.vote(1, "verified", 2)
    voted.pull()
    assert claim_id(2) not in on_the_page(voted)
    (new,) = [row for row in on_the_page(voted).values() if row["quote"] == QUOTES[2]]
    assert (new["status"], new["verdict"]) == ("unreviewed", None)


def imported_unproven(desk: OldDesk, words: str) -> None:
    path = Path(desk.settings.root) / "earlier.csv"
    path.write_text(
        f"claim,verdict,review date,review_url\n{words},unproven,2026-01-02,https://other.example/1\n", "utf-8"
    )
    done = import_earlier(desk.settings, [path], source="other.example", own=[], dry_run=False, now=desk.later())
    assert done.accepted == 1


def test_an_imported_unproven_contradicts_a_verdict_as_another_verdict_does(voted: OldDesk) -> None:
    imported_unproven(voted, QUOTES[4])
    voted.pull()
    with pytest.raises(UsageError, match="contradicts another one: unproven, verified"):
        mending.merge(voted.settings, [claim_id(4), claim_id(2)], how=YES, now=voted.later())


def test_facts_given_with_words_that_come_back_are_kept(voted: OldDesk) -> None:
    made = edit(voted, 1, "Exports rose by 14 percent")
    (heir,) = [change["claim_id"] for change in made.changes if change["what"] == "new"]
    facts = Facts(claimant="The minister", context="as said in May")
    mending.edit(voted.settings, heir, QUOTES[1], facts, how=YES, now=voted.later())
    back = rows(voted)[claim_id(1)]
    assert (back["state"], back["claimant"], back["context"]) == ("active", "The minister", "as said in May")


def test_an_edit_to_words_that_another_claim_has_names_the_merge(desk: OldDesk) -> None:
    said = [
        mending.add(desk.settings, f"The minister said so on {day}.", Facts(), url=None, how=YES, now=desk.later())
        for day in ("Monday", "Tuesday")
    ]
    one, other = (made.claims[0] for made in said)
    with pytest.raises(UsageError, match="has these words") as refused:
        edit_of(desk, one, "The minister said so on Tuesday.")
    assert refused.value.hint == f"factcheck claim merge {one} {other}"
    assert [rows(desk)[claim]["state"] for claim in (one, other)] == ["active", "active"]


def test_groups_made_anew_leave_what_a_person_merged(tmp_path: Path) -> None:
    from tests.pipeline.test_regrouping import QUOTES as WRITTEN

    desk = OldDesk(tmp_path / "other", {number: WRITTEN[number] for number in (3, 4)})
    desk.regroup(yes=True)
    desk.push()
    desk.vote(3, "verified", 0, 1)
    desk.pull()
    assert len(set(desk.groups().values())) == 2
    mending.merge(desk.settings, [claim_id(3), claim_id(4)], how=YES, now=desk.later())
    assert desk.regroup(dry_run=True).moved == []
    undo(desk.settings, None, how=YES, now=desk.later())
    assert len(set(desk.groups().values())) == 2
    desk.players.close()
