"""`import`: decisions made elsewhere or before, as one version with their source named."""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from factcheck import claims as claims_stage
from factcheck import dataset as dataset_package
from factcheck import frames, verdicts
from factcheck.articles import dates, decode, files, lang
from factcheck.articles.draft import Limits
from factcheck.errors import Rejected, Stop
from factcheck.exporters import as_csv
from factcheck.importers import documents, records
from factcheck.importers.draft import reject, unexpected
from factcheck.importers.ratings import Outcome, own_words
from factcheck.models import Rejection, Report, VerdictChange
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings
from factcheck.text import storable

LIMITS = Limits(max_bytes=200_000_000)
_UNDATED = dates.Dated(None, None, ())

_SAID = {
    "number_contradicts_words": "the rating's number and words disagree; the words were used",
    "claimant_is_reviewer": "the fact-checker was named as the claimant; the claimant was left empty",
    "appearance_on_own_site": "the claim's address is on the fact-checker's own site; the address was left out",
    "not_an_address": "the address where the claim appeared is not a web address; it was left out",
    "markup_in_text": "HTML tags and entities were converted to plain text; your file is unchanged",
    "replacement_character": "the claim has U+FFFD, the sign of a character lost earlier",
    "controls_removed": "control characters were removed from the claim",
    "bidi_override": "the claim has direction overrides",
    "bidi_unbalanced": "the claim has unclosed direction controls",
    "date_unreadable": "a date could not be read and was left empty",
    "date_impossible": "a date does not exist and was left empty",
    "date_ambiguous": "a date is ambiguous and was left empty; write it as 2026-11-22",
    "date_epoch": "a date is a database's placeholder for no date and was left empty",
    "date_future": "a date is in the future and was left empty",
    "zone_assumed_utc": "a time has no zone; it was read as UTC",
}


class _Read(NamedTuple):
    """`documents.DECISIONS` of all files with the number of their `file`, rejections, and how many were seen."""

    decisions: pl.DataFrame
    rejected: pl.DataFrame
    seen: int


class _Change(NamedTuple):
    """What a version would bring: new articles and claims, verdict rows that differ from the last ones."""

    articles: pl.DataFrame
    claims: pl.DataFrame
    verdicts: pl.DataFrame


def import_earlier(
    settings: Settings,
    paths: Sequence[Path],
    *,
    source: str,
    own: Sequence[str],
    dry_run: bool,
    now: datetime,
) -> Report:
    """The report of taking in the decisions in the files; commits a version where they say something new.

    `own` are mappings of ratings, `word=verdict`. Raises UsageError for one that is none and for a nameless source.
    """
    began = time.monotonic()
    named = records.source_name(source)
    mapped = own_words(own)
    desk = Desk(settings)
    with desk.workspace.writing("import", now=now):
        read = _read(paths, mapped)
        dated = _dated(read.decisions, now=now, languages=settings.desk.languages)
        made = records.records(dated.decisions, now=now)
        change, refused, accepted = _change(desk, made, named)
        version = None if dry_run else _commit(desk, change, message=source, now=now)
        rejected = pl.concat([read.rejected, dated.rejected, made.rejected, refused])
        if not dry_run:
            desk.workspace.quarantine(rejected, now=now)
    outcomes = change.verdicts.select(pl.coalesce("verdict", "status").alias("verdict"))["verdict"]
    kinds = dict(outcomes.value_counts().sort("verdict").iter_rows())
    return Report(
        stage="import (dry run)" if dry_run else "import",
        seen=read.seen,
        accepted=accepted,
        rejected=rejected.height,
        counts={
            "verdicts": change.verdicts.height,
            **kinds,
            "claims": change.claims.height,
            **_by_code(rejected),
        },
        version=version,
        rejections=frames.to_records(Rejection, rejected),
        warnings=_warnings(made.decisions, dated.warnings),
        seconds=time.monotonic() - began,
        next_steps=_next(rejected, change, version=version, dry_run=dry_run),
    )


