"""`export`: a committed version as files for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from factcheck import exporters, verdicts
from factcheck.errors import UnknownVersion
from factcheck.exporters.contract import ExportContext
from factcheck.models import Status
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.rule import standing_votes
from factcheck.settings import Settings


class Published(NamedTuple):
    """The files an export wrote with their sizes in bytes, how many claims they hold and how many were left out."""

    version: int
    seen: int
    rows: int
    left_out: dict[str, int]
    files: list[tuple[Path, int]]
    notes: list[str]

    def as_dict(self) -> dict[str, Any]:
        """The result for --json."""
        return self._asdict() | {"files": [{"path": str(path), "bytes": size} for path, size in self.files]}


def export_names(settings: Settings) -> dict[str, str]:
    """What can be exported: profiles and formats, each with a word on it."""
    language = settings.desk.language
    profiles = {
        name: profile.description.get(language, "") for name, profile in exporters.profiles(settings.root).items()
    }
    return profiles | {
        name: "every column, as a format of its own" for name in exporters.formats() if name not in profiles
    }


def export(settings: Settings, what: str, *, as_of: str | None, out: Path | None, force: bool) -> Published:
    """The files of a profile or format, from a committed version."""
    desk = Desk(settings)
    data = desk.readable(as_of)
    version = data.version(as_of)
    if version is None:
        raise UnknownVersion(
            "there is nothing to export: version 0 is before the first version",
            subject=str(as_of),
            hint="`factcheck log`",
        )
    tagged = data.tags().filter(pl.col("version") == version.version)["name"].to_list()
    context = ExportContext(
        version=version.version,
        version_hash=version.version_hash,
        committed_at=version.committed_at,
        tag=tagged[-1] if tagged else None,
        desk_name=settings.desk.name,
        desk_url=settings.desk.url,
        language=settings.desk.language,
        clock=settings.desk.clock,
        licence=settings.desk.licence,
        texts=settings.site.texts,
        changes=data.history(version.version),
        brought=_brought(data.verdict_changes(version.version).collect()),
        said=verdicts.queue(
            data.verdicts(version.version).collect(), standing_votes(desk, f"version:{version.version}")
        ),
    )
    seen = exporters.view(
        data.articles(version.version).collect(),
        data.claims(version.version).collect(),
        data.verdict_changes(version.version).collect(),
        data.versions(version.version),
        data.corrections(version.version),
    )
    done = exporters.render(seen, exporters.find(what, settings.root), context)
    target = out or settings.root / settings.exports.path
    paths = exporters.write(done.files, target, force=force) if done.files else []
    notes = list(done.notes)
    if done.folder is not None:
        kept = exporters.write_folder(done.folder, target, force=force)
        paths.append(kept.path / "index.html")
        notes.append(
            f"{kept.path}: {kept.written:,} files written, {kept.same:,} as they were, {kept.removed:,} removed"
        )
        notes += done.folder.notes
    left_out = dict(done.rejected["code"].value_counts().sort("code").iter_rows())
    sizes = [(path, path.stat().st_size) for path in paths]
    return Published(version.version, done.seen, done.accepted, left_out, sizes, notes)


def _brought(changes: pl.DataFrame) -> pl.DataFrame:
    """Of each claim the version of its present verdict, and whether it ever had a result for readers."""
    shown = pl.col("status").is_in([str(Status.DECIDED), str(Status.UNPROVEN)])
    return changes.group_by("claim_id").agg(pl.col("version").max(), shown=shown.any()).sort("claim_id")
