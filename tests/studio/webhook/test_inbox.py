from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.studio.webhook.inbox import ANYTHING, Hint, Inbox

Open = Callable[[], Inbox]
HINTS = [Hint(1), Hint(1, deletion=True), Hint(2), Hint(None)]


@contextmanager
def opening(folder: Path) -> Iterator[Open]:
    """Opens the inbox again and again, as after kill -9: the ones before are closed only at the end."""
    with ExitStack() as stack:

        def fresh() -> Inbox:
            inbox = Inbox(folder)
            stack.callback(inbox.close)
            return inbox

        yield fresh


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Open]:
    with opening(tmp_path) as made:
        yield made


def test_what_was_added_is_there_after_a_crash(fresh: Open) -> None:
    fresh().add(HINTS)
    assert fresh().take() == set(HINTS)


def test_a_hint_that_waits_is_written_once(fresh: Open, tmp_path: Path) -> None:
    inbox = fresh()
    for _ in range(1000):
        inbox.add([Hint(1)])
    assert inbox.holds(Hint(1))
    assert [path.read_bytes().count(b"\n") for path in tmp_path.iterdir()] == [1]


def test_a_hint_after_take_is_a_new_one(fresh: Open, tmp_path: Path) -> None:
    inbox = fresh()
    inbox.add([Hint(1)])
    assert inbox.take() == {Hint(1)}
    assert not inbox.holds(Hint(1)), "the pull may have looked already: the same hint has to be kept again"
    inbox.add([Hint(1)])
    inbox.done()
    assert inbox.take() == {Hint(1)}
    inbox.done()
    assert inbox.take() == frozenset()
    assert not list(tmp_path.iterdir())


def test_what_a_failed_pull_took_waits_on(fresh: Open, tmp_path: Path) -> None:
    inbox = fresh()
    inbox.add([Hint(1)])
    inbox.take()
    inbox.add([Hint(2)])
    assert inbox.take() == {Hint(1), Hint(2)}
    assert fresh().take() == {Hint(1), Hint(2)}


@pytest.mark.parametrize("tail", [b"{", b'{"project_id": 3}\n', b"\xff\xfe\n", b"[]\n", b"\x00" * 9])
def test_a_torn_line_is_taken_for_anything(fresh: Open, tmp_path: Path, tail: bytes) -> None:
    inbox = fresh()
    inbox.add([Hint(1)])
    inbox.close()
    path = next(tmp_path.iterdir())
    path.write_bytes(path.read_bytes() + tail)
    assert fresh().take() == {Hint(1), ANYTHING}


@pytest.mark.parametrize("call", ["write", "short", "fsync"])
def test_a_full_disk_is_an_error_and_nothing_is_held(
    fresh: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    inbox = fresh()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        if call == "fsync":
            patch.setattr(os, "fsync", full)
        else:
            patch.setattr("factcheck.studio.webhook.inbox.FileIO", ShortFile if call == "short" else FullFile)
        with pytest.raises(OSError, match="No space"):
            inbox.add([Hint(1)])
        assert not inbox.holds(Hint(1))
        assert not list(tmp_path.iterdir()), "a storm on a full disk leaves no files behind"
    inbox.add([Hint(1)])
    assert fresh().take() == {Hint(1)}


class ShortFile(FileIO):
    def write(self, content: Any) -> int:
        return super().write(bytes(content)[:5])


class FullFile(FileIO):
    def write(self, content: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@given(st.lists(st.sampled_from(["take", "done", "crash", *range(len(HINTS))]), max_size=25))
def test_nothing_acknowledged_is_forgotten_before_its_pull(tmp_path_factory: Any, steps: list[Any]) -> None:
    """Against a model: what was added waits until a take that came after it is done, whatever happens in between."""
    with opening(tmp_path_factory.mktemp("inbox")) as fresh:
        run(fresh, steps)


def run(fresh: Open, steps: list[Any]) -> None:
    inbox, taken, added = fresh(), set[Hint](), set[Hint]()
    for step in steps:
        if step == "take":
            taken |= added
            added = set()
            assert inbox.take() == taken
        elif step == "done":
            inbox.done()
            taken = set()
        elif step == "crash":
            inbox = fresh()
            taken |= added
            added = set()
        else:
            inbox.add([HINTS[step]])
            added.add(HINTS[step])
            assert inbox.holds(HINTS[step])
    assert inbox.take() == taken | added


def test_threads_lose_nothing(fresh: Open) -> None:
    inbox = fresh()
    found: set[Hint] = set()

    def add(start: int) -> None:
        for number in range(start, start + 50):
            inbox.add([Hint(number)])

    threads = [threading.Thread(target=add, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        found |= inbox.take()
        inbox.done()
    found |= inbox.take()
    assert found == {Hint(start + offset) for start in (0, 100, 200) for offset in range(50)}
