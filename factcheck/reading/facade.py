"""A dataset to be read from Python: frames with names, the desk's rules where a desk was opened, nothing to write."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any, Literal, Self, get_args

import polars as pl

from factcheck import dataset as ds
from factcheck import names, verdicts
from factcheck.dataset import Life
from factcheck.errors import FactcheckError, InstallError, NoDataset, UsageError
from factcheck.models import ClaimState, Status, Version
from factcheck.reading.standing import (
    RESAMPLES,
    RULE,
    By,
    agreement_by,
    ids_of,
    policy_of,
    standing_decisions,
    standing_votes,
)
from factcheck.settings.model import Settings
from factcheck.verdicts.policy import Policy

AsOf = int | str | date | datetime | None
SEED = 0
SETTINGS_FILE = "factcheck.toml"
_TABLE = (
    "claim_id", "group_id", "quote", "lang", "claimant", "state", "status", "verdict", "reason", "n_votes", "agreement",
    "decided_at", "check_worthiness", "article_id", "title", "publisher", "url", "published_at",
)  # fmt: skip


class Dataset:
    """A dataset as readers see it. `as_of` of every method names a version.

    It is a number, `"v3"`, a tag, a day or a moment (texts, dates or datetimes), `"latest"`, `"yesterday"` or `"7d"`;
    None is the newest. A day means its end. Days, and moments without an offset, are those of the desk's time zone
    where a desk was opened, else of UTC. Raises UnknownVersion for what names none.
    Frames come in a stable order. A desk's roster and leads decide whose votes stand; of a bare dataset, those that the
    version was decided by.
    """

    __slots__ = ("_data", "_name", "_settings")

    def __init__(self, data: ds.Dataset, *, name: str, settings: Settings | None = None) -> None:
        self._data = data
        self._name = name
        self._settings = settings

    @classmethod
    def open(cls, place: str | Path, *, options: Mapping[str, str] | None = None) -> Self:
        """The dataset of a desk's folder (where factcheck.toml is), or the one at a folder or an address (s3://...).

        `options` are those of the object store, where the environment (AWS_...) does not say them. Raises NoDataset
        where there is none, ConfigError for settings that are wrong.
        """
        with _hinted():
            folder = Path(place) if "://" not in str(place) else None
            if folder is not None and (folder / SETTINGS_FILE).is_file():
                settings = _settings(folder)
                found = ds.Dataset.open(settings.dataset_uri, options=options, zone=settings.desk.time_zone)
                return cls(found, name=settings.desk.name, settings=settings)
            try:
                found = ds.Dataset.open(place, options=options)
            except NoDataset as error:
                hint = "name a desk's folder (where factcheck.toml is), a dataset's folder, or an s3:// address"
                raise NoDataset(error.what, subject=error.subject, hint=hint) from error
            return cls(found, name=str(place).rstrip("/").rpartition("/")[2] or str(place))

    @property
    def name(self) -> str:
        """The desk's name, or that of the dataset's folder."""
        return self._name

    @property
    def uri(self) -> str:
        """Where the dataset is: a folder, or the address of an object store."""
        return self._data.uri

    @property
    def id(self) -> str:
        """The dataset's own id, which stays the same wherever it is moved to."""
        return self._data.id

    @property
    def head(self) -> int:
        """The newest version's number, 0 where there is none yet."""
        with _hinted():
            return self._data.head

    def version(self, as_of: AsOf = None) -> Version | None:
        """The version's record: number, hash, time, cause, policy; None before the first."""
        with _hinted():
            return self._data.version(self._number(as_of))

    def versions(self) -> pl.DataFrame:
        """The log, a row a version, oldest first (`models.Version`)."""
        with _hinted():
            return self._data.versions()

    def tags(self) -> pl.DataFrame:
        """The names that versions were given, in the order they were set (`models.Tag`)."""
        with _hinted():
            return self._data.tags()

    def articles(self, as_of: AsOf = None) -> pl.LazyFrame:
        """Articles (`models.Article`) with the version that brought each; lazy, because texts are long."""
        with _hinted():
            return self._data.articles(self._number(as_of))

    def claims(self, as_of: AsOf = None) -> pl.LazyFrame:
        """Claims as they stood (`models.Claim`) with the version that brought each row; lazy."""
        with _hinted():
            return self._data.claims(self._number(as_of))

    def verdicts(self, as_of: AsOf = None) -> pl.LazyFrame:
        """The verdict or status of each group of claims as it stood (`models.VerdictChange`); lazy.

        `claim_id` is the group's: join it with `group_id` of `claims`. Groups that nobody has looked at have no row.
        """
        with _hinted():
            return self._data.verdicts(self._number(as_of))

    def table(self, as_of: AsOf = None) -> pl.DataFrame:
        """A row a claim, also those that nobody has looked at, with its article and its group's verdict.

        Columns: claim_id, group_id, quote, lang, claimant, state, status (unreviewed where there is none), verdict,
        reason, n_votes, agreement, decided_at (UTC), check_worthiness, article_id, title, publisher, url, published_at
        (UTC); sorted by article and place in it.
        """
        with _hinted():
            number = self._number(as_of)
            articles = self._data.articles(number).select("article_id", "title", "publisher", "url", "published_at")
            standing = self._data.verdicts(number).rename({"claim_id": "group_id"})
            rows = (
                self._data.claims(number)
                .join(articles, on="article_id", how="left")
                .join(standing.drop("version"), on="group_id", how="left")
                .with_columns(
                    pl.col("status").fill_null(str(Status.UNREVIEWED)),
                    pl.col("n_votes").fill_null(0),
                    publisher=pl.coalesce("outlet", "publisher"),
                    published_at=pl.coalesce("said_at", "published_at"),
                )
                .sort("article_id", "start", "claim_id")
                .select(_TABLE)
            )
            return rows.collect()

    def votes(self, as_of: AsOf = None) -> pl.DataFrame:
        """The votes that count (`verdicts.VOTES`), a row for each claim and annotator, sorted by both.

        Annotators have opaque ids. Those whose addresses are not on the desk's roster do not vote.
        """
        with _hinted():
            found = standing_votes(self._data, number := self._number(as_of), self._roster(number))
            return found.sort("claim_id", "annotator_id")

    def decide(self, policy: str | Policy | None = None, as_of: AsOf = None) -> pl.DataFrame:
        """What a policy makes of the votes (`models.VerdictChange`), a row a claim with votes, sorted by it.

        `policy` is a policy or its name, such as `"majority(min_votes=2,margin=1)"`; None is the one in force in that
        version. Nothing is stored. Raises ConfigError for a name that is none.
        """
        with _hinted():
            number = self._number(as_of)
            votes = self.votes(number)
            chosen = self._policy(number) if policy is None else policy
            rule = verdicts.parse(chosen) if isinstance(chosen, str) else chosen
            decisions = standing_decisions(self._data, number, self._leads(number))
            return verdicts.decide(votes["claim_id"], votes, rule, decisions=decisions)

    def agreement(
        self, by: By | pl.DataFrame | None = None, as_of: AsOf = None, *, seed: int = SEED, resamples: int = RESAMPLES
    ) -> pl.DataFrame:
        """How far the annotators agree: Krippendorff's alpha, Fleiss' kappa, and their 95 % intervals.

        One row, or one for each language, week or kind of task (`by`), or for each value of the second column of a
        frame with `claim_id` and one more. Columns as in `verdicts.agreement`. Raises UsageError for another `by`.
        """
        with _hinted():
            number = self._number(as_of)
            votes = standing_votes(self._data, number, self._roster(number))
            chosen = by if by is None or (isinstance(by, str) and by in get_args(By)) else _groups(by)
            return agreement_by(self._data, number, votes, chosen, seed=seed, resamples=resamples)

    def annotators(self, as_of: AsOf = None, *, seed: int = SEED, resamples: int = RESAMPLES) -> pl.DataFrame:
        """How far each annotator agrees with the others on shared claims, by opaque id (`verdicts.by_annotator`)."""
        with _hinted():
            return verdicts.by_annotator(self.votes(as_of), seed=seed, resamples=resamples)

    def pairs(self, as_of: AsOf = None) -> pl.DataFrame:
        """Each two annotators who share claims: how often they agree, and Cohen's kappa (`verdicts.pairs`)."""
        with _hinted():
            return verdicts.pairs(self.votes(as_of))

    def confusion(self, as_of: AsOf = None) -> pl.DataFrame:
        """How often one annotator said this where another said that (`verdicts.confusion`)."""
        with _hinted():
            return verdicts.confusion(self.votes(as_of))

    def posteriors(
        self, as_of: AsOf = None, *, model: Literal["dawid_skene", "one_coin"] = "dawid_skene"
    ) -> pl.DataFrame:
        """The probability of each choice, a row a claim with votes: claim_id and a column a choice; rows sum to 1.

        The model is Dawid and Skene's (1979), or its form with one probability of being right an annotator.
        """
        with _hinted():
            return verdicts.posteriors(self.votes(as_of), model=model)

    def diff(self, before: AsOf, after: AsOf = None) -> pl.DataFrame:
        """The claims whose status or verdict differs between two versions, with both."""
        with _hinted():
            return self._data.diff(self._number(before), self._number(after))

    def corrections(self, as_of: AsOf = None) -> pl.DataFrame:
        """Every change of a verdict that a release had shown, oldest first: what it was, what it became, when."""
        with _hinted():
            return self._data.corrections(self._number(as_of))

    def history(self, as_of: AsOf = None) -> pl.DataFrame:
        """Every change of a verdict or status, seen by readers or not, oldest first; columns of `corrections`."""
        with _hinted():
            return self._data.history(self._number(as_of))

    def life(self, claim: str, as_of: AsOf = None) -> Life:
        """Everything there is on a claim: appearances, articles, votes, verdicts, events. Raises UnknownClaim."""
        with _hinted():
            return self._data.life(claim, self._number(as_of))

    def spread(self, claim: str, as_of: AsOf = None) -> pl.DataFrame:
        """How a claim travelled: a row for each place where its group stands, the earliest first, undated ones last.

        Columns: group_id, claim_id, article_id, publisher, title, url, lang, published_at (UTC), published_raw,
        published_day, quote, claimant, first, copy_of (article_id), kind and share of the copy, figures, and changed:
        the figures and days that are others than in the first place (before, now). Copies are found among the articles
        of these claims. Raises UnknownClaim.
        """
        from factcheck.reading.appearances import spread_of

        with _hinted():
            number = self._number(as_of)
            life = self._data.life(claim, number)
            ids = life.claims["claim_id"].unique()
            members = self._data.claims(number).filter(pl.col("claim_id").is_in(ids.implode())).collect()
            return spread_of(members, life.articles)

    def __repr__(self) -> str:
        return f"Dataset({self._name}, {', '.join(self._counts())})"

    def _repr_html_(self) -> str:
        """For notebooks: the same, with its address; a name that is written from right to left stays in its place."""
        counts = ", ".join(self._counts())
        return f"<b>Dataset</b> <bdi>{escape(self._name)}</bdi>: {counts}<br><code dir='ltr'>{escape(self.uri)}</code>"

    def __dir__(self) -> list[str]:
        return sorted(name for name in vars(type(self)) if not name.startswith("_"))

    def _counts(self) -> list[str]:
        try:
            number = self._data.last_good
            if not number:
                return ["no version yet"]
            claims = self._data.claims(number).filter(pl.col("state") == str(ClaimState.ACTIVE))
            decided = self._data.verdicts(number).filter(pl.col("status") == str(Status.DECIDED))
            n_claims, n_decided = (
                frame.item() for frame in pl.collect_all([one.select(pl.len()) for one in (claims, decided)])
            )
        except FactcheckError as error:  # it is looked at in a notebook: what is wrong is said, and nothing raised
            return [str(error)]
        return [f"{number} version{'s' * (number != 1)}", f"{n_claims:,} claims", f"{n_decided:,} decided"]

    def _roster(self, number: int) -> list[str] | None:
        if self._settings:
            return ids_of(self._data, self._settings.verdicts.roster)
        kept: list[str] | None = self._kept(number).get("roster")
        return kept

    def _leads(self, number: int) -> list[str]:
        if self._settings:
            return ids_of(self._data, self._settings.verdicts.leads) or []
        return list(self._kept(number).get("leads", []))

    def _kept(self, number: int) -> dict[str, Any]:
        """Whose answers counted when the version was made, where it says so."""
        record = self._data.version(number)
        return record.cursor.get(RULE, {}) if record else {}

    def _policy(self, number: int) -> Policy:
        record = self._data.version(number)
        if record is not None and record.policy:
            return verdicts.parse(record.policy.partition(" people:")[0])
        return policy_of(self._settings.verdicts) if self._settings else verdicts.make("majority")

    def _number(self, as_of: AsOf) -> int:
        if isinstance(as_of, str):
            if as_of.strip().casefold() in {"latest", "newest"}:
                return self._data.resolve(None)
            as_of = names.spelled_moment(as_of, datetime.now(UTC), lambda: self._data.zone) or as_of
        elif isinstance(as_of, date) and not isinstance(as_of, datetime):
            as_of = f"date:{as_of.isoformat()}"
        return self._data.resolve(as_of)


class _hinted:  # noqa: N801 - used as a word: `with _hinted():`
    """Errors tell the next thing to do as a note, which Python and notebooks show below them."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, FactcheckError) and error.hint and not getattr(error, "__notes__", []):
            error.add_note(f"hint: {error.hint}")


def _settings(folder: Path) -> Settings:
    try:
        from factcheck.settings import load
    except ImportError as error:
        raise InstallError(
            f"a desk's settings cannot be read: {error}",
            subject=str(folder / SETTINGS_FILE),
            hint="install the whole desk, or open the dataset's own folder",
        ) from error
    return load(folder, os.environ)


def _groups(by: Any) -> pl.DataFrame:
    if isinstance(by, pl.DataFrame) and "claim_id" in by.columns and by.width == 2:  # noqa: PLR2004 - claim and group
        return by
    given = f"a frame with the columns {', '.join(by.columns)}" if isinstance(by, pl.DataFrame) else repr(by)
    raise UsageError(
        "says not by what to group",
        subject=given,
        hint="give lang, week, earlier, or a frame with claim_id and one column more",
    )
