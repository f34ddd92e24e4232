"""`profiles`: which export profiles there are, where each comes from, what one does, and a copy to change."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from factcheck import exporters, fs, names
from factcheck.errors import ConfigError, OutputExists, UsageError
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.explaining import Explained, explained
from factcheck.exporters.profile_files import FILE_NAME
from factcheck.exporters.profiles import parse
from factcheck.settings import Settings

BUILT_IN = "built in"
NO_PROFILE = "a format without a profile"
_FILE = re.compile(r"^file\s*=.*\n", re.MULTILINE)


class Known(NamedTuple):
    """A profile: `where` it comes from, and whether it `shadows` a built-in one; `problem` says why it cannot be read.

    `format` and `description` are empty where it cannot.
    """

    name: str
    format: str
    description: str
    where: str
    shadows: bool
    problem: str = ""


def profiles(settings: Settings) -> list[Known]:
    """The profiles that can be exported, by name; one that is not valid is listed too, with what is wrong."""
    return [_known(settings, place) for place in exporters.places(settings.root)]


def explain(settings: Settings, name: str) -> tuple[Explained, Known]:
    """The profile or format of this name in words, and where it comes from.

    Raises UsageError for a name that is neither, with the nearest, and ConfigError for a profile that is not valid.
    """
    found = explained(exporters.find(name, settings.root), _context(settings))
    place = next((place for place in exporters.places(settings.root) if place.name == name), None)
    if place is None:
        return found, Known(name, name, found.description, NO_PROFILE, shadows=False)
    return found, _known(settings, place)


def copy(settings: Settings, name: str, own: str) -> Path:
    """The path of the desk's own profile `own`, made from the profile `name` with its comments, to be changed by hand.

    Under another name its files have that name too, so that the two do not want the same file. Raises UsageError for a
    `name` that is no profile and an `own` that is no name of one, OutputExists where the desk has a profile `own`.
    """
    own = names.check("profile", own)
    place = next((place for place in exporters.places(settings.root) if place.name == name), None)
    if place is None:
        exporters.find(name, settings.root)  # says what is nearest
        hint = f"write its one line yourself: format = {json.dumps(name)} in exports/{own}/profile.toml"
        raise UsageError("is a format without a profile: there is nothing to copy", subject=name, hint=hint)
    path = settings.root / "exports" / own / FILE_NAME
    if path.exists() or path.is_symlink():
        raise OutputExists("is already there", subject=str(path), hint="change it, or give the copy another name")
    text = place.path.read_text("utf-8")
    if own != name:
        text = _FILE.sub("", text, count=1)
    parse(text, name=own, subject=str(place.path))
    fs.make_folder(path.parent)
    fs.replace(path, text.encode("utf-8"), mode=0o644)
    return path


def as_dict(found: Explained, known: Known) -> dict[str, Any]:
    """The explanation for --json."""
    return found.as_dict() | {"where": known.where, "shadows": known.shadows}


def _known(settings: Settings, place: exporters.Place) -> Known:
    where = str(place.path.relative_to(settings.root)) if place.own else BUILT_IN
    try:
        found = explained(exporters.find(place.name, settings.root), _context(settings))
    except ConfigError as error:
        return Known(place.name, "", "", where, place.shadows, f"{error.what}; {error.hint}")
    return Known(place.name, found.format, found.description, where, place.shadows)


def _context(settings: Settings) -> ExportContext:
    """Who the desk is; no version is looked at."""
    desk = settings.desk
    return ExportContext(
        version=0,
        version_hash="",
        committed_at=datetime.min.replace(tzinfo=UTC),
        desk_name=desk.name,
        desk_url=desk.url,
        language=desk.language,
        clock=desk.clock,
        licence=desk.licence,
    )
