"""Which Label Studio is safe: the published holes of its versions, and the version that factcheck itself installs.

Both stand in one file each: `data/known_holes.toml`, and the pinned requirements of the local server. A version is
safe to work with where no hole is known of it; the one to upgrade to is the one that is pinned.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from factcheck.errors import ServerError

REQUIREMENTS = Path(__file__).parent / "local" / "server-requirements.txt"
_HOLES = Path(__file__).parent / "data" / "known_holes.toml"


@cache
def pinned() -> str:
    """The version of Label Studio that the requirements pin; raises ServerError where they name none."""
    for line in REQUIREMENTS.read_text("utf-8").splitlines():
        if line.startswith("label-studio=="):
            return line.removeprefix("label-studio==").split()[0]
    raise ServerError("does not name label-studio", subject=str(REQUIREMENTS), hint="install factcheck again")


def holes(release: str) -> list[str]:
    """The published holes of that version, each as `id (what)`; all of them for one without a number."""
    have = _numbers(release)
    return [f"{hole['id']} ({hole['what']})" for hole in _table() if have < _numbers(hole["fixed_in"])]


def has_number(release: str) -> bool:
    """Whether what a server calls itself is a version that can be compared."""
    return bool(_numbers(release))


@cache
def _table() -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads(_HOLES.read_text("utf-8"))["hole"]
    return found


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", release)[:3])
