"""Somebody who types nothing but what the program has told them to type."""

from __future__ import annotations

import shlex
from pathlib import Path

from typer.testing import CliRunner

from factcheck.cli import app


class Newcomer:
    """Types only what the command before has printed below `next:`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.offered: list[str] = []
        self.typed: list[str] = []

    def type(self, line: str, *, offered: str | None = None) -> str:
        """The output of the line; `offered` is how it was printed, where it has a placeholder."""
        printed = offered or line
        assert not self.typed or any(one == printed or one.startswith(f"{printed} ") for one in self.offered), (
            f"`{printed}` was not offered by `{self.typed[-1]}`, which offered {self.offered}"
        )
        done = CliRunner().invoke(app, ["--desk", str(self.folder), *shlex.split(line)[1:]])
        assert done.exit_code == 0, done.output
        self.typed.append(line)
        steps = done.stdout.rpartition("\nnext:\n")[2].splitlines() if "\nnext:\n" in done.stdout else []
        self.offered = [one.strip() for one in steps]
        return done.stdout
