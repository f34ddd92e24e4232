"""`kill -9` of every command that writes, at random moments; then the same command again: whole, and one end state.

The end state is what the command leaves where nobody kills it, without the times at which things were seen.
"""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from factcheck.dataset import Dataset, annotators, erasing
from factcheck.dataset.dataset import storage_of
from factcheck.dataset.verify import verify
from factcheck.errors import DatasetError, UsageError
from factcheck.models import digest
from factcheck.pipeline.desk import Desk
from tests.chaos.warm import Ended, Nursery, Running
from tests.chaos.whole_desk import WholeDesk, copied, news, whole_desk
from tests.fake_studio.rows import Store
from tests.measures import Measure, emit

KILLS = int(os.environ.get("KILLS", "20"))
SEED = 20_261_127
PERSON = "anahita@desk.example"
_TIMES = ("version", "commit_id", "observed_at", "decided_at", "fetched_at")
_PEOPLE = ("annotator_id", "edited_by", "adjudicator")
_LONGEST = 240.0
_CSV = "claim,rating,url,author,date\n" + "".join(
    f"Claim number {n} about {n} percent.,{('True', 'False')[n % 2]},https://old.example/{n},Someone,2020-01-0{n}\n"
    for n in range(1, 8)
)


class Command(NamedTuple):
    """A command line, and what is done to the desk before it; `again` are the exit codes of its second run."""

    arguments: tuple[str, ...]
    prepare: Callable[[WholeDesk], object] = lambda _: None
    again: tuple[int, ...] = (0,)


def _staged(desk: WholeDesk) -> None:
    run_in_process(desk, "ingest", str(desk.folder / "news"))
    run_in_process(desk, "claims")


def _voted(desk: WholeDesk) -> None:
    desk.vote(20)


def _sourced(desk: WholeDesk) -> None:
    """A source with news, and votes that nobody has pulled yet."""
    path = desk.folder / "factcheck.toml"
    text = path.read_text("utf-8").replace("newsroom-xlsx", "open-data-csv")
    path.write_text(f'{text}\n[sources.news]\nfolder = "news"\n', "utf-8")
    desk.vote(20)


def _many_files(desk: WholeDesk) -> None:
    for _ in range(3):
        desk.vote(2)
        desk.pull()


def _compacted(desk: WholeDesk) -> None:
    _many_files(desk)
    run_in_process(desk, "compact")


def _drawn(desk: WholeDesk) -> None:
    """The key of pseudonyms, so that two releases can be the same."""
    erasing.release_key(storage_of(Dataset.open(str(desk.folder / "dataset"))))


def _edited(desk: WholeDesk) -> None:
    run_in_process(desk, "claim", "edit", _ids(desk)["first"], "--text", "Other words.", *_MENDING)
    _staged(desk)


def _ids(desk: WholeDesk) -> dict[str, str]:
    """Two claims of the first version, the same ones whatever was done to them since."""
    groups = Dataset.open(str(desk.folder / "dataset")).claims(1).select("group_id").unique().collect()["group_id"]
    return dict(zip(("first", "second"), groups.sort().head(2), strict=True))


_MENDING = ("--by", "", "--yes")
_REFUSED = UsageError.exit_code  # what was done is not done twice
COMMANDS = {
    "ingest": Command(("ingest", "{desk}/news")),
    "claims": Command(("claims",), lambda desk: run_in_process(desk, "ingest", str(desk.folder / "news"))),
    "claims again": Command(("claims", "--again"), _staged),
    "push": Command(("push",), _staged),
    "pull": Command(("pull",), _voted),
    "export": Command(("export", "claimreview", "--out", "{desk}/out")),
    "release": Command(("release", "first", "--out", "{desk}/out"), _drawn),
    "compact": Command(("compact",), _many_files),
    "vacuum": Command(("vacuum", "--days", "0"), _compacted),
    "forget": Command(("forget", PERSON), again=(0, 7)),  # once it is forgotten there is nobody of that name
    "tag": Command(("tag", "second")),
    "import": Command(("import", "{desk}/old.csv", "--source", "Old desk")),
    "fork": Command(("fork", "{desk}/fork")),
    "restore": Command(("restore", "1")),
    "run": Command(("run",), _sourced),
    "table": Command(("ingest", "{desk}/claims.csv"), _staged),
    "claim add": Command(("claim", "add", "5,000 people came.", "--by", ""), _staged),
    "claim edit": Command(("claim", "edit", "{first}", "--text", "Other words.", *_MENDING), _staged, (0, _REFUSED)),
    "claim split": Command(
        ("claim", "split", "{first}", "--text", "One.", "--text", "Two.", *_MENDING), _staged, (0, _REFUSED)
    ),
    "claim merge": Command(("claim", "merge", "{first}", "{second}", *_MENDING), _staged, (0, _REFUSED)),
    "withdraw": Command(("withdraw", "{first}", "--reason", "satire", *_MENDING), _staged, (0, _REFUSED)),
    "undo": Command(("undo", *_MENDING), _edited, (0, _REFUSED)),
    "watch": Command(("watch", "--no-webhook", "--poll", "0.1"), _voted),
}
SAMPLE = ("ingest", "pull", "run", "tag", "claim edit")
"""What the normal suite kills, once each."""


