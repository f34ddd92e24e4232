"""Lines of the commands that go on until they are stopped, by event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired

from typing_extensions import TypedDict

from factcheck.pipeline.explore import Explored
from factcheck.schemas.shapes import of_fields


class Ready(TypedDict):
    """The pages are there."""

    url: str


class Stopped(TypedDict):
    """It was told to end."""

    version: int


class Watching(TypedDict):
    """The watch has begun; without a webhook it looks every `poll` seconds."""

    webhook: bool
    url: NotRequired[str | None]
    port: NotRequired[int]
    poll: NotRequired[float]


class Hook(TypedDict):
    """What became of a project's webhook; where it was refused, `poll` is how often the watch looks instead."""

    state: str
    url: str
    poll: NotRequired[float]


class Commit(TypedDict):
    """A version was committed."""

    version: int
    counts: dict[str, int]
    rejected: int
    seconds: float


class PublishedLine(TypedDict):
    """Profiles were written again; `failed` has the code of the error by profile."""

    version: int
    profiles: list[str]
    failed: dict[str, str]


class Warned(TypedDict):
    """Something that a person has to know or decide."""

    message: str
    next_steps: list[str]


class Trouble(TypedDict):
    """The server or the disk cannot be used; the watch goes on trying."""

    code: str
    message: str


class Recovered(TypedDict):
    """It works again."""


class Ended(TypedDict):
    """The watch was told to end."""

    commits: int


STREAMS: Mapping[str, Mapping[str, Any]] = {
    "watch": {
        "watching": Watching,
        "webhook": Hook,
        "commit": Commit,
        "published": PublishedLine,
        "warning": Warned,
        "trouble": Trouble,
        "recovered": Recovered,
        "stopped": Ended,
    },
    "explore": {"ready": of_fields(Explored), "stopped": Stopped},
    "site serve": {"ready": Ready},
}
