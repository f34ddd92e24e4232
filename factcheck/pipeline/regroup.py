"""`claims --regroup`: groups that an older fold made become those of today's, as a version that names what falls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import claims as claims_stage
from factcheck import dataset as dataset_package
from factcheck import frames, verdicts
from factcheck.dataset import Dataset
from factcheck.errors import ConfigError
from factcheck.folding import IDENTITY_RULES
from factcheck.importers.records import EXTRACTOR
from factcheck.models import REGROUP, AnnotationEvent, Claim, ClaimEventKind, Origin, Status, VerdictChange
from factcheck.pipeline.decide import refuse_landslide
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.merged import WORDS, Merging, decided
from factcheck.pipeline.rule import Rule, standing_rule
from factcheck.reading.standing import in_groups
from factcheck.settings import Settings

DUE = (
    "{} were grouped by older rules, which ignored signs such as + and -: run `factcheck claims --regroup "
    "--dry-run` to see what would change"
)


class Regrouped(NamedTuple):
    """What making the groups anew changes, and the version that says so; None where nothing does, or for a dry run.

    `moved` has a row for each claim that changes its group: claim_id, quote, was, group_id. `apart` are the claims that
    have a group of their own now and no vote, though people had voted on the group they leave. `fell` are the published
    verdicts that do not stand any more: claim_id, quote, before, after, and `united` with the group the claim is in now
    where it has the same verdict.
    """

    version: int | None
    moved: list[dict[str, Any]]
    apart: list[dict[str, Any]]
    fell: list[dict[str, Any]]
    votes: int

    def as_dict(self) -> dict[str, Any]:
        """The same for --json."""
        return self._asdict()


def due(desk: Desk) -> str:
    """A sentence that says that groups are to be made anew; "" where none is.

    That none is, is remembered: what these rules group stays grouped, until older groups come back with a restore.
    """
    rules = _rules(desk)
    if desk.workspace.grouped_by() == rules:
        return ""
    moved = _moved(desk)
    if moved.is_empty():
        desk.workspace.note_grouped_by(rules)
    return DUE.format(f"{moved.height:,} claims" if moved.height > 1 else "1 claim") if moved.height else ""


def grouped_now(desk: Desk) -> None:
    """Keep that every claim of the desk has just been grouped by the rules of today: none is to be made anew."""
    desk.workspace.note_grouped_by(_rules(desk))


def _rules(desk: Desk) -> str:
    """The rules of today, the dataset they were looked at in, and its last restore."""
    data = desk.committed()
    if data is None:
        return f"{IDENTITY_RULES}"
    restored = data.versions().filter(pl.col("cause") == "restore")["version"].to_list()
    return f"{IDENTITY_RULES} {data.id} {max(restored, default=0)}"


def regroup(settings: Settings, *, dry_run: bool, yes: bool, now: datetime) -> Regrouped:
    """What changes where the groups of all claims are made anew, committed as one version without `dry_run`.

    A vote stays with the claim whose words stood on its task: it counts for the group that has this claim now. Raises
    UsageError where more verdicts than `decide` allows would fall and `yes` is not given, ConfigError where it is not
    known whose answers counted.
    """
    desk = Desk(settings)
    with desk.workspace.writing("claims", now=now):
        claims = desk.claims()
        moved = _moved(desk)
        if moved.is_empty():
            return Regrouped(None, [], [], [], 0)
        data = desk.committed()
        if data is None or not data.head:
            data = None
        rows, apart, fell, votes = frames.empty(VerdictChange), moved.clear(), _NO_FALLS, 0
        if data is not None:
            rows, apart, fell, votes = _verdicts(desk, data, moved)
            if not yes:
                gone = fell.filter(pl.col("united").is_null())
                refuse_landslide(
                    (0, gone["after_verdict"].count(), gone["after_verdict"].null_count()),
                    data,
                    subject="claims --regroup",
                    hint="list them with `factcheck claims --regroup --dry-run`, or go ahead with --yes",
                )
        version = None if dry_run else _commit(desk, claims, moved, rows, now=now)
    return Regrouped(version, moved.to_dicts(), apart.to_dicts(), fell.drop("after_verdict").to_dicts(), votes)


_NO_FALLS = pl.DataFrame(
    schema=dict.fromkeys(("claim_id", "quote", "before", "after", "after_verdict", "united"), pl.String())
)


def _weights(desk: Desk) -> dict[str, int]:
    """How much it matters that a group keeps its id: 2 where people or an import spoke of it, 1 where it was sent."""
    weights = {claim: 1 for name in desk.settings.projects for claim in desk.workspace.pushed(name)}
    data = desk.committed()
    if data is not None and data.head:
        spoken = pl.concat([data.annotations().select("claim_id"), data.verdicts().select("claim_id")])
        weights |= dict.fromkeys(spoken.unique().collect()["claim_id"], 2)
    return weights


def _moved(desk: Desk) -> pl.DataFrame:
    """The claims that change their group: claim_id, quote, was, group_id; none that a person put where it is."""
    claims = desk.claims(["claim_id", "group_id", "quote"])
    after = claims_stage.regroup(claims, _weights(desk))
    both = after.select("claim_id", "quote", was=claims["group_id"], group_id="group_id")
    return both.filter(pl.col("was") != pl.col("group_id"), ~pl.col("claim_id").is_in(_by_hand(desk)))


def _by_hand(desk: Desk) -> list[str]:
    """The claims of merges that stand: a person said that these are one, whatever their words are."""
    data = desk.committed()
    if data is None:
        return []
    events = data.claim_events().select("event_id", "kind", "claims", "undoes").collect()
    undone = {*events["undoes"].drop_nulls()}
    taken_back = {*events.filter(~pl.col("event_id").is_in(list(undone)))["undoes"].drop_nulls()}
    merges = events.filter(pl.col("kind") == str(ClaimEventKind.MERGE), ~pl.col("event_id").is_in(list(taken_back)))
    return merges["claims"].explode().drop_nulls().unique().to_list()


def moved_verdicts(
    desk: Desk, data: Dataset, moved: pl.DataFrame, *, merging: Merging | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The verdict rows that moved claims (claim_id, quote, was, group_id) change, and the verdicts that fall.

    Those have claim_id, quote, before, after, after_verdict, united. A vote stays with the claim it was cast on and
    counts for the group that has this claim. `merging` is the merge that is about to be, if it is one.
    """
    rows, _, fell, _ = _verdicts(desk, data, moved, merging=merging)
    return rows, fell


