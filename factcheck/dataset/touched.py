"""What two versions differ in, as far as a reader can see it: the rows of the claims that the versions between touched.

Only what concerns these claims is read, so that a hundred changes among a million verdicts cost what a hundred cost.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from factcheck.dataset import anonymous, editorial
from factcheck.dataset.dataset import Dataset, storage_of
from factcheck.dataset.storage import Storage
from factcheck.errors import UsageError
from factcheck.frames import schema
from factcheck.models import REGROUPING, Claim, ClaimState

_SHOWN_OF_ARTICLES = (
    *("article_id", "url", "publisher", "source_chain", "title", "published_at", "published_raw", "version"),
)
"""What exports show of an article; its text is long and stays where it is."""
_SHOWN_OF_CLAIMS = (
    *("claim_id", "article_id", "group_id", "quote", "lang", "claimant", "state", "check_worthiness", "supersedes"),
    *("outlet", "said_at", "version"),
)
_OUTCOME = ("status", "verdict", "reason")
_GROUNDS = ("rationales", "evidence")
_BY_GROUP = ("verdicts", "editorial")
"""Tables whose rows name the group."""
SPEAKING = ("policy", "restore", "import", *REGROUPING)
"""Causes of versions whose message says to a reader why something changed."""


class Side(NamedTuple):
    """Articles, claims as they stood, verdict rows and editors' words up to one version, of the touched groups alone.

    What no export shows of a claim is null.
    """

    articles: pl.DataFrame
    claims: pl.DataFrame
    verdicts: pl.DataFrame
    editorial: pl.DataFrame


class Touched(NamedTuple):
    """The groups that versions in (a, b] touched, as of a and as of b.

    `facts` has a row per group: claim_id, the last versions in (a, b] that brought it another outcome (`verdict_in`),
    other rationales or evidence (`grounds_in`), any verdict row (`counted_in`) and other claims or words (`words_in`),
    and `replaced_by`, the claims that stand now with other words in its place. `log` has version, committed_at, cause
    and message, null where the message says nothing of why.
    """

    before: Side
    after: Side
    facts: pl.DataFrame
    log: pl.DataFrame


def touched(dataset: Dataset, a: int, b: int) -> Touched:
    """What versions in (a, b] touched; `a` 0 is before the first version, and everything is touched then.

    A claim withdrawn in between, put into another group or told otherwise is among it: `Dataset.diff` has verdicts
    alone.

    Raises UsageError where a is newer than b.
    """
    if a > b:
        raise UsageError(
            f"version {a} is newer than version {b}",
            subject="--since",
            hint="name an older version, or a newer --as-of",
        )
    storage = storage_of(dataset)
    keys = _groups(storage, a, b) if a else None
    found = _read(storage, keys, b)
    ids = None if keys is None else found.claims["claim_id"].unique()
    replacing = storage.scan("claims", b).select(_SHOWN_OF_CLAIMS).filter(pl.col("supersedes").is_not_null())
    heirs = _heirs(_among(replacing, "supersedes", ids).collect(), found.claims)
    before, after = (_side(storage, found, keys, number) for number in (a, b))
    log = storage.state.versions.head(b).select("version", "committed_at", "cause", "message", "policy")
    return Touched(before, after, _facts(found.verdicts, found.claims, heirs, a), _told(log))


def side(dataset: Dataset, groups: pl.Series, number: int) -> Side:
    """The rows of some groups (claim ids) as of a version, and of no others."""
    storage = storage_of(dataset)
    return _side(storage, _read(storage, groups, number), groups, number)


def _read(storage: Storage, keys: pl.Series | None, b: int) -> Side:
    """All rows up to version b of the groups and of the claims that were ever in them; all there is without keys."""
    claims = storage.scan("claims", b).select(_SHOWN_OF_CLAIMS)
    of_claims = _among(claims, "group_id", keys).collect()
    if keys is not None and _moved(storage, b):
        of_claims = _among(claims, "claim_id", of_claims["claim_id"].unique()).collect()
    verdicts = _among(storage.scan("verdicts", b), "claim_id", keys).collect().sort("claim_id", "version")
    articles = storage.scan("articles", b).select(_SHOWN_OF_ARTICLES)
    wanted = None if keys is None else of_claims["article_id"].unique()
    return Side(_among(articles, "article_id", wanted).collect(), of_claims, verdicts, editorial.nothing())


def _moved(storage: Storage, b: int) -> bool:
    """Whether a version may have put a claim into another group: otherwise its group is that of any of its rows."""
    return bool(storage.state.versions.head(b)["cause"].is_in(REGROUPING).any())


def _groups(storage: Storage, a: int, b: int) -> pl.Series:
    """The groups of all rows in (a, b], and those that their claims were in before."""
    came = storage.scan("claims", b, after=a).select("claim_id", "group_id").unique().collect()
    parts = [came["group_id"]]
    parts += [storage.scan(name, b, after=a).select("claim_id").collect()["claim_id"] for name in _BY_GROUP]
    if came.height and _moved(storage, b):
        earlier = storage.scan("claims", a).filter(pl.col("claim_id").is_in(came["claim_id"].implode()))
        parts.append(earlier.select("group_id").collect()["group_id"])
    return pl.concat([part.alias("claim_id") for part in parts]).unique().sort()


def _among(rows: pl.LazyFrame, column: str, keys: pl.Series | None) -> pl.LazyFrame:
    return rows if keys is None else rows.filter(pl.col(column).is_in(keys.implode()))


def _side(storage: Storage, found: Side, keys: pl.Series | None, number: int) -> Side:
    articles, claims, verdicts, _ = found
    then = claims.filter(pl.col("version") <= number)
    last = then.filter(pl.col("version") == pl.col("version").max().over("claim_id"))
    if keys is not None:
        last = last.filter(pl.col("group_id").is_in(keys.implode()))
    up_to = pl.col("version") <= number
    # The verdict of a group that has gone into another one stands nowhere.
    outcomes = verdicts.filter(up_to).join(last, on="claim_id", how="semi", maintain_order="left")
    rest = [pl.lit(None, dtype).alias(name) for name, dtype in schema(Claim).items() if name not in _SHOWN_OF_CLAIMS]
    written = _among(storage.scan("editorial", number), "claim_id", keys).collect()
    turned = editorial.turns(verdicts.filter(up_to), then.lazy()) if written.height else None
    words = editorial.nothing() if turned is None else editorial.standing(written, turned)
    return Side(articles.filter(up_to).drop("version"), last.with_columns(rest), outcomes, words)


def _heirs(heirs: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Group (`claim_id`) and `replaced_by`, sorted, of the claims that stand now in the place of one of its own."""
    last = heirs.filter(pl.col("version") == pl.col("version").max().over("claim_id"))
    return (
        last.filter(pl.col("state") == str(ClaimState.ACTIVE))
        .join(claims.select("group_id", supersedes="claim_id").unique(), on="supersedes", suffix="_before")
        .group_by(claim_id="group_id_before")
        .agg(replaced_by=pl.col("claim_id").unique().sort())
    )


