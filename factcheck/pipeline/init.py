"""`init`: a new desk."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

from factcheck import fs, names
from factcheck import settings as settings_package
from factcheck.errors import OutputExists, UsageError
from factcheck.settings import FILE_NAME, TITLE_LENGTH, TITLE_SHORTEST
from factcheck.settings.model import Desk

_TYPE = {
    "name": f"type a name of {TITLE_SHORTEST} to {TITLE_LENGTH} characters on one line: --name 'Tehran desk'",
    "url": "type the desk's web address: --url https://desk.example",
}
"""What to type instead of a value that was refused, by option."""


def init(folder: Path, *, name: str, language: str, url: str, force: bool) -> Path:
    """The path of the factcheck.toml that was made; nothing is written that `settings.load` would refuse.

    Raises OutputExists where one is there, UsageError for a folder, name or address that a desk cannot have.
    """
    names.check_folder(str(folder.resolve()))
    if folder.exists() and not folder.is_dir():
        raise UsageError("is a file, and a desk is a folder", subject=str(folder), hint="name another folder")
    path = folder / FILE_NAME
    if path.is_symlink() or (path.exists() and not force):
        raise OutputExists("is already there", subject=str(path), hint="edit it, or replace it with --force")
    # People know the desk by its name, and Label Studio shows it: the first project's title is the same.
    values = {"name": name, "title": name, "language": language, "languages": _articles_in(language), "url": url}
    template = files("factcheck.pipeline").joinpath("template.toml").read_text("utf-8")
    # A JSON string is a TOML string. All places at once: a name may read like one of them.
    text = re.sub(
        r"\{(name|title|languages?|url)\}", lambda found: json.dumps(values[found[1]], ensure_ascii=False), template
    )
    problem_of = settings_package.problem_of
    problems = {
        "name": problem_of("desk", "name", name) or problem_of("projects", "title", name),
        "url": problem_of("desk", "url", url),
    }
    for option, problem in problems.items():
        if problem:
            raise UsageError(problem, subject=f"--{option}", hint=_TYPE[option])
    settings_package.check(text, folder)
    folder.mkdir(parents=True, exist_ok=True)
    fs.replace(path, text.encode("utf-8"))
    return path


def _articles_in(language: str) -> list[str]:
    """The languages that the desk's articles may be in: the usual ones, and the desk's own."""
    usual = Desk().languages
    return usual if language in usual else [language, *usual]
