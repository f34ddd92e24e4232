"""From when on a pull asks for changes: server times in the cursor, and ours beside them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from factcheck.studio.sync import payload

OVERLAP = timedelta(minutes=10)
"""How far behind the cursor a pull looks again: clocks step back, equal times straddle pages, commits come late."""

SHORT_OVERLAP = timedelta(seconds=30)
"""How far where the server's clock has gone on like ours since the last pull and a wide look is not due.

So a pull soon after a push of many tasks does not read them all.
"""

WIDE_EVERY = timedelta(minutes=10)
"""How often a pull looks wide whatever the clocks say: from `OVERLAP` before the last wide look on."""

_SAME_PACE = timedelta(seconds=10)


def clocks(cursor: Mapping[str, Any], now: datetime, started: datetime, *, wide: bool) -> dict[str, str]:
    """The part of the cursor that tells the next pull from when on it looks.

    What changed while this pull ran is asked for again, so its beginning counts.
    """
    here = {"since": started.isoformat(), "at": now.isoformat()}
    if wide:
        return here | {"wide_since": started.isoformat(), "wide_at": now.isoformat()}
    return here | {key: cursor[key] for key in ("wide_since", "wide_at") if key in cursor}


def window(cursor: Mapping[str, Any], *, wide: bool) -> datetime:
    """The server time from which on changes are asked for."""
    if wide:
        return payload.time(cursor.get("wide_since", cursor["since"])) - OVERLAP
    return payload.time(cursor["since"]) - SHORT_OVERLAP


def clocks_agree(cursor: Mapping[str, Any], now: datetime, started: datetime) -> bool:
    """Whether the server's clock and ours went on alike since the last pull, and the last wide look is not long ago.

    A server's clock that was set back is behind ours.
    """
    if not {"at", "wide_since", "wide_at"} <= cursor.keys():
        return False
    ours, theirs = now - payload.time(cursor["at"]), started - payload.time(cursor["since"])
    recent = timedelta(0) <= now - payload.time(cursor["wide_at"]) < WIDE_EVERY
    return recent and ours >= timedelta(0) and abs(theirs - ours) <= _SAME_PACE
