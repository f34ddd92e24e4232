"""A release: a tagged version as a folder of Parquet files that stands, and can be verified, on its own.

Nobody's name, address, lead time or exact time is in it: annotators are pseudonyms made for this release alone, and
times of people's work are days.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from factcheck import fs, names
from factcheck.dataset import anonymous, erasing, signing, tagging, withdrawals
from factcheck.dataset.dataset import Dataset, storage_of
from factcheck.dataset.datasheet import datasheet
from factcheck.dataset.manifest import DATASHEET, FORMAT, MANIFEST, SIGNATURE, as_bytes, sealed
from factcheck.dataset.release_check import check_release
from factcheck.dataset.state import AsOf
from factcheck.errors import Corrupt, FactcheckError, NewerFormat, OutputExists, UnknownVersion, UsageError
from factcheck.models import AnnotationState, Version


class Released(NamedTuple):
    """The release's folder and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]


def release(
    dataset: Dataset,
    name: str,
    folder: Path,
    *,
    as_of: AsOf = None,
    publisher: str,
    licence: str,
    agreement: Mapping[str, float] | None = None,
    signing_key: bytes | None = None,
    now: datetime,
) -> Released:
    """The release in `folder`/`name`, and last the tag `name` on its version.

    `licence` is an SPDX expression or a URL; `agreement` what was measured (for example krippendorff_alpha);
    `signing_key` a private Ed25519 key in PEM (RFC 8032, RFC 8410), unencrypted. The same version, name and arguments
    after the same earlier releases give the same bytes, apart from the signature's absence or presence. A release that
    fails leaves neither folder nor tag; one that was killed is finished by the same call. Raises ConfigError,
    OutputExists, UnknownVersion.
    """
    name = names.check("release", name)
    key = None if signing_key is None else signing.private_key(signing_key)
    number = dataset.resolve(as_of)
    version = dataset.version(number)
    if version is None:
        raise UnknownVersion(
            "there is no version to release",
            subject=dataset.uri,
            hint="run `factcheck pull` first; it commits a version",
        )
    target = folder / name
    tagged = _tagged(dataset, name, number)
    left = None
    if target.exists() or target.is_symlink():
        left = None if tagged or target.is_symlink() else _left_untagged(target, version)
        if left is None:
            raise _exists(target, tagged=tagged is not None)
    day = left or (tagged or now).date()
    manifest, files = _render(dataset, version, name, day, publisher=publisher, licence=licence, agreement=agreement)
    if key is not None:
        files[SIGNATURE] = signing.sign(files[MANIFEST], key)
    if left is None:
        _write(target, files)
    elif not _holds(target, files):
        raise _exists(target, tagged=False)
    try:
        dataset.tag(name, number, tagging.RELEASE + name, now=now)
    except FactcheckError:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return Released(target, manifest)


def _tagged(dataset: Dataset, name: str, number: int) -> datetime | None:
    """When the version got the tag; raises UsageError where another version has it."""
    rows = dataset.tags().filter(pl.col("name") == name)
    if rows.is_empty():
        return None
    if (other := int(rows["version"][0])) != number:
        raise UsageError(f"is already a tag of version {other}", subject=name, hint="choose another name")
    found: datetime = rows["tagged_at"][0]
    return found


def _exists(target: Path, *, tagged: bool) -> OutputExists:
    if tagged:
        return OutputExists(
            "a release already exists there", subject=str(target), hint="releases never change: choose another name"
        )
    return OutputExists(
        "a folder already exists there, but no tag of that name: it may be left over from an interrupted release",
        subject=str(target),
        hint="delete the folder if it was not published, and run this again; or choose another name",
    )


