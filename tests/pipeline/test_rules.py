"""By which rule verdicts are decided: pulls go on by that of the newest version, `decide` applies the settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from factcheck import dataset as dataset_package
from factcheck import settings as settings_package
from factcheck.dataset import annotators
from factcheck.errors import ConfigError, StoreUnreachable, UsageError
from factcheck.models import AnnotationState, Report
from factcheck.pipeline.decide import changed_verdicts, decide
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.doctor import doctor
from factcheck.pipeline.maintenance import restore
from factcheck.pipeline.pull import pull as pipeline_pull
from factcheck.pipeline.push import push
from factcheck.pipeline.rule import settings_rule, standing_rule
from factcheck.pipeline.status import status
from factcheck.settings import Settings
from factcheck.studio.sync.forgetting import Consent
from tests.chaos.newsroom import make_desk, settings_of, stage
from tests.chaos.schedule import MORNING, NAMES, Action, Players
from tests.chaos.storm import URL, StormyStudio, weathered
from tests.fake_studio.props import NOW, claim_id
from tests.fake_studio.rows import Store

ROSTER = "FACTCHECK_VERDICTS_ROSTER"


class Newsroom:
    """A desk of 14 claims, the first 12 with two votes each that agree."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, Store()
        self.store.now = MORNING
        self.players = Players(self.store)
        self.studio = StormyStudio(self.store, None)
        self.settings = make_desk(folder, URL)
        stage(self.settings, range(1, 15))
        with weathered(self.studio):
            push(self.settings, project=None, now=NOW, say=print)
        for claim in range(1, 13):
            for who in (0, 1):
                self.do("submit", claim, "verified", who)

    def do(self, what: str, claim: int, choice: str = "verified", who: int = 0) -> None:
        self.players.do(Action(what, who, claim, choice, self.store.now))

    def pull(self, settings: Settings | None = None, **consent: bool) -> Report:
        with weathered(self.studio):
            return pipeline_pull(
                settings or self.settings, project=None, full=False, now=NOW, say=print, consent=Consent(**consent)
            )

    def full(self) -> Report:
        with weathered(self.studio):
            return pipeline_pull(self.settings, project=None, full=True, now=NOW, say=print)

    def well(self) -> bool:
        with weathered(self.studio):
            return doctor(self.settings, project=None, now=NOW).equal

    def asking(self, **environment: str) -> Settings:
        """The settings of a machine with another environment."""
        return settings_package.load(self.folder, environment | {"FACTCHECK_STUDIO_URL": URL})

    def verdicts(self, as_of: int | None = None) -> dict[str, Any]:
        rows = dataset_package.open(self.settings.dataset_uri).verdicts(as_of).collect()
        return dict(rows.select("claim_id", "verdict").iter_rows())

    def head(self) -> int:
        return dataset_package.open(self.settings.dataset_uri).head


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    made = Newsroom(tmp_path)
    yield made
    made.players.close()


def email(who: int) -> str:
    return f"{NAMES[who].lower()}@desk.example"


def test_a_pull_on_another_machine_does_not_decide_by_its_own_rule(newsroom: Newsroom) -> None:
    newsroom.pull()
    before = newsroom.verdicts()
    assert list(before.values()) == ["verified"] * 12
    other = newsroom.asking(FACTCHECK_VERDICTS_MIN_VOTES="3")
    report = newsroom.pull(other)
    assert newsroom.head() == 1
    assert any("factcheck decide" in warning for warning in report.warnings)
    # News is decided by the rule that stands, on either machine.
    newsroom.do("submit", 13, "opinion", 0)
    newsroom.do("submit", 13, "opinion", 1)
    newsroom.pull(other)
    assert newsroom.verdicts() == before | {claim_id(13): "opinion"}
    assert newsroom.pull().warnings == []
    assert newsroom.well()


def test_a_roster_of_another_environment_withdraws_nothing(newsroom: Newsroom) -> None:
    both = newsroom.asking(**{ROSTER: f"{email(0)}, {email(1)} ,"})
    assert both.verdicts.roster == [email(0), email(1)]
    assert newsroom.asking(**{ROSTER: f'["{email(0)}", " {email(1)}"]'}).verdicts.roster == [email(0), email(1)]
    newsroom.pull(both)
    newsroom.do("submit", 13, "opinion", 0)
    newsroom.do("submit", 13, "opinion", 1)
    for settings in (newsroom.settings, newsroom.asking(**{ROSTER: f"{email(0)}x"}), both):
        newsroom.pull(settings)
    assert set(newsroom.verdicts().values()) == {"verified", "opinion"}
    versions = dataset_package.open(both.dataset_uri).versions()
    assert versions["cause"].to_list() == ["pull", "pull"]
    assert versions["policy"].n_unique() == 1


