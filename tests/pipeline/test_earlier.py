"""Earlier verdicts on tasks: told when a task is made, never changed after, noted on every vote."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from factcheck import dataset as dataset_package
from factcheck import frames
from factcheck import settings as settings_package
from factcheck.models import Report, VerdictChange
from factcheck.pipeline.agreement import agreement
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.pull import pull as pipeline_pull
from factcheck.pipeline.push import push as pipeline_push
from factcheck.settings import Settings
from factcheck.studio.sync.standing import shown_hash
from tests.chaos.newsroom import make_desk, settings_of, stage
from tests.chaos.schedule import MORNING, Action, Players
from tests.chaos.storm import URL, StormyStudio, weathered
from tests.fake_studio.props import NOW, claim_id
from tests.fake_studio.rows import Store


class Newsroom:
    """A desk that has decided claim 1; claim 5, staged later, says the same but for a sign."""

    def __init__(self, folder: Path, *, on: bool) -> None:
        self.folder, self.store = folder, Store()
        self.store.now = MORNING
        self.players = Players(self.store)
        self.settings = make_desk(folder, URL)
        if on:
            path = folder / settings_package.FILE_NAME
            path.write_text(path.read_text("utf-8") + "earlier_verdicts = true\n", "utf-8")
            self.settings = settings_of(folder, URL)
        stage(self.settings, [1, 2])
        self.push()
        for who in (0, 1):
            self.vote(1, who)
        self.pull()

    def push(self, settings: Settings | None = None) -> Report:
        with weathered(StormyStudio(self.store, None)):
            return pipeline_push(settings or self.settings, project=None, now=NOW, say=print)

    def pull(self) -> Report:
        with weathered(StormyStudio(self.store, None)):
            return pipeline_pull(self.settings, project=None, full=False, now=NOW, say=print)

    def vote(self, claim: int, who: int, choice: str = "verified") -> None:
        self.players.do(Action("submit", who, claim, choice, self.store.now))

    def again(self) -> str:
        """Stage claim 5 with the words of claim 1 after a minus sign; its id."""
        quote = Desk(self.settings).claims().filter(pl.col("claim_id") == claim_id(1))["quote"][0]
        return self.saying(f"§ {quote}", "en")

    def saying(self, quote: str, lang: str) -> str:
        """Stage claim 5 with the words; its id."""
        desk = Desk(self.settings)
        stage(self.settings, [5])
        row = pl.col("claim_id") == claim_id(5)
        said = [
            pl.when(row).then(pl.lit(new)).otherwise(old).alias(old) for old, new in (("quote", quote), ("lang", lang))
        ]
        desk.staging.set_claims(desk.staging.claims().with_columns(said))
        return claim_id(5)

    def told(self) -> dict[str, str | None]:
        tasks = [task["data"] for task in self.store.tasks.values()]
        return {data["claim_id"]: data.get("earlier") for data in tasks}

    def saw(self) -> dict[str, set[bool | None]]:
        events = dataset_package.open(self.settings.dataset_uri).annotations().collect()
        return {
            str(claim): {*part["saw_earlier"]} for (claim,), part in events.group_by("claim_id", maintain_order=True)
        }


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path / "desk", on=True)


def changed(report: Report) -> int:
    return sum(count for name, count in report.counts.items() if name != "unchanged")


def test_a_verdict_is_told_when_the_task_is_made_and_noted_on_its_votes(newsroom: Newsroom) -> None:
    assert newsroom.told() == {claim_id(1): "", claim_id(2): ""}
    claim = newsroom.again()
    assert newsroom.push().counts["created"] == 1
    text = newsroom.told()[claim]
    assert text is not None
    assert text.startswith("Verified, ")
    newsroom.vote(5, 0)
    newsroom.vote(5, 1, "disputed")
    newsroom.pull()
    assert newsroom.saw() == {claim_id(1): {False}, claim: {True}}
    groups = {row["earlier"]: row for row in agreement(newsroom.settings, by="earlier", as_of=None, seed=1).groups}
    assert {name: (row["votes"], row["raw"]) for name, row in groups.items()} == {"shown": (2, 0.0), "none": (2, 1.0)}


@pytest.mark.parametrize(
    ("quote", "wanted", "kept_out"),
    [
        # Claim 1: "BBC: أعلنت الوزارة أن 35% من السكان تلقوا اللقاح. 1"
        ("قالت الوزارة إن 35% من السكان تلقوا اللقاح 1", "alike", "other figures"),
        ("أعلنت الوزارة أن 45% من السكان تلقوا اللقاح. 1", "other figures", None),
        ("أعلنت الوزارة أن 35% من السكان لم يتلقوا اللقاح. 1", None, None),
        ("ارتفعت أسعار النفط في الأسواق العالمية أمس", None, None),
    ],
)
def test_a_verdict_on_other_words_is_told_with_how_far_they_are_alike(
    newsroom: Newsroom, quote: str, wanted: str | None, kept_out: str | None
) -> None:
    claim = newsroom.saying(quote, "ar")
    newsroom.push()
    text = newsroom.told()[claim]
    assert text is not None
    if wanted is None:
        assert text == ""
        return
    assert len(text.split("\n")) == 1
    assert text.startswith("Verified, ")
    assert wanted in text
    assert "% alike" in text
    assert "تلقوا اللقاح" in text
    assert kept_out is None or kept_out not in text
    newsroom.vote(5, 0)
    newsroom.pull()
    assert newsroom.saw()[claim] == {True}


def test_an_imported_verdict_on_like_words_is_told_with_its_outlet_and_address(newsroom: Newsroom) -> None:
    data = dataset_package.open(newsroom.settings.dataset_uri)
    there = {
        "claim_id": claim_id(1), "status": "decided", "verdict": "disputed", "origin": "import", "source": "Fact House",
        "policy": "import", "evidence": ["https://house.example/review", "https://stat.example/table"],
    }  # fmt: skip
    rows = frames.from_records(VerdictChange, [VerdictChange.model_validate(there)])
    dataset_package.commit(data, verdicts=rows, cause="import", now=NOW)
    claim = newsroom.saying("قالت الوزارة إن 35% من السكان تلقوا اللقاح 1", "ar")
    newsroom.push()
    text = newsroom.told()[claim]
    assert text is not None
    assert "Fact House" in text
    assert "https://house.example/review" in text
    assert "stat.example" not in text


def test_what_a_task_tells_never_changes(newsroom: Newsroom) -> None:
    claim = newsroom.again()
    newsroom.push()
    before = newsroom.told()
    # The verdict it told of falls, and claim 1, which was made before there was one, gets an earlier verdict.
    taken = VerdictChange.model_validate({"claim_id": claim_id(1), "status": "contested", "policy": "x"})
    mine = {"claim_id": claim, "status": "decided", "verdict": "disputed", "policy": "x", "origin": "votes"}
    rows = frames.from_records(VerdictChange, [taken, VerdictChange.model_validate(mine)])
    staged = Desk(newsroom.settings).staging.claims().filter(pl.col("claim_id") == claim)
    articles = Desk(newsroom.settings).staging.articles()
    data = dataset_package.open(newsroom.settings.dataset_uri)
    dataset_package.commit(data, articles=articles, claims=staged, verdicts=rows, cause="policy", now=NOW)
    assert changed(newsroom.push()) == 0
    # Nor where what was remembered is lost.
    for path in (newsroom.settings.state / "earlier.json", newsroom.settings.state / "ledgers"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert changed(newsroom.push()) == 0
    assert changed(newsroom.push()) == 0
    assert newsroom.told() == before


def test_another_machine_takes_what_the_first_one_told(newsroom: Newsroom, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(newsroom.folder, other)
    claim = newsroom.again()
    newsroom.push()
    before = newsroom.told()
    # It has the claim, and no verdict yet that would make the same text.
    shutil.copytree(newsroom.settings.state / "staging", other / ".factcheck" / "staging", dirs_exist_ok=True)
    there = settings_of(other, URL)
    data = dataset_package.open(there.dataset_uri)
    taken = VerdictChange.model_validate({"claim_id": claim_id(1), "status": "contested", "policy": "x"})
    dataset_package.commit(data, verdicts=frames.from_records(VerdictChange, [taken]), cause="policy", now=NOW)
    assert Desk(there).workspace.earlier("main") == {claim_id(1): "", claim_id(2): ""}
    newsroom.push(there)
    assert newsroom.told() == before
    assert Desk(there).workspace.earlier("main") == before
    assert before[claim]


def test_a_desk_that_does_not_ask_is_told_nothing(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path / "desk", on=False)
    newsroom.again()
    newsroom.push()
    assert {*newsroom.told().values()} == {""}


def test_tasks_of_an_older_release_keep_their_data_and_say_that_it_is_not_known(newsroom: Newsroom) -> None:
    """As an upgrade finds them: no such field on the tasks, and nothing remembered of it."""
    for task in newsroom.store.tasks.values():
        task["data"].pop("earlier")
        task["data"]["content_hash"] = shown_hash(task["data"])
    for path in (newsroom.settings.state / "earlier.json", newsroom.settings.state / "ledgers" / "main.json"):
        path.unlink(missing_ok=True)
    tasks: dict[int, Any] = {number: dict(task["data"]) for number, task in newsroom.store.tasks.items()}
    assert changed(newsroom.push()) == 0
    assert changed(newsroom.push()) == 0
    assert {number: task["data"] for number, task in newsroom.store.tasks.items()} == tasks
    newsroom.vote(2, 0)
    newsroom.pull()
    assert newsroom.saw()[claim_id(2)] == {None}
