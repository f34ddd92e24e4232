"""Which claims a profile shows: its filters, and what each of them asks of a row, in words and as an expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Final, NamedTuple

import polars as pl
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from factcheck.days import CLOCK_TIME
from factcheck.errors import UsageError
from factcheck.exporters.contract import ExportContext, Mark
from factcheck.exporters.windows import Day, Named, Point, beginning, day, is_moving, names_version
from factcheck.folding import match_key
from factcheck.models import ClaimState, EditorialState, Share, Status, Verdict


def _name(text: str) -> str:
    if not match_key(text):
        raise ValueError("contains no letter or digit")
    return text


Name = Annotated[str, AfterValidator(_name)]
"""Of an outlet or a person, found however it is typed: letters, digits, joiners and signs as `folding.match_key`."""


class Filters(BaseModel):
    """Which claims are shown; an empty list or text lets everything through."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    statuses: list[Status] = []
    verdicts: list[Verdict] = []
    editorial_states: list[EditorialState] = Field(
        default=[], description="How far the desk's own words are; a claim without any has no state and is left out."
    )
    languages: list[str] = []
    outlets: list[Name] = Field(default=[], description="Outlets that carried the claim, however they are typed.")
    topics: list[Name] = Field(default=[], description="Topics that editors gave, however they are typed.")
    claimants: list[Name] = Field(default=[], description="Who made the claim, as its column has it.")
    published_from: Day = Field(default="", description="First day of the article; a claim without a date is left out.")
    published_to: Day = Field(default="", description="Last day of the article.")
    decided_from: Day = Field(default="", description="First day on which the verdict was reached.")
    decided_to: Day = Field(default="", description="Last day on which the verdict was reached.")
    tag: Named = Field(
        default="", description="A tag or version: claims that had a result in it and stood; shown with today's result."
    )
    changed_since: Point = Field(
        default="", description="A tag, version, day or time ago: claims decided or decided otherwise after it."
    )
    min_agreement: Share = 0.0
    withdrawn: bool = Field(default=False, description="Also show claims that were withdrawn, with the column `state`.")

    @property
    def marks(self) -> list[str]:
        """The versions that are named, as they are written; the dataset says what each is (`contract.Mark`)."""
        since = [self.changed_since] if names_version(self.changed_since) else []
        return sorted({*since, *([self.tag] if self.tag else [])})

    @property
    def moving(self) -> bool:
        """Whether the rows that pass change with time though nothing else does."""
        days = (self.published_from, self.published_to, self.decided_from, self.decided_to, self.changed_since)
        return any(map(is_moving, days))


class Rule(NamedTuple):
    """What one filter asks of a row: the code of those it leaves out, the rule in words, and the columns it reads.

    `passes` gives the expression that is true for what passes, of a view and the context of its version; null counts
    as false. `of_claim`: it is about what was claimed and not about the result, so it holds for a page too that says
    that there is no result any more.
    """

    code: str
    words: str
    reads: Sequence[str]
    passes: Callable[[pl.DataFrame, ExportContext], pl.Expr]
    of_claim: bool = False


def rules(filters: Filters, *, subject: str) -> list[Rule]:
    """The rules of the filters that are set, in the order in which a row that fails several is told of one.

    `subject` is the profile's name, for errors: ConfigError where a day is none of the desk's calendar, UsageError
    where the context does not have a version that is named.
    """
    return [*_of_result(filters, subject), *_of_claim(filters, subject), *_of_agreement(filters)]


def _of_result(filters: Filters, subject: str) -> Iterator[Rule]:
    if not filters.withdrawn:
        stands = pl.col("state") == str(ClaimState.ACTIVE)
        yield Rule("WITHDRAWN", "no claim that was withdrawn", ("state",), lambda *_: stands)
    for code, column, wanted in (
        ("FILTERED_STATUS", "status", [str(item) for item in filters.statuses]),
        ("FILTERED_VERDICT", "verdict", [str(item) for item in filters.verdicts]),
        ("FILTERED_EDITORIAL", "editorial_state", [str(item) for item in filters.editorial_states]),
    ):
        if wanted:
            yield Rule(code, f"{column} {', '.join(wanted)} only", (column,), _among(column, wanted))
    if filters.decided_from or filters.decided_to:
        words = _from_to("decided", filters.decided_from, filters.decided_to)
        within = _within("decided_at", None, filters.decided_from, filters.decided_to, subject)
        yield Rule("FILTERED_DECIDED", words, ("decided_at",), within)
    if filters.tag:
        words = f"claims that had a result in {filters.tag} only"
        yield Rule("FILTERED_TAG", words, ("claim_id",), _standing(filters.tag, subject))
    if filters.changed_since:
        words = f"claims decided or decided otherwise since {filters.changed_since} only"
        yield Rule("FILTERED_CHANGED", words, ("modified_at",), _changed(filters.changed_since, subject))