def _read(paths: Sequence[Path], mapped: dict[str, Outcome]) -> _Read:
    decisions, rejected, seen = [pl.DataFrame(schema=documents.DECISIONS)], [frames.empty(Rejection)], 0
    numbers = [pl.DataFrame(schema={"file": pl.Int64()})]
    for number, path in enumerate(paths):
        found = _read_file(path, mapped)
        if isinstance(found, Rejection):
            rejected.append(frames.from_records(Rejection, [found]))
            seen += 1
            continue
        if not found.seen:
            nothing = reject("EMPTY", str(path), "holds no reviews: there is nothing below its header line")
            rejected.append(frames.from_records(Rejection, [nothing]))
        decisions.append(found.decisions)
        numbers.append(pl.DataFrame({"file": [number] * found.decisions.height}, schema={"file": pl.Int64()}))
        rejected.append(found.rejected)
        seen += max(1, found.seen)
    return _Read(pl.concat(decisions).hstack(pl.concat(numbers)), pl.concat(rejected), seen)


def _read_file(path: Path, mapped: dict[str, Outcome]) -> documents.Read | Rejection:
    """The decisions in one file; whatever it does to its reader, it costs this file."""
    try:
        text = decode.decode(files.load(path, LIMITS)).text
        return documents.read(text, subject=storable(str(path)), own=mapped, unguarded=as_csv.unguarded)
    except Rejected as error:
        reason = f"{error.what}: {error.hint}" if error.hint else error.what
        if path.suffix.lower() == ".xlsx":
            reason += "; our own workbook, filled in, is taken in with --editor NAME instead of --source"
        return reject(error.reason_code, str(path), reason)
    except Exception as error:  # noqa: BLE001 - one bad file costs that file
        return unexpected(error, str(path))


class _Dated(NamedTuple):
    """Decisions with `lang`, `published_at`, `published_day`, `calendar`, `decided_at`; failed ones; unread dates."""

    decisions: pl.DataFrame
    rejected: pl.DataFrame
    warnings: list[tuple[str, str]]
    """Code and subject, for each date that could not be read as it stands."""


def _dated(decisions: pl.DataFrame, *, now: datetime, languages: Sequence[str]) -> _Dated:
    @functools.cache  # many decisions, few days
    def published(raw: str | None, code: str | None) -> dates.Dated:
        return dates.published(raw, now=now, lang=code)

    codes: list[str | None] = []
    claimed: list[dates.Dated] = []
    decided: list[dates.Dated] = []
    warnings: list[tuple[str, str]] = []
    failed: dict[tuple[int, int], Rejection] = {}
    for row in decisions.iter_rows(named=True):
        try:
            code = lang.language(row["claim"], languages).code
            both = published(row["claimed_raw"], code), published(row["decided_raw"], code)
        except Stop:
            raise  # the desk is wrong, not this record
        except Exception as error:  # noqa: BLE001 - one bad record costs that record
            failed[row["file"], row["decision"]] = unexpected(error, row["subject"], row["claim"])
            code, both = None, (_UNDATED, _UNDATED)
        codes.append(code)
        claimed.append(both[0])
        decided.append(both[1])
        found = [*both[0].warnings, *both[1].warnings]
        warnings += [(warning, row["subject"]) for warning in found if warning != "date_missing"]
    added = [
        pl.Series("lang", codes, pl.String),
        pl.Series("published_at", [found.at for found in claimed], frames.UTC_MICROSECONDS),
        pl.Series("published_day", [found.day for found in claimed], pl.Date),
        pl.Series("calendar", [found.calendar for found in claimed], pl.String),
        pl.Series("decided_at", [found.at for found in decided], frames.UTC_MICROSECONDS),
    ]
    sound = [key not in failed for key in zip(decisions["file"], decisions["decision"], strict=True)]
    kept = decisions.with_columns(added).filter(pl.Series(sound, dtype=pl.Boolean))
    return _Dated(kept, frames.from_records(Rejection, failed.values()), warnings)


