"""The two standard streams of the process: UTF-8, always there, and what happens when nobody reads on."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys

from factcheck.text import printable

_PIPE_CLOSED = 128 + signal.SIGPIPE


def prepare_streams() -> None:
    """Make the standard streams of this process UTF-8 whatever the locale says, and see to it that all three are there.

    Where one is closed (`>&-`) its number would go to the next file we open, and a library that prints to it would
    write into the dataset.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stdout = sys.stdout or _Closed()
    sys.stderr = sys.stderr or io.StringIO()


class _Closed(io.TextIOBase):
    """Standard output of a process that was started without one."""

    def write(self, _text: str) -> int:
        raise OSError(errno.EBADF, "it is closed")


def put(text: str) -> None:
    """Write the text and a line end to standard output, at once; raises OutputLost where it takes no more."""
    try:
        sys.stdout.write(f"{printable(text)}\n")
        sys.stdout.flush()
    except OSError as error:
        raise OutputLost(error) from error


def tell(text: str) -> None:
    """Write the text and a line end to standard error; where that takes no more nothing is said, and work goes on."""
    try:
        sys.stderr.write(f"{printable(text)}\n")
        sys.stderr.flush()
    except OSError:
        pass


def on_terminal() -> bool:
    """Whether a person at a terminal reads standard output; a pipe, a file and a journal are kept and passed on."""
    try:
        return sys.stdout.isatty()
    except (AttributeError, ValueError):  # closed
        return False


def lost(error: OSError) -> int:
    """The exit code once standard output takes no more; that a reader has gone (`| head`) is no news."""
    if isinstance(error, BrokenPipeError):
        return _PIPE_CLOSED
    tell(f"error [OS] standard output: cannot be written: {error.strerror or error}")
    tell("  next: free some space, or send the output elsewhere, and run the command again")
    return 1


class OutputLost(Exception):
    """Standard output takes no more; neither an OSError nor one of ours, so that nobody takes it for the work's own."""

    def __init__(self, reason: OSError) -> None:
        super().__init__(str(reason))
        self.reason = reason
