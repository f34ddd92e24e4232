"""A wrong setting never takes a verdict away in silence: it is refused, changes nothing, or each change is named.

Ten thousand edits of factcheck.toml and the environment by `make chaos`, a seeded sample in every run.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest
from typer.testing import CliRunner

from factcheck import dataset, frames, models
from factcheck import settings as settings_package
from factcheck.cli import app
from factcheck.dataset import annotators
from factcheck.errors import FactcheckError
from factcheck.models import AnnotationEvent, AnnotationState, Choice
from factcheck.pipeline.decide import Plan, changed_verdicts, decide, plan
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.rule import Rule, settings_rule, standing_rule
from factcheck.settings import Settings
from tests.answers import answer
from tests.chaos.newsroom import make_desk, stage
from tests.chaos.settings_edits import edited, values, written
from tests.fake_studio.props import claim_id

EDITS = 10_000 if os.environ.get("FACTCHECK_EXHAUSTIVE") else 120
WHOLE = 200 if os.environ.get("FACTCHECK_EXHAUSTIVE") else 8
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PEOPLE = [f"{name}@desk.example" for name in ("anahita", "basma", "chris", "dara")]
LEAD = "lead@desk.example"
V, D, OP, UN, NOT = Choice.VERIFIED, Choice.DISPUTED, Choice.OPINION, Choice.UNPROVEN, Choice.NOT_A_CLAIM
VOTES: list[list[Choice | None]] = [
    [V, V, None, None], [V, V, V, None], [D, D, None, V], [OP, OP, OP, OP], [V, D, None, None], [V, D, V, D],
    [UN, UN, None, None], [NOT, NOT, None, UN], [UN, UN, UN, None], [V, None, None, None], [None, None, V, V],
    [D, D, D, V], [V, V, D, D], [None, OP, OP, None], [D, OP, None, None], [NOT, None, NOT, NOT],
]  # fmt: skip
"""By claim what each of PEOPLE said; the lead decided LED."""
LED = {4: D, 5: UN, 14: V}
BASE: dict[str, Any] = {
    "verdicts.policy": "majority", "verdicts.min_votes": 2, "verdicts.roster": PEOPLE, "verdicts.leads": [LEAD],
    "projects.main.title": "Faults", "projects.main.annotators_per_claim": 2,
}  # fmt: skip
POSSIBLE = values(PEOPLE, [LEAD])


class Said(NamedTuple):
    """A desk's folder, its rule, what every claim tells readers, and answers that nobody has pulled yet."""

    folder: Path
    rule: Rule
    results: dict[str, str | None]
    news: pl.DataFrame
    by_news: pl.DataFrame


def _event(data: dataset.Dataset, claim: int, user: int, choice: Choice, project: str = "main") -> AnnotationEvent:
    key = f"{project}:{claim}:{user}"
    content = models.digest(key, choice)
    when = NOW + timedelta(minutes=claim)
    return AnnotationEvent(
        event_id=models.event_id(annotation_key=key, seq=1, content_hash=content),
        claim_id=claim_id(claim + 1),
        annotation_key=key,
        seq=1,
        project=project,
        task_id=claim,
        annotation_id=user,
        annotator_id=annotators.annotator_id(data, "local", user),
        state=AnnotationState.SUBMITTED,
        choice=choice,
        rationale=f"reason {user}",
        evidence=[],
        created_at=when,
        updated_at=when,
        observed_at=when,
        content_hash=content,
    )


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    folder = tmp_path_factory.mktemp("edited") / "desk"
    make_desk(folder, "http://127.0.0.1:9")
    settings = _load(folder, written(BASE), {})
    stage(settings, range(1, len(VOTES) + 1))
    desk = Desk(settings)
    data = desk.dataset
    everybody = [*PEOPLE, LEAD]
    known = pl.DataFrame([{"user_id": user, "name": "", "email": email} for user, email in enumerate(everybody)])
    annotators.remember(data, "local", known)
    rows = [
        _event(data, claim, user, choice)
        for claim, choices in enumerate(VOTES)
        for user, choice in enumerate(choices)
        if choice is not None
    ]
    rows += [_event(data, claim, len(PEOPLE), choice, "queue") for claim, choice in LED.items()]
    events = frames.from_records(AnnotationEvent, rows)
    rule = settings_rule(desk)
    dataset.commit(
        data,
        articles=desk.staging.articles(),
        claims=desk.staging.claims(),
        events=events,
        verdicts=changed_verdicts(desk, events, rule),
        cause="pull",
        cursor=rule.as_cursor(),
        policy=rule.name,
        now=NOW,
    )
    news = frames.from_records(AnnotationEvent, [_event(data, 0, 2, D), _event(data, 9, 1, V), _event(data, 4, 3, V)])
    return Said(folder, rule, _results(data), news, changed_verdicts(desk, news, rule))


