"""A database that was put back hands numbers out again: what we remember by number is of the other one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from factcheck import dataset as dataset_package
from factcheck.models import Report
from factcheck.pipeline.doctor import doctor
from factcheck.pipeline.pull import pull as pipeline_pull
from factcheck.pipeline.push import push as pipeline_push
from factcheck.studio.sync.forgetting import Consent
from factcheck.studio.sync.project import push_of
from tests.chaos.newsroom import make_desk, stage
from tests.chaos.schedule import MORNING
from tests.chaos.storm import URL, StormyStudio, weathered
from tests.fake_studio.answers import FakeStudio
from tests.fake_studio.props import claim_id, result
from tests.fake_studio.rows import Store
from tests.machine import NAMES, Fake


class Newsroom:
    """Three claims on a server that can be put back."""

    def __init__(self, folder: Path) -> None:
        self.store = Store()
        self.machine = Fake(FakeStudio(self.store))
        self.store.now = MORNING
        self.people = [self.machine.member(name) for name in NAMES]
        self.settings = make_desk(folder, URL)
        self.now = MORNING + timedelta(hours=5)  # the desk's clock is fast
        stage(self.settings, [1, 2, 3])
        self.push()
        (self.project,) = self.store.projects

    def later(self) -> None:
        self.now += timedelta(minutes=20)
        self.store.now += timedelta(minutes=20)

    def push(self) -> Report:
        with weathered(StormyStudio(self.store, None)):
            done = pipeline_push(self.settings, project=None, now=self.now, say=print)
        self.later()
        return done

    def pull(self, consent: Consent = Consent()) -> Report:  # noqa: B008 - a constant
        with weathered(StormyStudio(self.store, None)):
            done = pipeline_pull(self.settings, project=None, full=False, now=self.now, say=print, consent=consent)
        self.later()
        return done

    def states(self) -> list[tuple[str, str]]:
        """The state of each known answer and its choice, by its number."""
        last = dataset_package.open(self.settings.dataset_uri).last_states().sort("annotation_id")
        return list(last.select("state", "choice").iter_rows())

    def claim_on(self, task: int) -> str:
        return str(self.store.tasks[task]["data"]["claim_id"])

    def well(self) -> bool:
        with weathered(StormyStudio(self.store, None)):
            return doctor(self.settings, project=None, now=self.now).equal


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path / "desk")


def test_a_push_goes_by_no_numbers_of_a_database_that_is_not_there_any_more(newsroom: Newsroom) -> None:
    basma = newsroom.people[1]
    answer = basma.submit(3, "opinion")
    assert newsroom.claim_on(3) == claim_id(3)
    backup = newsroom.machine.backup()
    first = newsroom.store.tasks[1]["data"]
    for task in (2, 3):
        basma.delete_task(task)
    basma.import_tasks(newsroom.project, [{"data": first}])
    newsroom.push()
    assert newsroom.claim_on(3) == claim_id(2), "the numbers were handed out again"
    newsroom.machine.put_back(backup)
    newsroom.later()
    basma.edit(answer, "verified")  # the server has something newer than all we knew
    newsroom.push()
    assert newsroom.claim_on(3) == claim_id(3), "the words under an answer were turned into another claim's"
    newsroom.pull()
    data = dataset_package.open(newsroom.settings.dataset_uri)
    (state,) = data.last_states().to_dicts()
    assert (state["claim_id"], state["choice"], state["state"]) == (claim_id(3), "verified", "submitted")
    assert newsroom.well()


def test_a_push_that_changes_nothing_leaves_the_stamp_and_one_that_does_moves_it(newsroom: Newsroom) -> None:
    def stamp() -> str | None:
        (mark,) = (word for word in description().split() if word.startswith("factcheck:"))
        return push_of(description(), mark)

    def description() -> str:
        return str(newsroom.store.projects[newsroom.project]["description"])

    first = stamp()
    assert first is not None
    newsroom.people[0].submit(1, "verified")
    newsroom.push()
    assert stamp() == first
    stage(newsroom.settings, [4])
    newsroom.push()
    second = stamp()
    assert second not in {None, first}
    newsroom.store.projects[newsroom.project]["description"] = "People write here."
    newsroom.push()
    assert stamp() is not None, "the mark and the stamp are put back"
    assert newsroom.pull().accepted == 1


def test_an_honest_deletion_on_a_task_whose_number_another_had_is_no_alarm(newsroom: Newsroom) -> None:
    anahita, basma = newsroom.people[:2]
    stage(newsroom.settings, [4])
    newsroom.push()
    anahita.submit(4, "opinion")
    newsroom.pull()
    anahita.delete_task(4)
    newsroom.pull()  # the deletion is known by our own, fast clock alone
    (copy,) = basma.import_tasks(newsroom.project, [{"data": newsroom.store.tasks[3]["data"]}])
    assert copy == 4
    given = basma.submit(copy, "disputed")
    newsroom.pull()
    newsroom.later()
    basma.delete(given)
    newsroom.later()
    report = newsroom.pull()
    assert (report.counts["deleted"], report.counts.get("waiting")) == (1, None), report.rejections


@pytest.mark.parametrize("how", ["made from a prediction", "in another's name", "imported"])
def test_what_no_person_said_is_no_vote_either_when_it_comes_back_with_a_backup(newsroom: Newsroom, how: str) -> None:
    anahita, basma, chris = newsroom.people
    anahita.submit(3, "opinion")
    newsroom.later()
    before = newsroom.machine.backup()
    if how == "made from a prediction":
        basma.predict(1, "verified")
        basma.press("predictions_to_annotations", newsroom.project, [1])
    elif how == "imported":
        said = {"result": result("verified"), "completed_by": basma.number}
        chris.import_tasks(newsroom.project, [{"data": newsroom.store.tasks[1]["data"], "annotations": [said]}])
    else:
        chris.send(1, {"result": result("verified"), "lead_time": 4.5, "completed_by": basma.number})
    newsroom.pull()
    assert newsroom.states() == [("submitted", "opinion"), ("put_aside", "verified")]
    after = newsroom.machine.backup()
    newsroom.machine.put_back(before)
    newsroom.later()
    newsroom.pull(Consent(keep=True))
    assert newsroom.states() == [("submitted", "opinion"), ("deleted", "verified")]
    newsroom.machine.put_back(after)
    newsroom.later()
    newsroom.pull(Consent(keep=True))
    assert newsroom.states() == [("submitted", "opinion"), ("put_aside", "verified")]


def test_a_persons_vote_that_comes_back_with_a_backup_is_one_again(newsroom: Newsroom) -> None:
    anahita, basma, _ = newsroom.people
    anahita.submit(3, "opinion")
    before = newsroom.machine.backup()
    basma.submit(1, "verified")
    newsroom.pull()
    after = newsroom.machine.backup()
    newsroom.machine.put_back(before)
    newsroom.later()
    newsroom.pull(Consent(accept_loss=True))
    assert newsroom.states() == [("submitted", "opinion"), ("deleted", "verified")]
    newsroom.machine.put_back(after)
    newsroom.later()
    newsroom.pull()
    assert newsroom.states() == [("submitted", "opinion"), ("submitted", "verified")]


def test_an_answer_that_was_deleted_and_is_there_again_tells_that_the_server_went_back(newsroom: Newsroom) -> None:
    anahita, basma = newsroom.people[:2]
    newsroom.store.projects[newsroom.project]["description"] = "Without our mark there is no stamp to go by."
    old = basma.submit(1, "disputed")
    newsroom.pull()
    backup = newsroom.machine.backup()
    newsroom.later()
    basma.delete(old)
    newsroom.later()
    anahita.submit(2, "verified")
    newsroom.pull()
    newsroom.machine.put_back(backup)
    newsroom.later()
    # Whoever works on the task afterwards moves its time, as a deletion would; what is imported bears any number.
    basma.predict(2, "opinion")
    basma.press("predictions_to_annotations", newsroom.project, [2])
    report = newsroom.pull()
    assert [item.code for item in report.rejections] == ["VOTES_MISSING"]
    assert "deleted" not in report.counts
    newsroom.pull(Consent(keep=True))
    assert ("submitted", "verified") in newsroom.states()
    newsroom.push()
    newsroom.pull()
    assert ("submitted", "verified") in newsroom.states()


def test_a_vote_that_was_moved_before_a_backup_came_back_is_kept_and_leaves_the_doctor_at_peace(
    newsroom: Newsroom,
) -> None:
    basma = newsroom.people[1]
    given = basma.submit(1, "verified")
    newsroom.pull()
    backup = newsroom.machine.backup()
    newsroom.later()
    basma.change(given, {"task": 2})
    newsroom.pull()
    newsroom.machine.put_back(backup)
    newsroom.later()
    assert [item.code for item in newsroom.pull().rejections] == ["VOTES_MISSING"]
    newsroom.pull(Consent(keep=True))
    newsroom.push()
    newsroom.pull(Consent(keep=True))
    assert newsroom.pull().rejections == []
    (state,) = dataset_package.open(newsroom.settings.dataset_uri).last_states().to_dicts()
    assert (state["claim_id"], state["state"], state["mark"]) == (newsroom.claim_on(2), "submitted", "kept")
    assert newsroom.well()


@pytest.mark.parametrize("what", ["edited", "moved"])
def test_what_was_kept_when_all_was_gone_is_not_turned_by_an_older_backup(newsroom: Newsroom, what: str) -> None:
    anahita = newsroom.people[0]
    answer = anahita.submit(3, "opinion")
    newsroom.later()
    backup = newsroom.machine.backup()
    newsroom.later()
    if what == "edited":
        anahita.edit(answer, "disputed")
    else:
        newsroom.people[1].change(answer, {"task": 2})
    newsroom.pull()

    def held() -> tuple[str, str]:
        (state,) = dataset_package.open(newsroom.settings.dataset_uri).last_states().to_dicts()
        assert state["state"] == "submitted"
        return state["claim_id"], state["choice"]

    last = held()
    assert last == {"edited": (claim_id(3), "disputed"), "moved": (claim_id(2), "opinion")}[what]
    newsroom.machine.owner.delete_project(newsroom.project)
    newsroom.pull()
    newsroom.pull(Consent(keep=True))
    assert held() == last
    newsroom.machine.put_back(backup)
    newsroom.later()
    waiting = newsroom.pull()
    assert waiting.counts.get("waiting") == 1, waiting.rejections
    assert held() == last
    newsroom.pull(Consent(keep=True))
    assert held() == last
    assert newsroom.pull().counts["events"] == 0
    assert newsroom.well()
    newsroom.later()
    anahita.edit(answer, "verified")  # what a person says now counts, on the claim that their page shows
    newsroom.pull()
    assert held()[1] == "verified"


def test_a_project_that_was_made_anew_by_hand_bears_the_stamp_of_the_next_version(newsroom: Newsroom) -> None:
    """Its description was copied, with the stamp it had: without a newer one a backup of it looks like today."""
    anahita, basma = newsroom.people[:2]
    old = newsroom.store.projects[newsroom.project]
    tasks = [{"data": row["data"]} for row in newsroom.store.tasks.values()]
    newsroom.machine.owner.delete_project(newsroom.project)
    copied = {name: old[name] for name in ("title", "description", "label_config")}
    newsroom.project = basma.make_project(**copied)
    numbers = basma.import_tasks(newsroom.project, tasks)
    newsroom.pull()
    backup = newsroom.machine.backup()
    newsroom.later()
    (again,) = basma.import_tasks(newsroom.project, tasks[:1])
    anahita.submit(again, "verified")
    newsroom.pull()
    assert newsroom.states() == [("submitted", "verified")]
    newsroom.machine.put_back(backup)
    newsroom.later()
    assert again not in newsroom.store.tasks
    assert numbers
    assert newsroom.pull().counts.get("waiting") == 1
    assert newsroom.states() == [("submitted", "verified")]
