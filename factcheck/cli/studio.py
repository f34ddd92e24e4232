"""`factcheck studio ...`: the local Label Studio."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.run import Output, Run, verb


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    studio = typer.Typer(no_args_is_help=True, help="The local Label Studio: start, stop, ask after it.")
    app.add_typer(studio, name="studio")

    @verb(studio, example="factcheck studio up")
    def up(
        run: Run,
        *,
        port: Annotated[int | None, typer.Option(help="Port on 127.0.0.1; without it, a free one.", min=1)] = None,
    ) -> Output:
        """Start the local Label Studio; the first start installs it into its own environment."""
        from factcheck import pipeline

        server = pipeline.studio_up(run.settings, port=port, say=run.say)
        return Output(
            data={"url": server.url, "pid": server.pid, "email": server.email, "folder": str(server.folder)},
            lines=[
                f"Label Studio is up at {server.url}  (process {server.pid})",
                f"  log in as {server.email}; the password stands in {server.password_file}",
            ],
            next_steps=["factcheck push", "factcheck studio down   (when the day is over)"],
        )

    @verb(studio, example="factcheck studio down")
    def down(run: Run) -> Output:
        """Stop the local Label Studio; its data stays."""
        from factcheck import pipeline

        stopped = pipeline.studio_down(run.settings)
        return Output(data={"stopped": stopped}, lines=["stopped" if stopped else "it was not running"])

    @verb(studio, example="factcheck studio status")
    def status(run: Run) -> Output:
        """Tell whether the local Label Studio runs, where, and with which version."""
        from factcheck import pipeline

        state = pipeline.studio_status(run.settings)
        where = f" at {state['url']}" if state["url"] else ""
        return Output(
            data=state,
            lines=[f"Label Studio is {state['state']}{where}"],
            next_steps=[] if state["state"] == "running" else ["factcheck studio up"],
        )
