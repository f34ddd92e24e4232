"""Every command twice in a row, in one process: the second time ends well too, or says in its code what it found.

Each command gets a fresh copy of a small desk with two versions of votes, and of the server they were given on.
"""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer.main

from factcheck import settings
from factcheck.cli import app
from factcheck.pipeline.pull import pull
from factcheck.pipeline.push import push
from factcheck.studio.local import server_files
from tests.chaos.newsroom import make_desk, stage
from tests.chaos.schedule import MORNING, NAMES
from tests.chaos.storm import URL, StormyStudio, weathered
from tests.dataset import desks
from tests.fake_studio.props import NOW, claim_id, result
from tests.fake_studio.rows import Store
from tests.studio.local.test_studio_check import careless

__all__ = ["careless"]

TESTS = Path(__file__).parents[1]
PERSON = f"{NAMES[0].lower()}@desk.example"
ELSEWHERE = {
    "watch": (
        "it ends only when it is told to",
        "live/test_watch.py::test_killed_in_the_middle_the_next_one_converges",
    ),
    "explore": ("it ends only when it is told to", "pipeline/test_explore.py::test_it_opens_twice_and_ends_when_told"),
    "demo": ("it starts a Label Studio", "live/test_demo.py::test_the_demo_twice_in_one_folder"),
    "evidence read": (
        "it needs a page that was archived",
        "pipeline/test_archive.py::test_the_commands_list_and_read_it",
    ),
    "learn": (
        "it needs sixty claims with a verdict",
        "pipeline/test_learn.py::test_what_is_learnt_is_used_when_the_desk_says_so",
    ),
    "site serve": (
        "it ends only when it is told to",
        "cli/test_site_serve.py::test_it_is_shown_until_it_is_told_to_end",
    ),
    "studio up": ("it starts a Label Studio", "live/test_server.py::test_a_day_in_the_life"),
    "studio down": ("it stops a Label Studio", "live/test_server.py::test_a_day_in_the_life"),
    "studio upgrade": ("it installs a Label Studio", "live/test_studio_keeping.py::test_a_desk_keeps_its_server"),
}
"""Commands that are not run here: why, and the test that runs them twice in a row."""


class Newsroom(NamedTuple):
    """A desk, and the data of its server, where the people of `NAMES` answer."""

    folder: Path
    store: Store

    @property
    def settings(self) -> settings.Settings:
        return settings.load(self.folder, {"FACTCHECK_STUDIO_URL": URL})

    def vote(self, who: int, claim: int, choice: str, *, hours: int) -> None:
        """That person's answer to the claim, given or changed so many hours into the day."""
        store = self.store
        user = next(number for number, row in store.users.items() if row["first_name"] == NAMES[who])
        (task,) = [row["id"] for row in store.tasks.values() if row["data"]["claim_id"] == claim_id(claim)]
        mine = [row["id"] for row in store.of_task(task) if row["completed_by"] == user]
        fields = {"result": result(choice, rationale="because"), "lead_time": 3.0}
        store.now = MORNING + timedelta(hours=hours)
        if mine:
            store.change_annotation(mine[0], user, fields)
        else:
            store.annotate(task, user, fields)


class Twice(NamedTuple):
    """A command line, the code of its second run's error, the exit code where it is not 0, and what is done before."""

    arguments: tuple[str, ...]
    again: str | None = None
    code: int = 0
    before: Callable[[Newsroom], object] = lambda _: None


def _stage_more(newsroom: Newsroom) -> None:
    stage(newsroom.settings, range(10, 13))


def _ingest(newsroom: Newsroom) -> None:
    assert desks.run(newsroom.folder, "ingest", "DESK/b.txt").code == 0


def _answer_more(newsroom: Newsroom) -> None:
    newsroom.vote(2, 1, "verified", hours=5)
    newsroom.vote(0, 2, "opinion", hours=5)


def _another_rule(newsroom: Newsroom) -> None:
    with (newsroom.folder / settings.FILE_NAME).open("a", encoding="utf-8") as file:
        file.write('[verdicts]\npolicy = "unanimous"\n')


def _old_config(newsroom: Newsroom) -> None:
    (project,) = newsroom.store.projects.values()
    changed = project["label_config"].replace('alias="disputed"', 'alias="false"')
    assert changed != project["label_config"]
    newsroom.store.change_project(project["id"], {"label_config": changed})
    newsroom.vote(2, 3, "false", hours=5)


