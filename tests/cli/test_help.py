"""What `--help` shows of options."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from factcheck.cli import app

COMMANDS = (("decide",), ("ingest",), ("undo",), ("claim", "split"), ("claims",), ("push",), ("studio", "restore"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_option_is_shown_twice(command: tuple[str, ...]) -> None:
    text = CliRunner().invoke(app, [*command, "--help"]).stdout
    assert re.search(r"^  --\w", text, re.MULTILINE)
    assert not re.search(r"(--[\w-]+), \1\b", text)
