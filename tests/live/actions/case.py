"""A desk whose claims are pushed, answered and pulled; then somebody presses a button, and the laws are looked at."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from typer.testing import CliRunner

from factcheck import dataset as dataset_package
from factcheck.cli import app
from factcheck.dataset import annotators
from factcheck.models import AnnotationState
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings
from tests.answers import answer
from tests.chaos.newsroom import make_desk, stage
from tests.fake_studio.member import Member
from tests.fake_studio.props import claim_id
from tests.machine import NAMES, Machine

Votes = dict[tuple[int, str], str]
"""What counts: the choice of a person on a claim, by the claim's number and the person's name."""

FIRST: Votes = {
    (1, "anahita"): "verified",
    (1, "basma"): "verified",
    (2, "anahita"): "disputed",
    (2, "chris"): "disputed",
    (3, "basma"): "opinion",
}
"""The votes that every case begins with; chris has skipped claim 3, nobody has seen claim 4."""

DEFECT = "a bug in factcheck"
_ROUNDS = 3


class Ended(NamedTuple):
    """How a command ended, and what it said with --json."""

    code: int
    data: dict[str, Any]
    text: str

    @property
    def codes(self) -> list[str]:
        """The codes of what was rejected, and of the error that ended it."""
        found = [item["code"] for item in self.data.get("rejections", [])]
        return found + ([self.data["error"]["code"]] if "error" in self.data else [])


class Case:
    """Claims 1 to 4 on a project of their own, with the votes of `FIRST`, all three days old."""

    def __init__(self, machine: Machine, folder: Path, *, claims: int = 4) -> None:
        self.machine, self.folder = machine, folder
        self.settings: Settings = make_desk(folder, machine.url)
        self.quotes: dict[int, str] = {}
        self.heard: list[str] = []
        self.settled_by_server = False
        """Whether Label Studio itself settles tasks when a setting is put right, so that push finds less to do."""
        self.stage(*range(1, claims + 1))
        self.ok("push")
        self.project = self.projects()[0]
        self.people: dict[str, Member] = {name: machine.member(name) for name in NAMES}
        self.anahita, self.basma, self.chris = (self.people[name] for name in NAMES)
        self.votes: Votes = {}
        self.number: dict[tuple[int, str], int] = {}
        """Label Studio's numbers of the answers."""
        self._everybody = machine.users()
        self.names = {member.number: name for name, member in self.people.items()}

    def stage(self, *claims: int) -> None:
        """More claims for the next push."""
        stage(self.settings, claims)
        staged = Desk(self.settings).staging.claims().select("claim_id", "quote")
        self.quotes |= {int(of[4:], 16): str(quote) for of, quote in staged.iter_rows()}

    def begin(self, votes: Mapping[tuple[int, str], str] = FIRST) -> None:
        """The votes are given and pulled."""
        for (claim, name), choice in votes.items():
            self.vote(claim, name, choice)
        if 3 in {claim for claim, _ in votes}:
            self.number[3, "chris"] = self.chris.skip(self.task(3))
        self.old()

    def old(self) -> None:
        """Everything so far is pulled, and three days old."""
        self.machine.set_back(self.project)
        self.ok("pull")
        self.same("before anything happened")
        self.heard.clear()

    def vote(self, claim: int, name: str, choice: str, task: int | None = None) -> int:
        """A person's answer on the claim's task, or on another that shows it."""
        made = self.people[name].submit(task or self.task(claim), choice)
        self.votes[claim, name] = choice
        self.number[claim, name] = made
        return made

    # What there is

    def tasks(self, claim: int) -> list[int]:
        """The claim's tasks as Label Studio has them, oldest first."""
        rows = self.machine.owner.rows(self.project)
        return sorted(row["id"] for row in rows if row["data"].get("claim_id") == claim_id(claim))

    def task(self, claim: int) -> int:
        return self.tasks(claim)[0]

    def data(self, claim: int) -> dict[str, Any]:
        """The data of the claim's task."""
        rows = self.machine.owner.rows(self.project)
        return dict(next(row["data"] for row in rows if row["data"].get("claim_id") == claim_id(claim)))

    def projects(self) -> list[int]:
        """The projects that carry the desk's mark, oldest first."""
        listed = self.machine.owner.ask("GET", "/api/projects/?page_size=1000")["results"]
        mark = Desk(self.settings).mark("main")
        return sorted(int(item["id"]) for item in listed if mark in (item["description"] or ""))

    def states(self) -> pl.DataFrame:
        """The last state of each annotation in the dataset."""
        return dataset_package.open(self.settings.dataset_uri).last_states()

    def counted(self) -> Votes:
        """The votes that count in the dataset; of several of one person on a claim the last."""
        desk = Desk(self.settings)
        known = {
            annotators.annotator_id(desk.dataset, desk.server_name, number): name
            for number, name in (self._everybody | self.names).items()
        }
        live = self.states().filter(pl.col("state") == str(AnnotationState.SUBMITTED)).sort("updated_at")
        rows = live.select("claim_id", "annotator_id", "choice").iter_rows()
        return {(int(claim[4:], 16), known.get(who, who)): choice for claim, who, choice in rows}

    def kept(self) -> list[int]:
        """The numbers of live answers that carry the mark `kept`."""
        rows = self.states()
        if "mark" not in rows.columns:
            return []
        live = rows.filter(pl.col("state") != str(AnnotationState.DELETED))
        return live.filter(pl.col("mark") == "kept")["annotation_id"].to_list()

    def put_aside(self) -> list[int]:
        """The numbers of answers that were read and are no answer of a person to our question."""
        return self.states().filter(pl.col("state") == "put_aside")["annotation_id"].to_list()

    def verdict(self, claim: int) -> tuple[str, str | None]:
        rows = dataset_package.open(self.settings.dataset_uri).verdicts().collect().filter(claim_id=claim_id(claim))
        return (rows["status"][0], rows["verdict"][0]) if rows.height else ("unreviewed", None)

    # What is run

    def run(self, *arguments: str) -> Ended:
        """A command with --json, as a person would run it."""
        done = CliRunner().invoke(app, ["--desk", str(self.folder), *arguments, "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        self.heard.append(f"$ {' '.join(arguments)}\n{done.stdout}\n{done.stderr}")
        assert DEFECT not in done.stdout, done.stdout
        data = answer(done.stdout) if done.stdout.strip() else {}
        return Ended(done.exit_code, data, f"{done.stdout}\n{done.stderr}")

    def ok(self, *arguments: str) -> Ended:
        done = self.run(*arguments)
        assert done.code == 0, self.story()
        return done

    def pull(self, *options: str) -> Ended:
        return self.run("pull", *options)

    def doctor(self) -> Ended:
        return self.run("doctor")

    def push(self) -> Ended:
        """A dry run, then the push: what the one announces the other does."""
        planned, pushed = self.run("push", "--dry-run"), self.run("push")
        if planned.code == pushed.code == 0:
            told = {
                name: planned.data["counts"].get(step, 0)
                for step, name in (("create", "created"), ("update", "updated"), ("remove", "removed"))
            }
            done = {name: pushed.data["counts"].get(name, 0) for name in told}
            if self.settled_by_server:
                told["updated"] = done["updated"] = min(told["updated"], done["updated"])
            assert told == done, f"the dry run said {told}, the push did {done}\n{self.story()}"
        return pushed

    def story(self) -> str:
        return "\n".join(self.heard)[-6000:]

    # Laws

    def wrong(self, votes: Votes | None = None) -> dict[str, list[tuple[int, str]]]:
        """How what counts differs from what people said: lost, invented, turned."""
        said, counted = self.votes if votes is None else votes, self.counted()
        found = {
            "lost": [key for key in said if key not in counted],
            "invented": [key for key in counted if key not in said],
            "turned": [key for key in said if key in counted and said[key] != counted[key]],
        }
        return {what: sorted(keys) for what, keys in found.items() if keys}

    def same(self, when: str) -> None:
        """What counts is what people said."""
        assert self.wrong() == {}, f"{when}: {self.wrong()}\n{self.story()}"

    def named(self, *claims: int, annotations: Iterable[int] = ()) -> None:
        """Something that was said since the beginning names these claims, or answers of theirs."""
        for claim in claims:
            assert self._names_claim(claim), f"nothing names claim {claim}\n{self.story()}"
        for number in annotations:
            assert re.search(rf"annotation {number}\b", "\n".join(self.heard)), f"nothing names answer {number}"

    def same_or_named(self, when: str) -> None:
        """What counts is what people said, but for claims that were named."""
        bad = {claim for keys in self.wrong().values() for claim, _ in keys}
        silent = sorted(claim for claim in bad if not self._names_claim(claim))
        assert not silent, f"{when}: claims {silent} changed without a word: {self.wrong()}\n{self.story()}"

    def _names_claim(self, claim: int) -> bool:
        text = "\n".join(self.heard)
        if claim_id(claim) in text or self.quotes[claim][:70] in text:
            return True
        tasks = self.states().filter(claim_id=claim_id(claim))["task_id"].unique().to_list()
        answers = [number for (of, _), number in self.number.items() if of == claim]
        words = [rf"\btask {number}\b" for number in tasks] + [rf"\bannotation {number}\b" for number in answers]
        return any(re.search(word, text) for word in words)

    def unsettled(self) -> Ended:
        """Doctor does not say that all is well."""
        found = self.doctor()
        assert found.code != 0, f"doctor says all is well\n{self.story()}"
        assert not found.data.get("equal", False), self.story()
        return found

    def well(self) -> None:
        """Doctor says that all is well, and it is so: a full pull brings nothing."""
        found = self.doctor()
        assert found.data.get("equal") is True, f"doctor is not content\n{self.story()}"
        again = self.pull("--full")
        assert again.code in {0, 3}, self.story()
        assert again.data["counts"].get("events", 0) == 0, f"a full pull goes on bringing\n{self.story()}"

    def peace(self) -> None:
        """Following what doctor advises, at most three times, ends with nothing to do."""
        for _ in range(_ROUNDS):
            found = self.doctor()
            if found.data.get("equal"):
                break
            for command in mends(found):
                self.run(*shlex.split(command)[1:])
        self.well()

    def settle(self, *, unseen: Votes | None = None, peace: bool = True) -> None:
        """Pull, doctor, full pull, doctor, push, pull: after each, what counts is what people said.

        `unseen` is what counted before a change that no incremental pull can see: until the full one either may count.
        """
        self.pull()
        if unseen is None:
            self.same("after a pull")
        else:
            assert self.wrong() == {} or self.wrong(unseen) == {}, f"{self.wrong()}\n{self.story()}"
        self.doctor()
        self.pull("--full")
        self.same("after a full pull")
        self.doctor()
        self.push()
        self.pull()
        self.same("after a push and a pull")
        if peace:
            self.peace()
            self.same("after what doctor advised")


def mends(found: Ended) -> list[str]:
    """The commands that doctor names, pulls before pushes, each once."""
    commands = dict.fromkeys(str(item["mend"]) for item in found.data.get("differences", []))
    return sorted((command for command in commands if command.startswith("factcheck ")), key=lambda one: "push" in one)
