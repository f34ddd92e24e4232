"""What was published last: a record in the desk's own folder, by which old files are found and taken away."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from factcheck import fs
from factcheck.settings import Settings

FILE = "published.json"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Part):
    """What a profile's readers have: the version, when it was put there (UTC), and each file with its digest.

    `made_of` is a digest of all that the files are made of; `folder` is the folder of pages that is kept, if it is one.
    """

    version: int
    made_of: str
    at: datetime
    files: dict[str, str]
    folder: str = ""


class Failure(_Part):
    """Why the last try to publish a profile failed, and since when nothing newer is there."""

    version: int
    at: datetime
    code: str
    what: str


class Record(_Part):
    """The profiles that were published to `to`, and those whose last try failed.

    `strays` are files, with their digests, that a try may have put there that did not end; they go with the next one.
    """

    to: str = ""
    entries: dict[str, Entry] = {}
    failures: dict[str, Failure] = {}
    strays: dict[str, str] = {}

    @property
    def files(self) -> dict[str, str]:
        """Every file of every entry with its digest."""
        return {name: held for entry in self.entries.values() for name, held in entry.files.items()}


def read(state: Path) -> Record:
    """The desk's record; an empty one where there is none that is whole."""
    try:
        return Record.model_validate_json((state / FILE).read_bytes())
    except (OSError, ValidationError):
        return Record()


def keep(state: Path, record: Record) -> None:
    """Puts the record on disk, whole."""
    fs.make_folder(state)
    fs.replace(state / FILE, (record.model_dump_json(indent=1) + "\n").encode())


def standing(settings: Settings) -> list[dict[str, Any]]:
    """What readers have of each profile that is to be published, or still lies there.

    A dict each: profile, to, version and at (None where it never was), kept_up (False where the settings do not name
    it any more), failed (why the last try did, else None).
    """
    record = read(settings.state)
    here = record if record.to == settings.publish.to else Record(to=settings.publish.to)
    names = dict.fromkeys([*settings.publish.profiles, *here.entries])
    return [
        {
            "profile": name,
            "to": here.to,
            "version": here.entries[name].version if name in here.entries else None,
            "at": here.entries[name].at if name in here.entries else None,
            "kept_up": name in settings.publish.profiles,
            "failed": here.failures[name].what if name in here.failures else None,
        }
        for name in names
    ]
