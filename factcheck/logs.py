"""What the program writes down for those who run it: stdlib logging below the logger `factcheck`, silent until asked.

A record is a word or two and named figures (`request method=GET status=200`), so that both forms are greppable. Never
in it: tokens, keys and passwords, e-mail addresses and names, texts of claims, articles and answers. Whoever logs gives
codes, counts and ids; what slips through all the same and looks like an address or a token is masked on its way out.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, Literal

Level = Literal["debug", "info", "warning", "error"]
Form = Literal["text", "json"]

NAME: Final = "factcheck"
INFO: Final = logging.INFO
ERROR: Final = logging.ERROR
_ROOT: Final = logging.getLogger(NAME)
_ROOT.addHandler(logging.NullHandler())  # a program that imports us and sets up no logging hears nothing
_SAID: Final = "said"
_LONGEST: Final = 300
_SECRETS: Final = re.compile(
    r"[^\s@=<>\"']+(?:@|%40)[^\s@=<>\"']+"  # an e-mail address, or a user and password before a host
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JSON Web Token, as Label Studio's personal tokens are
    r"|(?i:\b(?:token|bearer|basic)\s+\S+)"
    r"|(?<![0-9a-zA-Z_])[0-9a-f]{40}(?![0-9a-f])"  # a token of Label Studio's older kind
)


def named(name: str) -> logging.Logger:
    """The logger of a module, by its `__name__`."""
    return logging.getLogger(name)


def said(**figures: object) -> dict[str, Any]:
    """The figures of a record, to be given as `extra`: numbers, codes, ids, names of settings; no text of anybody's."""
    return {_SAID: figures}


def install(level: Level, form: Form, write: Callable[[str], None]) -> Callable[[], None]:
    """Write records of this level and above as lines; returns what ends that."""
    handler = _Lines(write)
    handler.setFormatter(_Json() if form == "json" else _Text())
    before = _ROOT.level
    _ROOT.setLevel(level.upper())
    _ROOT.addHandler(handler)

    def remove() -> None:
        _ROOT.removeHandler(handler)
        _ROOT.setLevel(before)

    return remove


def moment(seconds: float) -> str:
    """A time of the system's clock as lines begin with it: RFC 3339 in UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Lines(logging.Handler):
    """Hands each line on; what cannot be written is lost, and the work goes on."""

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__()
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._write(self.format(record))
        except Exception:  # noqa: BLE001 - a log must not end what it tells of
            self.handleError(record)


class _Text(logging.Formatter):
    """`2026-11-22T06:30:00.123Z info factcheck.dataset.committing: committed version=12 cause=pull`."""

    def format(self, record: logging.LogRecord) -> str:
        figures = "".join(f" {name}={_shown(value)}" for name, value in _figures(record).items())
        head = f"{moment(record.created)} {record.levelname.lower()} {record.name}"
        return f"{head}: {_masked(record.getMessage())}{figures}"


class _Json(logging.Formatter):
    """One object a line: at, level, logger, message, and the figures beside them."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": moment(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _masked(record.getMessage()),
        }
        return json.dumps(_figures(record) | line, ensure_ascii=False)


def _figures(record: logging.LogRecord) -> dict[str, Any]:
    return {name: _plain(value) for name, value in getattr(record, _SAID, {}).items()}


def _plain(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {_masked(str(name)): _plain(one) for name, one in value.items()}
    return _masked(str(value))


def _masked(text: str) -> str:
    return _SECRETS.sub("***", text)[:_LONGEST]


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return json.dumps(text, ensure_ascii=False) if re.search(r"[\s=\"]", text) and isinstance(value, str) else text
