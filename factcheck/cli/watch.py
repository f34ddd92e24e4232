"""`factcheck watch`."""

from __future__ import annotations

import functools
from typing import Annotated, Any

import typer

from factcheck.cli import signals
from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run
from factcheck.cli.streams import put

GRACE_SECONDS = 15
"""How long a request or a commit that is under way may take after the first signal."""
_LEVELS = {"trouble": "error", "warning": "warning"}


@verb(example="factcheck watch --port 8791", streams=True)
def watch(
    run: Run,
    *,
    webhook: Annotated[bool, typer.Option(help="Let Label Studio call a webhook; otherwise only poll.")] = True,
    poll: Annotated[
        float | None,
        typer.Option(help="Seconds between polls; default: 1, or 30 with a webhook.", min=0.1, max=3600),
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; default: a free one.", min=1)] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    address: Annotated[
        str | None, typer.Option(help="Public URL of the webhook, if different: https://desk.example/hooks.")
    ] = None,
) -> Output:
    """Follow Label Studio until Ctrl-C: new verdicts are in the dataset within seconds.

    With --json it prints one line per event.
    """
    from factcheck.pipeline.watch import Watching, WatchLoop

    tell = functools.partial(_line if run.json else _sentence, run)
    alert = functools.partial(_say, run)
    how = Watching(webhook=webhook, host=host, port=port, address=address, poll=poll)
    watching = WatchLoop(
        run.settings, how, clock=lambda: run.now, say=functools.partial(alert, "info"), tell=tell, alert=alert
    )
    with signals.gently(watching.stop, grace=GRACE_SECONDS):
        watching.run()
    if run.json:
        run.event("stopped", commits=watching.commits)
        return Output(data=None)
    return Output(data=None, lines=[f"stopped; {watching.commits} versions committed"])


def _line(run: Run, event: dict[str, Any]) -> None:
    said = {name: value for name, value in event.items() if name != "event"}
    run.event(event["event"], level=_LEVELS.get(event["event"], "info"), **said)


def _say(run: Run, level: str, message: str) -> None:
    run.say(f"{_stamp(run)} {level} {message}")


def _stamp(run: Run) -> str:
    """When, as a line of a service begins: UTC, to the second."""
    return run.now.isoformat(timespec="seconds").replace("+00:00", "Z")


def _sentence(run: Run, event: dict[str, Any]) -> None:
    if event["event"] == "commit":
        from factcheck.cli.output import announced

        rejected = f", {event['rejected']:,} quarantined" if event["rejected"] else ""
        put(f"{_stamp(run)} info {announced(event['version'], event['counts'])}{rejected}  in {event['seconds']:.1f} s")