class Field:
    """The template desk, the server that all copies share, and the process that commands are forked from."""

    def __init__(self, desk: WholeDesk, scratch: Path) -> None:
        self.desk, self.scratch = desk, scratch
        self.nursery = Nursery(desk.environment)
        self.dice = random.Random(SEED)

    def fresh(self, verb: str) -> tuple[WholeDesk, Store]:
        """A desk right before the command, made once for each verb, and what the server holds then."""
        before = self.scratch / f"before-{verb}"
        store = copy.deepcopy(self.template)
        self.desk.fake.store = store
        desk = copied(self.desk, before)
        COMMANDS[verb].prepare(desk)
        return desk, copy.deepcopy(self.desk.fake.store)

    @property
    def template(self) -> Store:
        if not hasattr(self, "_template"):
            self._template = copy.deepcopy(self.desk.fake.store)
        return self._template

    def start(self, desk: WholeDesk, verb: str) -> Running:
        arguments = [part.format(desk=desk.folder, **_ids(desk)) for part in COMMANDS[verb].arguments]
        return self.nursery.start("--desk", str(desk.folder), *arguments, "--json")

    def finish(self, desk: WholeDesk, verb: str) -> Ended:
        """The command run to its end; a watch is ended once every vote is in the dataset."""
        running = self.start(desk, verb)
        if verb == "watch":
            living = len(desk.fake.store.annotations)
            self.until(running, lambda: events(desk) >= living)
            os.kill(running.pid, signal.SIGTERM)
        return running.wait(self.nursery, _LONGEST)

    def until(self, running: Running, what: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _LONGEST
        while not what() and time.monotonic() < deadline and self.nursery.code(running.pid) is None:
            time.sleep(0.05)

    def killed(self, desk: WholeDesk, verb: str, lasting: float) -> bool:
        """Start the command and kill it; half of the time no sooner than it has taken the desk's lock."""
        running = self.start(desk, verb)
        began = time.monotonic()
        if self.dice.random() < 0.5:
            self.until(running, lambda: (desk.folder / ".factcheck/lock.json").exists() or _past(began, lasting / 2))
            pause = self.dice.uniform(0, lasting / 2)
        else:
            pause = self.dice.uniform(0, lasting)
        time.sleep(pause)
        with suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGKILL)
        return running.wait(self.nursery, _LONGEST).code == -signal.SIGKILL


def _past(began: float, seconds: float) -> bool:
    return time.monotonic() - began > seconds


def run_in_process(desk: WholeDesk, *arguments: str) -> None:
    from typer.testing import CliRunner

    from factcheck.cli import app

    done = CliRunner().invoke(app, ["--desk", str(desk.folder), *arguments])
    assert done.exit_code == 0, done.output


def events(desk: WholeDesk) -> int:
    found = Dataset.open(str(desk.folder / "dataset")).annotations().collect()
    return found["annotation_key"].n_unique()


def knowledge(uri: Path, *, drawn: bool = False) -> dict[str, Any]:
    """What a dataset knows, whenever it was seen: rows by table, versions, tags, people."""
    data = Dataset.open(str(uri))
    rows = {
        "articles": data.articles(),
        "claims": data.claims(),
        "annotations": data.annotations(),
        "verdicts": data.verdicts(),
        "claim_events": data.claim_events().drop("event_id", "at", "undoes", "who"),
    }
    known: dict[str, Any] = {}
    for name, scan in rows.items():
        frame = scan.collect()
        frame = frame.select(column for column in frame.columns if column not in _TIMES)
        if drawn:  # a fork draws the ids of people anew, in their old order
            ranks = [pl.col(column).rank("dense") for column in frame.columns if column in _PEOPLE]
            frame = frame.with_columns(ranks).drop("content_hash", strict=False)
        known[name] = digest(sorted(json.dumps(row, default=str, sort_keys=True) for row in frame.to_dicts()))
    known["versions"] = [(row["cause"], row["counts"]) for row in data.versions().sort("version").to_dicts()]
    known["tags"] = sorted((row["name"], row["version"]) for row in data.tags().to_dicts())
    known["people"] = sorted(annotators.people(data)["email"].to_list())
    return known


