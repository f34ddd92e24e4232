"""`make mutants`: changes of the code that the tests should notice, and those that they do not.

    make mutants [ONLY=claims] [SAMPLE=300] [SEED=1] [ALL=1] [JSON=1]

Without ALL a seeded sample, the same share for each room of rooms.toml; with it every mutant of the modules named
`thorough` there. Results are kept in .mutants/: a run that was stopped goes on where it was, and a mutant is tried
again only where its module has changed, or, if it survived, the tests.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.measures import Measure, emit
from tests.mutants import forked, tree
from tests.mutants.matching import Matching, Order, Watch
from tests.mutants.mutate import Mutant, mutants

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
WORK = ROOT / ".mutants"
TREE = WORK / "tree"
GOAL = 85.0
ROOM_FOR_START = 40.0
"""Seconds that a run may take beside its tests."""

KILLED, SURVIVED, TIMED_OUT, UNREACHED = "killed", "survived", "timed out", "no test runs it"
_FAILED = {1, 2, 3, 4}
"""Exit codes of pytest that say it noticed: failed tests, or a package that cannot even be imported."""


class Room(NamedTuple):
    """Modules that belong together, with the tests that know them."""

    name: str
    modules: list[str]
    thorough: list[str]
    tests: list[str]

    def chosen(self, count: int | None, seed: str) -> list[Mutant]:
        """A seeded sample of `count` mutants, or with None all of the thorough modules."""
        names = self.modules if count is not None else self.thorough
        found = [one for name in names for one in mutants(name, (ROOT / name).read_text("utf-8"))]
        random.Random(f"{seed}:{self.name}").shuffle(found)  # so that a part of a run is a sample too
        return found[:count]


class Tried(NamedTuple):
    """A mutant and what became of it; `reason` is why one that lives may."""

    room: str
    mutant: Mutant
    result: str
    reason: str

    @property
    def lives(self) -> bool:
        return self.result in {SURVIVED, UNREACHED}


def main() -> int:
    """Try the mutants, print the survivors and the table; 1 where a survivor is not listed and the goal is missed."""
    only, seed, everything = os.environ.get("ONLY", ""), os.environ.get("SEED", "1"), os.environ.get("ALL") == "1"
    rooms = _rooms(only)
    if not rooms:
        sys.stderr.write(f"there is no room {only!r}\n")
        return 2
    count = int(os.environ.get("SAMPLE") or 300)
    all_rooms = len(_rooms(""))
    (WORK / "logs").mkdir(parents=True, exist_ok=True)
    tree.copy(ROOT, TREE)
    forked.preload()
    tried: list[Tried] = []
    for place, room in enumerate(rooms):
        share = None if everything else count // all_rooms + (place < count % all_rooms)
        tried += _room(room, room.chosen(share, seed))
    return _tell(rooms, tried)


def _rooms(only: str) -> list[Room]:
    found = tomllib.loads((HERE / "rooms.toml").read_text("utf-8"))["room"]
    return [
        Room(
            room["name"],
            sorted({str(path.relative_to(ROOT)) for pattern in room["modules"] for path in ROOT.glob(pattern)}),
            room.get("thorough", []),
            room["tests"],
        )
        for room in found
        if room["name"].startswith(only)
    ]


def _room(room: Room, chosen: Iterable[Mutant]) -> Iterator[Tried]:
    chosen, kept, listed = list(chosen), _Kept(WORK / "results.jsonl"), _listed()
    tests = _digest(path for name in room.tests for path in _files(ROOT / name))
    matching: Matching | None = None
    for number, mutant in enumerate(chosen, start=1):
        source = (ROOT / mutant.module).read_text("utf-8")
        module = hashlib.sha256(source.encode()).hexdigest()[:16]
        result = kept.get(mutant.key, module, tests)
        if result is None:
            matching = matching or _matching(room, tests)
            result = _try(room, mutant, source, matching)
            kept.put(mutant.key, module, tests, result)
        reason = listed.get((mutant.module, mutant.original, mutant.change), "")
        sys.stderr.write(
            f"{room.name} {number}/{len(chosen)} {result:<10} {mutant.module}:{mutant.line} {mutant.change}\n"
        )
        yield Tried(room.name, mutant, result, reason)


def _try(room: Room, mutant: Mutant, source: str, matching: Matching) -> str:
    names = matching.tests(mutant, source)
    if not names:
        return UNREACHED
    files = list(dict.fromkeys(name.partition("::")[0] for name in names))
    timeout = ROOM_FOR_START + 5 * sum(matching.seconds.get(name, 0.0) for name in names)
    with tree.changed(TREE, mutant.module, mutant.of(source)):
        ended = forked.pytest_in(
            TREE,
            ["-x", *files],
            log=WORK / "logs" / f"{mutant.key}.txt",
            timeout=timeout,
            plugins=lambda: [Order(names)],
        )
    if ended.code == forked.TIMED_OUT:
        return TIMED_OUT
    if ended.code in _FAILED or ended.code < 0:  # below 0: ended by a signal
        return KILLED
    if ended.code == 0:
        return SURVIVED
    raise SystemExit(f"pytest ended with {ended.code}: {WORK / 'logs' / mutant.key}.txt")


def _matching(room: Room, tests: str) -> Matching:
    """Which test runs which line, from a run without a mutant, kept until a test or a module changes."""
    modules = _digest(ROOT / name for name in room.modules)
    path = WORK / f"matching-{room.name}-{tests}-{modules}.json"
    if not path.exists():
        sys.stderr.write(f"{room.name}: a run without a mutant\n")
        log = WORK / "logs" / f"{room.name}.txt"
        watch = partial(Watch, TREE, room.modules, path)
        ended = forked.pytest_in(TREE, room.tests, log=log, timeout=3600, plugins=lambda: [watch()], compiled=True)
        if ended.code != 0:
            path.unlink(missing_ok=True)
            raise SystemExit(f"the tests of {room.name} are not green without a mutant: {log}")
    return Matching(path)


class _Kept:
    """Results of earlier runs, one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        self._rows = {row["key"]: row for row in map(json.loads, lines)}

    def get(self, key: str, module: str, tests: str) -> str | None:
        """What became of the mutant; None where it was not tried, or may fare otherwise today."""
        row = self._rows.get(key)
        if row is None or row["module"] != module:
            return None
        return str(row["result"]) if row["tests"] == tests or row["result"] in {KILLED, TIMED_OUT} else None

    def put(self, key: str, module: str, tests: str, result: str) -> None:
        row = {"key": key, "module": module, "tests": tests, "result": result}
        self._rows[key] = row
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def _listed() -> dict[tuple[str, str, str], str]:
    """Why these mutants may live, by module, line of text and change."""
    rows = tomllib.loads((HERE / "survivors.toml").read_text("utf-8")).get("survivor", [])
    return {(row["module"], row["line"], row["change"]): row["reason"] for row in rows}


