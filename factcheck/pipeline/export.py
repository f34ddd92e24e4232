"""`export`: a committed version as files for editors, and what changed since an earlier one."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import polars as pl

from factcheck import distribution, exporters, verdicts
from factcheck.dataset import Dataset, anonymous
from factcheck.dataset.touched import Side, Touched, touched
from factcheck.errors import Corrupt, UnknownVersion, UsageError
from factcheck.exporters.contract import ExportContext, Exported, Rendered, Since
from factcheck.exporters.large_view import LargeView
from factcheck.exporters.profiles import Profile
from factcheck.languages import read
from factcheck.models import Status, Version
from factcheck.pipeline import consents, feeds, marks, receipts
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.editorial import proposals
from factcheck.pipeline.measured import measured
from factcheck.pipeline.rule import standing_votes
from factcheck.pipeline.site_spread import spread_of_version, tension_of_version
from factcheck.pipeline.version_view import folder_for_parts, version_view
from factcheck.settings import Settings


class Published(NamedTuple):
    """The files an export wrote with their sizes in bytes, how many claims they hold and how many were left out.

    `changes` counts what changed after version `since`, by kind; both are None where nobody asked. `unchanged` says
    that nothing did, and that no file was written.
    """

    version: int
    seen: int
    rows: int
    left_out: dict[str, int]
    files: list[tuple[Path, int]]
    notes: list[str]
    since: int | None = None
    changes: dict[str, int] | None = None
    unchanged: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The result for --json."""
        return self._asdict() | {"files": [{"path": str(path), "bytes": size} for path, size in self.files]}


def export_names(settings: Settings) -> dict[str, str]:
    """What can be exported: profiles and formats, each with a word on it."""
    language = settings.desk.language
    ours = (read(language, "labels") or {}).get("profiles", {})
    profiles = {
        name: profile.description.get(language) or ours.get(name, "")
        for name, profile in exporters.profiles(settings.root).items()
    }
    return profiles | {
        name: "every column, as a format of its own" for name in exporters.formats() if name not in profiles
    }


def asks_since(settings: Settings, what: str) -> bool:
    """Whether the profile or format says nothing unless it is told since when."""
    return "since" in exporters.format_of(exporters.find(what, settings.root)).needs


def export(
    settings: Settings,
    what: str,
    *,
    as_of: str | None,
    out: Path | None,
    force: bool,
    since: str | None = None,
    reader: str | None = None,
) -> Published:
    """The files of a profile or format, from a committed version.

    With `since` (a version, tag or date, `last`, `beginning`) nothing is written where nothing changed after it. The
    reader's receipt says from then on that this version was given; it is written when the files are. The newest
    version's files stand under the names `latest.*` too.
    """
    desk = Desk(settings)
    data = desk.readable(as_of)
    version = data.version(as_of)
    if version is None:
        raise UnknownVersion(
            "there is nothing to export: version 0 is before the first version",
            subject=str(as_of),
            hint="`factcheck log`",
        )
    profile = exporters.find(what, settings.root)
    newest = _is_newest(data, version.version)
    if exporters.format_of(profile).tombstones and out is None and not newest:
        # Its folder is what readers see now: a verdict taken back since would stand there again.
        raise UsageError(
            f"pages of version {version.version} would stand in the place of newer ones",
            subject=profile.name,
            hint="write them to a folder of their own with --out, or leave out --as-of",
        )
    context = context_of(settings, data, version, profile)
    start = None
    if since is not None:
        start = receipts.since(settings.state, data, profile=profile.name, reader=reader, said=since)
        context, same = since_then(data, profile, context, start)
        if same:
            receipts.keep(settings.state, data, profile=profile.name, reader=reader, version=version.version)
            return Published(version.version, 0, 0, {}, [], [], start.version, {}, unchanged=True)
    folder = out or settings.root / settings.exports.path
    with folder_for_parts(settings.state) as parts:
        done = rendered(desk, data, profile, context, whole=lambda: version_view(data, version.version, parts))
        pointers = pointers_of(done.files, profile) if newest else []
        streamed = [(one, profile.pointer(PurePosixPath(one.name).suffix) if newest else "") for one in done.streamed]
        paths = []
        if done.files or streamed:
            paths = exporters.write(done.files, folder, force=force, pointers=pointers, streamed=streamed)
            done = done.settled()
    notes = list(done.notes)
    if profile.format == "site" and profile.site.cards and not context.cards:
        line = f"pip install '{distribution.NAME}[cards]'"
        notes.append(f"no share cards were made: {line}, or set cards = false under [site] in the profile")
    if done.folder is not None:
        kept = exporters.write_folder(done.folder, folder, force=force)
        paths.append(kept.path / "index.html")
        notes.append(
            f"{kept.path}: {kept.written:,} files written, {kept.same:,} as they were, {kept.removed:,} removed"
        )
        notes += done.folder.notes
    receipts.keep(settings.state, data, profile=profile.name, reader=reader, version=version.version)
    left_out = dict(done.rejected["code"].value_counts().sort("code").iter_rows())
    if done.older:
        left_out["OLDER"] = left_out.get("OLDER", 0) + done.older
    sizes = [(path, path.stat().st_size) for path in paths]
    counts = None if context.changes is None else dict(context.changes["kind"].value_counts().sort("kind").iter_rows())
    return Published(
        version.version,
        done.seen,
        done.accepted,
        left_out,
        sizes,
        notes,
        None if start is None else start.version,
        counts,
    )


