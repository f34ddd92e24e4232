"""Files with Ed25519 keys that a person names."""

from __future__ import annotations

import stat
from pathlib import Path

from factcheck.dataset import signing
from factcheck.errors import ConfigError

_LARGEST_KEY_FILE = 1 << 20


def private_key(path: Path) -> bytes:
    """The private key in the file, as PEM; raises ConfigError for another kind of file, or one that others can read."""
    pem = key_file(path)
    if path.stat().st_mode & 0o077:
        raise ConfigError("can be read by other users", subject=str(path), hint=f"chmod 600 {path}")
    signing.private_key(pem, subject=str(path))  # said before anything is looked at
    return pem


def key_file(path: Path) -> bytes:
    """What a small regular file holds; raises ConfigError for anything else."""
    hint = "name a file with an Ed25519 key in PEM"
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):
            raise ConfigError("is no file", subject=str(path), hint=hint)
        if kind.st_size > _LARGEST_KEY_FILE:
            raise ConfigError("is too large for a key", subject=str(path), hint=hint)
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", subject=str(path), hint=hint) from None