def _server_data(newsroom: Newsroom) -> None:
    """The folder of a local server that was stopped."""
    data = newsroom.folder / ".factcheck" / "studio" / "data"
    data.mkdir(parents=True)
    with closing(sqlite3.connect(data / "label_studio.sqlite3")) as database:
        database.execute("CREATE TABLE task_completion (id INTEGER, created_at TEXT, updated_at TEXT)")
    (data / ".env").write_text("SECRET_KEY=s\n", "utf-8")
    server_files.credentials(data.parent)


def _withdraw(newsroom: Newsroom) -> None:
    assert desks.run(newsroom.folder, "withdraw", claim_id(3), "--reason", "satire", "--yes").code == 0


def _compact(newsroom: Newsroom) -> None:
    assert desks.run(newsroom.folder, "compact").code == 0


def _markup(newsroom: Newsroom) -> None:
    markup = '{"@type": "ClaimReview", "claimReviewed": "x", "url": "https://a.example/1", "reviewRating": "False"}'
    (newsroom.folder / "one.json").write_text(markup, "utf-8")


def _publishing(newsroom: Newsroom) -> None:
    with (newsroom.folder / settings.FILE_NAME).open("a", encoding="utf-8") as file:
        file.write('[publish]\nprofiles = ["claimreview", "public-site"]\n')


def _backup(newsroom: Newsroom) -> None:
    _server_data(newsroom)
    assert desks.run(newsroom.folder, "studio backup", "OUT/backup").code == 0


def _no_desk_yet(newsroom: Newsroom) -> None:
    (newsroom.folder / settings.FILE_NAME).unlink()


