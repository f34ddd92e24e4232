"""The process around the command line: its standard streams, and how it ends."""

from __future__ import annotations

import sys
from typing import NoReturn

from factcheck.cli import signals
from factcheck.cli.streams import lost, prepare_streams, tell


def run() -> NoReturn:
    """Run the command line of this process, and end the process with its exit code."""
    try:
        prepare_streams()
        code = _command()
    except signals.Asked:
        signals.settle()  # before or after a command, which says so itself
        tell("error [INTERRUPTED] interrupted; finished work is kept\n  next: run the same command again to continue")
        code = 1
    except ModuleNotFoundError as error:  # of the command line itself, in a reader's small install
        from factcheck.distribution import missing

        said = missing(error, what="the command line")
        tell(f"error [{said.code}] {said}\n  next: {said.hint}")
        code = said.exit_code
    except OSError as error:  # the help text; a command takes care of its own
        code = lost(error)
    signals.leave(code)


def _command() -> int:
    from factcheck.cli.commands import app

    before = sys.stdout
    try:
        app()
    except SystemExit as end:
        if sys.stdout is not before:  # typer puts another one there when the reader has gone
            return lost(BrokenPipeError())
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
