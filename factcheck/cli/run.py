"""What every command has in common: the desk's folder, --json, errors as messages and exit codes.

A command is a function that takes a `Run` first, returns an `Output` and prints nothing.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from factcheck.errors import FactcheckError, Interrupted, UsageError
from factcheck.text import printable

if TYPE_CHECKING:
    from types import FrameType

    from factcheck.settings import Settings

_PIPE_CLOSED = 128 + signal.SIGPIPE


@dataclass(frozen=True)
class Output:
    """What a command has to say: `data` for --json, `lines` for a person, commands to go on with."""

    data: Any
    lines: Sequence[str] = ()
    next_steps: Sequence[str] = ()
    exit_code: int = 0


@dataclass
class Run:
    """One invocation: where the desk is, and how to tell of progress (on standard error)."""

    folder: Path
    json: bool = False
    flags: dict[str, Any] = field(default_factory=dict)

    @functools.cached_property
    def settings(self) -> Settings:
        """The desk's settings; raises ConfigError, or UsageError where the folder is no desk."""
        from factcheck import settings

        root = _find_root(self.folder)
        return settings.load(root, settings.process_environment(), **self.flags)

    @property
    def now(self) -> datetime:
        """The present time in UTC; the only clock of the command line."""
        return datetime.now(UTC)

    def say(self, message: str) -> None:
        """Tell a person what is going on, on standard error."""
        print(printable(message), file=sys.stderr, flush=True)  # noqa: T201 - the command line is where printing belongs


def verb(
    app: typer.Typer,
    *,
    example: str,
    name: str | None = None,
) -> Callable[[Callable[..., Output]], Callable[..., Output]]:
    """The decorator that makes a command of `function(run, ...)`: adds --json, prints, turns errors into exit codes."""

    def decorate(function: Callable[..., Output]) -> Callable[..., Output]:
        signature = inspect.signature(function, eval_str=True)
        own = list(signature.parameters.values())[1:]

        def command(ctx: typer.Context, *, as_json: bool = False, **arguments: Any) -> None:
            run = Run(folder=(ctx.obj or {}).get("folder", Path()), json=as_json)
            _emit(_guarded(function, run, arguments), as_json=as_json)

        annotation = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
        keyword = inspect.Parameter.KEYWORD_ONLY
        parameters = [
            inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
            *own,
            inspect.Parameter("as_json", keyword, default=False, annotation=annotation),
        ]
        command.__signature__ = signature.replace(  # type: ignore[attr-defined]
            parameters=[p.replace(kind=keyword) if p.name != "ctx" else p for p in parameters],
            return_annotation=None,
        )
        command.__annotations__ = {p.name: p.annotation for p in parameters}
        command.__doc__ = function.__doc__
        command.__name__ = function.__name__
        app.command(name or function.__name__, epilog=f"Example:  {example}")(command)
        return function

    return decorate


def prepare_process() -> None:
    """Make output UTF-8 whatever the locale says, and SIGTERM an exception that leaves things resumable."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    signal.signal(signal.SIGTERM, _on_sigterm)


def _on_sigterm(number: int, _frame: FrameType | None) -> NoReturn:
    raise _Terminated(number)


class _Terminated(BaseException):
    """SIGTERM; not an Exception, so that nothing on the way swallows it."""


def _guarded(function: Callable[..., Output], run: Run, arguments: dict[str, Any]) -> Output:
    try:
        return function(run, **arguments)
    except FactcheckError as error:
        return _failure(error, error.exit_code)
    except KeyboardInterrupt:
        return _failure(_interrupted(), 128 + signal.SIGINT)
    except _Terminated:
        return _failure(_interrupted(), 128 + signal.SIGTERM)
    except BrokenPipeError:
        _leave_quietly()
    except OSError as error:
        subject = str(error.filename or "")
        stopped = UsageError(error.strerror or str(error), subject=subject, hint="mend that and run the command again")
        return _failure(stopped, 1)
    except Exception as error:
        if os.environ.get("FACTCHECK_TRACEBACK"):
            raise
        # Never a traceback unasked: it may show what a payload or a token holds.
        defect = FactcheckError(
            f"a defect of factcheck: {type(error).__name__}: {error}",
            hint="run it again with FACTCHECK_TRACEBACK=1 and report what it prints",
        )
        return _failure(defect, defect.exit_code)


def _interrupted() -> Interrupted:
    return Interrupted("interrupted; what was finished is kept", hint="run the same command again to go on")


def _failure(error: FactcheckError, exit_code: int) -> Output:
    said = {"code": error.code, "what": error.what, "subject": error.subject, "hint": error.hint}
    lines = [f"error [{error.code}] {error}"]
    if error.hint:
        lines.append(f"  next: {error.hint}")
    return Output(data={"error": said | {"exit_code": exit_code}}, lines=lines, exit_code=exit_code)


def _emit(output: Output, *, as_json: bool) -> None:
    failed = isinstance(output.data, dict) and "error" in output.data
    try:
        if as_json:
            if output.data is not None:  # `watch` has printed its lines as things happened
                text = json.dumps(output.data, ensure_ascii=False, indent=2, default=str)
                print(printable(text))  # noqa: T201 - the command line is where printing belongs
        else:
            stream = sys.stderr if failed else sys.stdout
            for line in output.lines:
                print(printable(line), file=stream)
            if output.next_steps:
                print("next:", *(f"  {printable(step)}" for step in output.next_steps), sep="\n")  # noqa: T201
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_quietly()
    if output.exit_code:
        raise typer.Exit(output.exit_code)


def _leave_quietly() -> NoReturn:
    # The reader has gone (`| head`): say nothing, also not when Python flushes at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(_PIPE_CLOSED)


def _find_root(folder: Path) -> Path:
    from factcheck.settings import FILE_NAME

    start = folder.resolve()
    for candidate in (start, *start.parents):
        if (candidate / FILE_NAME).is_file():
            return candidate
    raise UsageError(
        f"there is no {FILE_NAME} here or above",
        subject=str(start),
        hint="`factcheck init` makes a desk in this folder; `factcheck --desk FOLDER ...` names another",
    )
