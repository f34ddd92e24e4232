"""What the tasks of a project tell of earlier verdicts: settled when a task is made, and the same ever after."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from factcheck import verdicts
from factcheck.frames import empty
from factcheck.models import ClaimState, VerdictChange
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.similar import similar
from factcheck.settings import Project
from factcheck.studio.api.client import Client
from factcheck.studio.page.earlier import told
from factcheck.studio.sync.project import find_project
from factcheck.studio.sync.push import remote_earlier


def earlier_of_tasks(
    desk: Desk, name: str, wanted: Project, *, tasks: Sequence[str], client: Client | None
) -> dict[str, str | None]:
    """The text of each task by claim id: empty for no earlier verdict, None for a task older than such texts.

    `tasks` are the claims that shall have a task. What is remembered goes before what stands on the server, which
    `client` is asked for where nothing is remembered, and, where the project tells of earlier verdicts, for tasks that
    another machine may have made. Only what is new is looked up in the dataset.
    """
    remembered = desk.workspace.earlier(name)
    known = _on_server(desk, name, client) if remembered is None else dict(remembered)
    sent = {*desk.sent(name)["claim_id"]}
    new = [claim for claim in dict.fromkeys(tasks) if claim not in known and claim not in sent]
    if not wanted.earlier_verdicts or not new:
        return known | dict.fromkeys(new, "")
    if remembered is not None:
        known |= _on_server(desk, name, client, new)
    new = [claim for claim in new if claim not in known]
    return known | dict.fromkeys(new, "") | _found(desk, new)


def _on_server(
    desk: Desk, name: str, client: Client | None, claims: Sequence[str] | None = None
) -> dict[str, str | None]:
    remote = find_project(client, mark=desk.mark(name), known=desk.known_project(name)) if client else None
    return remote_earlier(client, remote.project_id, claims) if client and remote else {}


def _found(desk: Desk, new: Sequence[str]) -> dict[str, str]:
    """What is told of the new claims that have an earlier verdict."""
    data, settings = desk.committed(), desk.settings
    standing = data.verdicts().collect() if data and data.head else empty(VerdictChange)
    if standing.is_empty():
        return {}
    groups = pl.Series("group_id", [*new, *standing["claim_id"]], pl.String).unique()
    concerned = desk.claims_among(groups).filter(pl.col("group_id").is_in(groups.implode()))
    found = verdicts.earlier(concerned, standing).filter(pl.col("claim_id").is_in(list(new)))
    if data is not None:
        asked = pl.col("group_id").is_in(list(new))
        heads = concerned.filter(asked, pl.col("state") == str(ClaimState.ACTIVE)).sort(
            pl.col("claim_id") != pl.col("group_id"), "claim_id"
        )
        near = similar(desk, data, heads.unique("group_id", keep="first", maintain_order=True))
        found = pl.concat([found, near.join(found, on=["claim_id", "found_id"], how="anti")])
    return told(
        found,
        language=settings.desk.language,
        own=settings.wording.own,
        clock=settings.desk.clock,
        desk=settings.desk.name,
    )
