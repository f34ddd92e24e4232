"""`factcheck studio ...`: the local Label Studio, and the check of any."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run
from factcheck.errors import UnsafeServer, UsageError


@verb(example="factcheck studio up")
def up(
    run: Run,
    *,
    port: Annotated[int | None, typer.Option(help="Port it listens on; default: a free one.", min=1)] = None,
    host: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Address it listens on; another than 127.0.0.1 needs --public-url."),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The https:// address at which a proxy serves it to your team; later starts remember it.",
        ),
    ] = None,
    only_here: Annotated[
        bool, typer.Option("--only-here", help="Serve this machine alone again; forget --host and --public-url.")
    ] = False,
    webhooks: Annotated[
        bool,
        typer.Option(
            "--webhooks", help="Allow webhooks to 127.0.0.1, for `factcheck watch`; otherwise the watch polls."
        ),
    ] = False,
    postgres: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="FACTCHECK_STUDIO_POSTGRES",
            help="Keep its data in this database, postgresql://user@host/name; later starts remember it. "
            "The password comes from PGPASSWORD or a 0600 password file.",
        ),
    ] = None,
) -> Output:
    """Start the local Label Studio; the first start installs it into its own environment."""
    from factcheck.pipeline import studio as pipeline

    server = pipeline.studio_up(
        run.settings,
        port=port,
        webhooks=webhooks,
        postgres_url=postgres,
        host=host,
        public_url=public_url,
        only_here=only_here,
        say=run.say,
    )
    where = f"{server.public_url}, for the proxy at {server.url}" if server.public_url else server.url
    return Output(
        data={
            "url": server.url,
            "public_url": server.public_url,
            "pid": server.pid,
            "email": server.email,
            "folder": str(server.folder),
        },
        lines=[
            f"Label Studio is up at {where}  (process {server.pid})",
            f"  log in as {server.email}; the password is in {server.password_file}",
        ],
        next_steps=[
            *(["factcheck studio check"] if server.public_url else []),
            "factcheck push",
            pipeline.INVITE,
            "factcheck studio down   (when the day is over)",
        ],
    )


@verb(example="factcheck studio down")
def down(run: Run) -> Output:
    """Stop the local Label Studio; its data stays."""
    from factcheck.pipeline import studio as pipeline

    stopped = pipeline.studio_down(run.settings)
    return Output(data={"stopped": stopped}, lines=["stopped" if stopped else "it was not running"])


@verb(example="factcheck studio status")
def status(run: Run) -> Output:
    """Show whether the local Label Studio is running, where, and in which version."""
    from factcheck.pipeline import studio as pipeline

    state = pipeline.studio_status(run.settings)
    where = f" at {state['public_url'] or state['url']}" if state["url"] else ""
    return Output(
        data=state,
        lines=[f"Label Studio is {state['state']}{where}"],
        next_steps=[] if state["state"] == "running" else ["factcheck studio up"],
    )


@verb(example="factcheck studio logs --lines 100")
def logs(
    run: Run,
    *,
    lines: Annotated[int, typer.Option(help="The last N lines.", min=1)] = 50,
) -> Output:
    """Print the local Label Studio's log since its last start."""
    from factcheck.pipeline import studio as pipeline

    said = pipeline.studio_logs(run.settings, lines=lines)
    return Output(data={"log": said}, lines=said.splitlines() or ["the log is empty"])


@verb(example="factcheck studio backup /mnt/backups/monday")
def backup(
    run: Run,
    *,
    target: Annotated[Path | None, typer.Argument(help="A new folder; default: one in .factcheck/backups.")] = None,
) -> Output:
    """Back up the local Label Studio, even while people work; the copy holds passwords, so keep it private."""
    from factcheck.pipeline import studio as pipeline

    made = pipeline.studio_backup(run.settings, target and run.folder / target, now=run.now)
    return Output(
        data={"backup": str(made)},
        lines=[f"saved in {made}"],
        next_steps=[f"factcheck studio restore {made}   (to restore it)"],
    )


@verb(example="factcheck studio restore .factcheck/backups/label-studio-20261122T060000Z")
def restore(
    run: Run,
    *,
    backup: Annotated[Path, typer.Argument(help="A folder made by `factcheck studio backup`.")],
    yes: Annotated[
        bool, typer.Option("--yes", help="Restore even if the dataset has votes newer than the backup.")
    ] = False,
) -> Output:
    """Restore a backup of the local Label Studio; the present data are moved aside, not deleted."""
    from factcheck.pipeline import studio as pipeline

    before = pipeline.studio_restore(run.settings, run.folder / backup, consent=yes)
    lines = [f"restored {backup}", *([f"  what was there before is in {before}"] if before else [])]
    data = {"restored": str(backup), "before": str(before) if before else None}
    return Output(data=data, lines=lines, next_steps=["factcheck studio up", "factcheck pull"])


@verb(example="factcheck studio upgrade")
def upgrade(
    run: Run,
    *,
    no_backup: Annotated[
        bool, typer.Option("--no-backup", help="Skip the backup, because you made one yourself.")
    ] = False,
) -> Output:
    """Upgrade the local Label Studio to this factcheck's version: backup, new environment, migrations."""
    from factcheck.pipeline import studio as pipeline

    done = pipeline.studio_upgrade(run.settings, without_backup=no_backup, now=run.now, say=run.say)
    was = f"from {done.before} " if done.before and done.before != done.after else ""
    lines = [
        f"Label Studio was upgraded {was}to {done.after}" if done.changed else f"Label Studio is {done.after} already"
    ]
    lines += [f"  backup of the earlier data: {done.saved}"] if done.saved else []
    data = {
        "changed": done.changed,
        "before": done.before,
        "after": done.after,
        "backup": str(done.saved) if done.saved else None,
        "url": done.url,
    }
    return Output(data=data, lines=lines, next_steps=[] if done.url or not done.changed else ["factcheck studio up"])


@verb(example="factcheck studio check https://studio.example.org")
def check(
    run: Run,
    *,
    url: Annotated[str | None, typer.Argument(help="Any Label Studio; default: the desk's own.")] = None,
) -> Output:
    """Check a server's security from outside; changes nothing there. Exit code 5 if a check fails."""
    from factcheck.cli.output import table
    from factcheck.pipeline import studio as pipeline

    try:
        settings = run.settings
    except UsageError:
        if url is None:
            raise
        settings = None  # a server can be checked from anywhere
    address, findings = pipeline.studio_check(url, settings)
    rows = [{"what": item.name, "verdict": item.verdict, "seen": item.seen} for item in findings]
    failed = [item for item in findings if item.verdict == "fail"]
    return Output(
        data={"url": address, "safe": not failed, "findings": [vars(item) for item in findings]},
        lines=[address, *table(rows, ["what", "verdict", "seen"])],
        next_steps=[f"{item.name}: {item.todo}" for item in findings if item.todo],
        exit_code=UnsafeServer.exit_code if failed else 0,
    )
