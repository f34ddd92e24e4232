"""The secret that Label Studio sends with each webhook call."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from factcheck.errors import ConfigError, TokenExposed

FILE_NAME = "webhook-secret"


def hook_secret(state: Path) -> str:
    """The desk's secret, drawn on first use and kept in a file that only its owner can read.

    Raises TokenExposed where others can read it, ConfigError where it is too short to be one.
    """
    path = state / FILE_NAME
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise TokenExposed("can be read by other users", subject=str(path), hint=f"chmod 600 {path}")
    value = path.read_text("ascii", "replace").strip()
    if len(value) < 32 or not value.isascii() or not value.isprintable():  # noqa: PLR2004 - 190 bits or more
        raise ConfigError("is no secret", subject=str(path), hint="remove the file: the next watch draws a new one")
    return value
