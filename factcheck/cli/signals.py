"""SIGINT and SIGTERM, in one place and from the first line of `main` on: 130 and 143, never a traceback, never lost.

A handler that raises is not enough. What it raises is swallowed where C code called the interpreter (callbacks,
finalizers, the import machinery), and a library may turn it into an error of its own. So the handler writes down what
was asked first, and raises again every tenth of a second until the exception is on its way up; the exit code follows
what was written down. A second signal ends the process at once, which harms nothing: what is on disk is always whole.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any, NoReturn

AGAIN_SECONDS = 0.5
"""Signals closer together are one: a terminal and a wrapper (make, uv run) often send the same one both."""
_REMIND_SECONDS = 0.1
_IMPORT_SECONDS = 5.0
"""How long an import may go on: half a module helps nobody, and C code there makes an ImportError of what we raise."""


class Asked(BaseException):
    """Somebody asked the process to end; not an Exception, so that nothing on the way handles it."""


class _State:
    def __init__(self) -> None:
        self.number = 0  # what was asked first; decides the exit code
        self.at = 0.0
        self.over = False  # the command has ended, there is nothing left to interrupt
        self.gently: Callable[[], None] | None = None
        self.grace = 0.0


_state = _State()


def install() -> None:
    """Take SIGINT and SIGTERM over; a SIGINT that the parent process had ignored stays ignored."""
    sys.excepthook, sys.unraisablehook = _excepthook, _unraisable
    signal.signal(signal.SIGALRM, _on_signal)
    for number in (signal.SIGTERM, signal.SIGINT):
        if number == signal.SIGTERM or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _on_signal)


def asked() -> int:
    """The signal that asked the process to end, 0 where none did."""
    return _state.number


def settle() -> None:
    """Raise nothing from here on: the command has ended, and what remains is to say so."""
    _state.over = True
    signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def gently(stop: Callable[[], None], *, grace: float) -> Iterator[None]:
    """A context in which the first signal calls `stop` (from a thread), for work that is ended by one.

    What is not over `grace` seconds later is interrupted like any command, and so is what comes after the context.
    """
    _state.gently, _state.grace = stop, grace
    try:
        yield
    finally:
        _state.gently = None
        if _state.number and time.monotonic() - _state.at < grace:
            _state.number = 0
            signal.setitimer(signal.ITIMER_REAL, 0)


def leave(code: int) -> NoReturn:
    """End the process with that exit code, or with the signal's; what was registered for the exit is done before."""
    import atexit
    import threading

    settle()
    try:
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 - as multiprocessing ends its processes
        atexit._run_exitfuncs()  # noqa: SLF001 - as above
    finally:
        # Not by falling off the end of the program: while Python takes itself apart a signal gets lost.
        os._exit(128 + _state.number if _state.number else code)


def _on_signal(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if number != signal.SIGALRM:
        if _state.number and now - _state.at > AGAIN_SECONDS:
            os._exit(128 + _state.number)
        if _state.number:
            return
        _state.number, _state.at = number, now
        if _state.gently is not None:
            # In a thread: the main one may hold the very lock that `stop` needs.
            _thread.start_new_thread(_state.gently, ())
            signal.setitimer(signal.ITIMER_REAL, _state.grace, _REMIND_SECONDS)
            return
        signal.setitimer(signal.ITIMER_REAL, _REMIND_SECONDS, _REMIND_SECONDS)
    if not _state.number or _state.over or _on_its_way() or (now - _state.at < _IMPORT_SECONDS and _importing(frame)):
        return
    raise Asked


def _on_its_way() -> bool:
    """Whether what runs at this moment is the clean-up after `Asked`, which must not be cut short."""
    error = sys.exception()
    while error is not None:
        if isinstance(error, Asked):
            return True
        error = error.__context__
    return False


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _excepthook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if _state.number:
        os._exit(128 + _state.number)
    sys.__excepthook__(kind, error, trace)


def _unraisable(raised: Any) -> None:
    # `Exception ignored in ...`: it was swallowed, and will be raised again.
    if not isinstance(raised.exc_value, Asked):
        sys.__unraisablehook__(raised)
