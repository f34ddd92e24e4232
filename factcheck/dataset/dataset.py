"""A versioned dataset: what it holds as of any version, tag or date, as polars lazy frames."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import names
from factcheck.dataset import anonymous, older, seals
from factcheck.dataset.content import rows_digest
from factcheck.dataset.diffing import diff, reversed_diff
from factcheck.dataset.layout import DATA, TAGS, VERSIONS
from factcheck.dataset.opened import Opened
from factcheck.dataset.state import AsOf, needs_tags, reads_alone
from factcheck.dataset.store import RESTORE
from factcheck.errors import Conflict, Corrupt, UnknownClaim, UnknownVersion, UsageError
from factcheck.frames import to_records
from factcheck.models import Tag, Version, digest


class Life(NamedTuple):
    """Everything the dataset knows of a claim: where it appeared, each state of each vote, each change of verdict."""

    claims: pl.DataFrame
    articles: pl.DataFrame
    annotations: pl.DataFrame
    verdicts: pl.DataFrame


class Dataset(Opened):
    """An open dataset. Frames carry the record's columns and `version`, the version that brought the row."""

    @property
    def head(self) -> int:
        """The newest version's number, 0 where there is none yet."""
        return self.resolve(None)

    def version(self, as_of: AsOf = None) -> Version | None:
        """The version's record; None before the first."""
        number = self.resolve(as_of)
        return to_records(Version, self.state.versions.slice(number - 1, 1))[0] if number else None

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
        return self.state.resolve(as_of, tags)

    def versions(self, as_of: AsOf = None) -> pl.DataFrame:
        """The log: models.Version rows, oldest first."""
        return self.state.versions.head(self.resolve(as_of)).select(VERSIONS.columns)

    def tags(self) -> pl.DataFrame:
        """models.Tag rows, one per name as it stands now, in the order they were set."""
        rows = self._tag_rows()
        return rows.unique("name", keep="last", maintain_order=True).select(TAGS.columns)

    def articles(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.Article rows and `version`."""
        return self.scan("articles", self.resolve(as_of))

    def claims(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.Claim rows as they stood (the last row of each claim) and `version`."""
        return _latest(self.scan("claims", self.resolve(as_of)), "claim_id")

    def annotations(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.AnnotationEvent rows, every observed state, and `version`."""
        return self.scan("annotations", self.resolve(as_of))

    def verdict_changes(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.VerdictChange rows, every change, with `version` and before_version, before_status, before_verdict."""
        return self.scan("verdicts", self.resolve(as_of))

    def verdicts(self, as_of: AsOf = None) -> pl.LazyFrame:
        """models.VerdictChange rows as they stood (the last change of each claim) and `version`."""
        return _latest(self.verdict_changes(as_of).drop("^before_.*$"), "claim_id")

    def corrections(self, as_of: AsOf = None) -> pl.DataFrame:
        """Every change of a verdict that had been committed: what it was, what it became or that it was withdrawn.

        Readers see it: a message that names a rule says nothing of whose addresses it counts.

        Columns: committed_at, version, cause, message, claim_id, before_version, before_verdict, verdict, status,
        policy, rationales, evidence; by version and claim_id.
        """
        number = self.resolve(as_of)
        log = self.versions(number).select("version", "committed_at", "cause", "message")
        changes = self.scan("verdicts", number).filter(
            pl.col("before_verdict").is_not_null() & pl.col("before_verdict").ne_missing(pl.col("verdict")),
        )
        reason = ["status", "policy", "rationales", "evidence"]
        return (
            changes.join(log.lazy(), on="version")
            .select(
                *("committed_at", "version", "cause", "message", "claim_id", "before_version", "before_verdict"),
                *("verdict", *reason),
            )
            .sort("version", "claim_id")
            .collect()
            .with_columns(pl.col("message").map_elements(anonymous.rule, pl.String))
        )

    def last_states(self, claim_ids: Collection[str] | None = None, *, as_of: AsOf = None) -> pl.DataFrame:
        """The newest observed state of each annotation: AnnotationEvent rows and `version`, by annotation_key."""
        events = self.annotations(as_of)
        if claim_ids is not None:
            events = events.filter(pl.col("claim_id").is_in(list(claim_ids)))
        newest = pl.col("seq") == pl.col("seq").max().over("annotation_key")
        # Two machines that pull at the same time may give one number to two states; the later one is the newest.
        last = events.filter(newest).sort("annotation_key", "updated_at", "version", "event_id")
        return last.unique("annotation_key", keep="last", maintain_order=True).collect()

    def life(self, claim_id: str, as_of: AsOf = None) -> Life:
        """All rows about the claim and the claims grouped with it; raises UnknownClaim where nothing is known."""
        number = self.resolve(as_of)
        claims = self._about("claims", "group_id", claim_id, number)
        if claims.is_empty():
            own = self.scan("claims", number).filter(pl.col("claim_id") == claim_id).collect()
            if own.is_empty():
                raise UnknownClaim("there is no such claim", subject=claim_id, hint="`factcheck status` counts them")
            claim_id = str(own.sort("version")["group_id"][-1])
            claims = self._about("claims", "group_id", claim_id, number)
        wanted = claims["article_id"].unique().sort()
        return Life(
            claims.sort("version", "claim_id"),
            pl.concat([self._about("articles", "article_id", one, number) for one in wanted]).sort("article_id"),
            self._about("annotations", "claim_id", claim_id, number).sort("version", "annotation_key", "seq"),
            self._about("verdicts", "claim_id", claim_id, number).sort("version"),
        )

    def diff(self, a: AsOf, b: AsOf = None) -> pl.DataFrame:
        """Verdicts that differ between two versions; columns as in `diffing.diff`. 0 is before the first version."""
        first, last = self.resolve(a), self.resolve(b)
        if first > last:
            return reversed_diff(diff(self.scan("verdicts", first, after=last)))
        return diff(self.scan("verdicts", last, after=first))

    def fingerprint(self, as_of: AsOf = None) -> str:
        """One digest of all that is known as of a version, however many versions brought it and in what order.

        Over articles, claims and verdicts as they stand and every annotation event; reads everything. Which format
        wrote a row makes no difference.
        """
        number = self.resolve(as_of)
        frames = {
            "articles": self.articles(number),
            "claims": self.claims(number),
            "annotations": self.annotations(number),
            "verdicts": self.verdicts(number),
        }
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
        return self.put_tag(names.check("tag", name), version, note, now=now, force=force)

    def put_tag(self, name: str, version: AsOf = None, note: str = "", *, now: datetime, force: bool = False) -> Tag:
        """As `tag`, for a tag of another dataset: its name may be one that nobody can give any more."""
        number = self.resolve(version)
        if not number:
            raise UnknownVersion("there is no version to tag", subject=self.uri, hint="`factcheck pull` commits one")
        wanted = Tag(name=name, version=number, note=note, tagged_at=now)
        with self.lock():
            while True:
                rows = self._tag_rows()
                known = rows.filter(pl.col("name") == name)
                if known.height and not force:
                    if int(known["version"][-1]) == number:
                        return to_records(Tag, known.tail(1))[0]
                    raise UsageError(
                        f"is already version {known['version'][-1]}", subject=name, hint="take another name, or --force"
                    )
                row = pl.DataFrame([wanted.model_dump() | {"number": rows.height + 1}], schema=TAGS.stored)
                table = self.tables[TAGS.name]
                try:
                    table.commit([table.write(row, f"{rows.height + 1:08}")], number=rows.height + 1)
                except Conflict:
                    table.refresh()
                    continue
                self.seal("tags", rows.height + 1, [table])
                return wanted

    def _tag_rows(self) -> pl.DataFrame:
        table = self.tables[TAGS.name]
        # Before the log: what was acknowledged by now must be in a log that is read after.
        acknowledged = 0 if self.root is None else seals.newest(self.root, "tags")
        table.refresh()
        rows, damage = self.read_small(table)
        rows = rows.sort("number")
        if damage is not None:
            raise damage
        if rows["number"].to_list() != list(range(1, rows.height + 1)) or acknowledged > rows.height:
            raise Corrupt("a tag is missing from the log", subject=table.uri, hint=RESTORE)
        return rows

    def _about(self, name: str, column: str, key: str, version: int) -> pl.DataFrame:
        return self.scan(name, version, key=key).filter(pl.col(column) == key).collect()


def _latest(rows: pl.LazyFrame, key: str) -> pl.LazyFrame:
    """Of each key the row of its newest version; no version has two rows of one key."""
    return rows.filter(pl.col("version") == pl.col("version").max().over(key))
