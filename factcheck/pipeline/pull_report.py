"""What a pull says to a person: votes that wait, answers that do not simply count, what to do next."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from factcheck import evidence
from factcheck.models import AnnotationState, ClaimEventKind, ClaimState, Mark, Status
from factcheck.pipeline.desk import Desk
from factcheck.studio.sync.forgetting import CODE
from factcheck.text import isolate

PROPOSALS = {
    "same_as": "checkers say that these claims repeat another one",
    "corrected_claim": "checkers say that these claims should have been cut otherwise",
}
_TAKE_AWAY = [str(ClaimEventKind.WITHDRAW), str(ClaimEventKind.EDIT), str(ClaimEventKind.SPLIT)]
_NAMED = 3
"""So many claims are named in a warning; the dataset and the quarantine have all."""


def next_steps(
    version: int | None, *, waiting: bool, put_aside: bool, proposals: bool, contested: int = 0
) -> list[str]:
    """The commands that go on from this pull; `contested` claims wait for a lead."""
    steps = ["factcheck log", f"factcheck diff {version - 1} {version}", "factcheck export"] if version else []
    if waiting:
        steps = [
            "factcheck pull --keep   (keeps the votes that Label Studio has lost)",
            "factcheck pull --accept-loss   (withdraws them, and the verdicts that need them)",
            *steps,
        ]
    if proposals:
        steps.append("factcheck proposals   (duplicates and better cuts that checkers propose)")
    if contested:
        steps.append(
            f"factcheck queue   ({contested:,} contested {'claim waits' if contested == 1 else 'claims wait'})"
        )
    if put_aside:
        steps.append("factcheck pull --accept-put-aside   (to count the quarantined answers)")
    return steps or ["factcheck status"]


def contested(desk: Desk) -> int:
    """How many claims the checkers do not agree on."""
    data = desk.committed()
    if data is None or not data.head:
        return 0
    waits = pl.col("status") == str(Status.CONTESTED)
    return int(data.verdicts().filter(waits).select(pl.len()).collect().item())


def with_words(desk: Desk, rejected: pl.DataFrame) -> pl.DataFrame:
    """The rejections; a vote that is missing is named by the words of its claim."""
    if not (rejected["code"] == CODE).any():
        return rejected
    named = pl.col("subject").str.extract(r"claim (clm_[0-9a-f]{20})")
    quotes = _quotes(desk, rejected.select(named.drop_nulls()).to_series())
    claim = named.replace_strict(quotes, default=None, return_dtype=pl.String)
    told = pl.lit("“") + claim + pl.lit("”: ") + pl.col("reason")
    return rejected.with_columns(pl.when(claim.is_not_null()).then(told).otherwise("reason").alias("reason"))


def of_marked(desk: Desk, events: pl.DataFrame) -> list[str]:
    """A warning for each kind of answer that does not simply count as the server has it."""
    said = {
        Mark.PUT_ASIDE: "were quarantined and do not count",
        Mark.REWRITTEN: "were changed on the server by a bulk action, not an edit, and count as they are now",
        Mark.MOVED: "are on another claim's task now, and count there",
        Mark.KEPT: "were kept unchanged",
        Mark.ACCEPTED: "were not given on our page, and count because you accepted them",
    }
    marked = events.filter(pl.col("mark").is_not_null())
    if marked.is_empty():
        return []
    quotes = _quotes(desk, marked["claim_id"])
    found = []
    for mark, words in said.items():
        rows = marked.filter(pl.col("mark") == str(mark))
        if rows.is_empty():
            continue
        reasons = rows["mark_reason"].drop_nulls().value_counts(sort=True).head(_NAMED).iter_rows()
        why = "; ".join(f"{reason} ({count:,})" for reason, count in reasons)
        claims = rows["claim_id"].unique(maintain_order=True).to_list()
        named = ", ".join(isolate(quotes.get(claim, claim)[:80]) for claim in claims[:_NAMED])
        more = f" and {len(claims) - _NAMED:,} more" if len(claims) > _NAMED else ""
        found.append(f"{rows.height:,} answers {words}: {why}. Claims: {named}{more}")
    return found


def of_said(desk: Desk, events: pl.DataFrame) -> list[str]:
    """What the new answers say that a person should look at, without saying who said it.

    Answers that another person than their author changed last, all of them by claim and task; evidence that names no
    address, unless it is the desk's own check; proposals.
    """
    said = events.filter(pl.col("state") == str(AnnotationState.SUBMITTED)).unique("annotation_key", keep="last")
    said = said.sort("project", "task_id", "annotation_id")
    edited = said.filter(pl.col("edited_by").is_not_null() & (pl.col("edited_by") != pl.col("annotator_id")))
    bare = [
        (row["claim_id"], line)
        for row in said.filter(pl.col("evidence").list.len() > 0).iter_rows(named=True)
        for line in row["evidence"]
        if not (read := evidence.parse(line)).addresses and read.kind is not evidence.Kind.OWN_CHECK
    ]
    proposed = [said.filter(pl.col(kind).is_not_null()) for kind in PROPOSALS]
    if edited.is_empty() and not bare and not any(rows.height for rows in proposed):
        return []
    quotes = _quotes(desk, said["claim_id"])
    found = []
    if edited.height:
        places = "; ".join(
            f"{row['project']} task {row['task_id']}, claim {row['claim_id']} {_named(quotes, row['claim_id'])}"
            for row in edited.iter_rows(named=True)
        )
        one = edited.height == 1
        found.append(
            f"{edited.height:,} {'answer was' if one else 'answers were'} changed by another person than "
            f"{'its author' if one else 'their authors'} and {'counts' if one else 'count'} as changed: {places}"
        )
    found += [
        f"claim {claim} {_named(quotes, claim)}: evidence line {isolate(line[:80])} names no address"
        for claim, line in bare[:_NAMED]
    ]
    if len(bare) > _NAMED:
        found.append(f"{len(bare) - _NAMED:,} more evidence lines name no address")
    for what, rows in zip(PROPOSALS.values(), proposed, strict=True):
        claims = rows["claim_id"].unique(maintain_order=True).to_list()
        if claims:
            more = f" and {len(claims) - _NAMED:,} more" if len(claims) > _NAMED else ""
            named = ", ".join(f"{claim} {_named(quotes, claim)}" for claim in claims[:_NAMED])
            found.append(f"{what}: {named}{more}")
    return found


def of_withdrawn(desk: Desk, events: pl.DataFrame) -> list[str]:
    """A warning for new answers to claims that were withdrawn or replaced meanwhile: they count for nothing shown."""
    said = events.filter(pl.col("state") == str(AnnotationState.SUBMITTED))["claim_id"].unique()
    data = desk.committed()
    if said.is_empty() or data is None or not data.head:
        return []
    acts = data.claim_events().filter(pl.col("kind").is_in(_TAKE_AWAY)).sort("version").collect()
    if acts.is_empty():
        return []
    groups = desk.claims_among(said)
    shown = groups.group_by("group_id").agg((pl.col("state") == str(ClaimState.ACTIVE)).any())
    gone = groups.join(shown.filter(~pl.col("state")), on="group_id", how="semi").unique("group_id", keep="first")
    by = dict(acts.explode("claims").select("claims", "event_id").iter_rows())  # the last one of a claim stays
    return [
        f"claim {row['claim_id']} {isolate('“' + row['quote'][:80] + '”')} was answered, and is withdrawn or has other "
        f"words now: `factcheck undo {by[row['claim_id']]}` takes that back, the answers stay either way"
        for row in gone.sort("group_id").head(_NAMED).iter_rows(named=True)
        if row["claim_id"] in by
    ]


def of_moved(desk: Desk) -> list[str]:
    """A warning where a desk that has pulled before has no dataset at the place that the settings name."""
    if desk.workspace.last_pull() is None or desk.committed() is not None:
        return []
    said = (
        f"there was no dataset at {desk.settings.dataset_uri}, and this desk has pulled before: a new one was made "
        "there. If the verdicts lie elsewhere, correct path under [dataset], or FACTCHECK_DATASET_PATH"
    )
    return [said]


def of_unread(desk: Desk, known: pl.DataFrame) -> list[str]:
    """A warning for each project whose answers count although the settings do not name it: nothing new is read there.

    `known` are the last states of the dataset's annotations.
    """
    there = known.filter(
        pl.col("state") == str(AnnotationState.SUBMITTED), ~pl.col("project").is_in(desk.watched(None))
    )
    return [
        f"{count:,} answers of project '{name}' count, but the settings do not name it, so what checkers do there now "
        f"is not read; put [projects.{name}] back into factcheck.toml"
        for name, count in there["project"].value_counts().sort("project").iter_rows()
    ]


def of_answered(back: pl.DataFrame) -> list[str]:
    """A warning for each claim that newer rules had retired and that is back because somebody answered it."""
    lines = [
        f"claim {row['claim_id']} {isolate('“' + row['quote'][:80] + '”')} had been retired by newer rules and was "
        "answered meanwhile: it is checked again"
        for row in back.sort("claim_id").head(_NAMED).iter_rows(named=True)
    ]
    return [*lines, *([f"{back.height - _NAMED:,} more such claims"] if back.height > _NAMED else [])]


def _named(quotes: Mapping[str, str], claim: str) -> str:
    return isolate(f"“{quotes[claim][:80]}”") if claim in quotes else ""


def _quotes(desk: Desk, groups: pl.Series) -> dict[str, str]:
    """The words of the first claim of each of the groups."""
    found = desk.claims_among(groups.unique(), ["group_id", "quote"])
    return dict(found.unique("group_id", keep="first").iter_rows())
