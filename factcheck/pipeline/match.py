"""`match`: claims that may be one, for people to decide on; nothing is merged here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from factcheck.claims.dates import named_dates
from factcheck.errors import UnknownClaim, UsageError
from factcheck.folding import fold_with_offsets
from factcheck.frames import schema
from factcheck.importers.records import EXTRACTOR
from factcheck.matching.copies import share_of
from factcheck.matching.facts import Relation, compare, facts_of_claim
from factcheck.matching.proposals import LEAST, proposals
from factcheck.models import Claim, ClaimState
from factcheck.pipeline import refusals
from factcheck.pipeline.copies import pairs_of_copies
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.mending import SHORTEST
from factcheck.pipeline.proposals import proposals_of
from factcheck.pipeline.refusals import Pair, refused_groups
from factcheck.settings import Settings

LEAST_IN_COPIES: Final = 0.1
"""Score from which on people are asked about claims of an article and its copy: these tell the same in other words."""


class Matched(NamedTuple):
    """Pairs of claims that may be one, and how many more were refused and are not asked about again.

    A row has one, other (groups, the smaller id first), score (null where words are not alike), relation, reasons,
    quotes, checkers (how many answers say that they are the same), and `command`, which makes one claim of them: none
    for a pair that says different things or tells other figures of the same thing.
    """

    rows: list[dict[str, Any]]
    refused: int


def match(settings: Settings, *, least: float = LEAST) -> Matched:
    """The pairs of claims that may be one: those that checkers propose, then those in copies, then the likeliest.

    Claims are those of the newest version and those that wait to be sent. A pair is left out that a person refused or
    took apart, and one whose facts are different unless a checker says that it is one.
    """
    desk = Desk(settings)
    every = desk.claims()
    claims = dated(every.filter(pl.col("state") == str(ClaimState.ACTIVE)))
    said = _said_by_checkers(desk, every)
    copied = _in_copies(pairs_of_copies(desk), claims)
    found = pl.concat([proposals(claims, least=least), _alike_in_copies(claims, copied)])
    found = found.filter(pl.col("relation") != str(Relation.DIFFERENT)).unique(
        ["one", "other"], keep="first", maintain_order=True
    )
    alike = {(row["one"], row["other"]): row for row in found.to_dicts()}
    heads = claims.sort(pl.col("claim_id") == pl.col("group_id")).unique("group_id", keep="last", maintain_order=True)
    by_group = {row["group_id"]: row for row in heads.to_dicts()}
    first = [pair for pair in alike if pair in copied and pair not in said]
    pairs = [*said, *first, *(pair for pair in alike if pair not in said and pair not in copied)]
    known = [pair for pair in pairs if pair[0] in by_group and pair[1] in by_group]
    out = refused_groups(desk, dict(every.select("claim_id", "group_id").iter_rows()))
    asked = [pair for pair in known if pair not in out]
    rows = [
        _row(by_group[pair[0]], by_group[pair[1]], alike.get(pair), said.get(pair, 0), copied.get(pair))
        for pair in asked
    ]
    return Matched(rows, len(known) - len(asked))


def refuse(settings: Settings, claims: Sequence[str], *, why: str | None, now: datetime) -> tuple[Pair, bool]:
    """The pair, in the desk's memory of what is not one; False beside it where it was there already."""
    return _remembered(settings, claims, lambda state, pair: refusals.refuse(state, pair, why=why, now=now), now=now)


def ask_again(settings: Settings, claims: Sequence[str], *, now: datetime) -> tuple[Pair, bool]:
    """The pair, of which nobody says any more that it is not one; False beside it where nobody did."""
    return _remembered(settings, claims, refusals.ask_again, now=now)


def _remembered(
    settings: Settings, claims: Sequence[str], done: Callable[[Path, Pair], bool], *, now: datetime
) -> tuple[Pair, bool]:
    desk = Desk(settings)
    with desk.workspace.writing("match", now=now):
        ids = desk.claims()["claim_id"]
        one, other = sorted(_named(ids, claim) for claim in claims)
        if one == other:
            raise UsageError("is one claim", subject=one, hint="name two claims of `factcheck match --review`")
        return (one, other), done(settings.state, (one, other))


