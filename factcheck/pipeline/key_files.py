"""Files with Ed25519 keys that a person names."""

from __future__ import annotations

from pathlib import Path

from factcheck import fs
from factcheck.dataset import signing
from factcheck.errors import ConfigError


def private_key(path: Path) -> bytes:
    """The private key in the file, as PEM; raises ConfigError for another kind, TokenExposed for a shared one."""
    pem = key_file(path, private=True)
    signing.private_key(pem, subject=str(path))  # said before anything is looked at
    return pem


def key_file(path: Path, *, private: bool = False) -> bytes:
    """What a small regular file holds; raises ConfigError for anything else.

    A `private` one must be ours and unreadable to others; raises TokenExposed where it is not.
    """
    try:
        return fs.read_private(path) if private else fs.read_small(path)
    except OSError as error:
        hint = "give the path of a file with an Ed25519 key in PEM format"
        raise ConfigError(f"cannot be read: {error.strerror}", subject=str(path), hint=hint) from None
