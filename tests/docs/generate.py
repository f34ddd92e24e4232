"""Writes docs/cli.md, docs/configuration.md, the checkers' guides and the table of words from the program itself.

A test keeps them equal.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from pydantic import BaseModel

from factcheck.cli import app
from factcheck.errors import FactcheckError
from factcheck.exporters import labels
from factcheck.exporters.lint import READERS, rules
from factcheck.languages import SPOKEN, Language
from factcheck.settings import Settings
from factcheck.settings.model import NAMED
from factcheck.settings.variables import OTHERS
from factcheck.studio.page import guide
from factcheck.studio.page.task_words import TASK_WORDS
from factcheck.studio.page.translations import WORDINGS
from factcheck.studio.page.wording import Wording
from tests.docs import allowed_values, data_dictionary, exit_codes, metrics_page, notebook

SIGNED: dict[Language, tuple[str, str]] = {}
"""Who has read the words of a language through, and when."""

DOCS = Path(__file__).parents[2] / "docs"


def pages() -> dict[str, str]:
    """The generated pages by file name."""
    guides = {f"guide-checkers{'' if it == 'en' else f'.{it}'}.md": guide.page(it) for it in WORDINGS}
    return {
        "cli.md": cli_reference(),
        "configuration.md": configuration_reference(),
        "lint.md": lint(),
        "wording.md": wording(),
        "codes.md": codes(),
        "glossary.md": glossary(),
        "data.md": data_dictionary.page(),
        "values.md": allowed_values.values_page(),
        "environment.md": allowed_values.environment_page(),
        "metrics.md": metrics_page.page(),
    } | guides


def codes() -> str:
    """Every error code with its exit code and what it means, and by command the exit codes that all share."""
    lines = [
        "# Error codes", "",
        "Made from the program by `make generate`; do not edit. A message begins with its code in brackets and",
        "ends with what to do next; [errors](errors.md) has the codes of rejected inputs.", "",
        "| code | exit code | what happened |", "| --- | --- | --- |",
    ]  # fmt: skip
    found = {kind.code: kind for kind in reversed(_errors(FactcheckError))}
    for code, kind in sorted(found.items()):
        lines.append(f"| `{code}` | {kind.exit_code} | {_cell(' '.join((kind.__doc__ or '').split()))} |")
    return "\n".join(lines) + "\n"


def _errors(kind: type[FactcheckError]) -> list[type[FactcheckError]]:
    """The class and those below it that stand for a code of their own."""
    return [kind, *(found for child in kind.__subclasses__() for found in _errors(child))]


def glossary() -> str:
    """The words of the field and of the columns in the desk's languages, as people read them."""
    lines = [
        "# Glossary", "",
        "Made from the labels of the program by `make generate`; do not edit. The stable name is what files and",
        "programs carry; a desk's people and readers see the word of their language.", "",
    ]  # fmt: skip
    tables = {
        "Verdicts": labels.VERDICTS,
        "In what way a claim is wrong": labels.REASONS,
        "Statuses": labels.STATUSES,
        "Columns": labels.COLUMNS,
    }
    for title, rows in tables.items():
        lines += [f"## {title}", "", f"| stable name | {' | '.join(SPOKEN)} |", f"| --- {'| --- ' * len(SPOKEN)}|"]
        lines += [f"| `{name}` | {' | '.join(_cell(said[it]) for it in SPOKEN)} |" for name, said in rows.items()]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def lint() -> str:
    """The rules of the lint and what each reader makes of them, as Markdown."""
    lines = ["| rule | level | what | mend | readers |", "| --- | --- | --- | --- | --- |"]
    for rule in rules().values():
        by_effect: dict[str, list[str]] = {}
        for reader, effect in rule.effects.items():
            if effect.fate != "does not care":
                fate = f"{effect.fate}{'†' if effect.known else ''}"
                said = f"{fate} ({effect.why})" if effect.why else fate
                by_effect.setdefault(said, []).append(READERS[reader])
        readers = "; ".join(f"{', '.join(names)}: {said}" for said, names in by_effect.items())
        cells = [f"`{rule.id}`", rule.level, rule.what, rule.mend, readers]
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    text = Path(__file__).with_name("lint.md").read_text("utf-8")
    return f"{text}\n" + "\n".join(lines) + "\n"


