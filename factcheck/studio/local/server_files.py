"""What the local server's folder remembers: its administrator (0600) and where it ran last."""

from __future__ import annotations

import secrets
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from factcheck import fs
from factcheck.errors import ServerError

_ADMINISTRATOR = "admin@factcheck.example"


class Credentials(BaseModel):
    """The administrator of the local server; the token is Label Studio's legacy form, 40 hex digits."""

    model_config = ConfigDict(frozen=True)

    email: str
    password: str = Field(repr=False)
    token: str = Field(repr=False)


class State(BaseModel):
    """Where the server ran last, in which version of Label Studio, and whether it should be running now."""

    model_config = ConfigDict(frozen=True)

    url: str
    wanted: bool
    version: str | None = None


def credentials_file(folder: Path) -> Path:
    """Where the administrator's credentials are kept, once there is a server."""
    return folder / "credentials.json"


def credentials(folder: Path) -> Credentials:
    """The administrator's credentials, drawn at random and kept on first use.

    Raises ServerError where the file is there but cannot be read as what it should be, TokenExposed where others can
    read it too.
    """
    path = credentials_file(folder)
    if not path.exists():
        made = Credentials(email=_ADMINISTRATOR, password=secrets.token_urlsafe(15), token=secrets.token_hex(20))
        fs.write_private(path, made.model_dump_json(indent=2).encode())
    try:
        return Credentials.model_validate_json(fs.read_private(path, ours=True))
    except ValidationError as error:
        raise ServerError("is damaged", subject=str(path), hint="restore it from a backup") from error


def read_state(folder: Path) -> State | None:
    """What was written last; None where there is nothing readable, which is no loss."""
    try:
        return State.model_validate_json((folder / "state.json").read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def write_state(folder: Path, state: State) -> None:
    """Keep it."""
    fs.write_private(folder / "state.json", state.model_dump_json().encode())
