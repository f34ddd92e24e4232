"""Days and moments that a profile's filters name, in words as well: `2026-11-20`, `1405/08/29`, `7d`, `yesterday`.

Words are counted from the commit of the version that is exported and not from the clock on the wall, so that a version
exported again with the same profile has the same bytes. Days are those of the desk's time zone.
"""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator

from factcheck.days import Clock, gregorian
from factcheck.errors import ConfigError
from factcheck.names import AGO, DAYS_AGO, hours_ago
from factcheck.text import digits_of_any_script

_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SLASHED: Final = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})")
_OLDEST: Final = 1700
"""Before it there was no newspaper of ours: a smaller year belongs to another calendar."""
_FORMS: Final = "write 2026-11-20, a day of the desk's calendar as 1405/08/29, 7d, 2w, today or yesterday"


def _as_written(value: Any) -> Any:
    """A date that TOML has read as one, and a number, as texts again."""
    if isinstance(value, date | int) and not isinstance(value, bool | datetime):
        return str(value)
    return value


def _words(text: str) -> str:
    return digits_of_any_script(text.strip()).casefold()


def _day(text: str) -> str:
    words = _words(text)
    if (ago := AGO.fullmatch(words)) is not None and ago[2][0] == "h":
        raise ValueError(f"names hours, and days are compared; {_FORMS}")
    if not words or ago is not None or words in DAYS_AGO or _SLASHED.fullmatch(words):
        return words
    if (iso := _ISO.fullmatch(words)) is None:
        raise ValueError(f"names no day; {_FORMS}")
    if date.fromisoformat(words).year < _OLDEST:
        raise ValueError(f"is no year of newspapers in the Gregorian calendar: {iso[1]}; {_FORMS}")
    return words


def _point(text: str) -> str:
    words = _words(text)
    is_day = _ISO.fullmatch(words) or _SLASHED.fullmatch(words) or words in DAYS_AGO
    return _day(text) if is_day else text.strip()


Day = Annotated[str, BeforeValidator(_as_written), AfterValidator(_day)]
"""A day as a profile writes it; empty for none."""
Point = Annotated[str, BeforeValidator(_as_written), AfterValidator(_point)]
"""A day, a time ago, or the name of a version: its number or a tag; empty for none."""
Named = Annotated[str, BeforeValidator(_as_written), AfterValidator(str.strip)]
"""The name of a version: its number or a tag; empty for none."""


def is_moving(text: str) -> bool:
    """Whether the words mean another day from version to version."""
    return text in DAYS_AGO or AGO.fullmatch(_words(text)) is not None


def names_version(text: str) -> bool:
    """Whether a point is the name of a version, which the dataset alone can tell the time of."""
    words = _words(text)
    return bool(words) and not (is_moving(words) or _ISO.fullmatch(words) or _SLASHED.fullmatch(words))


def day(text: str, *, now: datetime, clock: Clock, subject: str) -> date:
    """The day that the text of a `Day` means; `now` is UTC, the commit of the version.

    Raises ConfigError naming `subject`, the profile, where the desk's calendar has no such day.
    """
    today = now.astimezone(ZoneInfo(clock.zone)).date()
    if (ago := AGO.fullmatch(text)) is not None:
        return today - timedelta(days=hours_ago(ago) // 24)
    if text in DAYS_AGO:
        return today - timedelta(days=DAYS_AGO[text])
    if (slashed := _SLASHED.fullmatch(text)) is None:
        return date.fromisoformat(text)
    year, month, number = (int(part) for part in slashed.groups())
    found = None
    with contextlib.suppress(ValueError):
        found = gregorian(clock.calendar, year, month, number)
    if found is None or found.year < _OLDEST:
        raise ConfigError(f"{text} is no day of the desk's calendar, {clock.calendar}", subject=subject, hint=_FORMS)
    return found


def beginning(text: str, *, now: datetime, clock: Clock, subject: str) -> datetime:
    """The moment (UTC) at which a point begins that names no version: a time ago, or the first moment of a day."""
    if (ago := AGO.fullmatch(_words(text))) is not None:
        return now - timedelta(hours=hours_ago(ago))
    midnight = datetime.combine(day(text, now=now, clock=clock, subject=subject), datetime.min.time())
    return midnight.replace(tzinfo=ZoneInfo(clock.zone)).astimezone(UTC)
