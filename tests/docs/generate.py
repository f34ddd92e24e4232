"""Writes docs/cli.md and docs/configuration.md from the program itself; a test keeps them equal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from pydantic import BaseModel

from factcheck.cli import app
from factcheck.settings import Project, Settings
from factcheck.settings.variables import OTHERS

DOCS = Path(__file__).parents[2] / "docs"


def pages() -> dict[str, str]:
    """The generated pages by file name."""
    return {"cli.md": cli_reference(), "configuration.md": configuration_reference()}


def configuration_reference() -> str:
    """The reference of every key of factcheck.toml as Markdown."""
    lines = [
        "# Configuration",
        "",
        "Made from the program's own settings by `make generate`; do not edit.",
        "",
        "Settings come from `factcheck.toml` in the desk's folder; an environment variable",
        "`FACTCHECK_<SECTION>_<KEY>` overrides the file. For a project it is `FACTCHECK_PROJECTS__<NAME>__<KEY>`,",
        "the name in capitals and with `_` for `-`. A list is texts between commas, or JSON. A variable that begins",
        "with `FACTCHECK_` and is not listed on this page is refused, with the nearest name.",
        "Relative paths start at the folder of `factcheck.toml`. The Label Studio token is never kept here:",
        "it comes from `FACTCHECK_TOKEN`, or from the file `studio.token_file`, which only its owner may read.",
        "",
    ]
    lines += ["| variable that is not a setting | meaning |", "| --- | --- |"]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in OTHERS.items()]
    lines.append("")
    for name, field in Settings.model_fields.items():
        if name == "root":
            continue
        model, title = (Project, "projects.NAME") if name == "projects" else (field.annotation, name)
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        lines += [f"## [{title}]", "", " ".join((model.__doc__ or "").split()), ""]
        lines += ["| key | default | meaning |", "| --- | --- | --- |"]
        lines += [_setting(key, inner) for key, inner in model.model_fields.items()]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _setting(key: str, field: Any) -> str:
    default = "" if field.default is None else f"`{json.dumps(field.default)}`"
    return f"| `{key}` | {default} | {field.description} |"


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
    for file_name, text in pages().items():
        (DOCS / file_name).write_text(text, "utf-8")
