"""A desk like the demo's, built in this process in about a second: articles, claims, a fake Label Studio with votes."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factcheck import settings as settings_package
from factcheck.pipeline.claims import claims
from factcheck.pipeline.history import tag
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init
from factcheck.pipeline.pull import pull as pipeline_pull
from factcheck.pipeline.push import push as pipeline_push
from factcheck.samples import articles_folder
from factcheck.settings import Settings
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import result
from tests.fake_studio.served import serving

VERDICTS = ("verified", "disputed", "opinion", "verified")
TAG = "week-one"
SCRIPT = Path(sys.executable).with_name("factcheck")
NUMBERED = "The ministry said that {} million people had work in 2024.\nPrices rose by {} percent in that year.\n"


def news(folder: Path, numbers: Iterable[int]) -> Path:
    """A folder of short articles, a claim or two in each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"{number:04}.txt").write_text(f"Report {number}\n\n{NUMBERED.format(number, number % 17)}", "utf-8")
    return folder


def now() -> datetime:
    return datetime.now(UTC)


class WholeDesk:
    """The desk in `folder`, whose server is the fake one at `url`; it has two versions, the first one with a tag."""

    def __init__(self, folder: Path, fake: FakeStudio, url: str) -> None:
        self.folder, self.fake, self.url = folder, fake, url
        self.environment = {"FACTCHECK_STUDIO_URL": url, "FACTCHECK_TOKEN": ADMIN_TOKEN}

    @property
    def settings(self) -> Settings:
        return settings_package.load(self.folder, self.environment)

    def build(self) -> None:
        for name in ("Anahita", "Basma"):
            self.fake.store.add_user(name, f"token of {name}")
        init(self.folder, name="Whole desk", language="en", url="https://desk.example", force=False)
        path = self.folder / "factcheck.toml"
        path.write_text(
            path.read_text("utf-8").replace("annotators_per_claim = 1", "annotators_per_claim = 2"), "utf-8"
        )
        ingest(self.settings, [str(articles_folder())], now=now())
        claims(self.settings, show=0, now=now())
        self.push()
        self.vote(40)
        self.pull()
        tag(self.settings, TAG, version=None, note="", force=False, now=now())
        self.vote(10)
        self.pull()

    def push(self) -> None:
        pipeline_push(self.settings, project=None, now=now(), say=lambda _: None)

    def pull(self) -> None:
        pipeline_pull(self.settings, project=None, full=False, now=now(), say=lambda _: None)

    def vote(self, count: int) -> None:
        """Two people answer the next tasks; they differ on every seventh."""
        store = self.fake.store
        people = sorted(store.users)[-2:]
        open_tasks = [task for task in store.tasks if not store.total(task)]
        for number in itertools.islice(open_tasks, count):
            for index, person in enumerate(people):
                verdict = VERDICTS[(number + index * (number % 7 == 0)) % len(VERDICTS)]
                store.annotate(number, person, {"result": result(verdict, rationale="because"), "lead_time": 3.0})

    def start(self, *arguments: str, script: bool = False) -> subprocess.Popen[bytes]:
        """A command of ours as a process of its own: `python -m factcheck`, or the installed script."""
        return subprocess.Popen(
            [
                *([str(SCRIPT)] if script else [sys.executable, "-m", "factcheck"]),
                "--desk",
                str(self.folder),
                *arguments,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | self.environment,
        )


def copied(desk: WholeDesk, folder: Path) -> WholeDesk:
    """The same desk once more, in another folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(desk.folder, folder)
    return WholeDesk(folder, desk.fake, desk.url)


@contextmanager
def whole_desk(folder: Path) -> Iterator[WholeDesk]:
    """A whole desk in the folder, with its server at work and its environment set."""
    fake = FakeStudio()
    with serving(fake) as url, pytest.MonkeyPatch.context() as patch:
        desk = WholeDesk(folder, fake, url)
        desk.folder.mkdir()
        for name, value in desk.environment.items():
            patch.setenv(name, value)
        desk.build()
        yield desk
