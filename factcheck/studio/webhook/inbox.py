"""The durable inbox of hints: what a webhook announced is on disk before it is acknowledged.

An edge: it touches the disk. A hint says only that something changed; what it was, the next pull finds out. So a hint
that already waits is not written again: a storm of them costs one write, and the inbox cannot grow without bound.
Hints lie in segments, one JSON object a line. `take` closes the open segment, `done` removes the closed ones once the
pull that began after them has been committed; a crash in between leaves them, and the next start pulls again.
"""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Iterable
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from factcheck import fs
from factcheck.notation import json_value


class Hint(NamedTuple):
    """Something changed in a project (None: in one we do not know); `deletion` where whole tasks went."""

    project_id: int | None
    deletion: bool = False


ANYTHING = Hint(project_id=None, deletion=True)
"""What an unreadable line is taken for: it was never acknowledged, and one pull too many does no harm."""


class Inbox:
    """The inbox in `folder`, made where it is missing; one process uses it, from any of its threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._open: tuple[FileIO, set[Hint]] | None = None
        fs.make_folder(folder, mode=0o700)
        left = sorted(folder.glob("*.jsonl"))
        self._closed = {path: _read(path) for path in left}
        self._next = max((int(path.stem) for path in left), default=0) + 1

    def holds(self, hint: Hint) -> bool:
        """Whether the hint is on disk and no pull has begun since."""
        with self._lock:
            return self._open is not None and hint in self._open[1]

    def add(self, hints: Iterable[Hint]) -> None:
        """Keep the hints; they are on disk when this returns. Raises OSError where they are not."""
        with self._lock:
            held = self._open[1] if self._open else set()
            if not (fresh := [hint for hint in hints if hint not in held]):
                return
            try:
                self._write(fresh)
            except OSError:
                # After a failed write or fsync nobody knows what is on disk: that file is not written to again.
                self._close()
                raise

    def take(self) -> frozenset[Hint]:
        """All hints that wait. What is added from now on belongs to the next `take`."""
        with self._lock:
            self._close()
            return frozenset().union(*self._closed.values())

    def done(self) -> None:
        """Forget what the last `take` returned: a pull that began after it has been committed."""
        with self._lock:
            for path in list(self._closed):
                path.unlink(missing_ok=True)
                del self._closed[path]

    def close(self) -> None:
        """Close the file; what waits stays on disk."""
        with self._lock:
            self._close()

    def _write(self, hints: list[Hint]) -> None:
        file, held = self._open or self._new_segment()
        content = b"".join(json.dumps(hint._asdict()).encode() + b"\n" for hint in hints)
        if file.write(content) != len(content):  # a raw write is cut short where the disk becomes full
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), file.name)
        fs.sync_descriptor(file.fileno(), file.name)
        held.update(hints)

    def _new_segment(self) -> tuple[FileIO, set[Hint]]:
        path = self._folder / f"{self._next:08d}.jsonl"
        self._next += 1
        self._open = (FileIO(path, "xb"), set())
        fs.sync([self._folder])
        return self._open

    def _close(self) -> None:
        if self._open is None:
            return
        file, held = self._open
        self._open = None
        file.close()
        path = Path(str(file.name))
        if held:
            self._closed[path] = frozenset(held)
        else:  # nothing in it was acknowledged
            path.unlink(missing_ok=True)


def _read(path: Path) -> frozenset[Hint]:
    hints = set()
    for line in path.read_bytes().splitlines():
        try:
            entry = json_value(line)
            project, deletion = entry["project_id"], entry["deletion"]
        except (ValueError, KeyError, TypeError):
            project, deletion = ANYTHING
        hints.add(Hint(project if isinstance(project, int) else None, bool(deletion)))
    return frozenset(hints)