def _facts(verdicts: pl.DataFrame, claims: pl.DataFrame, heirs: pl.DataFrame, a: int) -> pl.DataFrame:
    after = pl.col("version") > a
    of_verdicts = verdicts.select(
        "claim_id",
        "version",
        verdict=_differs(_OUTCOME),
        grounds=_differs(_GROUNDS),
    )
    last = pl.col("version").filter(after & pl.col("verdict")).max()
    by_verdict = of_verdicts.group_by("claim_id").agg(
        verdict_in=last,
        grounds_in=pl.col("version").filter(after & pl.col("grounds")).max(),
        counted_in=pl.col("version").filter(after).max(),
    )
    # A claim that left a group touched that group too, though its new row names another one.
    groups = claims.select("claim_id", group="group_id").unique()
    by_words = (
        claims.filter(after)
        .select("claim_id", "version")
        .join(groups, on="claim_id")
        .group_by(claim_id="group")
        .agg(words_in=pl.col("version").max())
    )
    both = by_verdict.join(by_words, on="claim_id", how="full", coalesce=True)
    return both.join(heirs, on="claim_id", how="left").with_columns(pl.col("replaced_by").fill_null([]))


def _differs(columns: tuple[str, ...]) -> pl.Expr:
    """Whether a row says otherwise than the claim's row before it, or is its first; rows are in order."""
    before = [pl.col(name).shift(1).over("claim_id").ne_missing(pl.col(name)) for name in columns]
    return pl.any_horizontal(*before)


def _told(log: pl.DataFrame) -> pl.DataFrame:
    """The log without what leads to people, and without messages that only count rows."""
    said = pl.when(pl.col("cause").is_in(SPEAKING) & (pl.col("message") != "")).then("message")
    return log.with_columns(message=said).with_columns(
        pl.col("message", "policy").map_elements(anonymous.rule, pl.String)
    )