READING = (
    desks.READING
    | desks.WHOLE
    | {
        "all corrections": ("corrections",),
        "whole queue": ("queue",),
        "doctor": ("doctor",),
        "config": ("config",),
        "work": ("work",),
        "history": ("history",),
        "proposals": ("proposals",),
        "search": ("search", "claim number 1"),
        "match": ("match", "--review"),
        "spread": ("spread", claim_id(1), "--svg", "OUT/spread.svg"),
        "evidence list": ("evidence list",),
        "profiles": ("profiles",),
        "languages": ("languages",),
        "profiles of one": ("profiles", "weekly-changes"),
    }
)
EXISTS = "OUTPUT_EXISTS"
COMMANDS = {
    **{name: Twice(arguments) for name, arguments in desks.WRITING.items()},
    "init": Twice(("init",), EXISTS, before=_no_desk_yet),
    "claim add": Twice(("claim add", "5,000 people came.", "--outlet", "Channel 1", "--date", "2025-11-22")),
    "claim edit": Twice(("claim edit", claim_id(1), "--text", "another one", "--yes"), "USAGE"),
    "claim edit of facts": Twice(("claim edit", claim_id(1), "--claimant", "the mayor")),
    "claim split": Twice(("claim split", claim_id(1), "--text", "one", "--text", "another", "--yes"), "USAGE"),
    "write": Twice(("write", claim_id(1), "--headline", "A bridge", "--state", "approved", "--editor", "Mina")),
    "claim merge": Twice(("claim merge", claim_id(1), claim_id(2), "--yes"), "USAGE"),
    "withdraw": Twice(("withdraw", claim_id(1), "--reason", "satire", "--yes"), "USAGE"),
    "undo": Twice(("undo",), "USAGE", before=_withdraw),
    "claims": Twice(("claims",), before=_ingest),
    "push": Twice(("push",), before=_stage_more),
    "pull": Twice(("pull",), before=_answer_more),
    "run": Twice(("run",), before=_answer_more),
    "pull of all": Twice(("pull", "--full"), before=_answer_more),
    "decide": Twice(("decide", "--yes"), before=_another_rule),
    "vacuum": Twice(desks.WRITING["vacuum"], before=_compact),
    "fork": Twice(desks.WRITING["fork"], EXISTS),
    "release": Twice(desks.WRITING["release"], EXISTS),
    "forget": Twice(("forget", PERSON), "UNKNOWN_ANNOTATOR"),
    "claims as a page": Twice(("claims", "--html", "OUT/claims.html"), before=_ingest),
    "diff as a page": Twice(("diff", "1", "2", "--html", "OUT/diff.html")),
    "lint": Twice(("lint", "DESK/one.json", "--fix", "OUT/mended", "--sarif", "OUT/lint.sarif"), before=_markup),
    "publish": Twice(("publish",), before=_publishing),
    "profiles as a copy": Twice(("profiles", "markdown", "--copy-to", "mine"), EXISTS),
    "schemas": Twice(("schemas", "--folder", "OUT/schemas")),
    "backup": Twice(("backup", "OUT/whole"), EXISTS, before=_server_data),
    "studio status": Twice(("studio status",), before=_server_data),
    "studio logs": Twice(("studio logs",), before=_server_data),
    "studio backup": Twice(("studio backup", "OUT/backup"), EXISTS, before=_server_data),
    "studio restore": Twice(("studio restore", "OUT/backup", "--yes"), before=_backup),
    "studio check": Twice(("studio check", "CARELESS"), code=5),
    "studio invite": Twice(("studio invite",)),
    "studio user list": Twice(("studio user list",)),
    "studio user add": Twice(("studio user add", "new@desk.example", "--lead")),
    "studio user remove": Twice(("studio user remove", PERSON), "UNKNOWN_ANNOTATOR"),
    "studio user consent": Twice(("studio user consent", PERSON, "--name", "Ann")),
    "studio migrate": Twice(("studio migrate", "--map", "false=disputed"), before=_old_config),
}


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    for name, inner in group.commands.items():
        if hasattr(inner, "commands"):
            yield from commands(inner, (*path, name))
        else:
            yield " ".join((*path, name))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Two versions: three votes, then one of them turned and another one; all of it with the server."""
    folder = tmp_path_factory.mktemp("twice") / "desk"
    made = Newsroom(folder, Store())
    made.store.now = MORNING
    studio = StormyStudio(made.store, None)
    for name in NAMES:
        made.store.add_user(name, f"token of {name}")
    toml = make_desk(folder, URL)
    stage(toml, range(1, 4))
    with weathered(studio):
        push(toml, project=None, now=NOW, say=print)
        for who, claim, choice in ((0, 1, "verified"), (1, 1, "verified"), (0, 2, "disputed")):
            made.vote(who, claim, choice, hours=1)
        pull(toml, project=None, full=False, now=NOW, say=print)
        made.vote(0, 1, "disputed", hours=2)
        made.vote(1, 2, "disputed", hours=2)
        pull(toml, project=None, full=False, now=NOW, say=print)
    desks.add_files(folder)
    return made


@pytest.fixture
def newsroom(template: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newsroom]:
    monkeypatch.setenv("FACTCHECK_STUDIO_URL", URL)
    store = copy.deepcopy(template.store)
    with weathered(StormyStudio(store, None)):
        yield Newsroom(desks.copy(template.folder, tmp_path / "desk"), store)


def test_no_command_is_missing_here() -> None:
    tried = {arguments[0] for arguments in [*READING.values(), *(twice.arguments for twice in COMMANDS.values())]}
    assert set(commands(typer.main.get_command(app))) == tried | set(ELSEWHERE)
    assert not tried & set(ELSEWHERE)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_not_run_here_has_its_test(name: str) -> None:
    file, _, test = ELSEWHERE[name][1].partition("::")
    assert f"def {test}(" in (TESTS / file).read_text("utf-8")


def test_reading_twice_in_a_row_says_the_same(newsroom: Newsroom) -> None:
    desk = newsroom.folder
    before = desks.ends(desk)
    for name, arguments in READING.items():
        first, again = desks.run(desk, *arguments), desks.run(desk, *arguments)
        assert (first.code, again.code) == (0, 0), (name, first.text, again.text)
        assert _untimed(again.said) == _untimed(first.said), name
    after = desks.ends(desk)
    assert after.pop("files"), "what was exported"
    assert after == {key: value for key, value in before.items() if key != "files"}
    assert desks.problems(desk) == []
    assert desks.drafts(desk) == []


def _untimed(said: Any) -> Any:
    assert said is not None
    return {key: value for key, value in said.items() if key != "seconds"}


@pytest.mark.parametrize("name", COMMANDS)
def test_twice_in_a_row(newsroom: Newsroom, name: str, request: pytest.FixtureRequest) -> None:
    twice, desk = COMMANDS[name], newsroom.folder
    twice.before(newsroom)
    address = request.getfixturevalue("careless") if "CARELESS" in twice.arguments else ""
    arguments = [one.replace("CARELESS", address) for one in twice.arguments]

    first = desks.run(desk, *arguments)
    assert first.code == twice.code, first.text
    left, tasks = desks.ends(desk), len(newsroom.store.tasks)
    again = desks.run(desk, *arguments)
    if twice.again:
        assert (again.said["error"]["code"], again.code) == (twice.again, again.said["error"]["exit_code"])
        assert again.said["error"]["hint"]
    else:
        assert again.code == twice.code, again.text
    assert desks.ends(desk) == left, "the second run found everything done"
    assert len(newsroom.store.tasks) == tasks
    assert desks.problems(desk) == []
    assert desks.drafts(desk) == []
