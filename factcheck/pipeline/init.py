"""`init`: a new desk."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from factcheck import names
from factcheck import settings as settings_room
from factcheck.dataset import durable
from factcheck.errors import OutputExists, UsageError
from factcheck.models import canonical_json
from factcheck.settings import FILE_NAME, TITLE_LENGTH, TITLE_SHORTEST, Project
from factcheck.text import ZWJ, ZWNJ

_MARKS_AND_JOINERS = f" \t-–—:،,;.«([{ZWNJ}{ZWJ}"
"""What does not stand at the end of a shortened title."""


_TYPE = {
    "name": "type a name of up to 200 characters on one line: --name 'Tehran desk'",
    "url": "type the desk's web address: --url https://desk.example",
}
"""What to type instead of a value that was refused, by option."""


def init(folder: Path, *, name: str, language: str, url: str, force: bool) -> Path:
    """The path of the factcheck.toml that was made; nothing is written that `settings.load` would refuse.

    Raises OutputExists where one is there, UsageError for a name or address that a desk cannot have.
    """
    names.check_folder(str(folder.resolve()))
    path = folder / FILE_NAME
    if path.is_symlink() or (path.exists() and not force):
        raise OutputExists("is already there", subject=str(path), hint="edit it, or replace it with --force")
    values = {"name": name, "title": _title(name), "language": language, "url": url}
    template = files("factcheck.pipeline").joinpath("template.toml").read_text("utf-8")
    # A JSON string is a TOML string. All places at once: a name may read like one of them.
    text = re.sub(r"\{(name|title|language|url)\}", lambda found: canonical_json(values[found[1]]), template)
    for key, given in {"name": name, "url": url}.items():
        if problem := settings_room.problem_of_desk(key, given):
            raise UsageError(problem, subject=f"--{key}", hint=_TYPE[key])
    settings_room.check(text, folder)
    folder.mkdir(parents=True, exist_ok=True)
    durable.replace(path, text.encode("utf-8"))
    return path


def _title(name: str) -> str:
    """A title for Label Studio made of the desk's name: cut at a word where it is too long, longer where too short."""
    if len(name) < TITLE_SHORTEST:
        return f"{name}: {Project().title}"
    if len(name) <= TITLE_LENGTH:
        return name
    cut = name[: TITLE_LENGTH - 1]
    if " " in cut[TITLE_LENGTH // 2 :]:
        cut = cut.rpartition(" ")[0]
    return f"{cut.rstrip(_MARKS_AND_JOINERS)}…"
