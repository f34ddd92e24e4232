"""`factcheck watch`."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from factcheck.cli import signals
from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run
from factcheck.cli.streams import put

GRACE_SECONDS = 15
"""How long a request or a commit that is under way may take after the first signal."""


@verb(example="factcheck watch --port 8791")
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
    from factcheck.errors import FactcheckError
    from factcheck.pipeline.watch import Watching, WatchLoop

    tell = _json_line if run.json else _sentence
    how = Watching(webhook=webhook, host=host, port=port, address=address, poll=poll)
    watching = WatchLoop(run.settings, how, clock=lambda: run.now, say=run.say, tell=tell)
    try:
        with signals.gently(watching.stop, grace=GRACE_SECONDS):
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
    put(json.dumps(event, ensure_ascii=False))


def _sentence(event: dict[str, Any]) -> None:
    if event["event"] == "commit":
        from factcheck.cli.output import announced

        rejected = f", {event['rejected']:,} quarantined" if event["rejected"] else ""
        put(f"{announced(event['version'], event['counts'])}{rejected}  in {event['seconds']:.1f} s")
