"""Every version a command makes is announced alike, `version 12: ...`; and every long command shows how far it is."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager

import pytest
from typer.testing import CliRunner

from factcheck import dataset as ds
from factcheck.cli import app
from factcheck.cli.run import Run
from factcheck.pipeline.progress import Progress
from tests.cli.test_twice import COMMANDS, Newsroom, careless, newsroom, template
from tests.dataset import desks

__all__ = ["careless", "newsroom", "template"]

NAMING = {"tag", "release"}
"""Commands that make no version and give one a name."""
COMMITS = {
    "pull", "pull of all", "run", "import", "restore", "decide", "withdraw", "undo",
    "claim add", "claim edit", "claim edit of facts", "claim split", "claim merge", "write",
}  # fmt: skip
"""What commits on this desk; `claims --regroup` and `watch` have their own tests of the same line."""
LINE = re.compile(r"^version (\d+): \S.*$", re.MULTILINE)
OTHERS = re.compile(r"version \d+ (committed|is |released)")


LONG = {
    "ingest", "claims", "claims as a page", "push", "pull", "pull of all", "export", "import", "release", "verify",
    "decide", "compact", "restore", "fork", "run", "studio migrate", "lint",
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in COMMANDS if not name.startswith("studio check")])
def test_a_version_is_announced_alike_and_long_work_shown(
    newsroom: Newsroom, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    working = Run.working

    def noted(run: Run, what: str) -> AbstractContextManager[Progress]:
        shown.append(what)
        return working(run, what)

    monkeypatch.setattr(Run, "working", noted)
    twice, desk = COMMANDS[name], newsroom.folder
    twice.before(newsroom)
    shown.clear()
    before = ds.open(desk / "dataset").head
    command, *rest = desks.filled(desk, twice.arguments)
    done = CliRunner().invoke(app, ["--desk", str(desk), *command.split(), *rest])
    assert done.exit_code == twice.code, done.output
    made = range(before + 1, ds.open(desk / "dataset").head + 1)
    assert bool(made) == (name in COMMITS), name
    announced = [int(number) for number in LINE.findall(done.stdout)]
    if name in NAMING:
        assert len(announced) == 1
    elif command != "export":  # its first line says of which version it is, in the same words
        assert announced == list(made)
    assert not OTHERS.search(done.output)
    assert bool(shown) == (name in LONG)
