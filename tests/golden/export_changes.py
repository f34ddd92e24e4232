"""What changed in the golden release since version 1: a kind of change for each of its claims that can show one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import polars as pl

from factcheck import exporters, frames
from factcheck.exporters import ExportContext, Profile
from factcheck.exporters.contract import Since
from factcheck.exporters.flat_tables import STATUS_HISTORY
from factcheck.models import ClaimState, Status, Verdict, VerdictChange, digest
from tests.golden.export_release import NOW, Release, id_of

POLICY = "majority(min_votes=2,margin=1)"
_BEFORE: dict[str, Verdict | None] = {
    "fa_plain": Verdict.VERIFIED,
    "fa_latin_first": Verdict.DISPUTED,
    "ar_mixed": None,
    "en_script": Verdict.VERIFIED,
    "en_formula": Verdict.VERIFIED,
    "en_opinion": Verdict.OPINION,
    "en_waiting": Verdict.VERIFIED,
    "en_withdrawn": Verdict.DISPUTED,
    "ar_plain": Verdict.DISPUTED,
}
"""What stood at version 1: a verdict has come since, one has changed, one fell, and a claim was withdrawn."""
_ENDED = {
    "en_formula": ("verified", "disputed", "decided", "pull", ""),
    "en_waiting": ("verified", None, "single", "policy", "majority(min_votes=1,margin=1) -> " + POLICY),
    "en_withdrawn": ("disputed", None, "withdrawn", "withdraw", ""),
}
"""Verdict before and after, status, cause and message of what was corrected, as the dataset tells of it."""


def told(release: Release, profile: Profile) -> ExportContext:
    """The release's context with everything that the profile's format needs."""
    log = release.versions.with_columns(
        cause=pl.lit("pull"), message=pl.when(pl.col("version") == 2).then(pl.lit("another")), policy=pl.lit(POLICY)
    )
    needs = exporters.format_of(profile).needs
    if not needs:
        return release.context
    context = replace(release.context, policy=POLICY, dataset_id="golden")
    if "since" in needs:
        since = Since(1, digest("version 1"), _committed(1))
        context = replace(context, since=since)
        context = replace(context, changes=changes(release, log, profile, context))
    if "status_history" in needs:
        measured = {"checkers": 3, "krippendorff_alpha": 0.75}
        context = replace(context, status_history=status_history(release), measured=measured)
    if "history" in needs:
        context = replace(context, history=ended(release), corrections=ended(release))
    return context


def changes(release: Release, log: pl.DataFrame, profile: Profile, context: ExportContext) -> pl.DataFrame:
    """The changes since version 1."""
    active = pl.when(pl.col("state") == "withdrawn").then(pl.lit(str(ClaimState.ACTIVE))).otherwise("state")
    then = release.claims.with_columns(state=active)
    verdicts = frames.from_records(VerdictChange, [_stood(release, name) for name in _BEFORE])
    before = exporters.view(release.articles, then, verdicts.with_columns(version=pl.lit(1)), release.versions)
    after = exporters.view(release.articles, release.claims, release.verdicts, release.versions)
    facts = before.select(
        "claim_id", verdict_in=pl.lit(3), grounds_in=pl.lit(3), counted_in=pl.lit(3), words_in=pl.lit(2),
        replaced_by=pl.lit([], pl.List(pl.String)),
    )  # fmt: skip
    return exporters.changes(before, after, facts=facts, log=log, profile=profile, context=context)


def _stood(release: Release, name: str) -> VerdictChange:
    """What stood of the claim: as it stands now where the verdict is the same."""
    verdict = _BEFORE[name]
    now = release.verdicts.filter(pl.col("claim_id") == id_of(name)).drop("version").to_dicts()
    same = [one for one in now if one["verdict"] == (verdict and str(verdict))]
    if same:
        return VerdictChange.model_validate(same[0])
    return VerdictChange(
        claim_id=id_of(name), status=Status.DECIDED if verdict else Status.SINGLE, verdict=verdict, policy=POLICY,
        rationales=["As it seemed then."] if verdict else [], n_votes=2, origin="votes", agreement=1.0,
        decided_at=_committed(1),
    )  # fmt: skip


def ended(release: Release) -> pl.DataFrame:
    """History and corrections of the release, which are the same here: everything that changed was published."""
    quotes = dict(release.claims.select("claim_id", "quote").iter_rows())
    langs = dict(release.claims.select("claim_id", "lang").iter_rows())
    rows = [
        {
            "committed_at": _committed(3 if status != "withdrawn" else 2), "version": 3 if status != "withdrawn" else 2,
            "cause": cause, "message": message, "claim_id": id_of(name), "published_in": "first", "before_version": 1,
            "before_status": "decided", "before_verdict": before, "verdict": after, "status": status,
            "policy": POLICY, "rationales": ["A formula is no sentence."] if after else [],
            "evidence": ["https://example.net/why | data | p. 3"] if after else [],
            "quote": quotes[id_of(name)], "lang": langs[id_of(name)], "claimant": None, "page": id_of(name),
        }
        for name, (before, after, status, cause, message) in _ENDED.items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"committed_at": frames.UTC_MICROSECONDS, "claimant": pl.String})


def status_history(release: Release) -> pl.DataFrame:
    """A row for each claim with a result now, and for those that `ended` names, by what stood before."""
    stands = {
        row["claim_id"]: {"status": row["status"], "verdict": row["verdict"], "version": row["version"]}
        for row in release.verdicts.sort("version").to_dicts()
    }
    was = {id_of(name): before for name, (before, *_) in _ENDED.items()}
    gone = {id_of(name): status for name, (_, _, status, *_) in _ENDED.items() if status == "withdrawn"}
    langs = dict(release.claims.select("claim_id", "lang").iter_rows())
    rows = []
    for claim in sorted({*was, *(claim for claim, one in stands.items() if one["status"] == "decided")}):
        now = stands.get(claim, {"status": "unreviewed", "verdict": None, "version": 1})
        now |= {"status": gone[claim], "verdict": None, "version": 2} if claim in gone else {}
        first = {"status": "decided", "verdict": was.get(claim, now["verdict"]), "version": 1}
        points = {"first": first, "latest": now if now["status"] == "decided" else first, "current": now}
        told = {
            f"{point}_{name}": value
            for point, one in points.items()
            for name, value in (one | {"at": _committed(one["version"]), "policy": POLICY}).items()
        }
        rows.append(
            {"claim_id": claim, "lang": langs[claim], "state": gone.get(claim, "active"), "merged_into": None,
             "n_corrections": int(claim in was)} | told
        )  # fmt: skip
    return pl.DataFrame(rows, schema=STATUS_HISTORY)


def _committed(version: int) -> datetime:
    return NOW.replace(day={1: 10, 2: 15, 3: 20}[version])
