"""Random histories: checkers at work, members who press every button, a server that forgets, and our own pulls.

The oracle knows what people said on our page (read past all of the server's and our code) and what a person of the
desk consented to. After any history the dataset's votes are what the server says and what is kept; what nobody could
know is left open: answers deleted while the server was about to forget, and rows deleted behind everybody's back.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import polars as pl

from factcheck import dataset as dataset_package
from factcheck.dataset import annotators
from factcheck.dataset.verify import verify
from factcheck.errors import FactcheckError
from factcheck.models import Report
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.doctor import Diagnosis, doctor
from factcheck.pipeline.pull import pull
from factcheck.pipeline.push import push
from factcheck.settings import Settings
from factcheck.studio.sync.forgetting import CODE, Consent
from tests.chaos.mending_moves import MENDING, Mending
from tests.chaos.newsroom import stage
from tests.fake_studio.member import Member
from tests.machine import NAMES, Machine, Stored

CHOICES = ("verified", "disputed", "opinion", "not_a_claim")
HONEST = ("vote", "vote", "vote", "edit", "delete", "delete_newest", "skip", "nonsense", "delete_task")
BUTTONS = ("move", "move_elsewhere", "copy", "merge", "reimport_some", "propagate", "from_predictions", "import_file",
           "poison", "admin_delete")  # fmt: skip
FORGETTING = ("project_gone", "project_anew", "backup_put_back", "other_server")
OURS = ("push", "pull", "pull", "pull", "full", "stage")

_ROUNDS = 3

Key = tuple[int, datetime]
Said = tuple[str, int | None, str]
"""What an answer says: claim, author's number, choice."""


class Broken(NamedTuple):
    """How the laws were broken, in words; empty lists where they held."""

    lost: list[str]
    invented: list[str]
    other: list[str]
    alarms: list[str]
    unrest: list[str]

    def __bool__(self) -> bool:
        return any(self)


