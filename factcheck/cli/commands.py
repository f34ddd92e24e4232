"""The typer application: every command, and the options that all of them share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from factcheck import __version__
from factcheck.cli import corrections, evidence, history, maintenance, mending, people, site, studio
from factcheck.cli.agreement import agreement
from factcheck.cli.backup import backup
from factcheck.cli.claims import claims
from factcheck.cli.command import Grouped, add
from factcheck.cli.config import config
from factcheck.cli.decide import decide
from factcheck.cli.demo import demo
from factcheck.cli.doctor import doctor
from factcheck.cli.explore import explore
from factcheck.cli.export import export
from factcheck.cli.import_ import import_
from factcheck.cli.ingest import ingest
from factcheck.cli.init import init
from factcheck.cli.languages import languages
from factcheck.cli.learn import learn
from factcheck.cli.lint import lint
from factcheck.cli.match import match
from factcheck.cli.migrate import migrate
from factcheck.cli.profiles import profiles
from factcheck.cli.proposals import proposals
from factcheck.cli.publish import publish
from factcheck.cli.pull import pull
from factcheck.cli.push import push
from factcheck.cli.queue import queue
from factcheck.cli.release import release
from factcheck.cli.run_day import run
from factcheck.cli.schemas import schemas
from factcheck.cli.search import search
from factcheck.cli.spread import spread
from factcheck.cli.status import status
from factcheck.cli.verify import verify
from factcheck.cli.watch import watch
from factcheck.cli.work import work
from factcheck.cli.write import write

app = typer.Typer(
    name="factcheck",
    cls=Grouped,
    help="From news articles to checked claims: extract claims, have people check them in Label Studio, "
    "keep the verdicts in a versioned dataset, export them.",
    epilog="Start a new desk with:  factcheck init",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # it prints local variables, and a token may be one
    rich_markup_mode=None,  # rich help takes 0.4 s of CPU, plain help 0.2 s
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"factcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Option("--desk", "-C", help="Folder of the desk (where factcheck.toml is).", envvar="FACTCHECK_DESK"),
    ] = Path(),
    wait: Annotated[
        float | None,
        typer.Option(
            "--wait",
            help="Wait so many seconds while another run writes, as for cron, instead of ending with BUSY (exit 8).",
            metavar="SECONDS",
            min=0,
            max=86_400,
        ),
    ] = None,
    _show_version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True),
    ] = False,
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"] | None,
        typer.Option(help="Write a log of this level to standard error; default: none.", envvar="FACTCHECK_LOG_LEVEL"),
    ] = None,
    log_format: Annotated[
        Literal["text", "json"] | None,
        typer.Option(help="How its lines look; alone it means the level info.", envvar="FACTCHECK_LOG_FORMAT"),
    ] = None,
) -> None:
    ctx.obj = {"folder": folder, "wait": wait}
    if log_level or log_format:
        from factcheck import logs
        from factcheck.cli.streams import tell

        ctx.call_on_close(logs.install(log_level or "info", log_format or "text", tell))


add(app, "Start", init, demo)
add(app, "Daily work", run, status, ingest, claims, push, pull, watch, export, explore)
add(app, "Claims mended by hand", mending.withdraw, mending.undo, write)
add(app, "Verdicts and people", search, spread, work, decide, queue, match, proposals, agreement, learn)
add(app, "Verdicts and people", corrections.corrections, maintenance.forget)
add(app, "The dataset's history", history.log, corrections.history, history.show, history.diff, history.tag)
add(app, "The dataset's history", maintenance.restore)
add(app, "Maintenance and publishing", doctor, config, backup, verify, maintenance.compact, maintenance.vacuum)
add(app, "Maintenance and publishing", maintenance.fork, publish, release, import_, profiles, lint, schemas)
add(app, "Maintenance and publishing", languages)

_claim = typer.Typer(
    cls=Grouped, no_args_is_help=True, help="Add, correct, split and merge claims.", rich_markup_mode=None
)
add(_claim, "Claims mended by hand", mending.add, mending.edit, mending.split, mending.merge)
app.add_typer(_claim, name="claim", rich_help_panel="Claims mended by hand")

_evidence = typer.Typer(
    cls=Grouped, no_args_is_help=True, help="The desk's own copies of evidence.", rich_markup_mode=None
)
add(_evidence, "Verdicts and people", evidence.list_, evidence.read)
app.add_typer(_evidence, name="evidence", rich_help_panel="Verdicts and people")

_site = typer.Typer(cls=Grouped, no_args_is_help=True, help="The public site.", rich_markup_mode=None)
add(_site, "Maintenance and publishing", site.serve)
app.add_typer(_site, name="site", rich_help_panel="Maintenance and publishing")

_studio = typer.Typer(
    cls=Grouped,
    no_args_is_help=True,
    help="The local Label Studio: start, stop, back up, check.",
    rich_markup_mode=None,
)
add(_studio, "Run it", studio.up, studio.down, studio.status, studio.logs)
add(_studio, "Keep it", studio.backup, studio.restore, studio.upgrade, studio.check, migrate)
add(_studio, "People", people.invite)
_user = typer.Typer(
    cls=Grouped,
    no_args_is_help=True,
    help="Who checks: list, invite and remove people, and whom readers may see named.",
    rich_markup_mode=None,
)
add(_user, "People", people.list_, people.add_, people.remove, people.consent)
_studio.add_typer(_user, name="user", rich_help_panel="People")
app.add_typer(_studio, name="studio", rich_help_panel="The server")