def wording() -> str:
    """Every word that a checker or a reader sees, in all languages side by side, for an editor to sign."""
    lines = [
        "# Wording", "",
        "Made from the program by `make generate`; do not edit. A native editor who has read a language through signs",
        "below its table by a change to this file's maker, `tests/docs/generate.py`.", "",
        "| language | read and signed by | date |", "| --- | --- | --- |",
        *(f"| {language} | {' | '.join(SIGNED.get(language, ('', '')))} |" for language in SPOKEN), "",
    ]  # fmt: skip
    page = {name: {it: WORDINGS[it]._asdict()[name] for it in WORDINGS} for name in Wording._fields[1:]}
    sentences = {it: list(_guide_sentences(it)) for it in WORDINGS}
    shown = {f"{row + 1}": {it: sentences[it][row] for it in WORDINGS} for row in range(len(sentences["en"]))}
    tables = {
        "The checkers' page": page,
        "The task and its tab": _task_words(),
        "The checkers' guide": shown,
        "Exports: verdicts": labels.VERDICTS,
        "Exports: statuses": labels.STATUSES,
        "Exports: columns": labels.COLUMNS,
        "Exports: changes": labels.CHANGES,
        "Exports: kinds of change": labels.KINDS_OF_CHANGE,
        "Exports: the changes": labels.OF_CHANGES | labels.SECTIONS | labels.CAUSES,
        "Exports: the sheet": {
            name.lower(): value for name, value in vars(labels).items() if name.isupper() and {*value} == {*WORDINGS}
        },
    }
    for title, rows in tables.items():
        lines += [f"## {title}", "", f"| | {' | '.join(SPOKEN)} |", f"| --- {'| --- ' * len(SPOKEN)}|"]
        lines += [f"| `{name}` | {' | '.join(_cell(said[it]) for it in SPOKEN)} |" for name, said in rows.items()]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _task_words() -> dict[str, dict[Language, str]]:
    words = {it: TASK_WORDS[it]._asdict() for it in TASK_WORDS}
    names = [name for name in words["en"] if name not in {"comma", "digits", "per_cent", "signals"}]
    signals = {f"signal: {name}": {it: TASK_WORDS[it].signals[name] for it in words} for name in words["en"]["signals"]}
    return {name: {it: words[it][name] for it in words} for name in names} | signals


def _guide_sentences(language: Language) -> Iterator[str]:
    for value in guide.sentences(language):
        yield from [value] if isinstance(value, str) else value


def _cell(text: str) -> str:
    return text.replace("|", r"\|").strip()


def configuration_reference() -> str:
    """The reference of every key of factcheck.toml as Markdown."""
    lines = [
        "# Configuration",
        "",
        "Made from the program's own settings by `make generate`; do not edit.",
        "",
        "Settings come from `factcheck.toml` in the desk's folder; an environment variable",
        "`FACTCHECK_<SECTION>_<KEY>` overrides the file. For a project it is `FACTCHECK_PROJECTS__<NAME>__<KEY>`,",
        "for a source `FACTCHECK_SOURCES__<NAME>__<KEY>`, the name in capitals and with `_` for `-`. A list is texts",
        "between commas, or JSON. A variable that begins with `FACTCHECK_` and is not listed on this page is refused,",
        "with the nearest name. A folder without the file is a desk where `FACTCHECK_DESK_NAME` names it.",
        "`factcheck config` shows what holds and where it comes from.",
        "Relative paths start at the folder of `factcheck.toml`. The Label Studio token is never kept here:",
        "it comes from `FACTCHECK_TOKEN`, or from the file `studio.token_file`, which only its owner may read.",
        "Editors complete and check the file by [its schema](../schemas/README.md#in-an-editor).",
        "",
    ]
    lines += ["| variable that is not a setting | meaning |", "| --- | --- |"]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in OTHERS.items()]
    lines.append("")
    for name, field in Settings.model_fields.items():
        if name == "root":
            continue
        model, title = (NAMED[name], f"{name}.NAME") if name in NAMED else (field.annotation, name)
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
    (DOCS / "exit-codes.md").write_text(exit_codes.page(), "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        notebook.write(Path(folder))