def _of_claim(filters: Filters, subject: str) -> Iterator[Rule]:
    if filters.languages:
        words = f"lang {', '.join(filters.languages)} only"
        yield Rule("FILTERED_LANGUAGE", words, ("lang",), _among("lang", filters.languages), of_claim=True)
    if filters.outlets:
        words = f"outlet {', '.join(filters.outlets)} only"
        yield Rule("FILTERED_OUTLET", words, ("publisher", "appearances"), _carried(filters.outlets), of_claim=True)
    if filters.topics:
        words = f"topic {', '.join(filters.topics)} only"
        yield Rule("FILTERED_TOPIC", words, ("topic",), _named("topic", filters.topics), of_claim=True)
    if filters.claimants:
        words = f"claimant {', '.join(filters.claimants)} only"
        yield Rule("FILTERED_CLAIMANT", words, ("claimant",), _named("claimant", filters.claimants), of_claim=True)
    if filters.published_from or filters.published_to:
        words = _from_to("published", filters.published_from, filters.published_to)
        within = _within("published_at", "published_raw", filters.published_from, filters.published_to, subject)
        yield Rule("FILTERED_PUBLISHED", words, ("published_at", "published_raw"), within, of_claim=True)


def _of_agreement(filters: Filters) -> Iterator[Rule]:
    if filters.min_agreement > 0:
        enough = pl.col("agreement") >= filters.min_agreement
        words = f"agreement of {filters.min_agreement} or more only"
        yield Rule("FILTERED_AGREEMENT", words, ("agreement",), lambda *_: enough)


def _from_to(what: str, first: str, last: str) -> str:
    bounds = [f"from {first}"] if first else []
    return f"{' '.join([what, *bounds, *([f'to {last}'] if last else [])])} only"


def _among(column: str, wanted: Sequence[str]) -> Callable[[pl.DataFrame, ExportContext], pl.Expr]:
    return lambda *_: pl.col(column).is_in(list(wanted))


def _named(column: str, wanted: Sequence[str]) -> Callable[[pl.DataFrame, ExportContext], pl.Expr]:
    return lambda view, _: pl.col(column).is_in(_spellings(view[column], wanted))


def _carried(wanted: Sequence[str]) -> Callable[[pl.DataFrame, ExportContext], pl.Expr]:
    def passes(view: pl.DataFrame, _: ExportContext) -> pl.Expr:
        carriers = view["appearances"].explode(empty_as_null=True, keep_nulls=True).struct.field("publisher")
        found = _spellings(pl.concat([view["publisher"], carriers]), wanted)
        each = pl.col("appearances").list.eval(pl.element().struct.field("publisher").is_in(found))
        return pl.col("publisher").is_in(found).fill_null(value=False) | each.list.any()

    return passes


def _spellings(names: pl.Series, wanted: Sequence[str]) -> list[str]:
    """The names as they are written that are found by one of the wanted ones; each spelling is folded once."""
    keys = set(map(match_key, wanted))
    return [name for name in names.unique() if name is not None and match_key(name) in keys]


def _within(
    column: str, raw: str | None, first: str, last: str, subject: str
) -> Callable[[pl.DataFrame, ExportContext], pl.Expr]:
    def passes(_: pl.DataFrame, context: ExportContext) -> pl.Expr:
        earliest, latest = (_bound(text, context, subject) for text in (first, last))
        on = day_of(column, raw, context.clock.zone)
        return (on >= (earliest or date.min)) & (on <= (latest or date.max))

    return passes


def _bound(text: str, context: ExportContext, subject: str) -> date | None:
    return day(text, now=context.committed_at, clock=context.clock, subject=subject) if text else None


_MIDNIGHT: Final = datetime.min.time()


def day_of(column: str, raw: str | None, zone: str) -> pl.Expr:
    """The day of a column of moments (UTC) in the zone; a date without a time stays on its day in every zone.

    `raw` is the column of what was written there, which tells the two apart as `days.is_bare` does.
    """
    local = pl.col(column).dt.convert_time_zone(zone).dt.date()
    if raw is None:
        return local
    timeless = pl.col(raw).is_null() | ~pl.col(raw).str.contains(CLOCK_TIME.pattern)
    bare = (pl.col(column).dt.time() == _MIDNIGHT) & timeless
    return pl.when(bare).then(pl.col(column).dt.date()).otherwise(local)


def _standing(name: str, subject: str) -> Callable[[pl.DataFrame, ExportContext], pl.Expr]:
    return lambda _, context: pl.col("claim_id").is_in(_mark(name, context, subject).standing.implode())


def _changed(since: str, subject: str) -> Callable[[pl.DataFrame, ExportContext], pl.Expr]:
    def passes(_: pl.DataFrame, context: ExportContext) -> pl.Expr:
        if names_version(since):  # what the version itself brought is no change since
            return pl.col("modified_at") > _mark(since, context, subject).committed_at
        return pl.col("modified_at") >= beginning(since, now=context.committed_at, clock=context.clock, subject=subject)

    return passes


def _mark(name: str, context: ExportContext, subject: str) -> Mark:
    if name not in context.marks:
        raise UsageError(
            f"its filters name the version '{name}', which the context does not have",
            subject=subject,
            hint="give the context `marks`",
        )
    return context.marks[name]
