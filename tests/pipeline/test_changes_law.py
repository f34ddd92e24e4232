"""Changes applied to what stood before give what stands now, over random histories of a dataset."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck import exporters
from factcheck.dataset.maintenance import restore
from factcheck.exporters import ExportContext, Profile
from factcheck.exporters.contract import Since
from factcheck.frames import from_records
from factcheck.models import Claim, ClaimState, VerdictChange, claim_id
from factcheck.pipeline.export import since_then
from tests.dataset.conftest import START, Rows

ROWS = Rows()
N_CLAIMS, N_VERSIONS = 8, 6
SHOWN = ("status", "verdict", "reason", "quote", "claimant", "publisher", "published_at", "rationales", "evidence")
PROFILES = (
    Profile(name="changes", format="changes"),
    Profile.model_validate({"name": "strict", "format": "changes", "filters": {"min_agreement": 0.6}}),
    Profile.model_validate({"name": "false", "format": "changes", "filters": {"verdicts": ["disputed"]}}),
)

State = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], ds.Dataset]:
    blank = tmp_path_factory.mktemp("blank") / "dataset"
    ds.open(blank, create=True)

    def make() -> ds.Dataset:
        folder = tmp_path_factory.mktemp("new") / "dataset"
        shutil.copytree(blank, folder)
        return ds.open(folder)

    return make


class History:
    """A dataset that people work on at random; `edited` are claims that have other words now."""

    def __init__(self, data: ds.Dataset, seed: int) -> None:
        self.data = data
        self.chance = random.Random(seed)
        self.claims = {one.claim_id: one for one in map(ROWS.claim, range(N_CLAIMS))}
        ds.commit(
            data, articles=ROWS.articles(range(N_CLAIMS)), claims=from_records(Claim, list(self.claims.values())),
            verdicts=from_records(VerdictChange, [self._verdict(one) for one in list(self.claims)[:5]]),
            cause="pull", now=START,
        )  # fmt: skip
        for number in range(1, N_VERSIONS):
            self._version(START + timedelta(days=number))

    def _version(self, now: Any) -> None:
        moves = self.chance.sample(["vote", "vote", "grounds", "withdraw", "edit", "claimant", "merge", "restore"], 3)
        if "restore" in moves and self.chance.random() < 0.3:
            restore(self.data, self.chance.randint(1, self.data.head), now=now)
            self.claims = {one.claim_id: one for one in self._standing()}
            return
        claims: dict[str, Claim] = {}
        verdicts: dict[str, VerdictChange] = {}
        for move in moves:
            one = self.claims[self.chance.choice(sorted(self.claims))]
            if one.claim_id not in claims and move != "restore":
                self._move(move, one, claims, verdicts)
        self.claims |= claims
        ds.commit(
            self.data,
            claims=from_records(Claim, list(claims.values())) if claims else None,
            verdicts=from_records(VerdictChange, list(verdicts.values())) if verdicts else None,
            cause="merge" if any(one.group_id != one.claim_id for one in claims.values()) else "pull",
            now=now,
        )

    def _move(self, move: str, one: Claim, claims: dict[str, Claim], verdicts: dict[str, VerdictChange]) -> None:
        if move in {"vote", "grounds"}:
            verdicts[one.group_id] = self._verdict(one.group_id)
        elif move == "withdraw":
            state = ClaimState.ACTIVE if one.state is ClaimState.WITHDRAWN else ClaimState.WITHDRAWN
            claims[one.claim_id] = one.model_copy(update={"state": state})
        elif move == "claimant":
            claims[one.claim_id] = one.model_copy(update={"claimant": self.chance.choice(["وزیر", "WHO", None])})
        elif move == "edit":
            own = claim_id(article_id=one.article_id, start=0, end=len(one.quote) + 1, quote=one.quote + "!")
            claims[one.claim_id] = one.model_copy(update={"state": ClaimState.WITHDRAWN})
            claims[own] = Claim.model_validate(
                one.model_dump() | {"claim_id": own, "group_id": own, "quote": one.quote + "!", "end": one.end + 1,
                                    "supersedes": one.claim_id, "state": "active"}
            )  # fmt: skip
        else:
            other = self.claims[self.chance.choice(sorted(self.claims))]
            if one.group_id == one.claim_id and other.group_id == other.claim_id != one.claim_id:
                claims[one.claim_id] = one.model_copy(update={"group_id": other.claim_id})
                verdicts[one.claim_id] = ROWS.verdict(0, None, claim_id=one.claim_id, status="unreviewed", n_votes=0)

    def _verdict(self, group: str) -> VerdictChange:
        verdict = self.chance.choice(["verified", "disputed", "disputed", "opinion", None])
        return ROWS.verdict(
            0, verdict, claim_id=group,
            reason=self.chance.choice(["false", "misleading", None]) if verdict == "disputed" else None,
            rationales=[self.chance.choice(["one", "two"])], agreement=self.chance.choice([0.5, 1.0]),
        )  # fmt: skip

    def _standing(self) -> list[Claim]:
        rows = self.data.claims().collect().select(list(Claim.model_fields))
        return [Claim.model_validate(row) for row in rows.to_dicts()]


def shown(data: ds.Dataset, number: int, profile: Profile) -> State:
    """What stands in a full export of the version, read without any of what is tested."""
    if not number:
        return {}
    view = exporters.view(
        data.articles(number).collect(), data.claims(number).collect(), data.verdict_changes(number).collect(),
        data.versions(number),
    )  # fmt: skip
    found = {}
    for row in view.iter_rows(named=True):
        filters = profile.filters
        agreed = (row["agreement"] or 0) >= filters.min_agreement
        right = not filters.verdicts or row["verdict"] in [str(one) for one in filters.verdicts]
        if row["state"] == "active" and row["verdict"] and agreed and right:
            found[row["claim_id"]] = {name: row[name] for name in SHOWN}
    return found


def context(data: ds.Dataset, number: int) -> ExportContext:
    record = data.version(number)
    assert record is not None
    return ExportContext(version=number, version_hash=record.version_hash, committed_at=record.committed_at)


def between(data: ds.Dataset, a: int, b: int, profile: Profile) -> pl.DataFrame:
    told, same = since_then(data, profile, context(data, b), Since(a))
    assert told.changes is not None
    assert same == told.changes.is_empty()
    return told.changes


def folded(state: State, changes: pl.DataFrame) -> State:
    """The state after the changes, each of which has to find what it says was there before."""
    after = dict(state)
    for row in changes.iter_rows(named=True):
        before, now = (row[side] and {name: row[side][name] for name in SHOWN} for side in ("before", "after"))
        assert after.pop(row["claim_id"], None) == before
        if now is not None:
            after[row["claim_id"]] = now
    return after


def joined(first: pl.DataFrame, second: pl.DataFrame) -> dict[str, tuple[Any, Any]]:
    """Before and after of each claim over both stretches, without those that came back to what they were."""
    found: dict[str, tuple[Any, Any]] = {}
    for changes in (first, second):
        for row in changes.iter_rows(named=True):
            before = found[row["claim_id"]][0] if row["claim_id"] in found else row["before"]
            found[row["claim_id"]] = (before, row["after"])
    return {claim: sides for claim, sides in found.items() if sides[0] != sides[1]}


@pytest.mark.parametrize(
    "n_histories", [pytest.param(24, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.chaos)]
)
def test_changes_folded_onto_one_version_give_the_other(new: Callable[[], ds.Dataset], n_histories: int) -> None:
    kinds: set[str] = set()
    for seed in range(n_histories):
        data = History(new(), seed).data
        chance = random.Random(seed)
        a, b, c = sorted(chance.sample(range(data.head + 1), 3))
        profile = PROFILES[seed % len(PROFILES)]
        first, second, both = (between(data, *pair, profile) for pair in ((a, b), (b, c), (a, c)))
        assert folded(shown(data, a, profile), first) == shown(data, b, profile), seed
        assert folded(shown(data, b, profile), second) == shown(data, c, profile), seed
        assert folded(shown(data, a, profile), both) == shown(data, c, profile), seed
        sides = {row["claim_id"]: (row["before"], row["after"]) for row in both.iter_rows(named=True)}
        assert joined(first, second) == sides, seed
        for row in both.iter_rows(named=True):
            assert a < row["version"] <= c, seed
        kinds |= set(both["kind"])
    assert n_histories < 200 or kinds == set(exporters.KINDS), "what never happens shows nothing"
