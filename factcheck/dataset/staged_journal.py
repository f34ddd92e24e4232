"""How far a run of `ingest` that was killed had come: what it made of each file, once that was in staging.

A line is added after what it tells of is on disk, so what no line tells of is at most what was read last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from factcheck import fs
from factcheck.notation import json_value

_KEY, _FILE = "run", "file"


class Journal:
    """The journal at `path` of runs that were asked for the same, which is their `key`; that of another run goes."""

    def __init__(self, path: Path, key: str) -> None:
        self._path, self._key = path, key
        self._told: dict[str, bytes] = {}
        with fs.explained(path):
            self._whole = self._load()

    @property
    def is_begun(self) -> bool:
        """Whether there is something to go on from."""
        return bool(self._told)

    def take(self, file: str) -> Mapping[str, Any] | None:
        """The line of a file, by its absolute path; None where there is none. A line is told once."""
        line = self._told.pop(file, None)
        return None if line is None else json_value(line)

    def add(self, lines: Iterable[Mapping[str, Any]]) -> None:
        """Adds lines, each with the absolute path as `file`; they are on disk when this returns."""
        data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        if not data:
            return
        with fs.explained(self._path):
            if not self._whole:  # none yet, or of a run that was asked for something else
                fs.make_folder(self._path.parent)
                fs.replace(self._path, json.dumps({_KEY: self._key}).encode() + b"\n")
                self._whole = self._path.stat().st_size
            with self._path.open("r+b") as file:
                file.truncate(self._whole)  # the half of a line that a killed run left
                file.seek(self._whole)
                file.write(data)
                file.flush()
                fs.sync_descriptor(file.fileno(), self._path)
            self._whole += len(data)

    def end(self) -> None:
        """Nothing is left to go on from."""
        self._told = {}
        self._whole = 0
        self._path.unlink(missing_ok=True)

    def _load(self) -> int:
        """How many bytes of the file are whole lines of such a run."""
        try:
            file = self._path.open("rb")
        except FileNotFoundError:
            return 0
        whole = 0
        with file:
            for number, line in enumerate(file):
                try:
                    told = json_value(line)
                    if not line.endswith(b"\n") or (number == 0 and told[_KEY] != self._key):
                        break
                    if number:
                        self._told[told[_FILE]] = line
                except (ValueError, KeyError, TypeError):
                    break
                whole += len(line)
        return whole
