"""`status`: where everything stands."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames
from factcheck.dataset import Dataset
from factcheck.exporters import addresses
from factcheck.models import EditorialState, Status, VerdictChange
from factcheck.pipeline.archive import standing
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.published import standing as standing_publications
from factcheck.pipeline.regroup import due
from factcheck.pipeline.rule import uncounted
from factcheck.pipeline.studio import reachable
from factcheck.settings import Settings


@dataclasses.dataclass(frozen=True)
class DeskStatus:
    """Where everything stands; counts of what is committed and staged together."""

    articles: int
    staged_articles: int
    claims: int
    staged_claims: int
    groups: int
    worth_checking: int
    pushed: int
    open: int
    done: int
    decided: int
    contested: int
    single: int
    unproven: int
    not_a_claim: int
    version: int | None
    last_pull: datetime | None
    server_url: str | None
    server_state: str
    quarantined: int
    quarantine_file: str
    quarantine: list[dict[str, Any]]
    not_counted: int
    regroup_due: str
    needs_review: list[str]
    evidence_as_text: list[str]
    evidence_archived: int
    evidence_failed: int
    evidence_waiting: int
    evidence_bytes: int
    published: list[dict[str, Any]]
    next_steps: list[str]

    def as_dict(self) -> dict[str, Any]:
        """The status for --json, which has the next steps in a place of its own."""
        told = {name: value for name, value in dataclasses.asdict(self).items() if name != "next_steps"}
        times = ("first_seen", "last_seen")
        rows = [
            row | {name: datetime.fromisoformat(row[name]) for name in times if row.get(name)}
            for row in self.quarantine
        ]
        return told | {"quarantine": rows}


_AT_ONCE = 100_000
_NO_ROWS = pl.DataFrame(
    schema={"claim_id": pl.UInt64, "group_id": pl.UInt64, "check_worthiness": pl.Float64, "version": pl.Int64}
)


class ClaimCounts(NamedTuple):
    """How many claims there are, in how many groups, and of these how many with a claim that is worth checking."""

    claims: int
    groups: int
    worth: int


def count_claims(desk: Desk) -> ClaimCounts:
    """The counts of what is committed and staged; ids are counted by a hash of 64 bits, and nothing else is read."""
    columns = ["claim_id", "group_id", "check_worthiness"]
    told = pl.col("claim_id").hash(seed=0), pl.col("group_id").hash(seed=0), pl.col("check_worthiness")
    staged = desk.staging.claims(columns).select(told)
    data = desk.committed()
    if data is not None:
        pieces = data.pieces("claims", rows=_AT_ONCE, columns=columns)
        rows = pl.concat([piece.select(*told, "version") for piece in pieces] or [_NO_ROWS])
        if rows["claim_id"].n_unique() < rows.height:  # a later version brought some of them again
            rows = rows.filter(pl.col("version") == pl.col("version").max().over("claim_id"))
        rows = rows.drop("version")
        staged = pl.concat([rows, staged.join(rows, on="claim_id", how="anti")]) if staged.height else rows
    worth = staged.filter(pl.col("check_worthiness") >= desk.settings.claims.min_check_worthiness)
    return ClaimCounts(staged.height, staged["group_id"].n_unique(), worth["group_id"].n_unique())


def waiting_for_review(data: Dataset) -> list[str]:
    """The claims of which an editor approved words before their verdict changed, as ids."""
    rows = data.editorial()
    return rows.filter(pl.col("editorial_state") == str(EditorialState.NEEDS_REVIEW))["claim_id"].to_list()


def status(settings: Settings) -> DeskStatus:
    """Where everything stands; the server is asked whether it answers, nothing else leaves this machine."""
    desk = Desk(settings)
    counted = count_claims(desk)
    articles, worth = desk.article_count(), counted.worth
    sent = [desk.sent(name).select("group_id") for name in settings.projects]
    pushed = pl.concat([pl.DataFrame(schema={"group_id": pl.String}), *sent]).unique()
    data = desk.committed()
    head = data.version() if data else None
    columns = ["claim_id", "status", "evidence"]
    verdicts = data.verdicts().select(columns).collect() if data else frames.empty(VerdictChange).select(columns)
    by_status = dict(verdicts["status"].value_counts().iter_rows())
    waiting = [str(Status.SINGLE), str(Status.UNREVIEWED)]
    answered = verdicts.filter(~pl.col("status").is_in(waiting)).select(group_id="claim_id")
    done = pushed.join(answered, on="group_id", how="semi").height
    url = desk.server_url()
    quarantine = desk.workspace.quarantined()
    kept = standing(desk)
    return DeskStatus(
        articles=articles,
        staged_articles=desk.staging.article_count(),
        claims=counted.claims,
        staged_claims=desk.staging.claim_count(),
        groups=counted.groups,
        worth_checking=worth,
        pushed=pushed.height,
        open=pushed.height - done,
        done=done,
        decided=by_status.get(Status.DECIDED, 0),
        contested=by_status.get(Status.CONTESTED, 0),
        single=by_status.get(Status.SINGLE, 0),
        unproven=by_status.get(Status.UNPROVEN, 0),
        not_a_claim=by_status.get(Status.NOT_A_CLAIM, 0),
        version=head.version if head else None,
        last_pull=desk.workspace.last_pull(),
        server_url=desk.address_for_people(url) if url else settings.studio.url,
        server_state="not running" if url is None else ("reachable" if reachable(url) else "not reachable"),
        quarantined=len(quarantine),
        quarantine_file=str(settings.state / "quarantine.jsonl"),
        quarantine=quarantine,
        not_counted=uncounted(desk),
        regroup_due=due(desk),
        needs_review=[] if data is None or head is None else waiting_for_review(data),
        evidence_as_text=addresses.told(addresses.evidence_as_text(verdicts)),
        evidence_archived=kept.archived,
        evidence_failed=kept.failed,
        evidence_waiting=kept.waiting if settings.evidence.archive else 0,
        evidence_bytes=kept.size,
        published=standing_publications(settings),
        next_steps=_next(
            settings,
            articles=articles,
            worth=worth,
            pushed=pushed.height,
            running=url is not None,
            version=head.version if head else 0,
            not_cut=desk.not_cut(),
            contested=by_status.get(Status.CONTESTED, 0),
        ),
    )


def _next(
    settings: Settings,
    *,
    articles: int,
    worth: int,
    pushed: int,
    running: bool,
    version: int,
    not_cut: int,
    contested: int,
) -> list[str]:
    """The next thing to do for somebody who never read the documents."""
    if not articles:
        return ["factcheck ingest FOLDER"]
    if not_cut or (not worth and not version):
        return ["factcheck claims"]
    if not running:
        return [] if settings.studio.url else ["factcheck studio up"]
    if not pushed:
        return ["factcheck push"]
    return [
        "factcheck pull",
        *(["factcheck queue"] if contested else []),
        *(["factcheck export", "factcheck work"] if version else []),
    ]
