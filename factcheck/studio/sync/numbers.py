"""Numbers of answers tell whether Label Studio lost some: a database counts on, unless it was put back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from factcheck.studio.sync import payload

_Answer = tuple[int, datetime]
_NONE: _Answer = (0, datetime.min.replace(tzinfo=UTC))

_ONE_SAVE = timedelta(seconds=10)
"""An answer's time is taken before its number: of two that are saved at once, the later may have the lower one."""


class Numbers:
    """The newest answer that earlier pulls and this one saw; `handed_out_twice` where a lower number came later.

    The server counts all answers on one row, so a number that comes after the newest was seen is a higher one. It is
    not after a backup was put in place, however much was done on the same tasks since then.
    """

    def __init__(self, cursor: Mapping[str, Any], known: pl.DataFrame) -> None:
        self._before = _of_cursor(cursor) or _of_states(known)
        self._seen = _NONE
        self.handed_out_twice = False

    def see(self, number: int, born: datetime, *, known: bool, ours: datetime | None = None) -> None:
        """Take in an answer of the server; one that is `known` from before, or was imported, proves nothing.

        `ours` is when the answer was made that stands here under that number, if one does.
        """
        if born > self._seen[1]:
            self._seen = (number, born)
        if not known and ours is not None and ours != born:
            self.handed_out_twice = True
        if known or number > self._before[0]:
            return
        same = number == self._before[0] and born != self._before[1]
        self.handed_out_twice |= same or born > self._before[1] + _ONE_SAVE

    def cursor(self, *, everything: bool, waits: bool) -> dict[str, Any]:
        """The part of the cursor that the next pull goes by; while votes wait it stays, so that they go on to.

        Once everything was read and nothing waits, what is not there any more does not count.
        """
        number, born = self._seen if everything else max(self._before, self._seen, key=lambda one: one[1])
        if waits:
            number, born = self._before
        return {"newest_answer": [number, born.isoformat()]}


def _of_cursor(cursor: Mapping[str, Any]) -> _Answer | None:
    if "newest_answer" not in cursor:
        return None
    number, born = cursor["newest_answer"]
    return int(number), payload.time(born)


def _of_states(known: pl.DataFrame) -> _Answer:
    newest = known.sort("created_at").tail(1).select("annotation_id", "created_at")
    return newest.row(0) if newest.height else _NONE
