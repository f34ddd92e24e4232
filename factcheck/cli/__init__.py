"""The command line: parse, call the pipeline, print the report.

Nothing is loaded here that can wait: signals are ours from the first line of `main` on, and what a signal meets before
that line is Python's.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


def main() -> NoReturn:
    """Run the command line of this process, and end the process."""
    import _signal  # type: ignore[import-not-found]  # built in; `signal` itself is a file to be read

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # until the next lines are done: not a traceback
    from factcheck.cli import signals

    signals.install()
    from factcheck.cli import process

    process.run()


def __getattr__(name: str) -> Any:
    """`app`, the typer application, loaded when it is first asked for."""
    if name == "app":
        from factcheck.cli.commands import app

        return app
    raise AttributeError(name)
