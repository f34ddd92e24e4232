"""The installed distribution: its name on the package index, its extras, and the libraries it leans on.

Import, command and folder are `factcheck`; that name is another project's on the package index.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import NamedTuple

from factcheck.errors import InstallError

NAME = "factcheck-desk"


class Bounds(NamedTuple):
    """The versions of a library whose inner parts we know, and those parts: `module:dotted.name`."""

    first: tuple[int, ...]
    below: tuple[int, ...]
    parts: tuple[str, ...]


INNER = {
    "datasette": Bounds((0, 65), (0, 66), ("datasette.handle_exception:rich",)),
    "deltalake": Bounds((1, 6, 6), (1, 7), ("deltalake._internal:RemoveAction",)),
    "httpcore": Bounds((1, 0, 9), (2,), ("httpcore:SyncBackend.connect_tcp", "httpcore:NetworkStream.start_tls")),
    "pydantic-settings": Bounds((2, 16), (3,), ("pydantic_settings:EnvSettingsSource._load_env_vars",)),
    "uvicorn": Bounds(
        (0, 40),
        (1,),
        tuple(
            f"uvicorn.protocols.http.h11_impl:H11Protocol.{method}"
            for method in ("connection_made", "data_received", "connection_lost", "on_response_complete")
        ),
    ),
}
"""Libraries of which we use what they do not promise to keep; pyproject.toml has the same bounds."""


def check() -> None:
    """Raises InstallError where a library of another version than we know has lost an inner part that we use.

    Cheap where the versions are known ones: nothing is imported. What is not installed is for its user to say.
    """
    installed = _installed()
    for library, bounds in INNER.items():
        found = installed.get(library)
        if found is None or bounds.first <= _numbers(found) < bounds.below:
            continue
        with inner(library):
            for part in bounds.parts:
                home, _, path = part.partition(":")
                there: object = import_module(home)
                for name in path.split("."):
                    there = getattr(there, name)


@contextmanager
def inner(library: str) -> Iterator[None]:
    """A context for the use of a library's inner parts: where one is gone, InstallError names version and remedy."""
    try:
        yield
    except (ImportError, AttributeError) as error:
        from importlib.metadata import version

        bounds = INNER[library]
        raise InstallError(
            f"{library} {version(library)} lacks something factcheck needs: {error}",
            subject=library,
            hint=f"pip install '{library}>={_dotted(bounds.first)},<{_dotted(bounds.below)}'",
        ) from error


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """A context for the import of an extra's package: where it is missing, InstallError says which line to type."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise missing(error, what=what, extra=extra) from error


def missing(error: ModuleNotFoundError, *, what: str = "this command", extra: str = "all") -> InstallError:
    """What to say where a package is not installed; the reader's small install lacks most of a desk's."""
    package = (error.name or str(error)).partition(".")[0]
    return InstallError(f"{what} needs the package {package}", hint=f"pip install '{NAME}[{extra}]'")


def _installed() -> dict[str, str]:
    """The version of each library on the path, by the names of their folders.

    importlib.metadata reads and parses a file for each, and is 50 ms that every command would pay.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - asked at every command, so without a Path for each
        except OSError:
            continue
        for name in names:
            if name.endswith(".dist-info"):
                library, _, version = name.removesuffix(".dist-info").partition("-")
                found.setdefault(library.lower().replace("_", "-"), version)
    return found


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: (1, 7, 0) of 1.7.0rc1."""
    numbers = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
        if digits != part:
            break
    return tuple(numbers)


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))