def _verdicts(
    desk: Desk, data: Dataset, moved: pl.DataFrame, *, merging: Merging | None = None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, int]:
    """The verdict rows that the new groups change, the groups without a vote now, the verdicts that fall, the votes."""
    rule = standing_rule(desk)
    if rule is None:
        raise ConfigError(
            "it is not known here whose answers counted for the newest version",
            subject=desk.settings.dataset_uri,
            hint="run `factcheck decide` to apply the settings, then run this again",
        )
    affected = {*moved["was"], *moved["group_id"]}
    was = data.verdicts().select(frames.schema(VerdictChange).names()).collect()
    own = desk.united().join(moved, on="claim_id", how="anti")
    groups = pl.concat([own, moved.select("claim_id", "group_id")])
    told = [*map(pl.col, frames.schema(AnnotationEvent).names()), pl.col("claim_id").alias(WORDS)]
    events = in_groups(data.last_states().select(told), groups)
    after = _decided(data, rule, events, was, affected, merging=merging)
    after = _with_imported(data, desk.claims(), moved, was, after)
    apart = _apart(moved, was, after)
    said = {*was["claim_id"], *apart["group_id"]}
    unreviewed = pl.col("status") == str(Status.UNREVIEWED)
    after = after.filter(~unreviewed | pl.col("claim_id").is_in(said))
    mine = pl.col("claim_id").is_in(affected)
    votes = events.filter(mine, pl.col("choice").is_not_null()).height
    return verdicts.changes(was, after), apart, _fell(moved, was, after), votes


def _decided(
    data: Dataset,
    rule: Rule,
    events: pl.DataFrame,
    was: pl.DataFrame,
    affected: Collection[str],
    *,
    merging: Merging | None,
) -> pl.DataFrame:
    """What the votes make of the affected groups; of all where the policy learns from all."""
    ids = pl.Series("claim_id", sorted(affected), pl.String)
    if rule.policy.local:
        events = events.filter(pl.col("claim_id").is_in(ids.to_list()))
    else:
        ids = pl.concat([ids, was["claim_id"], events["claim_id"]]).unique()
    return decided(data, events, ids, rule, merging=merging)


