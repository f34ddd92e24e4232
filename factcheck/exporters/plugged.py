"""Formats that other installed distributions add, held to the contract of those that are built in."""

from __future__ import annotations

from pathlib import PurePosixPath

import polars as pl

from factcheck import plugins
from factcheck.errors import FactcheckError, failure
from factcheck.exporters.contract import Draft, ExportContext
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile


def names() -> list[str]:
    """The names of formats that are added; one of a built-in format is among them and never asked for."""
    return sorted(plugins.named(plugins.FORMATS))


def format_named(name: str) -> Format | None:
    """The added format of this name, None where there is none.

    It is given the rows of the view, as every format is, in which nobody who checked is named; editors' drafts never.
    Raises PluginBroken, naming the distribution, where it cannot be loaded or is no format of that name.
    """
    found = plugins.load(plugins.FORMATS, name)
    if found is None:
        return None
    made = found.made
    if not isinstance(made, Format) or made.name != name or not made.suffix.startswith("."):
        raise plugins.broken(found.called, f"is not a Format with the name {name!r} and a suffix such as .txt")

    def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
        try:
            draft = made.render(rows, profile, context)
        except FactcheckError:
            raise
        except Exception as error:  # whatever another's code does with these rows
            raise plugins.broken(found.called, f"failed ({failure(error)})") from error
        if not isinstance(draft, Draft):
            raise plugins.broken(found.called, f"gave back {type(draft).__name__} in place of a Draft")
        if bad := [file.name for file in draft.files if not _stays(file.name)]:
            raise plugins.broken(found.called, f"would write outside of the folder of the export: {bad[0]!r}")
        return draft

    return made._replace(render=render, drafts=False, stream=None)


def _stays(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
