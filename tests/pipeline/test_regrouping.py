"""A desk whose claims were grouped by the fold that threw signs away goes on with the one that keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from factcheck import dataset as dataset_package
from factcheck import frames
from factcheck.claims import regroup
from factcheck.cli import app
from factcheck.cli.claim_life import as_dict
from factcheck.dataset.staging import Staging
from factcheck.dataset.store import Table
from factcheck.dataset.verify import verify
from factcheck.errors import UsageError
from factcheck.folding import match_key
from factcheck.importers.records import EXTRACTOR
from factcheck.models import Article, Claim, Report
from factcheck.pipeline.corrections import corrections
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.doctor import doctor
from factcheck.pipeline.history import diff, show
from factcheck.pipeline.import_ import import_earlier
from factcheck.pipeline.maintenance import restore
from factcheck.pipeline.pull import pull as pipeline_pull
from factcheck.pipeline.push import push as pipeline_push
from factcheck.pipeline.regroup import Regrouped
from factcheck.pipeline.regroup import regroup as regroup_claims
from factcheck.pipeline.release import release
from factcheck.pipeline.status import status
from tests.chaos.newsroom import make_desk
from tests.chaos.schedule import MORNING, Action, Players
from tests.chaos.storm import URL, StormyStudio, weathered
from tests.failing import Killed
from tests.fake_studio.props import NOW, claim_id
from tests.fake_studio.rows import Store

MINUS, EURO, ITALY = 2, 4, 9
QUOTES = {
    1: "رشد اقتصادی سال گذشته ۵ درصد بود",
    MINUS: "رشد اقتصادی سال گذشته -۵ درصد بود",
    3: "the bridge cost $7 million",
    EURO: "the bridge cost €7 million",
    5: "1,200 people came",
    6: "1200 people came",
    7: "the town has a new school",
    8: "Spain > Italy in exports",
    ITALY: "Spain < Italy in exports",
}


def old_groups(quotes: dict[int, str]) -> dict[int, int]:
    """The first claim of each group as the fold of before made them."""
    first: dict[str, int] = {}
    return {number: first.setdefault(match_key(quote), number) for number, quote in quotes.items()}


def claims_of(quotes: dict[int, str], **changed: Any) -> pl.DataFrame:
    return frames.from_records(
        Claim,
        [
            Claim.model_validate(
                {
                    "claim_id": claim_id(number), "article_id": f"art_{number:020x}", "group_id": claim_id(group),
                    "start": 0, "end": len(quotes[number]), "quote": quotes[number], "lang": "en",
                    "check_worthiness": 0.8, "extractor": "test-1", **changed,
                }
            )
            for number, group in old_groups(quotes).items()
        ],
    )  # fmt: skip


def articles_of(quotes: dict[int, str]) -> pl.DataFrame:
    rows = [
        Article(article_id=f"art_{n:020x}", source="s", publisher=f"Outlet {n}", text=text, fetched_at=NOW)
        for n, text in quotes.items()
    ]
    return frames.from_records(Article, rows)


class OldDesk:
    def __init__(self, folder: Path, quotes: dict[int, str] = QUOTES) -> None:
        self.settings = make_desk(folder, URL)
        self.store = Store()
        self.players = Players(self.store)
        self.store.now = MORNING
        self.studio = StormyStudio(self.store, None)
        self.hour = 0
        staging = Desk(self.settings).staging
        staging.add_articles(articles_of(quotes))
        staging.set_claims(claims_of(quotes))

    def push(self) -> Report:
        with weathered(self.studio):
            return pipeline_push(self.settings, project=None, now=self.later(), say=print)

    def pull(self, *, full: bool = False) -> Report:
        with weathered(self.studio):
            return pipeline_pull(self.settings, project=None, full=full, now=self.later(), say=print)

    def regroup(self, *, dry_run: bool = False, yes: bool = False) -> Regrouped:
        return regroup_claims(self.settings, dry_run=dry_run, yes=yes, now=self.later())

    def well(self) -> bool:
        with weathered(self.studio):
            found = doctor(self.settings, project=None, now=self.later())
        assert found.differences == []
        return found.equal

    def vote(self, claim: int, choice: str, *people: int) -> None:
        for who in people:
            self.store.now += timedelta(seconds=1)
            self.players.do(Action("submit", who, claim, choice, self.store.now))

    def later(self) -> Any:
        self.hour += 1
        return NOW + timedelta(hours=self.hour)

    def tasks(self) -> dict[str, int]:
        return self.players.people[0].task_ids(1)

    def states(self) -> list[tuple[Any, ...]]:
        columns = ("annotation_key", "claim_id", "task_id", "state", "choice", "annotator_id", "mark")
        rows = dataset_package.open(self.settings.dataset_uri).last_states().select(columns)
        return rows.sort("annotation_key").rows()

    def verdicts(self) -> dict[int, tuple[str, int]]:
        rows = dataset_package.open(self.settings.dataset_uri).verdicts().collect().iter_rows(named=True)
        return {int(row["claim_id"][4:], 16): (row["verdict"] or row["status"], row["n_votes"]) for row in rows}

    def groups(self) -> dict[int, int]:
        rows = Desk(self.settings).claims().select("claim_id", "group_id").iter_rows()
        return {int(claim[4:], 16): int(group[4:], 16) for claim, group in rows}


@pytest.fixture
def old(tmp_path: Path) -> Iterator[OldDesk]:
    made = OldDesk(tmp_path / "desk")
    yield made
    made.players.close()


@pytest.fixture
def voted(old: OldDesk) -> OldDesk:
    old.push()
    for claim in (1, 3, 5, 7):
        old.vote(claim, "verified", 0, 1)
    old.vote(6, "verified", 2)
    old.vote(8, "verified", 0)
    old.pull()
    assert old.verdicts() == {
        1: ("verified", 2), 3: ("verified", 2), 5: ("verified", 2), 6: ("single", 1), 7: ("verified", 2),
        8: ("single", 1),
    }  # fmt: skip
    return old


def test_a_vote_stays_with_the_words_it_was_cast_on(voted: OldDesk) -> None:
    before, tasks = voted.states(), voted.tasks()
    assert status(voted.settings).regroup_due.startswith("4 claims")

    shown = voted.regroup(dry_run=True)
    assert shown.version is None
    assert voted.groups() == old_groups(QUOTES)

    done = voted.regroup()
    assert done._replace(version=None) == shown
    assert done.version == 2
    assert voted.groups() == {**{n: n for n in QUOTES}, 6: 5}
    assert {row["claim_id"] for row in done.apart} == {claim_id(MINUS), claim_id(EURO), claim_id(ITALY)}
    assert [(row["claim_id"], row["before"], row["after"]) for row in done.fell] == [
        (claim_id(MINUS), "verified", "unreviewed"), (claim_id(EURO), "verified", "unreviewed"),
    ]  # fmt: skip
    assert voted.verdicts() == {
        1: ("verified", 2), MINUS: ("unreviewed", 0), 3: ("verified", 2), EURO: ("unreviewed", 0),
        5: ("verified", 3), 6: ("unreviewed", 0), 7: ("verified", 2), 8: ("single", 1), ITALY: ("unreviewed", 0),
    }  # fmt: skip

    assert voted.states() == before
    assert status(voted.settings).regroup_due == ""
    assert voted.regroup() == Regrouped(None, [], [], [], 0)
    restore(voted.settings, "1", now=voted.later())
    assert status(voted.settings).regroup_due, "the groups of before are back"
    restore(voted.settings, "2", now=voted.later())
    assert status(voted.settings).regroup_due == ""

    pushed = voted.push()
    counts = {step: pushed.counts[step] for step in ("created", "updated", "retired", "removed")}
    assert counts == {"created": 3, "updated": 4, "retired": 1, "removed": 0}
    assert voted.tasks().items() >= tasks.items()
    assert voted.pull().version is None
    assert voted.pull(full=True).version is None
    assert voted.states() == before
    assert voted.well()
    assert voted.push().counts["unchanged"] == 9
    assert verify(voted.settings.dataset_uri).findings == []


def test_what_falls_is_in_the_corrections_and_in_the_diff(voted: OldDesk) -> None:
    release(voted.settings, "before", as_of="1", out=voted.settings.root / "out", signing_key=None, now=NOW)
    done = voted.regroup()
    told = corrections(voted.settings, as_of=None)
    assert [(row["claim_id"], row["before"], row["after"]) for row in told] == [
        (row["claim_id"], row["before"], row["after"]) for row in done.fell
    ]
    assert all(row["reason"].startswith("regroup: ") for row in told)
    changed = diff(voted.settings, "1", "2")
    assert {claim_id(MINUS), claim_id(EURO), claim_id(ITALY)} <= {row["claim_id"] for row in changed}


def test_work_goes_on_on_both_sides(voted: OldDesk) -> None:
    voted.regroup()
    voted.push()
    voted.vote(MINUS, "disputed", 0, 1)
    voted.vote(ITALY, "disputed", 1, 2)
    # The task that is left over of the united group is out of the queue; who has it open may still answer it.
    voted.vote(6, "disputed", 0, 1)
    assert voted.pull().version == 3
    assert voted.verdicts()[MINUS] == ("disputed", 2)
    assert voted.verdicts()[1] == ("verified", 2)
    assert voted.verdicts()[5] == ("disputed", 3)
    assert voted.verdicts()[6] == ("unreviewed", 0)
    assert voted.pull(full=True).version is None
    assert voted.well()
    story = as_dict(show(voted.settings, claim_id(6), as_of=None)[0])
    assert {row["claim_id"] for row in story["claims"]} == {claim_id(5), claim_id(6)}
    assert len(story["annotations"]) == 5
    assert {row["claim_id"] for row in as_dict(show(voted.settings, claim_id(1), as_of=None)[0])["claims"]} == {
        claim_id(1)
    }


def test_a_run_killed_in_the_middle_leaves_the_old_or_the_new(voted: OldDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = Table.commit

    def dying(table: Table, *given: Any, **named: Any) -> Any:
        if table.layout.name == "versions":
            raise Killed("rows")
        return commit(table, *given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Table, "commit", dying)
        with pytest.raises(Killed):
            voted.regroup()
    assert voted.groups() == old_groups(QUOTES)
    assert voted.verdicts()[6] == ("single", 1)
    voted.regroup()
    assert voted.verdicts()[5] == ("verified", 3)
    assert verify(voted.settings.dataset_uri).findings == []


def test_staged_claims_keep_their_new_groups_when_the_run_dies_before_it_has_tidied_up(
    old: OldDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    old.push()
    with monkeypatch.context() as patch:
        patch.setattr(Staging, "clear", lambda *_, **__: (_ for _ in ()).throw(Killed("clear")))
        with pytest.raises(Killed):
            old.regroup()
    new = old.groups()
    assert new[MINUS] == MINUS
    assert new[6] == 5
    old.vote(1, "verified", 0, 1)
    old.vote(6, "verified", 0, 1)
    old.pull()
    assert old.groups() == new
    assert old.verdicts() == {1: ("verified", 2), 5: ("verified", 2)}
    old.push()
    assert old.pull(full=True).version is None
    assert old.well()


def test_many_verdicts_fall_only_where_a_person_says_so(tmp_path: Path) -> None:
    quotes = {n: f"{'$' if n % 2 else '€'}{(n + 1) // 2} million was paid" for n in range(1, 25)}
    old = OldDesk(tmp_path / "desk", quotes)
    old.push()
    for claim in range(1, 25, 2):
        old.vote(claim, "verified", 0, 1)
    old.pull()
    assert len(old.regroup(dry_run=True, yes=True).fell) == 12
    with pytest.raises(UsageError, match="withdraw 12 of 12"):
        old.regroup()
    assert old.groups() == old_groups(quotes)
    assert len(old.regroup(yes=True).fell) == 12
    old.players.close()


def test_an_imported_verdict_goes_where_the_imported_claim_is(tmp_path: Path) -> None:
    old = OldDesk(tmp_path / "desk", {1: "the bridge cost $7 million"})
    earlier = tmp_path / "earlier.csv"
    earlier.write_text("claim,verdict\nthe bridge cost €7 million,disputed\n", "utf-8")
    import_earlier(old.settings, [earlier], source="other desk", own=[], dry_run=False, now=old.later())
    data = dataset_package.open(old.settings.dataset_uri)
    mine = data.claims().filter(pl.col("extractor") == EXTRACTOR).drop("version").collect()
    # As the release of before would have grouped it, and where its verdict then stood.
    verdict = data.verdicts().drop("version").collect().with_columns(claim_id=pl.lit(claim_id(1)))
    dataset_package.commit(
        data, claims=pl.concat([Desk(old.settings).staging.claims(), mine.with_columns(group_id=pl.lit(claim_id(1)))]),
        articles=Desk(old.settings).staging.articles(), verdicts=verdict, cause="import", now=old.later(),
    )  # fmt: skip
    done = old.regroup()
    imported = mine["claim_id"][0]
    rows = dataset_package.open(old.settings.dataset_uri).verdicts().collect()
    assert rows.filter(pl.col("claim_id") == imported)["verdict"].to_list() == ["disputed"]
    assert rows.filter(pl.col("claim_id") == claim_id(1))["verdict"].to_list() == [None]
    assert [row["claim_id"] for row in done.fell] == [claim_id(1)]
    old.players.close()


def test_the_command_shows_first_and_says_when_there_is_nothing_to_do(
    voted: OldDesk,
) -> None:
    desk = ["--desk", str(voted.settings.root)]
    shown = CliRunner().invoke(app, [*desk, "claims", "--regroup", "--dry-run"])
    assert shown.exit_code == 0, shown.output
    assert f"lost: verified → unreviewed  {claim_id(MINUS)[:12]}" in shown.output
    assert "next:\n  factcheck claims --regroup" in shown.output
    assert "\nversion 2: " in CliRunner().invoke(app, [*desk, "claims", "--regroup"]).output
    assert "nothing to do" in CliRunner().invoke(app, [*desk, "claims", "--regroup"]).output
    refused = CliRunner().invoke(app, [*desk, "claims", "--dry-run"])
    assert refused.exit_code == 2
    assert "--regroup" in refused.output


def test_regrouping_twice_is_regrouping_once_and_the_heavier_group_keeps_its_name() -> None:
    claims = claims_of(QUOTES)
    once = regroup(claims, {})
    assert regroup(once, {}).equals(once)
    assert once.filter(pl.col("quote") == QUOTES[6])["group_id"].to_list() == [claim_id(5)]
    heavier = regroup(claims, {claim_id(6): 2})
    assert heavier.filter(pl.col("quote") == QUOTES[5])["group_id"].to_list() == [claim_id(6)]
    assert regroup(heavier, {claim_id(5): 1}).equals(heavier)


def test_what_the_fold_did_not_put_together_stays_together() -> None:
    by_hand = claims_of({1: "the river rose 5 m", 2: "the water came up by 5 m"}, group_id=claim_id(1))
    assert regroup(by_hand, {}).equals(by_hand)
