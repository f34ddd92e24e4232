"""The edge that reads export profiles from disk.

The built-in ones lie in the repository's `exports/<name>/profile.toml`, each beside a sample of its output, because
editors copy them; a wheel carries those files as `builtin/` beside this module. A desk's own
`exports/<name>/profile.toml`, next to its factcheck.toml, comes before a built-in one of the same name.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import NamedTuple

from factcheck import distribution
from factcheck.errors import ConfigError, InstallError, UsageError
from factcheck.exporters.profiles import Profile, parse
from factcheck.exporters.registry import formats

FILE_NAME = "profile.toml"


class Place(NamedTuple):
    """A profile's file: the desk's `own` or built in; one that `shadows` stands in the place of a built-in one."""

    name: str
    path: Path
    own: bool
    shadows: bool


def profiles(root: Path | None) -> dict[str, Profile]:
    """The profiles by name: the built-in ones, and the desk's own under `root/exports`, which come first.

    Raises ConfigError for a profile that cannot be read or is not valid, naming the file.
    """
    return {name: _load(path) for name, path in sorted(_paths(root).items())}


def find(name: str, root: Path | None) -> Profile:
    """The profile of this name, or everything in the format of this name.

    `root` is the folder of factcheck.toml, whose `exports/` may hold profiles. Raises UsageError for a name that is
    neither, with the nearest one, and ConfigError where this profile (not another one) is not valid.
    """
    paths = _paths(root)
    if name in paths:
        return _load(paths[name])
    if name in formats():
        return Profile(name=name, format=name)
    names = sorted({*paths, *formats()})
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.0)[0]
    raise UsageError(
        "no such export profile or format",
        subject=name,
        hint=f"did you mean '{near}'? There are: {', '.join(names)}",
    )


def places(root: Path | None) -> list[Place]:
    """Where each profile that can be exported lies, by name."""
    built_in, own = _in(_built_in()), _in(root / "exports") if root else {}
    found = [Place(name, path, own=name in own, shadows=name in own and name in built_in)
             for name, path in (built_in | own).items()]  # fmt: skip
    return sorted(found)


def _paths(root: Path | None) -> dict[str, Path]:
    return {place.name: place.path for place in places(root)}


def _in(folder: Path) -> dict[str, Path]:
    return {path.parent.name: path for path in folder.glob(f"*/{FILE_NAME}")}


def _built_in() -> Path:
    """The folder of the built-in profiles; raises InstallError where this is no whole install and no repository."""
    carried, repository = Path(__file__).with_name("builtin"), Path(__file__).parents[2]
    if carried.is_dir():
        return carried
    if (repository / "pyproject.toml").is_file():  # never the `exports` of a folder that is not ours
        return repository / "exports"
    hint = f"pip install --force-reinstall {distribution.NAME}"
    raise InstallError("the built-in profiles are missing from this install", subject=str(carried), hint=hint)


def _load(path: Path) -> Profile:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", subject=str(path), hint="write it as UTF-8 text") from error
    return parse(text, name=path.parent.name, subject=str(path))
