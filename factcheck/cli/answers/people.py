"""Answers about people and the local server. Those about people name them: they are for the desk's eyes."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from factcheck.pipeline.consents import Agreed
from factcheck.pipeline.people import Colleague, Invitation, Removed
from factcheck.schemas.shapes import of_fields
from factcheck.studio.local.security_check import Finding


class Team(TypedDict):
    """Everybody with an account, the owner first."""

    url: str
    people: list[of_fields(Colleague)]  # type: ignore[valid-type]
    removed: int
    leads_without_account: list[str]


class Up(TypedDict):
    """Where the local server is."""

    url: str
    public_url: str | None
    pid: int
    email: str
    folder: str


class Stopped(TypedDict):
    """Whether there was something to stop."""

    stopped: bool


class State(TypedDict):
    """Whether the local server is running, and where."""

    state: str
    url: str | None
    public_url: str | None
    pid: int | None


class Log(TypedDict):
    """The last lines of the server's log."""

    log: str


class Backup(TypedDict):
    """The folder of the backup."""

    backup: str


class RestoredBackup(TypedDict):
    """The backup that was restored, and where the data lie that it replaced."""

    restored: str
    before: str | None


class Upgraded(TypedDict):
    """The versions of Label Studio before and after, the backup made between, where it runs."""

    changed: bool
    before: str | None
    after: str
    backup: str | None
    url: str | None


class Checked(TypedDict):
    """What was looked at from outside; `safe` is false where anything fails."""

    url: str
    safe: bool
    findings: list[of_fields(Finding)]  # type: ignore[valid-type]


class Forgotten(TypedDict):
    """How many events keep the opaque id of who was forgotten, and whether readers were shown the person's name."""

    events: int
    was_named: bool


_INVITATION = of_fields(Invitation)

ANSWERS: dict[str, Any] = {
    "studio user list": Team,
    "studio user add": _INVITATION,
    "studio user remove": of_fields(Removed),
    "studio user consent": of_fields(Agreed),
    "studio invite": _INVITATION,
    "studio up": Up,
    "studio down": Stopped,
    "studio status": State,
    "studio logs": Log,
    "studio backup": Backup,
    "studio restore": RestoredBackup,
    "studio upgrade": Upgraded,
    "studio check": Checked,
    "forget": Forgotten,
}
