"""What checkers did on a real Label Studio, written down by themselves, to be compared with the dataset."""

from __future__ import annotations

import random
import sys
import threading
from collections import Counter
from typing import Any, NamedTuple

import polars as pl

from factcheck.studio.sync import payload
from tests.fake_studio.props import Checker, result

CHOICES = ("verified", "disputed", "opinion", "not_a_claim")


class Annotation(NamedTuple):
    """An annotation that its checker may touch again."""

    key: str
    number: int


class Ledger:
    """Every state of every annotation in the order it was given, and who may touch what.

    An annotation that was touched is left alone until `settle` says that a pull which began later has ended: of two
    states between two pulls nobody could see the first, because Label Studio keeps no history.
    """

    def __init__(self, project: str = "main") -> None:
        self.states: dict[str, list[str]] = {}
        self.actions: Counter[str] = Counter()
        self._project = project
        self._touched: dict[str, int] = {}
        self._round = 0
        self._turn = threading.Lock()

    def begin(self) -> int:
        """A pull begins; the number is for `settle`."""
        with self._turn:
            self._round += 1
            return self._round

    def settle(self, pull: int) -> None:
        """The pull has ended well: what was touched before it began may be touched again."""
        with self._turn:
            self._touched = {key: touched for key, touched in self._touched.items() if touched >= pull}

    def arrived(self, seen: dict[str, int]) -> None:
        """Annotations whose last state the dataset has, by how many states it has of each, may be touched again."""
        with self._turn:
            self._touched = {
                key: touched
                for key, touched in self._touched.items()
                if touched == sys.maxsize or seen.get(key, 0) < len(self.states[key])
            }

    def free(self, annotations: list[Annotation]) -> list[Annotation]:
        """Those of the annotations that may be touched."""
        with self._turn:
            return [one for one in annotations if one.key not in self._touched]

    def note(self, what: str, key: str, state: str) -> None:
        with self._turn:
            self.actions[what] += 1
            self.states.setdefault(key, []).append(state)

    def touch(self, key: str, *, done: bool) -> None:
        """Called before and after the action: a pull that begins while it is on its way may not see it."""
        with self._turn:
            self._touched[key] = self._round if done else sys.maxsize

    def key(self, annotation: dict[str, Any]) -> str:
        created = payload.time(annotation["created_at"])
        return f"{self._project}:{annotation['id']}:{created.isoformat()}"

    def differences(self, events: pl.DataFrame) -> list[str]:
        """Annotations whose states in the dataset are not the ones that were given, in their order."""
        told: dict[str, list[str]] = {}
        for key, state, choice in events.sort("seq").select("annotation_key", "state", "choice").iter_rows():
            told.setdefault(key, []).append(choice if state == "submitted" else state)
        keys = sorted(told.keys() | self.states.keys())
        return [
            f"{key}: done {self.states.get(key)}, in the dataset {told.get(key)}"
            for key in keys
            if told.get(key) != self.states.get(key)
        ]


class Worker:
    """A checker who does one thing after another, each written into the ledger."""

    def __init__(self, url: str, token: str, ledger: Ledger, seed: int) -> None:
        self.http = Checker(url, token, None)
        self.ledger = ledger
        self.dice = random.Random(seed)
        self.mine: list[Annotation] = []
        self._done: set[int] = set()

    def act(self, tasks: list[int]) -> str | None:
        """One action; None where there is nothing left to do at the moment."""
        again = self.ledger.free(self.mine)
        fresh = [task for task in tasks if task not in self._done]
        if again and (not fresh or self.dice.random() < 0.4):
            return self._again(self.dice.choice(again))
        if fresh:
            return self._first(self.dice.choice(fresh))
        return None

    def _first(self, task: int) -> str:
        self._done.add(task)
        skip = self.dice.random() < 0.2
        choice = self.dice.choice(CHOICES)
        body = {"result": [], "was_cancelled": True} if skip else {"result": result(choice), "lead_time": 4.5}
        made = self.http._ask("POST", f"/api/tasks/{task}/annotations/", body)
        key = self.ledger.key(made)
        self.ledger.note("skip" if skip else "submit", key, "skipped" if skip else choice)
        self.ledger.touch(key, done=True)
        self.mine.append(Annotation(key, made["id"]))
        return "skip" if skip else "submit"

    def _again(self, one: Annotation) -> str:
        self.ledger.touch(one.key, done=False)
        if self.dice.random() < 0.3:
            self.http.delete(one.number)
            self.mine.remove(one)
            self.ledger.note("delete", one.key, "deleted")
            self.ledger.touch(one.key, done=True)
            return "delete"
        before = self.ledger.states[one.key][-1]
        choice = self.dice.choice([choice for choice in CHOICES if choice != before])
        self.http.change(one.number, {"result": result(choice), "was_cancelled": False})
        self.ledger.note("edit", one.key, choice)
        self.ledger.touch(one.key, done=True)
        return "edit"