def _load(folder: Path, text: str, environment: dict[str, str]) -> Settings:
    (folder / settings_package.FILE_NAME).write_text(text, "utf-8")
    return settings_package.load(folder, environment)


def _results(data: dataset.Dataset) -> dict[str, str | None]:
    return _told(data.verdicts().collect())


def _told(rows: pl.DataFrame) -> dict[str, str | None]:
    """What a reader is told of each claim; None for nothing."""
    statuses = {"unproven", "not_a_claim"}
    return {
        claim: verdict or (status if status in statuses else None)
        for claim, verdict, status in rows.select("claim_id", "verdict", "status").iter_rows()
    }


def _gone(before: dict[str, str | None], after: dict[str, str | None]) -> set[str]:
    return {claim for claim, told in before.items() if told is not None and after.get(claim) != told}


def test_the_desk_has_something_to_lose(said: Said) -> None:
    told = Counter(said.results.values())
    assert {V, D, OP, UN, NOT, None} == set(told)
    assert said.by_news.height >= 2


def test_no_edit_of_the_settings_takes_a_result_away_in_silence(said: Said) -> None:
    outcomes: Counter[str] = Counter()
    for seed in range(EDITS):
        text, environment = edited(seed, BASE, POSSIBLE)
        outcome, problem = _judged(said, text, environment)
        assert not problem, f"seed {seed}: {problem}\n{text}\n{environment}"
        outcomes[outcome] += 1
    assert min(outcomes[kind] for kind in ("refused", "left alone", "named")) > EDITS / 20, outcomes


def _judged(said: Said, text: str, environment: dict[str, str]) -> tuple[str, str]:
    """What became of the edit, and what was wrong with that; "" for nothing."""
    try:
        settings = _load(said.folder, text, environment)
    except FactcheckError as error:
        return "refused", "" if error.hint and error.subject else "refused without a hint"
    desk = Desk(settings)
    try:
        desk.readable()
        planned = plan(desk)
    except FactcheckError as error:
        return "refused", "" if error.hint else "refused without a hint"
    named = bool(planned.fell.height)
    return ("named" if named else "left alone"), _wrong(said, desk, planned)


def _wrong(said: Said, desk: Desk, planned: Plan) -> str:
    """What is taken away or without effect and not told; "" for nothing."""
    # A pull goes on by the rule of the newest version, whatever the settings say.
    rule = standing_rule(desk)
    if rule is None or not changed_verdicts(desk, said.news, rule).equals(said.by_news):
        return f"a pull would decide by {rule}"
    gone = _gone(said.results, said.results | _told(planned.rows))
    if gone != {*planned.fell["claim_id"]}:
        return f"gone {gone}, named {planned.fell}"
    if planned.fell["quote"].null_count() or planned.fell["change"].null_count():
        return "named without its words"
    chosen, warnings = desk.settings.verdicts, planned.warnings
    strangers = [one for one in (*chosen.roster, *chosen.leads) if one.lower() not in _KNOWN]
    if not all(any(one in warning for warning in warnings) for one in strangers):
        return f"{strangers} is nobody, and no warning says so"
    idle = (chosen.threshold is not None and "threshold=" not in planned.rule.name) or (
        chosen.margin != 1 and "margin=" not in planned.rule.name
    )
    if idle != any("has no effect" in warning for warning in warnings):
        return f"margin {chosen.margin} and threshold {chosen.threshold} of {chosen.policy} are not told"
    return ""


_KNOWN = {*PEOPLE, LEAD}


def test_what_decide_says_is_what_the_dataset_then_holds(said: Said, tmp_path: Path) -> None:
    """The same on whole commands: what the report does not name stands in the dataset as it stood."""
    seeds, done = count(), 0
    while done < WHOLE:
        text, environment = edited(seed := next(seeds), BASE, POSSIBLE)
        folder = tmp_path / str(seed)
        shutil.copytree(said.folder, folder)
        try:
            settings = _load(folder, text, environment)
        except FactcheckError:
            continue
        done += 1
        result = CliRunner(env=environment).invoke(app, ["--desk", str(folder), "decide", "--json"])
        after = _results(dataset.open(str(folder / "dataset")))
        gone = _gone(said.results, after)
        if result.exit_code:
            assert not gone, seed
            assert answer(result.stdout)["error"]["hint"], seed
            continue
        told = answer(result.stdout)["changes"]
        assert {row["claim_id"] for row in told} == gone, seed
        assert decide(settings, yes=False, now=NOW).version is None, "decided twice"
        plain = CliRunner(env=environment).invoke(app, ["--desk", str(folder), "diff", "1", "--json"])
        differs = {row["claim_id"]: row for row in answer(plain.stdout)["changes"]}
        assert all(differs[row["claim_id"]]["after_status"] == row["after_status"] for row in told), seed
