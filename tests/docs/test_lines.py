"""Each line of a page that calls `factcheck` is one that the command line takes; the Python of the README runs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from factcheck.cli import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")])
README = (ROOT / "README.md").read_text("utf-8")
(USAGE_ERROR,) = typer.BadParameter.__bases__
"""Click's own, which typer carries under a private name."""


def blocks(text: str, language: str = "") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def lines(text: str) -> Iterator[list[str]]:
    """The arguments of each line that calls the command."""
    for block in blocks(text):
        for line in block.splitlines():
            if found := re.match(r"(?:\$ )?factcheck (.+)", line):
                yield shlex.split(found[1], comments=True)


def parse(arguments: list[str]) -> None:
    """Raises USAGE_ERROR or AssertionError where no command takes these arguments; runs nothing."""
    command, rest, path = typer.main.get_command(app), arguments, "factcheck"
    while rest and any(rest[0] in param.opts for param in command.params):  # options of all commands, each with a value
        rest = rest[2:]
    while rest and (inner := getattr(command, "commands", {}).get(rest[0])) is not None:
        command, path, rest = inner, f"{path} {rest[0]}", rest[1:]
    assert not hasattr(command, "commands"), f"`factcheck {' '.join(arguments)}` names no command"
    command.make_context(path, list(rest))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_line_of_a_page_is_one_that_the_command_line_takes(page: Path) -> None:
    for arguments in lines(page.read_text("utf-8")):
        if "--help" not in arguments:
            parse(arguments)


@pytest.mark.parametrize("line", ["studio anything", "push --dryrun", "ingst x", "studio", "claims --show many"])
def test_a_line_that_it_does_not_take_is_noticed(line: str) -> None:
    with pytest.raises((AssertionError, USAGE_ERROR)):
        parse(line.split())


def test_the_python_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "earlier.csv").write_text("claim,rating\nThe bridge cost 40 million.,False\n")
    for arguments in (["init"], ["import", "earlier.csv", "--source", "Desk X"]):
        assert CliRunner().invoke(app, arguments).exit_code == 0
    (code,) = blocks(README, "python")
    exec(compile(code, "README.md", "exec"), {})
    assert "disputed" in capsys.readouterr().out


def options_of(words: list[str]) -> set[str] | None:
    """The options of a command; None where there is no such command."""
    command: Any = typer.main.get_command(app)
    for word in words:
        if word not in getattr(command, "commands", {}):
            return None
        command = command.commands[word]
    return {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}


SOURCES = sorted((ROOT / "factcheck").rglob("*.py"))
_SAID = re.compile(r"factcheck ((?:(?:studio user|studio|claim|evidence|site) )?[a-z]+)((?: [^`\"'\n;,.]*)?)")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_command_that_a_message_names_takes_the_options_it_is_named_with(source: Path) -> None:
    for command, rest in _SAID.findall(source.read_text("utf-8")):
        words = command.split()
        # `factcheck studio ...`, or a sentence that goes on after the name.
        known = options_of(words) if options_of(words) is not None else options_of(words[:1])
        asked = {*re.findall(r"(?<!\w)--[a-z][a-z-]+", rest)} - {"--desk", "--version"}
        assert not asked or (known is not None and asked <= known), f"factcheck {command}{rest}"


def test_such_a_message_is_noticed() -> None:
    assert options_of(["watch"]) is not None
    assert "--no-webhook" in (options_of(["watch"]) or set())
    assert "--no-force" not in (options_of(["tag"]) or set())
    assert options_of(["wacht"]) is None
