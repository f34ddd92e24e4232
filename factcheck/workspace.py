"""The desk's state folder (`.factcheck/`): one writer at a time, the quarantine, what was pushed and where to.

An edge: it touches the disk. What is here can be lost without losing a verdict; the dataset cannot.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from pydantic import TypeAdapter

from factcheck import frames, fs, locks
from factcheck.errors import Busy, DatasetError
from factcheck.models import Rejection, digest
from factcheck.notation import json_value
from factcheck.studio.api.known import KnownProject
from factcheck.studio.sync.doubts import OPEN, Doubt

_PATIENCE_WITH_A_WATCH = 60.0


class _Holder(NamedTuple):
    """The run that holds the lock, as lock.json tells of it."""

    verb: str
    pid: int
    since: str

    def __str__(self) -> str:
        return f"factcheck {self.verb}, process {self.pid}, since {self.since}"


class Workspace:
    """The state folder at `path`; made on first use, readable by its owner alone."""

    def __init__(self, path: Path, *, patience: float = 0.0) -> None:
        """`patience` is how many seconds a lock of another run is waited for."""
        self.path = path
        self._patience = patience

    @contextmanager
    def writing(self, verb: str, *, now: datetime) -> Iterator[None]:
        """A context in which no other run of this desk writes; raises Busy naming the run that does."""
        self._prepare()
        holder = self.path / "lock.json"
        with _held(self.path / "lock", holder, self._patience):
            for folder in (self.path, self.path / "staging", self.path / "ledgers"):
                fs.sweep(folder)  # what a run that was killed left
            try:
                fs.replace(holder, json.dumps(_Holder(verb, os.getpid(), now.isoformat())._asdict()).encode())
                yield
            finally:
                holder.unlink(missing_ok=True)

    @contextmanager
    def whole_day(self, *, now: datetime) -> Iterator[None]:
        """A context in which no other `factcheck run` of this desk goes; raises Busy naming the one that does.

        Its steps take the desk's own lock one after the other, so that other commands can come between them.
        """
        self._prepare()
        holder = self.path / "run.json"

        def busy() -> Busy:
            return Busy(
                f"another `factcheck run` is at work on this desk: {_holder_of(holder) or 'process unknown'}",
                subject=str(self.path),
                hint="wait for it to end, then run the command again",
            )

        with locks.lock(self.path / "run.lock", busy=busy, seconds=self._patience):
            try:
                fs.replace(holder, json.dumps(_Holder("run", os.getpid(), now.isoformat())._asdict()).encode())
                yield
            finally:
                holder.unlink(missing_ok=True)

    def quarantine(self, rejected: pl.DataFrame, *, now: datetime) -> None:
        """Keep rejections (frame of models.Rejection) where a person can look at them; the same one is kept once."""
        if rejected.is_empty():
            return
        self._prepare()
        kept = {_key(entry): entry for entry in self.quarantined()}
        for row in rejected.select(list(frames.schema(Rejection))).iter_rows(named=True):
            first = kept.get(_key(row), {}).get("first_seen", now.isoformat())
            kept[_key(row)] = row | {"first_seen": first, "last_seen": now.isoformat()}
        self._write_quarantine(kept.values())

    def quarantined(self) -> list[dict[str, Any]]:
        """What is in quarantine: fields of models.Rejection, `first_seen` and `last_seen`."""
        if not self._quarantine.exists():
            return []
        with _readable(self._quarantine, "a new one is started for inputs rejected from now on"):
            # Not splitlines: a reason may hold U+2028, which is no end of a line of ours.
            entries = [json_value(line) for line in self._quarantine.read_text("utf-8").split("\n") if line]
            for entry in entries:
                Rejection.model_validate({name: entry[name] for name in Rejection.model_fields if name in entry})
        return entries

    def strip_quarantine(self, stage: str) -> None:
        """Drop the payloads that a stage put aside; which input it was and why stay."""
        entries = self.quarantined()
        if any(entry["stage"] == stage and entry["payload"] for entry in entries):
            kept = [entry | ({"payload": None} if entry["stage"] == stage else {}) for entry in entries]
            self._write_quarantine(kept)

    def pushed(self, project: str) -> list[str]:
        """Claim ids that were sent to the project; Label Studio has the truth, this answers without it."""
        return self._pushed().get(project, [])

    def remember_pushed(self, project: str, claim_ids: Iterable[str]) -> None:
        """Keep which claims are being sent; called before they are."""
        self._prepare()
        everything = self._pushed()
        everything[project] = sorted({*everything.get(project, []), *claim_ids})
        fs.replace(self._pushed_file, json.dumps(everything, indent=0).encode())

    def earlier(self, project: str) -> dict[str, str | None] | None:
        """What the tasks of the project tell of earlier verdicts, by claim id; None where that is not remembered.

        A task that was made before tasks told of them has None. Label Studio has the truth, this answers without it.
        """
        return self._earlier().get(project)

    def remember_earlier(self, project: str, told: Mapping[str, str | None]) -> None:
        """Keep what tasks are being sent with; called before they are, because it never changes on a task."""
        self._prepare()
        everything = self._earlier()
        before = everything.get(project)
        if before is None or told.items() - before.items():
            everything[project] = (before or {}) | dict(told)
            fs.replace(self._earlier_file, json.dumps(everything, indent=0, ensure_ascii=False).encode())

    def cut(self) -> list[str]:
        """The staged articles that `claims` looked at last; where it is not known, none."""
        try:
            return TypeAdapter(list[str]).validate_json(self._cut_file.read_bytes())
        except (OSError, ValueError):  # found out again
            return []

    def note_cut(self, article_ids: Iterable[str]) -> None:
        """Keep which articles `claims` has looked at."""
        self._prepare()
        fs.replace(self._cut_file, json.dumps(list(article_ids), indent=0).encode())

    def project(self, name: str) -> KnownProject | None:
        """The Label Studio project of the last push; None where none is remembered."""
        return self._projects().get(name)

    def remember_project(self, name: str, project_id: int, created_at: str, *, version: int | None = None) -> None:
        """Keep which Label Studio project is ours, for the day its mark is gone; with `version` its stamp too."""
        self._prepare()
        everything = self._projects()
        before = everything.get(name)
        if version is None:
            version = before.version if before and before.is_same(project_id, created_at) else 0
        known = KnownProject(project_id, created_at, version)
        if everything.get(name) != known:
            rows = {key: one._asdict() for key, one in (everything | {name: known}).items()}
            fs.replace(self._projects_file, json.dumps(rows, indent=0).encode())

    def doubts(self, project: str) -> list[Doubt]:
        """Which answers of the project were given to something that was not ours; `pull` puts them aside."""
        return [Doubt(**row) for row in self._doubts() if row["project"] == project]

    def doubt(self, project: str, reasons: Mapping[int | None, str]) -> None:
        """Keep, before a repair, that answers are in doubt from now on: by task, or with None those of every task."""
        self._prepare()
        opened = [Doubt(project, task, OPEN, why)._asdict() for task, why in reasons.items()]
        self._save_doubts(self._doubts() + opened)

    def end_doubts(
        self,
        project: str,
        until: datetime,
        *,
        of_tasks: datetime | None = None,
        only: Collection[int | None] | None = None,
    ) -> None:
        """Keep that what was to be repaired in the project is: answers after `until`, a server time, are good.

        On single tasks those after `of_tasks`, where that is known better; `only` those tasks (None for all of them).
        """
        rows = self._doubts()
        times = [until if row["task_id"] is None or of_tasks is None else of_tasks for row in rows]
        ended = [
            row | {"until": time.isoformat()}
            if self._is_open(row, project) and (only is None or row["task_id"] in only)
            else row
            for row, time in zip(rows, times, strict=True)
        ]
        if ended != rows:
            self._save_doubts(ended)

    def grouped_by(self) -> str:
        """By what the claims' groups were last seen to be as they should; "" where that is not known."""
        try:
            return self._grouped_by.read_text("utf-8")
        except (OSError, UnicodeDecodeError):  # found out again
            return ""

    def note_grouped_by(self, rules: str) -> None:
        """Keep by what the groups are as they should be, so that nobody works it out again; where it cannot, not."""
        with suppress(OSError, DatasetError):
            self._prepare()
            fs.replace(self._grouped_by, rules.encode())

    def note_pull(self, *, now: datetime) -> None:
        """Keep when the last pull ended, also one that found nothing."""
        self._prepare()
        fs.replace(self._last_pull, now.isoformat().encode())

    def last_pull(self) -> datetime | None:
        """When the last pull ended; None before the first."""
        if not self._last_pull.exists():
            return None
        with _readable(self._last_pull, "the next `factcheck pull` rebuilds it"):
            moment = datetime.fromisoformat(self._last_pull.read_text("ascii").strip())
            if moment.tzinfo is None:
                raise ValueError("has no time zone")
        return moment

    @property
    def _grouped_by(self) -> Path:
        return self.path / "grouped-by"

    @property
    def _last_pull(self) -> Path:
        return self.path / "last-pull"

    @property
    def _quarantine(self) -> Path:
        return self.path / "quarantine.jsonl"

    @property
    def _cut_file(self) -> Path:
        return self.path / "cut.json"

    @property
    def _pushed_file(self) -> Path:
        return self.path / "pushed.json"

    def _write_quarantine(self, entries: Iterable[dict[str, Any]]) -> None:
        lines = [json.dumps(entry, ensure_ascii=False, sort_keys=True) for entry in entries]
        fs.replace(self._quarantine, "\n".join([*lines, ""]).encode("utf-8", "backslashreplace"))

    def _pushed(self) -> dict[str, list[str]]:
        if not self._pushed_file.exists():
            return {}
        with _readable(self._pushed_file, "the next `factcheck push` rebuilds it"):
            found: dict[str, list[str]] = TypeAdapter(dict[str, list[str]]).validate_json(
                self._pushed_file.read_bytes()
            )
        return found

    @property
    def _earlier_file(self) -> Path:
        return self.path / "earlier.json"

    def _earlier(self) -> dict[str, dict[str, str | None]]:
        try:
            kept = TypeAdapter(dict[str, dict[str, str | None]])
            return kept.validate_json(self._earlier_file.read_bytes())
        except (OSError, ValueError):  # the tasks themselves tell it
            return {}

    @property
    def _projects_file(self) -> Path:
        return self.path / "projects.json"

    @property
    def _doubts_file(self) -> Path:
        return self.path / "doubts.json"

    def _projects(self) -> dict[str, KnownProject]:
        if not self._projects_file.exists():
            return {}
        with _readable(self._projects_file, "the next `factcheck push` finds the projects by their marks"):
            found: dict[str, KnownProject] = TypeAdapter(dict[str, KnownProject]).validate_json(
                self._projects_file.read_bytes()
            )
        return found

    def _doubts(self) -> list[dict[str, Any]]:
        if not self._doubts_file.exists():
            return []
        with _readable(self._doubts_file, "answers given while a task showed other words would count then"):
            found: dict[str, list[Doubt]] = TypeAdapter(dict[str, list[Doubt]]).validate_json(
                self._doubts_file.read_bytes()
            )
            # A pull would take an end that is no time for a fault of each vote, and no doubts for none.
            doubts = found["doubts"]
            if any(datetime.fromisoformat(doubt.until).tzinfo is None for doubt in doubts):
                raise ValueError("has no time zone")
        return [doubt._asdict() for doubt in doubts]

    def _save_doubts(self, rows: list[dict[str, Any]]) -> None:
        fs.replace(self._doubts_file, json.dumps({"doubts": rows}, ensure_ascii=False, indent=0).encode())

    @staticmethod
    def _is_open(row: dict[str, Any], project: str) -> bool:
        return bool(row["project"] == project and row["until"] == OPEN)

    def _prepare(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.path.stat().st_mode & 0o077:  # made as the parent of another folder
                with suppress(OSError):
                    self.path.chmod(0o700)
            probe = tempfile.TemporaryFile(dir=self.path)  # noqa: SIM115 - closed in the next line; it has no name
            probe.close()
        except OSError as error:
            raise DatasetError(
                f"cannot be written: {error.strerror}",
                subject=str(self.path),
                hint="make the folder writable, or free some space on its disk",
            ) from error


@contextmanager
def _readable(path: Path, afterwards: str) -> Iterator[None]:
    """A context in which a file that is not as it was written is a DatasetError; none of them holds a verdict."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DatasetError("is damaged", subject=str(path), hint=f"move it away; {afterwards}") from error


def _held(path: Path, holder: Path, patience: float) -> ExitStack:
    """The lock, taken within the seconds asked for; a watch is waited for anyway: it never holds it for long."""

    def busy() -> Busy:
        return Busy(
            f"another run is working on this desk: {_holder_of(holder) or 'process unknown'}",
            subject=str(path.parent),
            hint="wait for it to end, then run the command again",
        )

    held = ExitStack()
    try:
        held.enter_context(locks.lock(path, busy=busy, seconds=patience))
    except Busy:
        other = _holder_of(holder)
        if other is None or other.verb != "watch":
            raise
        held.enter_context(locks.lock(path, busy=busy, seconds=_PATIENCE_WITH_A_WATCH))
    return held


def _holder_of(path: Path) -> _Holder | None:
    """Who holds the lock; None where it has not said so, or not in a way that can be read."""
    try:
        held = json_value(path.read_text("utf-8"))
        return _Holder(held["verb"], held["pid"], held["since"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _key(entry: dict[str, Any]) -> str:
    return digest(entry["stage"], entry["code"], entry["subject"])