def since_then(data: Dataset, profile: Profile, context: ExportContext, start: Since) -> tuple[ExportContext, bool]:
    """The context with the changes after `start`, and whether what the profile's files show is the same as then."""
    found = touched(data, start.version, context.version)
    before, after = (_view_of(side, found) for side in (found.before, found.after))
    changes = exporters.changes(before, after, facts=found.facts, log=found.log, profile=profile, context=context)
    told = ExportContext(**{**vars(context), "since": start, "changes": changes})
    if "since" in exporters.format_of(profile).needs:
        return told, changes.is_empty()
    # Rows come and go with the days, and names with who agrees to be named, though nothing that was touched says so.
    if profile.filters.moving or profile.site.credits:
        return told, False
    output = exporters.format_of(profile)
    shown = [
        exporters.shown(exporters.select(view, profile, context).rows.sort("claim_id"), output)
        for view in (before, after)
    ]
    return told, changes.is_empty() and shown[0].equals(shown[1])


def _view_of(side: Side, found: Touched) -> pl.DataFrame:
    rows = exporters.view(side.articles, side.claims, side.verdicts, found.log, editorial=side.editorial)
    return rows.join(found.facts, on="claim_id", how="semi", maintain_order="left")


def rendered(
    desk: Desk,
    data: Dataset,
    profile: Profile,
    context: ExportContext,
    *,
    whole: Callable[[], pl.DataFrame | LargeView],
) -> Exported:
    """The profile's files; what its format does not look at is not read.

    `whole` gives the version's view (`version_view`), which several profiles may share.
    """
    number = context.version
    needs, tombstones = exporters.format_of(profile).needs, exporters.format_of(profile).tombstones
    if "since" in needs:
        done = exporters.render(pl.DataFrame(schema=exporters.VIEW), profile, context)
        n_changes = 0 if context.changes is None else context.changes.height
        return done._replace(seen=n_changes, accepted=n_changes)
    if needs & {"history", "corrections"}:
        return feeds.rendered(data, profile, context)
    parts: dict[str, Any] = {}
    if "status_history" in needs:
        parts |= {"status_history": data.status_history(number), "measured": measured(desk, number)}
    if "said" in profile.columns:
        standing = standing_votes(desk, f"version:{number}")
        parts["said"] = verdicts.queue(data.verdicts(number).collect(), standing)
    if exporters.format_of(profile).drafts and "claim_reviewed" in profile.columns:
        parts["proposals"] = proposals(data, number)
    if tombstones:
        parts |= {"history": data.history(number), "brought": _brought(data.verdict_changes(number).collect())}
    if profile.format == "site":
        parts |= {"spread": spread_of_version(data, number), "tension": tension_of_version(desk, data, number)}
    return exporters.render(whole(), profile, ExportContext(**{**vars(context), **parts}))


def context_of(settings: Settings, data: Dataset, version: Version, profile: Profile) -> ExportContext:
    """What every file of the version says of it and of the desk, and the versions that the profile's filters name."""
    tagged = data.tags().filter(pl.col("version") == version.version)["name"].to_list()
    return ExportContext(
        version=version.version,
        version_hash=version.version_hash,
        committed_at=version.committed_at,
        tag=tagged[-1] if tagged else None,
        desk_name=settings.desk.name,
        desk_url=settings.desk.url,
        language=settings.desk.language,
        clock=settings.desk.clock,
        policy=anonymous.rule(version.policy),
        dataset_id=data.id,
        licence=settings.desk.licence,
        credits=consents.of_version(settings, data, version.version) if profile.site.credits else {},
        cards=find_spec("matplotlib") is not None,
        texts=settings.site.texts,
        marks=marks.marks(data, profile, version.version),
    )


def _is_newest(data: Dataset, number: int) -> bool:
    """Whether no version comes after it, also none that is damaged."""
    try:
        return number == data.head
    except Corrupt:
        return False


def pointers_of(files: list[Rendered], profile: Profile) -> list[Rendered]:
    """The same bytes under the names that stay; a folder of documents has none."""
    single = [file for file in files if "/" not in file.name]
    return [Rendered(profile.pointer(PurePosixPath(file.name).suffix), file.content) for file in single]


def _brought(changes: pl.DataFrame) -> pl.DataFrame:
    """Of each claim the version of its present verdict, and whether it ever had a result for readers."""
    shown = pl.col("status").is_in([str(Status.DECIDED), str(Status.UNPROVEN)])
    return changes.group_by("claim_id").agg(pl.col("version").max(), shown=shown.any()).sort("claim_id")
