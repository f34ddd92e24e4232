"""How a function becomes a command: `verb` names its example, `add` gives it to typer, `Grouped` lists the commands."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import typer
from typer.core import TyperGroup
from typer.models import OptionInfo

from factcheck.cli import answer
from factcheck.cli.publish_after import after_version
from factcheck.cli.run import Output, Run, perform
from factcheck.cli.streams import OutputLost, lost, put
from factcheck.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Output])

_EXAMPLES: dict[Callable[..., Output], str] = {}
_COMMITTING: set[Callable[..., Output]] = set()
_STREAMING: set[Callable[..., Output]] = set()
_WRONG: type[Exception] = typer.BadParameter.__mro__[2]
"""What typer raises where the command line is wrong; the library behind it is another one from release to release."""
_ALL_OF_IT = 1000
"""Characters a command's first sentence may have in the list: more than any has."""


def verb(*, example: str, commits: bool = False, streams: bool = False) -> Callable[[Command], Command]:
    """The decorator of a command `function(run, *, ...)`; the function stays as it is, to be imported and called.

    After one that `commits` versions, what the settings say is published again. One that `streams` goes on until it is
    stopped, and with --json prints a line for each event.
    """

    def decorate(function: Command) -> Command:
        _EXAMPLES[function] = example
        if commits:
            _COMMITTING.add(function)
        if streams:
            _STREAMING.add(function)
        return function

    return decorate


def add(app: typer.Typer, group: str, *functions: Callable[..., Output]) -> None:
    """Make commands of the functions: each gets --json, is printed, and ends with the exit code of its error.

    `group` is the heading under which the list of commands shows them.
    """
    for function in functions:
        name = function.__name__.rstrip("_")
        app.command(name, epilog=f"Example:  {_EXAMPLES[function]}", rich_help_panel=group)(_command(function))


class Grouped(TyperGroup):
    """A group whose help shows its commands under headings, no sentence cut off; with --json it refuses in JSON."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command that the arguments name, as typer does; what they get wrong is an answer with --json too."""
        more = extra | {"windows_expand_args": windows_expand_args}
        if not standalone_mode or "--json" not in (sys.argv[1:] if args is None else args):
            return super().main(args, prog_name, complete_var, standalone_mode, **more)
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **more)
        except _WRONG as error:
            code = refused(error)
        except typer.Abort:
            code = 1
        sys.exit(code if isinstance(code, int) else 0)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write one section for each heading, in the order in which the commands were added."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                heading = getattr(command, "rich_help_panel", None)
                heading = heading if isinstance(heading, str) else "Commands"
                sections.setdefault(heading, []).append((name, command.get_short_help_str(_ALL_OF_IT)))
        for heading, rows in sections.items():
            with formatter.section(heading):
                formatter.write_dl(rows)


def refused(error: Any) -> int:
    """The exit code of a command line that typer refuses; why is printed as the command's answer."""
    wrong = UsageError(error.format_message(), hint="see --help")
    ctx = getattr(error, "ctx", None)
    try:
        put(answer.text(answer.refusal(_typed(ctx) if ctx else "", wrong, exit_code=error.exit_code)))
    except OutputLost as gone:
        return lost(gone.reason)
    return int(error.exit_code)


def _typed(ctx: Any) -> str:
    """The command's name as it is typed, `studio user add`; "" before one was named."""
    names = []
    while ctx.parent is not None:
        names.append(ctx.info_name)
        ctx = ctx.parent
    return " ".join(reversed(names))


def _command(function: Callable[..., Output]) -> Callable[..., None]:
    """The function as typer wants it: keyword options, --json among them, and the context in which it is called."""
    signature = inspect.signature(function, eval_str=True)
    own = list(signature.parameters.values())[1:]

    def command(ctx: typer.Context, *, as_json: bool = False, **arguments: Any) -> None:
        shared = ctx.obj or {}
        run = Run(
            folder=shared.get("folder", Path()),
            json=as_json,
            command=_typed(ctx),
            streams=function in _STREAMING,
            wait=shared.get("wait"),
        )
        perform(function, run, arguments, after=after_version if function in _COMMITTING else None)

    said = "one JSON object an event" if function in _STREAMING else "one JSON object instead of text"
    annotation = Annotated[bool, typer.Option("--json", help=f"Print {said}.")]
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        *(_flag(parameter).replace(kind=keyword) for parameter in own),
        inspect.Parameter("as_json", keyword, default=False, annotation=annotation),
    ]
    command.__signature__ = signature.replace(parameters=parameters, return_annotation=None)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    command.__doc__ = function.__doc__
    command.__name__ = function.__name__
    return command


def _flag(parameter: inspect.Parameter) -> inspect.Parameter:
    """What is off until asked for has one name: typer would add `--no-force` to `--force`. What is on has both."""
    kind, *details = get_args(parameter.annotation) or (parameter.annotation,)
    option = next((detail for detail in details if isinstance(detail, OptionInfo)), None)
    # Where a name was given, typer still has it as the option's default here, and would show ours beside it.
    named = option is not None and (option.param_decls or isinstance(option.default, str))
    if kind is bool and parameter.default is False and option is not None and not named:
        option.param_decls = (f"--{parameter.name.replace('_', '-')}",)
    return parameter