class History(Mending):
    """One desk's life. `insist` runs a command of ours until it ends well, whatever goes wrong on the way."""

    def __init__(
        self,
        machine: Machine,
        settings: Settings,
        seed: int,
        *,
        now: datetime,
        insist: Callable[[Callable[[], Any]], Any] = lambda run: run(),
        wire: Callable[[], AbstractContextManager[Any]] = nullcontext,
        tick: Callable[[timedelta], None] = lambda _: None,
    ) -> None:
        self.machine, self.settings, self.dice, self.now = machine, settings, random.Random(seed), now
        self.dice_seed = seed
        self.insist, self.wire, self.tick = insist, wire, tick
        self.people = [machine.member(name) for name in NAMES]
        self.claims = 0
        self.story: list[str] = []
        self.happened: Counter[str] = Counter()
        self.broken = Broken([], [], [], [], [])
        self.seen: dict[Key, Said] = {}
        """What every answer said when a pull last saw it."""
        self.seen_at: dict[Key, datetime] = {}
        """When it had said so last, by the server's clock."""
        self.gone: set[Key] = set()
        """Answers that their people took back, or that a person of the desk let go."""
        self.open: set[Key] = set()
        """Answers of which nobody can say whether they were taken back."""
        self.fresh_deletions: set[Key] = set()
        self.older: dict[Key, Said] = {}
        """Answers that the server has as they were earlier, and what they said last."""
        self.forgot = False
        """Whether the server has forgotten something that nobody has spoken to yet."""
        self.hidden = False
        """Whether something was done that no honest person does, since the last word."""
        self.backups: list[Any] = []
        self.empty = machine.backup()

    # What can happen

    def live(self, steps: int) -> None:
        """So many steps, then quiet, then the laws."""
        self._run("stage")
        self._run("push")
        for _ in range(steps):
            kinds = self.dice.choices((HONEST, OURS, BUTTONS, FORGETTING, MENDING), weights=(8, 6, 3, 1, 3))[0]
            self._run(self.dice.choice(kinds))
            self.now += timedelta(minutes=20)
            self.tick(timedelta(minutes=20))
            if self.dice.random() < 0.1:
                self.backups.append(self.machine.backup())

    def _run(self, what: str) -> None:
        if getattr(self, f"_{what}")() is not False:
            self.happened[what] += 1
            self.story.append(what)

    def _stage(self) -> None:
        count = self.dice.choice([3, 5, 12])
        stage(self.settings, range(self.claims + 1, self.claims + count + 1))
        self.claims += count

    def _push(self) -> bool | None:
        try:
            self._ours(lambda: push(self.settings, project=None, now=self.now, say=_silent))
        except FactcheckError as error:
            if error.code != "PROJECT_GONE" or not self.forgot:
                raise
            return False
        return None

    def _pull(self, *, full: bool = False, consent: Consent = Consent()) -> Report:  # noqa: B008 - a constant
        seen = {key: said for key, said in self._said().items() if not self._unreadable(key)}
        report: Report = self._ours(
            lambda: pull(self.settings, project=None, full=full, now=self.now, say=_silent, consent=consent)
        )
        self._after_pull(report, seen, consent)
        return report

    def _full(self) -> None:
        self._pull(full=True)

    # Honest people

    def _vote(self) -> bool | None:
        if not (task := self._some_task()):
            return False
        self._someone().submit(task, self.dice.choice(CHOICES), rationale=str(self.dice.random()))
        return None

    def _skip(self) -> bool | None:
        if not (task := self._some_task()):
            return False
        self._someone().skip(task)
        return None

    def _nonsense(self) -> bool | None:
        if not (task := self._some_task()):
            return False
        self._someone().submit(task, "wahr")
        return None

    def _edit(self) -> bool | None:
        if not (one := self._some_answer()):
            return False
        self._author(one).edit(one.number, self.dice.choice(CHOICES), rationale=str(self.dice.random()))
        self.older.pop(_key(one), None)
        return None

    def _delete(self) -> bool | None:
        return self._take_back(self._some_answer())

    def _delete_newest(self) -> bool | None:
        return self._take_back(max(self._answers(), key=lambda one: one.created_at, default=None))

    def _delete_task(self) -> bool | None:
        """A whole task, most often the newest."""
        if not (tasks := self._open_tasks()):
            return False
        task = max(tasks) if self.dice.random() < 0.7 else self.dice.choice(tasks)
        mine = [_key(one) for one in self.machine.stored(self.project) if one.task == task]
        self._someone().delete_task(task)
        self._taken_back(mine)
        return None

    def _take_back(self, one: Stored | None) -> bool | None:
        if one is None:
            return False
        self._author(one).delete(one.number)
        self._taken_back([_key(one)])
        return None

    def _taken_back(self, keys: list[Key]) -> None:
        self.gone |= {*keys}
        self.fresh_deletions |= {*keys}
        if self.forgot or self.hidden:
            self.open |= {*keys}

    # Buttons

    def _move(self) -> bool | None:
        """To another task of the same claim."""
        if not (one := self._some_answer()):
            return False
        copy = self._someone().copy_task(self.project, self.machine.tasks(self.project)[one.task])
        self._someone().change(one.number, {"task": copy})
        return None

    def _move_elsewhere(self) -> bool | None:
        one, task = self._some_answer(), self._some_task()
        if not one or not task or task == one.task:
            return False
        self._someone().change(one.number, {"task": task})
        return None

    def _copy(self) -> bool | None:
        """A second task of a claim, with or without a vote."""
        if not (task := self._some_task()):
            return False
        copy = self._someone().copy_task(self.project, self.machine.tasks(self.project)[task])
        if self.dice.random() < 0.7:
            self._someone().submit(copy, self.dice.choice(CHOICES))
        return None

    def _merge(self) -> bool | None:
        """Tasks imported again, answered there, pulled or not, then merged by the button."""
        tasks = self.machine.tasks(self.project) if self.project else {}
        if not tasks:
            return False
        again = self.dice.sample(sorted(tasks), min(len(tasks), 4))
        copies = self._someone().import_tasks(self.project, [{"data": tasks[task]} for task in again])
        for copy in copies:
            if self.dice.random() < 0.7:
                self._someone().submit(copy, self.dice.choice(CHOICES))
        if self.dice.random() < 0.5:
            self._pull()
        if not self._poisoned():  # the button reads answers, and is a 500 with one that cannot be written
            self._someone().press("remove_duplicates", self.project)
        return None

    def _reimport_some(self) -> bool | None:
        """A few tasks deleted and imported again: their answers are gone, and a person did it."""
        if not (tasks := self._open_tasks()):
            return False
        again = self.dice.sample(tasks, min(len(tasks), 2))
        data = self.machine.tasks(self.project)
        mine = [_key(one) for one in self.machine.stored(self.project) if one.task in again]
        for task in again:
            self._someone().delete_task(task)
        self._someone().import_tasks(self.project, [{"data": data[task]} for task in again])
        self._taken_back(mine)
        return None

    def _propagate(self) -> bool | None:
        one, tasks = self._some_answer(), self._open_tasks()
        if not one or not tasks:
            return False
        chosen = self.dice.sample(tasks, min(len(tasks), 3))
        self._someone().press("propagate_annotations", self.project, chosen, source_annotation_id=one.number)
        return None

    def _from_predictions(self) -> bool | None:
        if not (tasks := self._open_tasks()):
            return False
        chosen = self.dice.sample(tasks, min(len(tasks), 2))
        for task in chosen:
            self._someone().predict(task, self.dice.choice(CHOICES))
        self._someone().press("predictions_to_annotations", self.project, chosen)
        return None

    def _import_file(self) -> bool | None:
        """A few tasks of the project's own export, imported again with their answers."""
        if not self.project or self._poisoned() or not (file := self._someone().file(self.project)):
            return False
        try:
            self._someone().import_tasks(self.project, self.dice.sample(file, min(len(file), 2)))
        except AssertionError as error:
            if "db_predictions" not in str(error):
                raise
            # Label Studio falls over predictions in its own export that do not fit its page: a 500, and no answer more.
        return None

    def _poison(self) -> bool | None:
        tasks = self._open_tasks()
        if not tasks or self._poisoned():
            return False
        self._someone().poison(self.dice.choice(tasks))
        return None

    def _admin_delete(self) -> bool | None:
        """Rows deleted behind everybody's back: whether anybody took them back, nobody can say."""
        if not (one := self._some_answer()):
            return False
        self.machine.admin_delete([one.number])
        # What people took back since the last pull waits with it.
        self.open |= {_key(one)} | self.fresh_deletions
        self.hidden = True
        return None

    # A server that forgets

    def _project_gone(self) -> bool | None:
        if not self.project:
            return False
        self._before_it_forgets()
        self.machine.owner.delete_project(self.project)
        return None

    def _project_anew(self) -> bool | None:
        """The project deleted and made again by hand, with the same tasks."""
        if not (project := self.project):
            return False
        self._before_it_forgets()
        old, data = self.machine.owner.project(project), self.machine.tasks(project)
        self.machine.owner.delete_project(project)
        kept = ("title", "description", "label_config", "maximum_annotations")
        made = self._someone().make_project(**{name: old[name] for name in kept})
        self._someone().import_tasks(made, [{"data": item} for item in data.values()])
        return None

    def _backup_put_back(self) -> bool | None:
        if not self.backups:
            return False
        self._before_it_forgets()
        self.machine.put_back(self.dice.choice(self.backups))
        self._after_it_forgot()
        return None

    def _other_server(self) -> None:
        self._before_it_forgets()
        self.machine.put_back(self.empty)
        self._after_it_forgot()

    def _before_it_forgets(self) -> None:
        self.open |= self.fresh_deletions
        self.forgot = True

    def _after_it_forgot(self) -> None:
        """Answers that stand there again as they were, or although they were taken back."""
        now, times = self._said(), self._times()
        for key, said in now.items():
            if key in self.gone:
                self.open.add(key)
            elif key in self.seen and self.seen[key] != said and times[key] < self.seen_at[key]:
                self.older[key] = self.seen[key]

    # The laws

    def _after_pull(self, report: Report, seen: dict[Key, Said], consent: Consent) -> None:
        alarm = any(item.code == CODE for item in report.rejections)
        if alarm and not (self.forgot or self.hidden):
            self.broken.alarms.append(f"after {self.story[-6:]}: {report.rejections[0].subject}")
        if consent.keep or consent.accept_loss:
            self._spoken(consent)
        self._withdrawn_without_consent()
        self.seen |= {key: said for key, said in seen.items() if key not in self.older}
        self.seen_at |= {key: at for key, at in self._times().items() if key in seen and key not in self.older}
        self.fresh_deletions.clear()
        if alarm and not any(consent) and self.dice.random() < 0.6:
            chosen = Consent(keep=True) if self.dice.random() < 0.7 else Consent(accept_loss=True)
            self.story.append("keep" if chosen.keep else "accept loss")
            self._pull(consent=chosen)

    def _spoken(self, consent: Consent) -> None:
        there = self._said()
        if consent.accept_loss:
            # What somebody chose to keep before stays kept: this word is about what is missing since.
            kept = self._kept()
            self.gone |= {key for key in self.seen if key not in there and key not in kept}
            self.seen |= {key: there[key] for key in self.older if key in there}
            self.older.clear()
        self.forgot = self.hidden = False

    def _withdrawn_without_consent(self) -> None:
        held = self._held()
        there = self._said()
        for key, said in self.seen.items():
            if key in self.gone or key in self.open or key in held:
                continue
            if key in there or not self._made_nonsense(key):
                self.broken.lost.append(f"{said} of {key}, after {self.story[-8:]}")

    def end(self) -> Diagnosis:
        """Quiet: what waits is kept, what cannot be read is deleted as advised; then the laws are looked at."""
        self.story.append("the end")
        poisoned = self._poisoned()
        for task in poisoned:  # its known votes stay, those that no pull had read go with it
            self.open |= {_key(one) for one in self.machine.stored(self.project) if one.task == task}
            self.machine.owner.delete_task(task)
        self._pull(full=True, consent=Consent(keep=True))
        self._push()
        self._pull(full=True, consent=Consent(keep=True))
        self._push()
        found = self._follow()
        self._compare()
        report = self._pull(full=True)
        if report.counts.get("events") or report.version:
            self.broken.unrest.append(f"a full pull goes on bringing: {report.counts}")
        if not found.equal:
            self.broken.unrest.append(f"doctor: {found.differences[:3]}")
        checked = verify(self.settings.dataset_uri)
        assert checked.ok, checked.findings
        return found

    def _follow(self) -> Diagnosis:
        for _ in range(_ROUNDS):
            found: Diagnosis = self._ours(lambda: doctor(self.settings, project=None, now=self.now))
            if found.equal:
                break
            for advice in sorted({item.advice for item in found.differences}):
                self._obey(advice)
        return found

    def _obey(self, command: str) -> None:
        self.story.append(command)
        match command.split():
            case ["factcheck", "pull", *options]:
                consent = Consent(keep="--keep" in options, accept_loss="--accept-loss" in options)
                self._pull(full="--full" in options, consent=consent)
            case ["factcheck", "push", *_]:
                self._push()
            case _:
                self.broken.unrest.append(f"doctor advises {command}")

    def _compare(self) -> None:
        held, there = self._held(), self._said()
        expected = {key: said for key, said in self.seen.items() if key not in self.gone and key not in there}
        expected |= there
        expected |= {key: said for key, said in self.older.items() if key in there}
        for key in (expected.keys() | held.keys()) - self.open:
            mine, theirs = held.get(key), expected.get(key)
            if mine is None:
                self.broken.lost.append(f"{key} {theirs}")
            elif theirs is None:
                self.broken.invented.append(f"{key} {mine}")
            elif mine != theirs:
                self.broken.other.append(f"{key}: {theirs} was said, {mine} is held")

    # What there is

    @property
    def project(self) -> int:
        """The number of the project with our mark, 0 where there is none."""
        mark = Desk(self.settings).mark("main")
        listed = self.machine.owner.ask("GET", "/api/projects/?include=id,description&page_size=1000")["results"]
        return min((int(item["id"]) for item in listed if mark in (item["description"] or "")), default=0)

    def _said(self) -> dict[Key, Said]:
        """The votes on the server, as far as people gave them on our page."""
        project = self.project
        rows = self.machine.stored(project) if project else []
        return {_key(one): _said(one) for one in rows if one.given and one.choice}

    def _times(self) -> dict[Key, datetime]:
        project = self.project
        rows = self.machine.stored(project) if project else []
        return {_key(one): one.updated_at for one in rows}

    def _held(self) -> dict[Key, Said]:
        """The votes that count in the dataset."""
        desk = Desk(self.settings)
        people = {
            annotators.annotator_id(desk.dataset, desk.server_name, person.number): person.number
            for person in [*self.people, self.machine.owner]
        }
        data = dataset_package.open(self.settings.dataset_uri)
        rows = data.last_states().filter(pl.col("state") == "submitted") if data.head else None
        if rows is None:
            return {}
        columns = rows.select("annotation_id", "created_at", "claim_id", "annotator_id", "choice").iter_rows()
        return {(number, born): (claim, people.get(who), choice) for number, born, claim, who, choice in columns}

    def _kept(self) -> set[Key]:
        """The answers that are kept although the server has lost them."""
        data = dataset_package.open(self.settings.dataset_uri)
        rows = data.last_states().filter(pl.col("mark") == "kept") if data.head else None
        return set() if rows is None else set(rows.select("annotation_id", "created_at").iter_rows())

    def _answers(self) -> list[Stored]:
        """Votes that people may touch again: of their own, on tasks that can be shown."""
        project = self.project
        rows = self.machine.stored(project) if project else []
        numbers = {person.number for person in self.people}
        shut = self._poisoned()
        return [one for one in rows if one.given and one.choice and one.author in numbers and one.task not in shut]

    def _some_answer(self) -> Stored | None:
        found = self._answers()
        return self.dice.choice(found) if found else None

    def _open_tasks(self) -> list[int]:
        project = self.project
        return sorted(set(self.machine.tasks(project)) - self._poisoned()) if project else []

    def _some_task(self) -> int | None:
        found = self._open_tasks()
        return self.dice.choice(found) if found else None

    def _someone(self) -> Member:
        return self.dice.choice(self.people)

    def _author(self, one: Stored) -> Member:
        return next(person for person in self.people if person.number == one.author)

    def _poisoned(self) -> set[int]:
        project = self.project
        return self.machine.poisoned(project) if project else set()

    def _unreadable(self, key: Key) -> bool:
        shut = self._poisoned()
        return bool(shut) and any(_key(one) == key and one.task in shut for one in self.machine.stored(self.project))

    def _made_nonsense(self, key: Key) -> bool:
        project = self.project
        rows = self.machine.stored(project) if project else []
        return any(_key(one) == key and one.choice is None for one in rows)

    def _ours(self, run: Callable[[], Any]) -> Any:
        """A command of ours, in the weather."""
        with self.wire():
            return self.insist(run)


def _key(one: Stored) -> Key:
    return one.number, one.created_at


def _said(one: Stored) -> Said:
    return one.claim, one.author, str(one.choice)


def _silent(_: str) -> None:
    """Progress is for people."""