def _with_imported(
    data: Dataset, claims: pl.DataFrame, moved: pl.DataFrame, was: pl.DataFrame, after: pl.DataFrame
) -> pl.DataFrame:
    """The rows with the verdicts that an import brought: each goes where the claim is that the import decided.

    Where several groups have one, as far as all that was ever imported for the old group says the same; else nobody
    knows which was meant, and importing it again says so. A group that has votes keeps what they say.
    """
    imported = was.filter(pl.col("origin") == str(Origin.IMPORT))
    now = dict(moved.select("claim_id", "group_id").iter_rows())
    brought: dict[str, set[str]] = {}
    for claim, group in claims.filter(pl.col("extractor") == EXTRACTOR).select("claim_id", "group_id").iter_rows():
        brought.setdefault(group, set()).add(now.get(claim, group))
    every = data.verdict_changes().filter(pl.col("origin") == str(Origin.IMPORT))
    said = dict(every.group_by("claim_id").agg(pl.col("verdict").n_unique()).collect().iter_rows())
    found: dict[str, list[dict[str, Any]]] = {}
    for row in imported.iter_rows(named=True):
        group = row["claim_id"]
        places = brought.get(group) or {now.get(group, group)}
        if len(places) == 1 or said[group] == 1:
            for place in places:
                found.setdefault(place, []).append(row | {"claim_id": place})
    unvoted = {*after.filter(pl.col("status") == str(Status.UNREVIEWED))["claim_id"]}
    kept = [rows[0] for place, rows in found.items() if place in unvoted and len({row["verdict"] for row in rows}) == 1]
    table = pl.DataFrame(kept, after.schema)
    return pl.concat([after.join(table, on="claim_id", how="anti"), table]).sort("claim_id")


def _apart(moved: pl.DataFrame, was: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The moved claims whose new group has no vote and whose old one had: one for each pair of groups."""
    spoken = was.filter(pl.col("status") != str(Status.UNREVIEWED))["claim_id"].to_list()
    silent = after.filter(pl.col("status") == str(Status.UNREVIEWED))["claim_id"].to_list()
    left = moved.filter(pl.col("was").is_in(spoken), pl.col("group_id").is_in(silent))
    first = left.sort(pl.col("claim_id") != pl.col("group_id"), maintain_order=True)
    return first.unique(["was", "group_id"], keep="first", maintain_order=True)


def _fell(moved: pl.DataFrame, was: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The verdicts that readers saw and that do not stand any more: of groups, and of claims that left one."""
    told = dict(moved.select("claim_id", "quote").iter_rows())
    new = {row["claim_id"]: row for row in after.iter_rows(named=True)}
    now = dict(moved.filter(pl.col("claim_id") == pl.col("was")).select("was", "group_id").iter_rows())
    told_of = pl.col("verdict").is_not_null() | (pl.col("status") == str(Status.UNPROVEN))
    standing = {row["claim_id"]: row for row in was.filter(told_of).iter_rows(named=True)}
    rows = []
    for group, before in standing.items():
        said = _standing(before)[0]
        if group in new and _standing(new[group])[0] != said:
            there = new.get(now.get(group, ""), new[group])
            united = now[group] if group in now and _standing(there)[0] == said else None
            rows.append((group, told.get(group), said, *_standing(there), united))
    pairs = moved.sort(pl.col("claim_id") != pl.col("group_id"), "claim_id").unique(
        ["was", "group_id"], keep="first", maintain_order=True
    )
    for row in pairs.iter_rows(named=True):
        was_told = _standing(standing[row["was"]])[0] if row["was"] in standing and row["was"] not in now else None
        after_that = _standing(new.get(row["group_id"], {"verdict": None, "status": str(Status.UNREVIEWED)}))
        if was_told is not None and after_that[0] != was_told:
            rows.append((row["claim_id"], row["quote"], was_told, *after_that, None))
    return pl.DataFrame(rows, _NO_FALLS.schema, orient="row").sort("claim_id")


def _standing(row: dict[str, Any]) -> tuple[str, str | None]:
    """What a group is now, in a word, and its verdict."""
    return row["verdict"] or row["status"], row["verdict"]


def _commit(desk: Desk, claims: pl.DataFrame, moved: pl.DataFrame, rows: pl.DataFrame, *, now: datetime) -> int | None:
    """The number of the version with the claims in their new groups; staged ones come along, so that all are one."""
    data = desk.dataset
    head = data.version()
    groups = dict(moved.select("claim_id", "group_id").iter_rows())
    articles, staged = desk.cut_articles(), desk.staging.claims()
    mine = pl.col("claim_id").is_in([*staged["claim_id"], *groups])
    changed = claims.filter(mine).with_columns(
        pl.col("claim_id").replace_strict(groups, default=pl.col("group_id")).alias("group_id")
    )
    split = Counter(moved["was"])
    version = dataset_package.commit(
        data,
        articles=articles,
        claims=changed.select(frames.schema(Claim).names()),
        verdicts=rows,
        cause=REGROUP,
        message=f"signs tell claims apart, thousands read alike: {moved.height:,} claims of {len(split):,} groups",
        # Where a pull without news left off, the next one goes on, although the head is another then.
        cursor=desk.staging.cursor(head.version_hash if head else None),
        policy="" if head else desk.rule(),
        now=now,
    )
    desk.staging.clear(articles=articles["article_id"], claims=staged["claim_id"])
    return version.version if version else None
