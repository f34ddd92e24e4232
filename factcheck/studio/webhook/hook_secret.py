"""The secret that Label Studio sends with each webhook call."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

from factcheck import fs
from factcheck.errors import ConfigError

FILE_NAME = "webhook-secret"


def hook_secret(state: Path) -> str:
    """The desk's secret, drawn on first use and kept in a file that only its owner can read.

    Raises TokenExposed where others can read it, ConfigError where it is too short to be one.
    """
    path = state / FILE_NAME
    fs.make_folder(state, mode=0o700)
    if not path.exists():
        with contextlib.suppress(FileExistsError):  # another run drew one this very moment
            fs.write_private(path, secrets.token_urlsafe(32).encode(), new=True)
    value = fs.read_private(path, ours=True).decode("ascii", "replace").strip()
    if len(value) < 32 or not value.isascii() or not value.isprintable():  # noqa: PLR2004 - 190 bits or more
        raise ConfigError(
            "is not a valid secret",
            subject=str(path),
            hint="delete the file; the next `factcheck watch` creates a new one",
        )
    return value