def state(desk: WholeDesk) -> dict[str, Any]:
    """Everything the desk holds that a command may change."""
    own = Desk(desk.settings)
    files = {
        str(path.relative_to(desk.folder)): path.read_bytes()
        for folder in ("out", "exports")
        for path in sorted((desk.folder / folder).rglob("*"))
        if path.is_file()
    }
    return {
        "dataset": knowledge(desk.folder / "dataset"),
        "staged": [own.staging.articles()["article_id"].sort().to_list(), own.staging.claims()["claim_id"].to_list()],
        "quarantine": sorted((row["stage"], row["code"], row["subject"]) for row in own.workspace.quarantined()),
        "pushed": own.workspace.pushed("main"),
        "tasks": len(desk.fake.store.tasks),
        "output": {name: _timeless(name, content) for name, content in files.items()},
        "fork": knowledge(desk.folder / "fork", drawn=True) if (desk.folder / "fork").exists() else None,
    }


def _timeless(name: str, content: bytes) -> Any:
    """A manifest says when it was made, an export of the day when it was decided; all else is the same bytes."""
    if name.startswith("exports/"):
        rows = pl.read_csv(content, infer_schema=False)
        kept = [column for column in rows.columns if not column.endswith(("_at", "_hash"))]
        return digest(rows.select(kept).rows())
    if not name.endswith("manifest.json"):
        return content
    manifest = json.loads(content)
    return {key: value for key, value in manifest.items() if not key.endswith("_at")}


def damage(desk: WholeDesk) -> list[str]:
    """What is wrong after the second run: findings, and what a killed writer left lying about."""
    found = [f"{item.subject}: {item.what}" for item in verify(str(desk.folder / "dataset")).findings]
    if (desk.folder / "fork").exists():
        with suppress(DatasetError):  # compared with what it should be elsewhere
            found += [f"fork: {item.what}" for item in verify(str(desk.folder / "fork")).findings]
    return found + [f"left behind: {path.name}" for path in (desk.folder / "out").glob(".*")]


def problems(field: Field, verb: str, kills: int) -> list[str]:
    """What was not as it should be in `kills` lives of that command."""
    before, store = field.fresh(verb)
    fake = before.fake

    def again() -> WholeDesk:
        fake.store = copy.deepcopy(store)
        return copied(before, field.scratch / "trial")

    quiet = again()
    began = time.monotonic()
    ended = field.finish(quiet, verb)
    assert ended.code == 0, (verb, ended)
    lasting, wanted = time.monotonic() - began, state(quiet)
    found: list[str] = []
    done = 0
    while done < kills:
        desk = again()
        if not field.killed(desk, verb, lasting):
            lasting *= 0.95
            continue
        done += 1
        ended = field.finish(desk, verb)
        if ended.code not in COMMANDS[verb].again:
            found.append(f"{verb} {done}: ended with {ended.code}: {(ended.out + ended.err)[-400:]}")
        now = state(desk)
        found += [f"{verb} {done}: {name} differs" for name in wanted if now[name] != wanted[name]]
        found += [f"{verb} {done}: {item}" for item in damage(desk)]
    return found


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    folder = tmp_path_factory.mktemp("kills")
    with whole_desk(folder / "desk") as desk:
        news(desk.folder / "news", range(40))
        (desk.folder / "old.csv").write_text(_CSV, "utf-8")
        (desk.folder / "claims.csv").write_text(_CSV.replace("rating", "mood"), "utf-8")
        made = Field(desk, folder)
        _ = made.template
        yield made
        made.nursery.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.parametrize("verb", SAMPLE)
def test_a_killed_command_can_be_repeated(field: Field, verb: str) -> None:
    assert problems(field, verb, 1) == []


@pytest.mark.chaos
@pytest.mark.parametrize("verb", COMMANDS)
def test_a_command_killed_many_times_can_be_repeated(field: Field, verb: str) -> None:
    found = problems(field, verb, KILLS)
    emit([Measure(f"kills.{verb}", len(found), "problems", 0, n=KILLS)])
    sys.stderr.write("".join(f"{line}\n" for line in found))
    assert found == []