def _named(ids: pl.Series, given: str) -> str:
    found = ids.filter(ids.str.starts_with(given)).unique() if len(given) >= SHORTEST else ids.clear()
    if found.len() != 1:
        what = f"{found.len()} claims begin with that" if found.len() else "no such claim"
        raise UnknownClaim(what, subject=given, hint="`factcheck match --review` names the claims of each pair")
    return str(found[0])


def _said_by_checkers(desk: Desk, claims: pl.DataFrame) -> dict[Pair, int]:
    """How many answers say of two groups that they are the same, the pair with the most first."""
    data = desk.committed()
    if data is None or not data.head:
        return {}
    group_of = dict(claims.select("claim_id", "group_id").iter_rows())
    found: Counter[Pair] = Counter()
    for row in proposals_of(data, claims).filter(kind="same_as").to_dicts():
        mine = group_of.get(row["claim_id"], row["claim_id"])
        for other in row["matches"]:
            found[min(mine, other), max(mine, other)] += row["n_answers"]
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _in_copies(pairs: pl.DataFrame, claims: pl.DataFrame) -> dict[Pair, float]:
    """The pairs of groups of which one stands in an article and the other in its copy, with the share they have."""
    groups = claims.select("article_id", "group_id").unique()
    both = (
        pairs.select("copy", "original", share=share_of())
        .join(groups.rename({"group_id": "a"}), left_on="copy", right_on="article_id")
        .join(groups.rename({"group_id": "b"}), left_on="original", right_on="article_id")
        .filter(pl.col("a") != pl.col("b"))
        .group_by(one=pl.min_horizontal("a", "b"), other=pl.max_horizontal("a", "b"))
        .agg(pl.col("share").max())
    )
    return {(one, other): share for one, other, share in both.iter_rows()}


def _alike_in_copies(claims: pl.DataFrame, copied: Mapping[Pair, float]) -> pl.DataFrame:
    """The proposals among the claims of an article and its copy: compared with each other alone, few as they are."""
    groups = {group for pair in copied for group in pair}
    found = proposals(claims.filter(pl.col("group_id").is_in(list(groups))), least=LEAST_IN_COPIES)
    named = pl.DataFrame(list(copied), {"one": pl.String(), "other": pl.String()}, orient="row")
    return found.join(named, on=["one", "other"], how="semi", maintain_order="left")


def _row(
    one: dict[str, Any], other: dict[str, Any], alike: dict[str, Any] | None, checkers: int, copied: float | None
) -> dict[str, Any]:
    said = [f"{checkers} answer{'s say' if checkers > 1 else ' says'} that they are the same"] if checkers else []
    if copied is not None:
        said.append(f"the article of one is a copy of the other's ({copied:.0%} of it)")
    if alike is None:
        compared = compare(*(facts_of_claim(row) for row in (one, other)))
        alike = {"score": None, "relation": str(compared.relation), "reasons": list(compared.reasons)}
    merge = f"factcheck claim merge {one['group_id']} {other['group_id']} --dry-run"
    return {
        "one": one["group_id"],
        "other": other["group_id"],
        "score": alike["score"],
        "relation": alike["relation"],
        "reasons": [*said, *alike["reasons"]],
        "quotes": [one["quote"], other["quote"]],
        "checkers": checkers,
        "command": merge if alike["relation"] in {Relation.SAME, Relation.COMPATIBLE} else None,
    }


def dated(claims: pl.DataFrame) -> pl.DataFrame:
    """The claims with the dates in the words of those that an import brought: it reads none."""
    imported = claims.filter(pl.col("extractor") == EXTRACTOR, pl.col("dates").is_null())
    read = [
        named_dates(quote, fold_with_offsets(quote).text, lang or "", None)
        for quote, lang in imported.select("quote", "lang").iter_rows()
    ]
    dates = imported.select("claim_id").with_columns(pl.Series("read", read, schema(Claim)["dates"]))
    both = claims.join(dates, on="claim_id", how="left", maintain_order="left")
    return both.with_columns(pl.coalesce("dates", "read").alias("dates")).drop("read")