def _change(desk: Desk, made: records.Records, source: str) -> tuple[_Change, pl.DataFrame, int]:
    """What the decisions change, the rejections of those that may change nothing, how many were accepted."""
    dated, articles, claims = made.decisions, made.articles, made.claims
    known = desk.claims()
    claims = claims_stage.group(claims, known)
    found = desk.committed()
    last = frames.empty(VerdictChange) if found is None else found.verdicts().drop("version").collect()
    grouped = dated.with_columns(claims["group_id"], claims["claim_id"], claims["article_id"])
    after, refused = records.verdicts(grouped, last, source=source)
    good = grouped.filter(pl.col("group_id").is_in(after["claim_id"].to_list()))
    accepted = good.select("file", "decision").n_unique() if good.height else 0
    changed = verdicts.changes(last, after)
    committed = desk.committed_claims()
    new = (
        claims.join(good.select("claim_id").unique(), on="claim_id", how="semi", maintain_order="left")
        .join(committed, on="claim_id", how="anti", maintain_order="left")
        .unique("claim_id", keep="first", maintain_order=True)
    )
    # A verdict hangs on its group's first claim: where that one is only staged, it comes along with its article.
    first = known.filter(pl.col("group_id").is_in(after["claim_id"].to_list())).join(
        committed, on="claim_id", how="anti", maintain_order="left"
    )
    new = pl.concat([first, new.join(first, on="claim_id", how="anti", maintain_order="left")])
    wanted = new.select("article_id").unique()
    there = pl.concat([desk.articles(), articles]).unique("article_id", keep="first", maintain_order=True)
    return (
        _Change(there.join(wanted, on="article_id", how="semi", maintain_order="left"), new, changed),
        refused,
        accepted,
    )


def _commit(desk: Desk, change: _Change, *, message: str, now: datetime) -> int | None:
    """The number of the version; None where every decision was known."""
    if change.verdicts.is_empty() and change.claims.is_empty():
        return None
    head = desk.dataset.version()
    version = dataset_package.commit(
        desk.dataset,
        articles=change.articles,
        claims=change.claims,
        verdicts=change.verdicts,
        cause="import",
        message=" ".join(message.split()),
        # Where a pull without news left off, the next one goes on, although the head is another then.
        cursor=desk.staging.cursor(head.version_hash if head else None),
        # A policy that changed in factcheck.toml is the next pull's to apply; the first version has to name one.
        policy="" if head else desk.rule(),
        now=now,
    )
    return version.version if version else None


def _by_code(rejected: pl.DataFrame) -> dict[str, int]:
    counted = rejected["code"].value_counts().sort("code").iter_rows()
    return {f"rejected_{code.lower()}": count for code, count in counted}


def _warnings(decisions: pl.DataFrame, dated: list[tuple[str, str]]) -> list[str]:
    """One sentence per kind of warning, with how many decisions it is about and the first of them."""
    once = decisions.unique(["file", "decision"], keep="first", maintain_order=True)
    about = once.select("warnings", "subject").explode("warnings", empty_as_null=False).drop_nulls().iter_rows()
    found = list(dict.fromkeys([*about, *dated]))
    counts = Counter(code for code, _ in found)
    first = dict(reversed(found))
    return [f"{_SAID.get(code, code)}: {count:,}, first {first[code]}" for code, count in counts.items()]


def _next(rejected: pl.DataFrame, change: _Change, *, version: int | None, dry_run: bool) -> list[str]:
    unknown = (rejected["code"] == "UNKNOWN_RATING").any()
    again = ["factcheck import ... --map 'WORD=disputed'   (for ratings that were not understood)"] if unknown else []
    if dry_run:
        return [*again, *(["factcheck import ...   (without --dry-run)"] if change.verdicts.height else [])]
    return [*again, "factcheck log", *(["factcheck export"] if version else [])]
