"""`init`, `ingest`, `claims`: from sources to staged claims."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import polars as pl

from factcheck import articles as articles_stage
from factcheck import claims as claims_stage
from factcheck import frames, names
from factcheck import settings as settings_room
from factcheck.dataset import durable
from factcheck.errors import OutputExists, UsageError
from factcheck.models import Rejection, Report, canonical_json
from factcheck.pipeline.desk import Desk
from factcheck.settings import FILE_NAME, TITLE_LENGTH, TITLE_SHORTEST, Project, Settings
from factcheck.text import ZWJ, ZWNJ

_MARKS_AND_JOINERS = f" \t-–—:،,;.«([{ZWNJ}{ZWJ}"
"""What does not stand at the end of a shortened title."""
_TYPE = {
    "name": "type a name of up to 200 characters on one line: --name 'Tehran desk'",
    "url": "type the desk's web address: --url https://desk.example",
}
"""What to type instead of a value that was refused, by option."""


def init(folder: Path, *, name: str, language: str, url: str, force: bool) -> Path:
    """The path of the factcheck.toml that was made; nothing is written that `settings.load` would refuse.

    Raises OutputExists where one is there, UsageError for a name or address that a desk cannot have.
    """
    names.check_folder(str(folder.resolve()))
    path = folder / FILE_NAME
    if path.is_symlink() or (path.exists() and not force):
        raise OutputExists("is already there", subject=str(path), hint="edit it, or replace it with --force")
    values = {"name": name, "title": _title(name), "language": language, "url": url}
    template = files("factcheck.pipeline").joinpath("template.toml").read_text("utf-8")
    # A JSON string is a TOML string. All places at once: a name may read like one of them.
    text = re.sub(r"\{(name|title|language|url)\}", lambda found: canonical_json(values[found[1]]), template)
    for key, given in {"name": name, "url": url}.items():
        if problem := settings_room.problem_of_desk(key, given):
            raise UsageError(problem, subject=f"--{key}", hint=_TYPE[key])
    settings_room.check(text, folder)
    folder.mkdir(parents=True, exist_ok=True)
    durable.replace(path, text.encode("utf-8"))
    return path


def _title(name: str) -> str:
    """A title for Label Studio made of the desk's name: cut at a word where it is too long, longer where too short."""
    if len(name) < TITLE_SHORTEST:
        return f"{name}: {Project().title}"
    if len(name) <= TITLE_LENGTH:
        return name
    cut = name[: TITLE_LENGTH - 1]
    if " " in cut[TITLE_LENGTH // 2 :]:
        cut = cut.rpartition(" ")[0]
    return f"{cut.rstrip(_MARKS_AND_JOINERS)}…"


def ingest(settings: Settings, sources: Sequence[str], *, now: datetime) -> Report:
    """The report of reading `sources` into staging; articles the desk already has count as unchanged."""
    began = time.monotonic()
    desk = Desk(settings)
    with desk.workspace.writing("ingest", now=now):
        read = articles_stage.read(sources, now=now, languages=settings.desk.languages)
        known = desk.articles().select("article_id")
        new = read.articles.join(known, on="article_id", how="anti").unique(
            "article_id", keep="first", maintain_order=True
        )
        desk.staging.add_articles(new)
        desk.workspace.quarantine(read.rejected, now=now)
    accepted = read.articles.height
    return Report(
        stage="ingest",
        seen=accepted + read.rejected.height,
        accepted=accepted,
        rejected=read.rejected.height,
        counts={"new": new.height, "unchanged": accepted - new.height},
        rejections=frames.to_records(Rejection, read.rejected),
        warnings=list(read.warnings),
        seconds=time.monotonic() - began,
        next_steps=["factcheck claims"] if accepted else ["factcheck ingest FOLDER"],
    )


def claims(settings: Settings, *, show: int, now: datetime) -> tuple[Report, pl.DataFrame]:
    """The report of cutting claims out of the staged articles, and the `show` most check-worthy ones."""
    began = time.monotonic()
    desk = Desk(settings)
    with desk.workspace.writing("claims", now=now):
        staged = desk.staging.articles()
        cut = claims_stage.extract(staged)
        sent = {claim for name in settings.projects for claim in desk.workspace.pushed(name)}
        # What checkers may be looking at stays as it was sent, whatever newer rules would cut.
        kept = desk.staging.claims().filter(pl.col("group_id").is_in(sent))
        fresh = cut.claims.join(kept, on="claim_id", how="anti", maintain_order="left")
        grouped = pl.concat([kept, claims_stage.group(fresh, pl.concat([desk.committed_claims(), kept]))])
        desk.staging.set_claims(grouped)
        failed = cut.rejected.filter(pl.col("code") == "UNEXPECTED")
        desk.workspace.quarantine(failed, now=now)
    worth = grouped.filter(pl.col("check_worthiness") >= settings.claims.min_check_worthiness)
    by_code = dict(cut.rejected.group_by("code").len().sort("code").iter_rows())
    report = Report(
        stage="claims",
        seen=cut.seen,
        accepted=cut.claims.height,
        rejected=cut.rejected.height,
        counts={
            "worth_checking": worth.height,
            "different": worth["group_id"].n_unique(),
            "articles": staged.height,
            **{f"rejected_{code.lower()}": count for code, count in by_code.items()},
        },
        rejections=frames.to_records(Rejection, failed),  # sentences that claim nothing are only counted
        seconds=time.monotonic() - began,
        next_steps=_after_claims(settings, worth),
    )
    best = worth.unique("group_id", keep="first", maintain_order=True)
    return report, best.sort("check_worthiness", descending=True, maintain_order=True).head(show)


def _after_claims(settings: Settings, worth: pl.DataFrame) -> list[str]:
    if worth.is_empty():
        return ["factcheck ingest FOLDER   (nothing here is worth checking yet)"]
    if settings.studio.url:
        return ["factcheck push --dry-run", "factcheck push"]
    return ["factcheck studio up   (starts a local Label Studio)", "factcheck push"]
