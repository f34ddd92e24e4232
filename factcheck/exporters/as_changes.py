"""What changed between two versions: JSON Lines for programs, Markdown for a mail or a chat."""

from __future__ import annotations

from pathlib import PurePosixPath

import polars as pl

from factcheck.exporters import as_jsonl, pages
from factcheck.exporters.changes_message import message
from factcheck.exporters.contract import Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:  # noqa: ARG001 - changes alone
    """The files that the profile asks for, in its order; `rows` are not looked at, the context's changes are."""
    assert context.changes is not None
    assert context.since is not None
    pages.check(profile, context)
    name = profile.file_name(context, FORMAT.suffix, changes=True)
    files = []
    for kind in profile.changes.files:
        if kind == "jsonl":
            files.append(Rendered(name, lines(context.changes, profile, context)))
        else:
            text = message(context.changes, profile, context)
            files.append(Rendered(PurePosixPath(name).with_suffix(".md").name, text.encode()))
    return Draft(files)


def lines(changes: pl.DataFrame, profile: Profile, context: ExportContext) -> bytes:
    """An object a line in the columns of `changes.SCHEMA`, each with the versions, the profile and the policy."""
    assert context.since is not None
    told = changes.with_columns(
        since_version=pl.lit(context.since.version),
        since_hash=pl.lit(context.since.version_hash or None, pl.String),
        dataset_version=pl.lit(context.version),
        dataset_tag=pl.lit(context.tag, pl.String),
        dataset_hash=pl.lit(context.version_hash),
        dataset_committed_at=pl.lit(context.committed_at),
        profile=pl.lit(profile.name),
        policy=pl.lit(context.policy),
    )
    return as_jsonl.encoded(told)


FORMAT = Format("changes", ".jsonl", render, needs=frozenset({"since"}), shows_changes=True)
