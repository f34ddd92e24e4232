"""Writes docs/cli.md from the command line itself; a test keeps the two equal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from factcheck.cli import app

CLI_REFERENCE = Path(__file__).parents[2] / "docs" / "cli.md"


def cli_reference() -> str:
    """The reference of every command as Markdown."""
    lines = ["# Command line", "", "Made from the program's own help by `make generate`; do not edit.", ""]
    for path, command in _commands("factcheck", typer.main.get_command(app)):
        lines += _section(path, command)
    return "\n".join(lines).rstrip() + "\n"


def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(f"{path} {name}", inner)


def _section(path: str, command: Any) -> list[str]:
    lines = [f"## {path}", "", " ".join((command.help or "").split()), ""]
    rows = [_row(param) for param in command.params if not getattr(param, "hidden", False)]
    if rows:
        lines += ["| argument or option | meaning |", "| --- | --- |", *rows, ""]
    if command.epilog:
        lines += ["```", *(line.removeprefix("Example:").strip() for line in command.epilog.splitlines()), "```", ""]
    return lines


def _row(param: Any) -> str:
    names = ", ".join(f"`{name}`" for name in [*param.opts, *param.secondary_opts])
    if param.param_type_name == "argument":
        names = f"`{param.metavar or param.name.upper()}`"
    help_text = " ".join((getattr(param, "help", None) or "").split()).replace("|", r"\|")
    default = getattr(param, "default", None)
    shown = "" if default in (None, False, "") or callable(default) else f" Default: `{default}`."
    return f"| {names.replace('|', chr(92) + '|')} | {help_text}{shown} |"


if __name__ == "__main__":
    CLI_REFERENCE.write_text(cli_reference(), "utf-8")
