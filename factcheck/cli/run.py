"""What every command has in common: the desk's folder, its output, errors as messages and exit codes.

A command is a function that takes a `Run` first, returns an `Output` and prints nothing.
"""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from factcheck import distribution
from factcheck.cli import answer, moments, signals
from factcheck.cli.streams import OutputLost, lost, put, tell
from factcheck.errors import FactcheckError, InstallError, Interrupted, SystemRefused, UsageError

if TYPE_CHECKING:
    from factcheck.cli.progress import Line
    from factcheck.pipeline.progress import Progress
    from factcheck.settings import Settings


@dataclass(frozen=True)
class Output:
    """What a command has to say: `data` for --json, `lines` for a person, commands to go on with.

    `data` is None where --json has printed its lines as things happened. `error` is what ended the command.
    """

    data: Any
    lines: Sequence[str] = ()
    next_steps: Sequence[str] = ()
    exit_code: int = 0
    error: FactcheckError | None = None


@dataclass
class Run:
    """One invocation: where the desk is, and how to tell of progress (on standard error).

    `command` is its name as it is typed, `studio user add`; one that `streams` prints a line an event with --json.
    """

    folder: Path
    json: bool = False
    command: str = ""
    streams: bool = False
    wait: float | None = None
    _line: Line | None = None

    @functools.cached_property
    def settings(self) -> Settings:
        """The desk's settings; raises ConfigError, or UsageError where the folder is no desk."""
        from factcheck import settings

        root = _find_root(self.folder)
        found = settings.load(root, settings.process_environment())
        if self.wait is None:
            return found
        return found.model_copy(update={"desk": found.desk.model_copy(update={"wait": self.wait})})

    @property
    def now(self) -> datetime:
        """The present time in UTC; the only clock of the command line."""
        return datetime.now(UTC)

    def say(self, message: str) -> None:
        """Tell a person what is going on, on standard error."""
        (self._line.tell if self._line else tell)(message)

    def event(self, name: str, **said: Any) -> None:
        """Print a line of what goes on, for --json; raises OutputLost where nobody reads it."""
        put(answer.text(answer.event(self.command, name, at=self.now, **said), line=True))

    @contextmanager
    def working(self, name: str) -> Iterator[Progress]:
        """A context in which a person sees how far the work of that name is; with --json nobody does."""
        from factcheck.cli.progress import shown
        from factcheck.pipeline.progress import silent

        if self.json or self._line is not None:
            yield silent
            return
        with shown(name) as line:
            self._line = line
            try:
                yield line.advance
            finally:
                self._line = None


def perform(
    function: Callable[..., Output],
    run: Run,
    arguments: dict[str, Any],
    *,
    after: Callable[[Run], None] | None = None,
) -> None:
    """Call a command, print what it says, and end with its exit code; an error becomes a message and a code.

    `after` is called where the command came to its end; it changes nothing of what the command says.
    """
    from factcheck import logs

    log, began = logs.named(__name__), run.now
    log.info("command begins", extra=logs.said(command=run.command))
    output = _guarded(function, run, arguments, after)
    told = logs.said(
        command=run.command,
        exit_code=output.exit_code,
        code=output.error.code if output.error else None,
        seconds=(run.now - began).total_seconds(),
    )
    log.log(logs.ERROR if output.error else logs.INFO, "command ended", extra=told)
    _emit(output, run)


def _guarded(
    function: Callable[..., Output], run: Run, arguments: dict[str, Any], after: Callable[[Run], None] | None
) -> Output:
    try:
        _refuse_what_is_no_text({"--desk": run.folder, **arguments})
        distribution.check()
        spelled = moments.spelled_out(arguments, now=run.now, zone=lambda: run.settings.desk.clock.zone)
        output = function(run, **spelled)
        if after is not None and not spelled.get("dry_run"):
            after(run)
    except BaseException as error:  # noqa: BLE001 - Rust libraries panic with one, and a signal may become any
        if signals.asked():  # whatever the exception had become on its way up
            signals.settle()
            return _failure(_interrupted(), 128 + signals.asked())
        return _ended(error)
    return output


