"""What the [sources] of factcheck.toml name, as `ingest` takes it."""

from __future__ import annotations

from factcheck.errors import ConfigError
from factcheck.settings import Settings, Source

_LARGEST = 10_000_000
"""Bytes of a list of addresses."""


def inputs(settings: Settings, name: str, source: Source) -> list[str]:
    """The paths and addresses of one source; relative paths start at the desk.

    Raises ConfigError for a list of addresses that cannot be read.
    """
    if source.feed is not None:
        return [source.feed]
    if source.folder is not None:
        return [str(settings.root / source.folder)]
    path = settings.root / str(source.addresses)
    try:
        with path.open("rb") as file:
            lines = file.read(_LARGEST).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        hint = f"correct [sources.{name}] in factcheck.toml: one web address a line"
        raise ConfigError(f"the list of addresses cannot be read: {why}", subject=str(path), hint=hint) from error
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
