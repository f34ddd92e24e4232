"""`profiles`: which export profiles there are, where each comes from, and what one does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from factcheck import exporters
from factcheck.errors import ConfigError
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.explaining import Explained, explained
from factcheck.settings import Settings

BUILT_IN = "built in"


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
        return found, Known(name, name, found.description, "a format without a profile", shadows=False)
    return found, _known(settings, place)


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
