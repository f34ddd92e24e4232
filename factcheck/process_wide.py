"""Settings of the whole process that a piece of our work needs otherwise, for as long as it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Lent(Generic[Value]):
    """A setting that is changed while anybody needs it, in whatever thread, and is afterwards what it was before.

    `change` makes the change and returns what was there; `restore` puts that back.
    """

    def __init__(self, change: Callable[[], Value], restore: Callable[[Value], object]) -> None:
        self._change, self._restore = change, restore
        self._lock = threading.Lock()
        self._before: list[Value] = []  # what the first of those who need it found; empty where nobody does
        self._users = 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A context in which the setting is changed."""
        with self._lock:
            if not self._users:
                self._before.append(self._change())
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._restore(self._before.pop())
