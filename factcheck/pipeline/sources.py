"""What the [sources] of factcheck.toml name, as `ingest` takes it."""

from __future__ import annotations

from typing import NamedTuple

from factcheck.errors import ConfigError, FactcheckError
from factcheck.pipeline.ingest import listed
from factcheck.settings import Settings, Source


class Inputs(NamedTuple):
    """What one source is: paths and feeds, and addresses of a list, of which none is ever taken for a path."""

    sources: list[str]
    addresses: list[str]


def inputs(settings: Settings, name: str, source: Source) -> Inputs:
    """The paths and addresses of one source; relative paths start at the desk.

    Raises ConfigError for a list of addresses that cannot be read, or has none.
    """
    if source.feed is not None:
        return Inputs([source.feed], [])
    if source.folder is not None:
        return Inputs([str(settings.root / source.folder)], [])
    path = settings.root / str(source.addresses)
    try:
        return Inputs([], listed(str(path)))
    except FactcheckError as error:
        hint = f"correct [sources.{name}] in factcheck.toml, or the list: one web address a line"
        raise ConfigError(
            f"the list of addresses cannot be read: {error.what}", subject=str(path), hint=hint
        ) from error
