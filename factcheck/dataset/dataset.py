"""A versioned dataset: what it holds as of any version, tag or date, as polars lazy frames."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

import polars as pl

from factcheck import names
from factcheck.dataset import corrections, editorial, older, status_history, tagging
from factcheck.dataset.content import rows_digest
from factcheck.dataset.diff import diff, reversed_diff
from factcheck.dataset.layout import DATA, TAGS, VERSIONS
from factcheck.dataset.state import AsOf, needs_tags, reads_alone
from factcheck.dataset.storage import Storage
from factcheck.errors import Corrupt, UnknownClaim, UnknownVersion
from factcheck.models import Tag, Version, digest


class Life(NamedTuple):
    """Everything the dataset knows of a claim.

    Where it appeared, each state of each vote, each change of its verdict, what people did to it (`events`), and what
    editors wrote of it as it stands (`editorial.SCHEMA`, a row or none).
    """

    claims: pl.DataFrame
    articles: pl.DataFrame
    annotations: pl.DataFrame
    verdicts: pl.DataFrame
    events: pl.DataFrame
    editorial: pl.DataFrame


class Dataset:
    """An open dataset. Frames carry the record's columns and `version`, the version that brought the row.

    What a reader does is a method here: look at versions, read as of one, compare, name one. What changes a dataset is
    a function of this package that takes one: `commit`, `maintenance.compact`, `vacuum` and `restore`, `fork.fork`,
    `release.release`, and the people of `annotators`.
    """

    def __init__(self, storage: Storage, zone: str = "UTC") -> None:
        self._storage = storage
        self._zone = zone

    @classmethod
    def open(
        cls, uri: str | Path, *, create: bool = False, options: Mapping[str, str] | None = None, zone: str = "UTC"
    ) -> Self:
        """The dataset at a folder or object-store URI; with `create`, made where there is none.

        A day that names a version is a day of the `zone` (IANA). `options` are those of the object store, where
        the environment (AWS_...) does not say them. Raises NoDataset.
        """
        return cls(Storage.open(uri, create=create, options=options), zone)

    @property
    def uri(self) -> str:
        """Where the dataset is: a folder, or the URI of an object store."""
        return self._storage.uri

    @property
    def zone(self) -> tzinfo:
        """The time zone of the days that name versions."""
        return UTC if self._zone == "UTC" else ZoneInfo(self._zone)

    @property
    def id(self) -> str:
        """The dataset's own id, drawn when it was made; it stays the same wherever the dataset is moved to."""
        return self._storage.identity

    @property
    def head(self) -> int:
        """The newest version's number, 0 where there is none yet."""
        return self.resolve(None)

    @property
    def last_good(self) -> int:
        """The newest version that can be read, 0 where there is none; raises nothing where what follows is damaged."""
        return self._storage.state.head

    def version(self, as_of: AsOf = None) -> Version | None:
        """The version's record; None before the first."""
        return self._storage.record(self.resolve(as_of))

    def resolve(self, as_of: AsOf) -> int:
        """The version that a number, tag, date or None (newest) names; raises UnknownVersion.

        A text that is a tag and reads as a version or a date too raises UsageError that names both.
        """
        tags = pl.DataFrame(schema=TAGS.stored)
        if needs_tags(as_of):
            try:
                tags = self.tags()
            except Corrupt:  # lost tags take no version with them
                if not reads_alone(as_of):
                    raise
        return self._storage.state.resolve(as_of, tags, self.zone)

    def versions(self, as_of: AsOf = None) -> pl.DataFrame:
        """The log: models.Version rows, oldest first."""
        return self._storage.state.versions.head(self.resolve(as_of)).select(VERSIONS.columns)

    def tags(self) -> pl.DataFrame:
        """models.Tag rows, one per name as it stands now, in the order they were set."""
        return tagging.current(self._storage)

    def articles(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.Article rows and `version`."""
        return self._storage.scan("articles", self.resolve(as_of))

    def claims(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.Claim rows as they stood (the last row of each claim) and `version`."""
        return latest(self._storage.scan("claims", self.resolve(as_of)), "claim_id")

    def claims_among(self, keys: pl.Series, as_of: AsOf = None) -> pl.LazyFrame:
        """As `claims`, those whose `claim_id` or `group_id` is among the keys; of others no more than ids is read."""
        rows = self._storage.scan("claims", self.resolve(as_of))
        mine = pl.col("claim_id").is_in(keys.implode()) | pl.col("group_id").is_in(keys.implode())
        # A claim that has left the group has an older row that names it.
        near = rows.filter(mine).select("claim_id").unique().collect()["claim_id"]
        return latest(rows.filter(pl.col("claim_id").is_in(near.implode())), "claim_id").filter(mine)

    def article_count(self) -> int:
        """How many articles the newest version has; nothing but the log is read, for an article has one row."""
        return int(self._storage.state.files_of("articles", self.resolve(None))["rows"].sum())

    def annotations(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.AnnotationEvent rows, every observed state, and `version`."""
        return self._storage.scan("annotations", self.resolve(as_of))

    def claim_changes(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.Claim rows, every one that a version brought, and `version`."""
        return self._storage.scan("claims", self.resolve(as_of))

    def claim_events(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.ClaimEvent rows, everything people did to claims, and `version`."""
        return self._storage.scan("claim_events", self.resolve(as_of))

    def editorial_changes(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.EditorialChange rows, everything editors wrote, and `version`."""
        return self._storage.scan("editorial", self.resolve(as_of))

    def editorial(self, as_of: AsOf = None) -> pl.DataFrame:
        """What editors' words on each claim were as of a version, in the columns of `editorial.SCHEMA`, by claim_id.

        A state of approved or published reads as needs_review where a later version changed the claim's result.
        """
        number = self.resolve(as_of)
        rows = self.editorial_changes(number).collect()
        if rows.is_empty():
            return editorial.nothing()
        mine = pl.col("claim_id").is_in(rows["claim_id"].unique().implode())
        changes = self.verdict_changes(number).filter(mine).collect()
        return editorial.standing(rows, editorial.turns(changes, self.claim_changes(number)))

    def verdict_changes(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.VerdictChange rows, every change, with `version` and before_version, before_status, before_verdict."""
        return self._storage.scan("verdicts", self.resolve(as_of))

    def verdicts(self, as_of: AsOf = None, *, of: pl.Series | None = None) -> pl.LazyFrame:
        """models.VerdictChange rows as they stood (the last change of each claim) and `version`; those `of` claims."""
        rows = self.verdict_changes(as_of).drop("^before_.*$")
        return latest(rows if of is None else rows.filter(pl.col("claim_id").is_in(of.implode())), "claim_id")

    def pieces(
        self,
        table: Literal["claims", "verdicts"],
        as_of: AsOf = None,
        *,
        rows: int,
        columns: Sequence[str] | None = None,
    ) -> Iterator[pl.DataFrame]:
        """The rows of `claim_changes` or `verdict_changes`, at most so many at a time and never more in memory.

        Of them `version` and the columns named, else all.
        """
        return self._storage.pieces(table, self.resolve(as_of), rows, columns)

    def corrections(self, as_of: AsOf = None) -> pl.DataFrame:
        """Every change of a verdict that a release had shown: what it was, what it became or that it was withdrawn.

        Readers see it: a message that names a rule says nothing of whose addresses it counts. A restore that changes
        what a release showed is one of them, one that puts it back is none. Where the claim itself went, `status` is
        withdrawn or superseded (other words stand in its place) and `cause` the kind of event that did it.

        Columns: committed_at, version, cause, message, claim_id, published_in (the newest release that showed the
        verdict before), before_version (that brought it), before_status, before_verdict, verdict, status, policy,
        rationales, evidence; by version and claim_id.
        """
        return corrections.corrections(self, self.resolve(as_of), corrections.releases(tagging.rows(self._storage)))

    def history(self, as_of: AsOf = None) -> pl.DataFrame:
        """Every change of a verdict or status that had been committed, seen by readers or not; as `corrections`."""
        return corrections.history(self, self.resolve(as_of))

    def status_history(self, as_of: AsOf = None) -> pl.DataFrame:
        """A row (`status_history.SCHEMA`) for each claim that ever had a result for readers, also for what has gone."""
        return status_history.status_history(self, self.resolve(as_of), self.corrections(as_of))

    def last_states(self, claim_ids: Collection[str] | None = None, *, as_of: AsOf = None) -> pl.DataFrame:
        """The newest observed state of each annotation: AnnotationEvent rows and `version`, by annotation_key."""
        events = self.annotations(as_of)
        if claim_ids is not None:
            events = events.filter(pl.col("claim_id").is_in(list(claim_ids)))
        newest = pl.col("seq") == pl.col("seq").max().over("annotation_key")
        # Two machines that pull at the same time may give one number to two states; the later one is the newest.
        last = events.filter(newest).sort("annotation_key", "updated_at", "version", "event_id")
        return last.unique("annotation_key", keep="last", maintain_order=True).collect()

    def united(self, as_of: AsOf = None) -> pl.DataFrame:
        """The group (`group_id`) of each claim (`claim_id`) that is in a group of another name.

        A vote names the claim whose words stood on the task, and counts for that claim's group. Empty where no version
        has made the groups anew: then each claim with a task is its own group.
        """
        number = self.resolve(as_of)
        if not corrections.regroupings(self._storage.state.versions.head(number)):
            return pl.DataFrame(schema={"claim_id": pl.String(), "group_id": pl.String()})
        return (
            self.claims(number)
            .filter(pl.col("claim_id") != pl.col("group_id"))
            .select("claim_id", "group_id")
            .collect()
        )

    def life(self, claim_id: str, as_of: AsOf = None) -> Life:
        """All rows about the claim and the claims grouped with it; raises UnknownClaim where nothing is known."""
        number = self.resolve(as_of)
        claims = self._members(claim_id, number)
        if claims.is_empty():
            own = self._storage.scan("claims", number).filter(pl.col("claim_id") == claim_id).collect()
            if own.is_empty():
                raise UnknownClaim(
                    "no such claim",
                    subject=claim_id,
                    hint="check the id: `factcheck show` needs one of a committed claim",
                )
            claim_id = str(own.sort("version")["group_id"][-1])
            claims = self._members(claim_id, number)
        wanted = claims["article_id"].unique().sort()
        united = self.united(number)
        tasks = [claim_id, *united.filter(pl.col("group_id") == claim_id)["claim_id"].sort()]
        return Life(
            claims.sort("version", "claim_id"),
            pl.concat([self._about("articles", "article_id", one, number) for one in wanted]).sort("article_id"),
            pl.concat([self._about("annotations", "claim_id", task, number) for task in tasks]).sort(
                "version", "annotation_key", "seq"
            ),
            self._about("verdicts", "claim_id", claim_id, number).sort("version"),
            self._events_of({claim_id, *claims["claim_id"]}, number),
            self._written_of(claim_id, number),
        )

    def diff(self, a: AsOf, b: AsOf = None) -> pl.DataFrame:
        """Verdicts that differ between two versions; columns as in `diffing.diff`. 0 is before the first version."""
        first, last = self.resolve(a), self.resolve(b)
        if first > last:
            return reversed_diff(diff(self._storage.scan("verdicts", first, after=last)))
        return diff(self._storage.scan("verdicts", last, after=first))

    def fingerprint(self, as_of: AsOf = None) -> str:
        """One digest of all that is known as of a version, however many versions brought it and in what order.

        Over articles, claims and verdicts as they stand, every event and every editor's word; reads everything. Which
        format wrote a row makes no difference.
        """
        number = self.resolve(as_of)
        frames = {
            "articles": self.articles(number),
            "claims": self.claims(number),
            "annotations": self.annotations(number),
            "verdicts": self.verdicts(number),
        }
        for name, later in (("claim_events", self.claim_events), ("editorial", self.editorial_changes)):
            if self._storage.state.files_of(name, number).height:
                frames[name] = later(number)
        return digest(
            {
                name: rows_digest(
                    frame.with_columns(older.reduced(DATA[name])).select(DATA[name].columns).collect(),
                    key=DATA[name].key,
                )
                for name, frame in frames.items()
            },
        )

    def cursor(self) -> dict[str, Any]:
        """The sync cursor by project as the newest version left it."""
        version = self.version()
        return {} if version is None else version.cursor

    def tag(self, name: str, version: AsOf = None, note: str = "", *, now: datetime, force: bool = False) -> Tag:
        """Names a version. Raises UsageError where it is no name, or already means another version, unless forced."""
        names.check("tag", name)
        number = self.resolve(version)
        if not number:
            raise UnknownVersion(
                "there is no version to tag", subject=self.uri, hint="run `factcheck pull` first; it commits a version"
            )
        return tagging.put(self._storage, name, number, note, now=now, force=force)

    def _members(self, group: str, number: int) -> pl.DataFrame:
        """Rows of the claims of the group; those that left it since are not among them."""
        rows = self._about("claims", "group_id", group, number)
        if not rows.height or not corrections.regroupings(self._storage.state.versions.head(number)):
            return rows
        now = self.claims(number).filter(pl.col("group_id") == group).select("claim_id").collect()
        return rows.join(now, on="claim_id", how="semi", maintain_order="left")

    def _events_of(self, claims: Collection[str], number: int) -> pl.DataFrame:
        events = self.claim_events(number).collect()
        if events.is_empty():
            return events
        ids = list(claims)
        about = pl.concat_list("claims", "made").list.eval(pl.element().is_in(ids)).list.any()
        return events.filter(about).sort("version")

    def _written_of(self, group: str, number: int) -> pl.DataFrame:
        rows = self._about("editorial", "claim_id", group, number)
        if rows.is_empty():
            return editorial.nothing()
        changes = self._about("verdicts", "claim_id", group, number)
        return editorial.standing(rows, editorial.turns(changes, self.claim_changes(number)))

    def _about(self, name: str, column: str, key: str, version: int) -> pl.DataFrame:
        return self._storage.scan(name, version, key=key).filter(pl.col(column) == key).collect()


def storage_of(dataset: Dataset) -> Storage:
    """What the dataset reads from; for the modules of this package, and no others."""
    return dataset._storage  # noqa: SLF001 - private to the package, which Python has no word for


def latest(rows: pl.LazyFrame, key: str) -> pl.LazyFrame:
    """Of each key the row of its newest version; no version has two rows of one key."""
    return rows.filter(pl.col("version") == pl.col("version").max().over(key))