def _refuse_what_is_no_text(arguments: dict[str, Any]) -> None:
    """Raises UsageError for an argument that no file system and no file of ours can hold.

    Bytes that are not UTF-8 come as surrogate escapes and may name a file; half of a surrogate pair names nothing.
    """
    for name, value in arguments.items():
        for item in value if isinstance(value, list | tuple) else [value]:
            try:
                os.fsencode(item) if isinstance(item, str | Path) else b""
            except UnicodeEncodeError as error:
                hint = "type it again: it holds half of a surrogate pair, which is not a character"
                raise UsageError(
                    f"`{name.replace('_', '-')}` is not valid text", subject=str(item), hint=hint
                ) from error


def _ended(error: BaseException) -> Output:
    """What to say of what ended the command; raises the error again where that is not for us to say."""
    match error:
        case FactcheckError():
            return _failure(error, error.exit_code)
        case KeyboardInterrupt():
            return _failure(_interrupted(), 128 + signal.SIGINT)
        case OutputLost():
            raise typer.Exit(lost(error.reason))
        case OSError():
            paths = [os.fsdecode(path) for path in (error.filename, error.filename2) if isinstance(path, str | bytes)]
            subject = " -> ".join(paths)
            hint = "fix that and run the command again"
            return _failure(SystemRefused(error.strerror or str(error), subject=subject, hint=hint), 1)
        case SystemExit() | typer.Exit() | typer.Abort():
            raise error
        case ModuleNotFoundError() if not str(error.name).startswith("factcheck"):
            return _failure(distribution.missing(error), InstallError.exit_code)
    if os.environ.get("FACTCHECK_TRACEBACK"):
        raise error
    # Never a traceback unasked: it may show what a payload or a token holds.
    defect = FactcheckError(
        f"a bug in factcheck: {type(error).__name__}: {error}",
        hint="run it again with FACTCHECK_TRACEBACK=1 and report the output",
    )
    return _failure(defect, defect.exit_code)


def _interrupted() -> Interrupted:
    return Interrupted("interrupted; finished work is kept", hint="run the same command again to continue")


def _failure(error: FactcheckError, exit_code: int) -> Output:
    lines = [f"error [{error.code}] {error}"]
    if error.hint:
        lines.append(f"  next: {error.hint}")
    return Output(data=None, lines=lines, exit_code=exit_code, error=error)


def _emit(output: Output, run: Run) -> None:
    try:
        if run.json:
            if (said := _envelope(output, run)) is not None:
                put(said)
        else:
            lines = list(output.lines)
            if output.next_steps:
                lines += ["next:", *(f"  {step}" for step in output.next_steps)]
            if lines:
                (tell if output.error else put)("\n".join(lines))
    except OutputLost as error:
        code = lost(error.reason)
        raise typer.Exit(output.exit_code if code == 1 and output.exit_code else code) from error
    if output.exit_code:
        raise typer.Exit(output.exit_code)


def _envelope(output: Output, run: Run) -> str | None:
    if output.error is not None:
        said = answer.refusal(run.command, output.error, exit_code=output.exit_code)
    elif output.data is None:  # its lines were printed as things happened
        return None
    else:
        said = answer.answer(run.command, output.data, output.next_steps)
    try:
        return answer.text(said, line=run.streams)
    except (TypeError, ValueError) as error:  # what JSON does not have
        return _envelope(_ended(error), run)


def _find_root(folder: Path) -> Path:
    from factcheck.settings import FILE_NAME, is_named, process_environment

    start = folder.resolve()
    for candidate in (start, *start.parents):
        if (candidate / FILE_NAME).is_file():
            return candidate
    if is_named(process_environment()) and start.is_dir():  # as a container has it: no file, the environment says all
        return start
    raise UsageError(
        f"there is no {FILE_NAME} here or above",
        subject=str(start),
        hint="run `factcheck init` to create a desk in this folder, or name another with `factcheck --desk FOLDER ...`;"
        " without a file, FACTCHECK_DESK_NAME in the environment makes a desk of this folder",
    )
