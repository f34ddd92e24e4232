"""What is new in one Label Studio project, read as this desk's settings, claims and repairs say."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames
from factcheck.dataset import annotators
from factcheck.errors import LabelConfigChanged
from factcheck.models import AnnotationEvent
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.remote_project import look_at_config
from factcheck.studio.api.client import Client
from factcheck.studio.api.records import RemoteProject
from factcheck.studio.sync import payload
from factcheck.studio.sync.doubts import OPEN
from factcheck.studio.sync.forgetting import Consent, Limits, absent
from factcheck.studio.sync.project import version_of
from factcheck.studio.sync.pull import Pulled
from factcheck.studio.sync.pull import pull as pull_project
from factcheck.text import bare, for_display

_LOOK_UP = 2000
"""Up to so many claims are looked up in a pull; for more all are read once, which then costs less."""


class Observed(NamedTuple):
    """What the projects hold that the dataset does not: events, what was put aside, where the next pull begins.

    `known` are the last states the dataset has of all annotations.
    """

    events: pl.DataFrame
    rejected: pl.DataFrame
    cursors: dict[str, Any]
    seen: int
    accepted: int
    warnings: list[str]
    known: pl.DataFrame
    emails: list[str]


def server_of(desk: Desk, cursors: Mapping[str, Any], name: str, remote: RemoteProject) -> str:
    """What the server is called in annotator ids: as when the project was first pulled, whatever its address is now.

    A project that is new goes by what the others at this address go by, so that a person has one id.
    """
    mine = cursors.get(name, {})
    if (mine.get("project_id"), mine.get("project_created_at")) == (remote.project_id, remote.created_at):
        return str(mine.get("server", desk.server_name))
    here = [other for other in cursors.values() if isinstance(other, dict) and other.get("host") == desk.server_name]
    return next((str(other["server"]) for other in here if "server" in other), desk.server_name)


def look_at_page(desk: Desk, name: str, remote: RemoteProject) -> list[str]:
    """As `look_at_config`; that choices mean something else is kept, for the day somebody puts them right by hand."""
    try:
        return look_at_config(desk, name, remote)
    except LabelConfigChanged:
        _open_doubts(desk, name, {None: "the choices of the labeling config meant something else"})
        raise


def note_doubts(desk: Desk, name: str, pulled: Pulled) -> None:
    """Keep which tasks show other words, and end the doubt of those that show ours again.

    All that was not known of them yet was put aside in this pull.
    """
    _open_doubts(desk, name, dict.fromkeys(sorted(pulled.other_words), "its words were changed in Label Studio"))
    right = {None, *pulled.read} - pulled.other_words
    if any(doubt.until == OPEN and doubt.task_id in right for doubt in desk.workspace.doubts(name)):
        desk.workspace.end_doubts(name, payload.time(pulled.cursor["since"]), only=right)


def _open_doubts(desk: Desk, name: str, reasons: Mapping[int | None, str]) -> None:
    known = {doubt.task_id for doubt in desk.workspace.doubts(name) if doubt.until == OPEN}
    if new := {task: why for task, why in reasons.items() if task not in known}:
        desk.workspace.doubt(name, new)


def observe(
    desk: Desk,
    client: Client,
    name: str,
    remote: RemoteProject,
    known: pl.DataFrame,
    cursor: Mapping[str, Any],
    *,
    server: str,
    now: datetime,
    full: bool = False,
    consent: Consent = Consent(),  # noqa: B008 - a constant
    since: datetime | None = None,
    sweep: bool = False,
    known_users: Collection[int] = (),
) -> Pulled:
    """What is new in one project, as this desk's settings, claims and repairs say it is to be read."""
    studio = desk.settings.studio
    ours = desk.workspace.project(name)
    return pull_project(
        client,
        remote.project_id,
        known.select(frames.schema(AnnotationEvent).names()),
        cursor,
        project=name,
        now=now,
        annotator_id=lambda user: annotators.annotator_id(desk.dataset, server, user),
        created_at=remote.created_at,
        stamp=version_of(remote.description, desk.mark(name)),
        stamped=ours.version if ours and ours.is_same(remote.project_id, remote.created_at) else 0,
        full=full,
        full_every=timedelta(hours=studio.full_pull_hours),
        since=since,
        sweep=sweep,
        consent=consent,
        limits=Limits(studio.missing_votes, studio.missing_share),
        words=_words(desk),
        doubts=desk.workspace.doubts(name),
        forgotten=annotators.people(desk.dataset).filter("forgotten")["annotator_id"].to_list(),
        known_users=known_users,
    )


def _words(desk: Desk) -> Callable[[Collection[str]], Mapping[str, Collection[str]]]:
    """What the tasks of claims may show: the words of any appearance of the claim."""
    columns = ["claim_id", "group_id", "quote", "lang"]
    united = functools.cache(desk.united)  # read when the first task is: most looks of a watch see none
    every = functools.cache(lambda: desk.claims(columns))
    asked = 0

    def claims(groups: pl.Series) -> pl.DataFrame:
        """Those of the groups: looked up as long as few are asked for."""
        nonlocal asked
        asked += groups.len()
        found = desk.claims_among(groups, columns) if asked <= _LOOK_UP else every()
        return found.filter(pl.col("group_id").is_in(groups.implode()))

    def shown(claim_ids: Collection[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        named = united().filter(pl.col("claim_id").is_in(list(claim_ids)))
        groups = pl.Series("group_id", [*claim_ids, *named["group_id"]], pl.String).unique()
        for _, group, quote, lang in claims(groups).iter_rows():
            found.setdefault(group, set()).add(bare(for_display(quote, lang)))
        return found | {claim: found[group] for claim, group in named.iter_rows() if group in found}

    return shown


def without_project(name: str, known: pl.DataFrame, cursors: dict[str, Any], consent: Consent, *, now: datetime) -> Any:
    """What becomes of the answers of a project that is not in Label Studio."""
    why = f"the project '{name}' is not in Label Studio any more, or its mark is gone"
    mine = known.filter(pl.col("project") == name).select(frames.schema(AnnotationEvent).names())
    judged = absent(mine, why=why, consent=consent, now=now)
    if consent.keep or consent.accept_loss:
        cursors.pop(name, None)  # a project made anew is another one, and nothing of it is known
    if not judged.why and name in cursors and not (consent.keep or consent.accept_loss):
        return judged._replace(why=f"{why}; `factcheck push` makes it again")
    return judged
