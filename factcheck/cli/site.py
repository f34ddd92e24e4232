"""`factcheck site`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck site serve --port 8080", streams=True)
def serve(
    run: Run,
    *,
    what: Annotated[str, typer.Argument(metavar="PROFILE", help="A profile of a site.")] = "public-site",
    port: Annotated[int | None, typer.Option(help="Port to listen on; default: a free one.", min=1, max=65535)] = None,
    out: Annotated[Path | None, typer.Option(help="Folder it was exported to; without it, `exports.path`.")] = None,
) -> Output:
    """Show an exported site on this machine alone, until Ctrl-C, as a strict server would."""
    from factcheck.cli.streams import put
    from factcheck.pipeline import site as pipeline

    server, address = pipeline.serving(run.settings, what, out=out, port=port)
    if run.json:
        run.event("ready", url=address)
    else:
        put(f"{address}   (Ctrl-C ends it)")
    with server:
        server.serve_forever()
    return Output(data=None)
