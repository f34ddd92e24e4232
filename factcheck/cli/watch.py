"""`factcheck watch`."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from factcheck.cli.run import Output, Run, verb
from factcheck.text import printable

if TYPE_CHECKING:
    from types import FrameType

GRACE_SECONDS = 15
"""How long a request or a commit that is under way may take after the first signal."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""

    @verb(app, example="factcheck watch --port 8791")
    def watch(
        run: Run,
        *,
        webhook: Annotated[bool, typer.Option(help="Let Label Studio call; without it, only poll.")] = True,
        poll: Annotated[
            float | None,
            typer.Option(help="Seconds between looks; without it 1, or 30 beside a webhook.", min=0.1, max=3600),
        ] = None,
        port: Annotated[int | None, typer.Option(help="Port to listen on; without it, a free one.", min=1)] = None,
        host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
        address: Annotated[
            str | None, typer.Option(help="Where Label Studio reaches us, if not there: https://desk.example/hooks.")
        ] = None,
    ) -> Output:
        """Follow Label Studio until Ctrl-C: a verdict is in the dataset within seconds. --json prints a line each."""
        from factcheck.errors import FactcheckError
        from factcheck.pipeline.watching import Watch, Watching

        tell = _json_line if run.json else _sentence
        how = Watching(webhook=webhook, host=host, port=port, address=address, poll=poll)
        watching = Watch(run.settings, how, clock=lambda: run.now, say=run.say, tell=tell)
        try:
            with _graceful(watching.stop):
                watching.run()
        except FactcheckError as error:
            if not run.json:
                raise
            _json_line({"event": "error", "code": error.code, "what": str(error), "hint": error.hint})
            return Output(data=None, exit_code=error.exit_code)
        if run.json:
            _json_line({"event": "stopped", "commits": watching.commits})
            return Output(data=None)
        return Output(data=None, lines=[f"stopped; {watching.commits} versions committed"])


def _json_line(event: dict[str, Any]) -> None:
    line = printable(json.dumps(event, ensure_ascii=False))
    print(line, flush=True)  # noqa: T201 - a line for each event, as it happens


def _sentence(event: dict[str, Any]) -> None:
    if event["event"] == "commit":
        counts = ", ".join(f"{count:,} {name}" for name, count in event["counts"].items())
        rejected = f", {event['rejected']:,} put aside" if event["rejected"] else ""
        line = printable(f"version {event['version']}: {counts}{rejected}  in {event['seconds']:.1f} s")
        print(line, flush=True)  # noqa: T201 - as above


@contextmanager
def _graceful(stop: Callable[[], None]) -> Iterator[None]:
    """A context in which the first SIGINT or SIGTERM calls `stop`; a second one, or the time limit, ends at once."""
    asked: dict[signal.Signals, Any] = {}

    def first(_number: int, _frame: FrameType | None) -> None:
        for number, before in asked.items():
            signal.signal(number, before)
        signal.signal(signal.SIGALRM, asked[signal.SIGTERM])
        signal.alarm(GRACE_SECONDS)
        stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        asked[number] = signal.signal(number, first)
    try:
        yield
    finally:
        signal.alarm(0)
        for number, before in asked.items():
            signal.signal(number, before)
