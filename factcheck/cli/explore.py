"""`factcheck explore`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli import signals
from factcheck.cli.command import verb
from factcheck.cli.options import AsOf
from factcheck.cli.run import Output, Run
from factcheck.cli.streams import put

if TYPE_CHECKING:
    from factcheck.pipeline.explore import Explored

GRACE_SECONDS = 10.0
"""How long a request may go on after Ctrl-C."""


@verb(example="factcheck explore", streams=True)
def explore(
    run: Run,
    *,
    as_of: AsOf = None,
    port: Annotated[int | None, typer.Option(help="Port on 127.0.0.1; default: a free one.", min=1, max=65535)] = None,
) -> Output:
    """Look at the claims in a browser, search them however typed, ask in SQL; until Ctrl-C.

    Needs the extra `explore` (datasette). The pages are of one version and are served on this machine alone.
    """
    from factcheck.pipeline.explore import Exploring

    def tell(found: Explored) -> None:
        if run.json:
            run.event("ready", **found._asdict())
        else:
            put(f"version {found.version}: {found.claims:,} claims at {found.url}  (Ctrl-C ends it)")

    exploring = Exploring(run.settings, as_of=as_of, port=port, tell=tell)
    with signals.gently(exploring.stop, grace=GRACE_SECONDS):
        found = exploring.run()
    if run.json:
        run.event("stopped", version=found.version)
        return Output(data=None)
    return Output(data=None, lines=["stopped"])
