"""The policies by which votes become a verdict; docs/policies.md says what each is for.

A policy is a frozen value: what is equal decides equally, and its `name` says everything it depends on.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Collection
from typing import ClassVar, NamedTuple, Protocol, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from factcheck.errors import ConfigError
from factcheck.verdicts.dawid_skene import Model, fit
from factcheck.verdicts.encoding import code
from factcheck.verdicts.reliability import weighted_counts
from factcheck.verdicts.tally import Counts, winners

Winners = npt.NDArray[np.int64]
"""By claim the place in `CHOICES` of what the votes say, -1 where they do not agree."""


class Ballots(NamedTuple):
    """What a policy sees: distinct sorted claim ids, the votes on them, and their counts in the ids' order."""

    claim_ids: pl.Series
    votes: pl.DataFrame
    counts: Counts


class Policy(Protocol):
    """What every policy can do."""

    kind: ClassVar[str]

    @property
    def local(self) -> bool:
        """Whether a claim's outcome depends on its own votes alone: then only claims with news need deciding."""
        ...

    @property
    def min_votes(self) -> int:
        """With fewer votes than this a claim is `single`, whatever the votes say."""
        ...

    @property
    def name(self) -> str:
        """Kind and parameters, as stored beside each verdict; `parse` reads it back."""
        ...

    def winners(self, ballots: Ballots) -> Winners:
        """What the votes say of each claim, without regard to `min_votes`."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Named:
    kind: ClassVar[str]
    min_votes: int = 2

    def __post_init__(self) -> None:
        _at_least(1, self.kind, min_votes=self.min_votes)

    @property
    def local(self) -> bool:
        """True: such a policy looks at one claim at a time."""
        return True

    @property
    def name(self) -> str:
        """Kind and parameters, e.g. `majority(min_votes=2,margin=1)`."""
        values = ",".join(f"{field.name}={getattr(self, field.name)}" for field in dataclasses.fields(self))
        return f"{self.kind}({values})"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Majority(_Named):
    """The choice that leads the next one by `margin` votes or more."""

    kind: ClassVar[str] = "majority"
    margin: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        _at_least(1, self.kind, margin=self.margin)

    def winners(self, ballots: Ballots) -> Winners:
        """The leading choice of each claim, -1 on a tie or a smaller lead."""
        return winners(ballots.counts, self.margin)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Unanimous(_Named):
    """The choice of every voter."""

    kind: ClassVar[str] = "unanimous"

    def winners(self, ballots: Ballots) -> Winners:
        """The only choice of each claim, -1 where there are two."""
        only = (ballots.counts > 0).sum(axis=1) == 1
        return np.where(only, ballots.counts.argmax(axis=1), -1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Measured(_Named):
    """A policy with a threshold that learns from all claims how far to trust whom."""

    threshold: float = 0.9

    def __post_init__(self) -> None:
        super().__post_init__()
        # At a half or below, two choices can both be over it, and the first of them would win by the alphabet.
        if isinstance(self.threshold, bool) or not 0.5 < self.threshold <= 1:  # noqa: PLR2004 - a half is a half
            raise ConfigError(
                f"threshold is {self.threshold}, but must be above 0.5 and at most 1", subject=f"policy {self.kind}"
            )

    @property
    def local(self) -> bool:
        """False: a vote on one claim says something about the voter's others."""
        return False

    def confident(self, shares: npt.NDArray[np.float64]) -> Winners:
        """The largest share of each claim where it reaches the threshold, else -1."""
        return np.where(shares.max(axis=1) >= self.threshold, shares.argmax(axis=1), -1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Weighted(_Measured):
    """The choice that holds `threshold` of the voters' weight, each weighed by measured reliability."""

    kind: ClassVar[str] = "weighted"
    threshold: float = 0.6

    def winners(self, ballots: Ballots) -> Winners:
        """The choice with enough of the weight on each claim, else -1."""
        sums = weighted_counts(ballots.votes, ballots.claim_ids)
        return self.confident(sums / np.maximum(sums.sum(axis=1, keepdims=True), 1))


@dataclasses.dataclass(frozen=True, kw_only=True)
class DawidSkene(_Measured):
    """The choice whose posterior under Dawid and Skene's model is `threshold` or more."""

    kind: ClassVar[str] = "dawid_skene"
    model: ClassVar[Model] = "dawid_skene"

    def winners(self, ballots: Ballots) -> Winners:
        """The probable enough choice of each claim, else -1."""
        return self.confident(fit(code(ballots.votes, ballots.claim_ids), model=self.model).posterior)


@dataclasses.dataclass(frozen=True, kw_only=True)
class OneCoin(DawidSkene):
    """As `DawidSkene` with a single probability of being right per annotator."""

    kind: ClassVar[str] = "one_coin"
    model: ClassVar[Model] = "one_coin"


@dataclasses.dataclass(frozen=True)
class Adjudicator:
    """A named lead decides what `base` leaves contested; without a decision, `base` alone speaks."""

    kind: ClassVar[str] = "adjudicator"
    base: Policy = dataclasses.field(default_factory=Majority)

    @property
    def local(self) -> bool:
        """That of the base policy."""
        return self.base.local

    @property
    def min_votes(self) -> int:
        """That of the base policy."""
        return self.base.min_votes

    @property
    def name(self) -> str:
        """The base policy's name with `+adjudicator`; who leads is no part of it, as with the roster."""
        return f"{self.base.name}+{self.kind}"

    def winners(self, ballots: Ballots) -> Winners:
        """What the base policy says: decisions are not votes, see `decide`."""
        return self.base.winners(ballots)


POLICIES: dict[str, type[_Named]] = {
    policy.kind: policy for policy in (Majority, Unanimous, Weighted, DawidSkene, OneCoin)
}


def make(kind: str, *, adjudicated: bool = False, **parameters: float) -> Policy:
    """The policy of that kind; parameters that are not given have the defaults of docs/policies.md.

    `adjudicated` puts a lead on top who decides contested claims. Raises ConfigError for an unknown kind or
    parameter, naming the nearest, and for a value out of range.
    """
    _known(kind, POLICIES, "no such policy", "policy")
    fields = {field.name: field.type for field in dataclasses.fields(POLICIES[kind])}
    for name in parameters:
        _known(name, fields, f"the policy {kind} has no parameter", f"policy {kind}")
    policy = cast("Policy", POLICIES[kind](**parameters))  # type: ignore[arg-type] # checked by __post_init__
    return Adjudicator(policy) if adjudicated else policy


def parse(name: str) -> Policy:
    """The policy whose `name` it is, so that verdicts can be decided again; raises ConfigError where there is none."""
    base, plus, rest = name.partition("+")
    match = re.fullmatch(r"(\w+)\((.*)\)", base)
    if match is None or (plus and rest != Adjudicator.kind):
        raise ConfigError("is not a policy", subject=name, hint="e.g. majority(min_votes=2,margin=1)")
    parameters: dict[str, float] = {}
    for part in match[2].split(",") if match[2] else []:
        key, _, value = part.partition("=")
        try:
            parameters[key] = int(value) if value.isdecimal() else float(value)
        except ValueError as error:
            raise ConfigError(f"{key} is not a number", subject=name, hint="write it in digits") from error
    return make(match[1], adjudicated=bool(plus), **parameters)


def _at_least(least: float, kind: str, **values: float) -> None:
    """Raises ConfigError where one of a policy's parameters is smaller than `least`, or is no whole number."""
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int):
            raise ConfigError(f"{name} is {value}, not a whole number", subject=f"policy {kind}")
        if value < least:
            raise ConfigError(f"{name} is {value}, but must be at least {least}", subject=f"policy {kind}")


def _known(name: str, names: Collection[str], what: str, subject: str) -> None:
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.0)
        raise ConfigError(f"{what} '{name}'", subject=subject, hint=f"did you mean '{near[0]}'?")