def test_decide_says_what_it_would_do_and_does_it_when_told(newsroom: Newsroom) -> None:
    newsroom.pull()
    stricter = newsroom.asking(FACTCHECK_VERDICTS_MIN_VOTES="3")
    with pytest.raises(UsageError, match="withdraw 12 of 12"):
        decide(stricter, yes=False, now=NOW)
    assert newsroom.head() == 1
    decided = decide(stricter, yes=True, now=NOW)
    assert (decided.new, decided.changed, decided.withdrawn) == (0, 0, 12)
    assert set(newsroom.verdicts().values()) == {None}
    back = decide(newsroom.settings, yes=False, now=NOW)
    assert (back.new, back.changed, back.withdrawn) == (12, 0, 0), "what is new needs no word"
    assert decide(newsroom.settings, yes=False, now=NOW).version is None


@pytest.mark.parametrize("votes", [10, 11])
def test_ten_verdicts_may_go_unasked_and_eleven_not(tmp_path: Path, votes: int) -> None:
    made = Newsroom(tmp_path)
    for claim in range(votes + 1, 13):
        made.do("submit", claim, "verified", 2)  # a third vote, so that these stay
    made.pull()
    stricter = made.asking(FACTCHECK_VERDICTS_MIN_VOTES="3")
    if votes == 10:
        assert decide(stricter, yes=False, now=NOW).withdrawn == 10
    else:
        with pytest.raises(UsageError, match="withdraw 11"):
            decide(stricter, yes=False, now=NOW)


def test_an_address_nobody_has_is_named_and_a_roster_of_nobody_refused(newsroom: Newsroom) -> None:
    newsroom.pull()
    strange = newsroom.asking(**{ROSTER: f"{email(0)},{email(1)},nobody@desk.example"})
    report = newsroom.pull(strange)
    assert any("nobody@desk.example" in warning and email(0) not in warning for warning in report.warnings)
    nobody = newsroom.asking(**{ROSTER: "nobody@desk.example"})
    with pytest.raises(ConfigError, match="nobody who answered"):
        decide(nobody, yes=True, now=NOW)
    assert set(newsroom.verdicts().values()) == {"verified"}


def test_decide_names_what_it_takes_away_and_what_the_settings_say_in_vain(newsroom: Newsroom) -> None:
    for who in (0, 1):
        newsroom.do("submit", 13, "unproven", who)
    newsroom.do("submit", 1, "verified", 2)
    newsroom.pull()
    text = (newsroom.folder / "factcheck.toml").read_text("utf-8")
    wrong = f'[verdicts]\nmin_votes = 3\nthreshold = 0.8\nroster = ["{email(0)}", "{email(1)}", "basma@desk"]\n'
    (newsroom.folder / "factcheck.toml").write_text(text + wrong, "utf-8")
    decided = decide(newsroom.asking(), yes=True, now=NOW)
    assert {*decided.fell["claim_id"]} == {claim_id(claim) for claim in range(1, 14)}
    (unproven,) = decided.fell.filter(claim_id=claim_id(13)).iter_rows(named=True)
    assert (unproven["before_status"], unproven["after_status"]) == ("unproven", "single")
    assert unproven["quote"].endswith(" 13")
    strange, idle = decided.warnings
    assert "basma@desk" in strange
    assert "threshold" in idle
    assert idle in newsroom.pull(newsroom.asking()).warnings


def test_claims_found_unproven_do_not_go_unasked_either(tmp_path: Path) -> None:
    made = Newsroom(tmp_path)
    for claim in range(1, 13):
        made.do("submit", claim, "unproven", 2)
    made.pull()
    only_chris = made.asking(FACTCHECK_VERDICTS_MIN_VOTES="1", **{ROSTER: email(2)})
    assert decide(only_chris, yes=True, now=NOW).changed == 0
    assert set(made.verdicts().values()) == {None}
    with pytest.raises(UsageError, match="this would change 0 and withdraw 12 of 12"):
        decide(made.asking(FACTCHECK_VERDICTS_MIN_VOTES="2", **{ROSTER: email(2)}), yes=False, now=NOW)


def test_a_pull_names_a_verdict_that_is_gone(newsroom: Newsroom) -> None:
    newsroom.pull()
    newsroom.do("edit", 1, "disputed")
    report = newsroom.pull()
    assert newsroom.verdicts()[claim_id(1)] is None
    (warning,) = report.warnings
    assert claim_id(1) in warning
    assert "was verified and is contested now" in warning


def test_a_project_that_the_settings_do_not_name_any_more_is_told(newsroom: Newsroom) -> None:
    newsroom.pull()
    path = newsroom.folder / "factcheck.toml"
    path.write_text(path.read_text("utf-8").replace("[projects.main]", "[projects.mian]"), "utf-8")
    report = newsroom.pull(newsroom.asking())
    assert any("24 answers of project 'main' count" in warning for warning in report.warnings)
    assert set(newsroom.verdicts().values()) == {"verified"}


def test_a_dataset_that_is_not_where_the_settings_say_is_told(newsroom: Newsroom) -> None:
    assert newsroom.pull().warnings == []
    report = newsroom.pull(newsroom.asking(FACTCHECK_DATASET_PATH="elsewhere"))
    assert "no dataset at" in report.warnings[0]
    assert "elsewhere" in report.warnings[0]
    assert set(newsroom.verdicts().values()) == {"verified"}
    assert not any("no dataset at" in warning for warning in newsroom.pull().warnings)