def _tell(rooms: list[Room], tried: list[Tried]) -> int:
    as_json = os.environ.get("JSON") == "1"
    alive = [one for one in tried if one.lives]
    if not as_json:
        for one in alive:
            print(f"\n{one.mutant.module}:{one.mutant.line}  {one.result}" + (f"; {one.reason}" if one.reason else ""))
            print(f"- {one.mutant.original}\n  {one.mutant.change}")
        print(f"\n{'room':<10} {'mutants':>8} {'killed':>8} {'survived':>9} {'listed':>7} {'%':>7}")
    for name in [*(room.name for room in rooms), "all"]:
        mine = [one for one in tried if name in {"all", one.room}]
        lives = [one for one in mine if one.lives]
        killed, listed = len(mine) - len(lives), sum(bool(one.reason) for one in lives)
        if not mine:
            continue
        share = 100 * killed / len(mine)
        if as_json:
            emit([Measure(f"mutants.{name}", share, "% killed", GOAL, better="higher", n=len(mine))])
        else:
            print(f"{name:<10} {len(mine):>8} {killed:>8} {len(lives):>9} {listed:>7} {share:>7.2f}")
    unlisted = [one for one in alive if not one.reason]
    return int(bool(unlisted) or 100 * (len(tried) - len(alive)) < GOAL * len(tried))


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.py")) if path.is_dir() else [path]


def _digest(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