def _render(
    dataset: Dataset,
    version: Version,
    name: str,
    day: date,
    *,
    publisher: str,
    licence: str,
    agreement: Mapping[str, float] | None,
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest, and every file by name."""
    parts = {part: _file(part, frame) for part, frame in _frames(dataset, version.version, name).items()}
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": name,
        "publisher": publisher,
        "licence": licence,
        "version": version.version,
        "version_hash": version.version_hash,
        "schema_version": version.schema_version,
        "policy": anonymous.rule(version.policy),
        "committed_at": version.committed_at.date().isoformat(),
        "released_at": day.isoformat(),
        "agreement": dict(agreement or {}),
        "counts": {part: frame.height for part, (_, _, frame) in parts.items()},
        "verdicts": dict(
            parts["verdicts"][2].get_column("verdict").drop_nulls().value_counts(sort=True, name="n").iter_rows()
        ),
        "files": [
            {
                "part": part,
                "path": path,
                "sha256": hashlib.sha256(data).hexdigest(),
                "size": len(data),
                "columns": {column: str(dtype) for column, dtype in frame.schema.items()},
            }
            for part, (path, data, frame) in parts.items()
        ],
    }
    page = datasheet(manifest).encode()
    manifest["files"].append(
        {"part": "datasheet", "path": DATASHEET, "sha256": hashlib.sha256(page).hexdigest(), "size": len(page)}
    )
    manifest = sealed(manifest)
    files = {path: data for path, data, _ in parts.values()} | {DATASHEET: page, MANIFEST: as_bytes(manifest)}
    return manifest, files


def _frames(dataset: Dataset, number: int, name: str) -> dict[str, pl.DataFrame]:
    """What is published, in an order that is the same every time."""
    key = hmac.new(
        bytes.fromhex(erasing.release_key(storage_of(dataset))), f"release|{name}".encode(), hashlib.sha256
    ).digest()
    day = pl.col("decided_at").dt.date().cast(pl.String).alias("decided_on")
    public = [
        *(pl.col(column) for column in ("claim_id", "status", "verdict", "reason")),
        pl.col("^n_.*$"),
        *(pl.col(column) for column in ("agreement", "policy", "rationales", "evidence")),
        day,
        pl.col("adjudicator"),
    ]
    changes = dataset.verdict_changes(number).select(*public, "version", "before_status", "before_verdict").collect()
    gone = withdrawals.gone(dataset.claim_changes(number))
    standing = dataset.verdicts(number).filter(~pl.col("claim_id").is_in(gone))  # the others stand in the history
    verdicts = standing.select(*public, "version").collect()
    votes = (
        dataset.last_states(as_of=number)
        .filter(pl.col("state") == str(AnnotationState.SUBMITTED))
        .select(
            "claim_id",
            pl.col("annotator_id").alias("annotator"),
            *("choice", "reason", "confidence", "rationale", "evidence"),
            pl.col("updated_at").dt.date().cast(pl.String).alias("voted_on"),
        )
    )
    return {
        "articles": dataset.articles(number)
        .drop("text", "fetched_at", "source", "version")
        .collect()
        .sort("article_id"),
        "claims": dataset.claims(number).drop("version", *anonymous.OF_THE_DESK).collect().sort("claim_id"),
        "votes": _pseudonyms(votes, "annotator", key).sort(pl.all().exclude("evidence")),
        "verdicts": _pseudonyms(verdicts, "adjudicator", key).sort("claim_id"),
        "corrections": dataset.corrections(number).select(
            *("claim_id", "version", "status", "verdict", "before_version", "before_status", "before_verdict"),
            *("published_in", "policy", "rationales", "evidence", "cause"),
            corrected_on=pl.col("committed_at").dt.date().cast(pl.String),
        ),
        "history": _pseudonyms(changes, "adjudicator", key).sort("claim_id", "version"),
    }


def _pseudonyms(frame: pl.DataFrame, column: str, key: bytes) -> pl.DataFrame:
    """The ids of the column as pseudonyms that another release, or the dataset itself, does not share."""
    ids = frame[column].drop_nulls().unique().sort().to_list()
    names = ["chk_" + hmac.new(key, one.encode(), hashlib.sha256).hexdigest()[:20] for one in ids]
    return frame.with_columns(pl.col(column).replace_strict(ids, names, default=None, return_dtype=pl.String))


def _file(part: str, frame: pl.DataFrame) -> tuple[str, bytes, pl.DataFrame]:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    data = buffer.getvalue()
    return f"{part}-{hashlib.sha256(data).hexdigest()[:16]}.parquet", data, frame


def _write(target: Path, files: dict[str, bytes]) -> None:
    """The folder appears with all its files or not at all; what a killed run left in its place is replaced."""
    building = target.with_name(f".{target.name}.tmp")
    with fs.explained(target):
        shutil.rmtree(building, ignore_errors=True)
        try:
            fs.make_folder(building)
            for path, data in files.items():
                fs.write_new(building / path, data, mode=0o644)
            fs.sync([building])
            building.rename(target)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        fs.sync([target.parent])


def _left_untagged(target: Path, version: Version) -> date | None:
    """The day of a release that was killed after its folder was there and before its tag; None for any other folder."""
    try:
        found = check_release(target)
    except (Corrupt, NewerFormat):
        return None
    same = found.ok and (found.manifest.name, found.manifest.version_hash) == (target.name, version.version_hash)
    return date.fromisoformat(found.manifest.released_at) if same else None


def _holds(target: Path, files: dict[str, bytes]) -> bool:
    there = {path.name for path in target.iterdir()}
    return there == set(files) and all((target / path).read_bytes() == data for path, data in files.items())
