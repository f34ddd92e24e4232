"""The line that says how far a long command is: on a terminal one that changes, in a log one every half minute.

A thread draws it, so that it also comes while a library works and reports nothing.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from factcheck.cli.streams import tell
from factcheck.pipeline.progress import Progress, in_words
from factcheck.text import printable

FIRST_SECONDS = 0.5
"""What is over sooner needs no line; a second and more has gone by before that, for starting and importing."""
AGAIN_SECONDS = 0.5
LOG_SECONDS = 30.0
_WIPE = "\r\x1b[K"


class Line:
    """The line of one command; `shown` draws it, `tell` says something else in between."""

    def __init__(self, name: str, *, terminal: bool) -> None:
        self.name, self.terminal = name, terminal
        self.done, self.of = 0, 0
        self._began = time.monotonic()
        self._drawn = False
        self._over = threading.Event()
        self._one = threading.RLock()

    def advance(self, done: int, of: int) -> None:
        """Take in how far the work is; cheap, to be called for every step."""
        self.done, self.of = done, of

    def tell(self, message: str) -> None:
        """Say something on a line of its own; the progress goes on below it."""
        with self._one:
            self._wipe()
            tell(message)

    def run(self) -> None:
        """Draw until `end`."""
        first, again = (FIRST_SECONDS, AGAIN_SECONDS) if self.terminal else (LOG_SECONDS, LOG_SECONDS)
        pause = first
        while not self._over.wait(pause):
            pause = again
            with self._one:
                if not self._over.is_set():
                    self._draw()

    def end(self) -> None:
        """Take the line away."""
        self._over.set()
        with self._one:
            self._wipe()

    def _draw(self) -> None:
        words = in_words(self.name, self.done, self.of, time.monotonic() - self._began)
        if not self.terminal:
            tell(words)
            return
        self._drawn = True
        _write(f"{_WIPE}{printable(words)}")

    def _wipe(self) -> None:
        if self._drawn:
            self._drawn = False
            _write(_WIPE)


def on_terminal() -> bool:
    """Whether a person at a terminal reads standard error."""
    try:
        return sys.stderr.isatty()
    except (AttributeError, ValueError):  # closed
        return False


@contextmanager
def shown(name: str) -> Iterator[Line]:
    """A context in which the line of that name is shown."""
    line = Line(name, terminal=on_terminal())
    threading.Thread(target=line.run, daemon=True, name="progress").start()
    try:
        yield line
    finally:
        line.end()


def _write(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):  # nobody reads on; the work goes on
        pass


__all__ = ["Line", "Progress", "on_terminal", "shown"]
