"""A table's transaction log as files of this machine: brought to disk, and looked at for damage.

deltalake writes the files and makes no fsync; what it says of a cut or missing one does not name it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from factcheck import fs
from factcheck.dataset.damage import RESTORE
from factcheck.errors import Corrupt
from factcheck.notation import json_value

LOG: Final = "_delta_log"
_OTHERS: Final = 64
"""How many commits of other writers are brought to disk with ours, at most."""


class LocalLog:
    """The folder `_delta_log` of a local table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._synced = -1

    def files(self) -> list[Path]:
        """The JSON files, oldest first."""
        return sorted(self.folder.glob("[0-9]*.json"))

    def after(self, number: int, last: int) -> list[Path]:
        """The files after the numbered one up to the last, and the last one's checkpoint."""
        commits = [self._file(one) for one in range(number + 1, last + 1)]
        return [*commits, *sorted(self.folder.glob(f"{last:020}.checkpoint*.parquet"))]

    def sync(self, last: int, *, again: bool = False) -> None:
        """Returns when the log up to the last number is on disk; `again`, also what is known to have been synced."""
        start = -1 if again else self._synced
        # Also what others committed since: our commit builds on it, and they may not have synced it yet.
        fresh = [self._file(number) for number in range(max(start + 1, last - _OTHERS), last + 1)]
        fs.sync([*(path for path in fresh if path.exists()), self.folder])
        self._synced = last

    def sync_checkpoint(self, number: int) -> None:
        """Returns when the number's checkpoint is on disk."""
        made = self.folder.glob(f"{number:020}.checkpoint*")
        fs.sync([*made, self.folder / "_last_checkpoint", self.folder])

    def refuse_cut(self, *, after: int) -> None:
        """Raises Corrupt where the file after that number is empty: deltalake would say there is none."""
        following = self._file(after + 1)
        with contextlib.suppress(FileNotFoundError):
            if following.stat().st_size == 0:
                raise Corrupt("is empty: its commit was interrupted", subject=str(following), hint=RESTORE)

    def damage(self) -> Corrupt | None:
        """The newest file that is cut, empty, not JSON, or missing between others; None for none."""
        known = self.files()
        for path in reversed(known):
            if (what := _cut(path)) is not None:
                return Corrupt(what, subject=str(path), hint=RESTORE)
        numbers = [int(path.stem) for path in known]
        for number in range(max(numbers, default=0), min(numbers, default=0), -1):
            if number not in numbers:
                return Corrupt("is missing", subject=str(self._file(number)), hint=RESTORE)
        return None

    def worth_trying(self) -> Iterable[int]:
        """Every number of a damaged log, those first that a state can most likely be read of."""
        known = self.files()
        numbers = [int(path.stem) for path in reversed(known)]
        # What comes right before a damaged or missing file is read first: trying all of a long log takes its square.
        broken = {int(path.stem) for path in known if _cut(path) is not None}
        before = [number for number in numbers if number + 1 in broken or number + 1 not in numbers]
        return dict.fromkeys([*before, *numbers])

    def _file(self, number: int) -> Path:
        return self.folder / f"{number:020}.json"


def _cut(path: Path) -> str | None:
    """What is wrong with a file of the log as a text, None where every line is a JSON object."""
    try:
        data = path.read_bytes()
        if not data:
            return "is empty: its commit was interrupted"
        whole = all(isinstance(json_value(line), dict) for line in data.splitlines())
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    except ValueError:
        whole = False
    return None if whole else "does not hold what was written: its commit was interrupted or changed"