def test_a_first_pull_with_a_roster_of_nobody_takes_nothing_in_and_loses_nothing(newsroom: Newsroom) -> None:
    nobody = newsroom.asking(**{ROSTER: "nobody@desk.example"})
    with pytest.raises(ConfigError, match="nobody"):
        newsroom.pull(nobody)
    assert newsroom.head() == 0
    newsroom.pull()
    assert set(newsroom.verdicts().values()) == {"verified"}
    # One who is known to the server and has not answered yet is no mistake.
    later = newsroom.asking(**{ROSTER: email(2)})
    assert not any("nobody" in warning for warning in newsroom.pull(later).warnings)


def test_a_restored_version_has_its_votes_and_stays(newsroom: Newsroom) -> None:
    newsroom.pull()
    newsroom.do("edit", 1, "disputed")
    newsroom.do("delete", 2)
    newsroom.do("submit", 13, "opinion", 0)
    newsroom.do("submit", 13, "opinion", 1)
    newsroom.pull()
    assert newsroom.verdicts() != newsroom.verdicts(1)
    assert restore(newsroom.settings, "1", now=NOW) is not None
    restored = newsroom.verdicts()
    assert {claim: verdict for claim, verdict in restored.items() if verdict} == newsroom.verdicts(1)
    desk = Desk(newsroom.settings)
    rule = standing_rule(desk)
    assert rule is not None
    nothing = changed_verdicts(desk, desk.dataset.last_states().clear().drop("version"), rule, everything=True)
    assert nothing.is_empty(), "verdicts without votes"
    for again in (newsroom.pull, newsroom.full):
        assert again().version is None
    assert newsroom.well()
    assert restore(newsroom.settings, "1", now=NOW) is None
    # What a person does afterwards counts, and what was put aside can be had back.
    newsroom.do("edit", 1, "opinion")
    newsroom.pull()
    states = desk_states(newsroom)
    assert states.filter(claim_id=claim_id(1), choice="opinion")["mark"].to_list() == [None]
    newsroom.pull(accept_put_aside=True)
    assert newsroom.verdicts()[claim_id(13)] == "opinion"
    assert newsroom.well()


def test_a_restored_version_brings_its_rule_along(newsroom: Newsroom) -> None:
    newsroom.pull(newsroom.asking(**{ROSTER: f"{email(0)},{email(1)}"}))
    stricter = newsroom.asking(FACTCHECK_VERDICTS_MIN_VOTES="3")
    decide(stricter, yes=True, now=NOW)
    restore(newsroom.settings, "1", now=NOW)
    rule = standing_rule(Desk(newsroom.settings))
    assert rule is not None
    assert len(rule.roster or []) == 2
    assert rule.name == dataset_package.open(newsroom.settings.dataset_uri).versions()["policy"][0]


def test_a_rule_nobody_knows_any_more_waits_for_decide(newsroom: Newsroom) -> None:
    """As a release before wrote it: the roster's digest in the policy, and not whose it was."""
    newsroom.pull()
    data = dataset_package.open(newsroom.settings.dataset_uri)
    head = data.version()
    assert head is not None
    old = {key: value for key, value in head.cursor.items() if key != ":rule"}
    dataset_package.commit(data, cause="policy", policy=f"{head.policy} people:0123456789ab", cursor=old, now=NOW)
    newsroom.do("submit", 13, "opinion", 0)
    newsroom.do("submit", 13, "opinion", 1)
    report = newsroom.pull()
    assert any("run `factcheck decide` to update the verdicts" in warning for warning in report.warnings)
    assert claim_id(13) not in newsroom.verdicts()
    live = desk_states(newsroom).filter(state=str(AnnotationState.SUBMITTED), claim_id=claim_id(13))
    assert live.height == 2, "the votes are in all the same"
    decide(newsroom.settings, yes=True, now=NOW)
    assert newsroom.verdicts()[claim_id(13)] == "opinion"
    assert settings_rule(Desk(newsroom.settings)) == standing_rule(Desk(newsroom.settings))


def desk_states(newsroom: Newsroom) -> pl.DataFrame:
    return dataset_package.open(newsroom.settings.dataset_uri).last_states()


def test_addresses_are_compared_without_case(newsroom: Newsroom) -> None:
    newsroom.pull(newsroom.asking(**{ROSTER: f"{email(0).upper()},{email(1)}"}))
    assert set(newsroom.verdicts().values()) == {"verified"}
    people = annotators.people(Desk(settings_of(newsroom.folder, URL)).dataset)
    assert {email(0), email(1)} <= set(people["email"])


def test_a_store_that_cannot_be_reached_is_no_empty_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "factcheck.toml").write_text('[dataset]\npath = "s3://bucket/dataset"\n', "utf-8")
    desk = Desk(settings_of(tmp_path, URL))
    with pytest.raises(StoreUnreachable, match="does not answer") as raised:
        desk.committed()
    assert "\n" not in raised.value.what
    with pytest.raises(StoreUnreachable):
        status(desk.settings)
