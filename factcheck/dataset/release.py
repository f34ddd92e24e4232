"""A release: a tagged version as a folder of Parquet files that stands, and can be verified, on its own.

Nobody's name, address, lead time or exact time is in it: annotators are pseudonyms made for this release alone, and
times of people's work are days.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl

from factcheck.dataset import durable
from factcheck.dataset.annotators import dataset_key
from factcheck.dataset.dataset import Dataset
from factcheck.dataset.datasheet import datasheet
from factcheck.dataset.state import AsOf
from factcheck.errors import ConfigError, Corrupt, OutputExists, UnknownVersion
from factcheck.models import AnnotationState, digest

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
DATASHEET: Final = "README.md"
FORMAT: Final = 1


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
    """The release in `folder`/`name`, and the tag `name` on its version.

    `licence` is an SPDX expression or a URL; `agreement` what was measured (for example krippendorff_alpha);
    `signing_key` a private Ed25519 key in PEM (RFC 8032, RFC 8410), unencrypted. The same version, name and arguments
    give the same bytes, apart from the signature's absence or presence. Raises OutputExists, UnknownVersion.
    """
    number = dataset.resolve(as_of)
    version = dataset.version(number)
    if version is None:
        raise UnknownVersion("there is no version to release", subject=dataset.uri, hint="pull something first")
    target = folder / name
    if target.exists() or target.is_symlink():
        raise OutputExists(
            "a release is already there", subject=str(target), hint="releases never change: name another"
        )
    tag = dataset.tag(name, number, f"release {name}", now=now)
    parts = {part: _file(part, frame) for part, frame in _frames(dataset, number, name).items()}
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "name": name,
        "publisher": publisher,
        "licence": licence,
        "version": number,
        "version_hash": version.version_hash,
        "schema_version": version.schema_version,
        "policy": version.policy,
        "committed_at": version.committed_at.date().isoformat(),
        "released_at": tag.tagged_at.date().isoformat(),
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
    manifest["digest"] = digest(manifest)
    text = _as_text(manifest)
    files = {path: data for path, data, _ in parts.values()} | {DATASHEET: page, MANIFEST: text}
    if signing_key is not None:
        files[SIGNATURE] = _sign(text, signing_key)
    _write(target, files)
    return Released(target, manifest)


def verify_release(folder: Path, *, public_key: bytes | None = None) -> list[str]:
    """What is wrong with a release folder, one sentence each, nothing where it is as published.

    Needs no dataset. With `public_key` (Ed25519, PEM) a release without that key's signature is wrong too.
    Raises Corrupt where there is no manifest that can be read.
    """
    try:
        text = (folder / MANIFEST).read_bytes()
        manifest = json.loads(text)
        listed = {str(file["path"]): file for file in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Corrupt("is no release: its manifest cannot be read", subject=str(folder)) from error
    wrong = []
    claimed = manifest.pop("digest", None)
    if claimed != digest(manifest) or _as_text(manifest | {"digest": claimed}) != text:
        wrong.append(f"{MANIFEST} is not what was published")
    for path, file in listed.items():
        try:
            data = (folder / path).read_bytes()
        except OSError:
            wrong.append(f"{path} is missing")
            continue
        if len(data) != file["size"] or hashlib.sha256(data).hexdigest() != file["sha256"]:
            wrong.append(f"{path} is not what was published")
    there = {path.name for path in folder.iterdir()}
    wrong += [f"{name} is in no manifest" for name in sorted(there - set(listed) - {MANIFEST, SIGNATURE})]
    if public_key is not None:
        wrong += _check_signature(folder / SIGNATURE, text, public_key)
    return wrong


def _frames(dataset: Dataset, number: int, name: str) -> dict[str, pl.DataFrame]:
    """What is published, in an order that is the same every time."""
    key = hmac.new(bytes.fromhex(dataset_key(dataset)), f"release|{name}".encode(), hashlib.sha256).digest()
    day = pl.col("decided_at").dt.date().cast(pl.String).alias("decided_on")
    public = [
        *(pl.col(column) for column in ("claim_id", "status", "verdict")),
        pl.col("^n_.*$"),
        *(pl.col(column) for column in ("agreement", "policy", "rationales", "evidence")),
        day,
        pl.col("adjudicator"),
    ]
    changes = dataset.verdict_changes(number).select(*public, "version", "before_status", "before_verdict").collect()
    verdicts = dataset.verdicts(number).select(*public, "version").collect()
    votes = (
        dataset.annotations(number)
        .filter(pl.col("seq") == pl.col("seq").max().over("annotation_key"))
        .filter(pl.col("state") == str(AnnotationState.SUBMITTED))
        .select(
            "claim_id",
            pl.col("annotator_id").alias("annotator"),
            *("choice", "confidence", "rationale", "evidence"),
            pl.col("updated_at").dt.date().cast(pl.String).alias("voted_on"),
        )
        .collect()
    )
    return {
        "articles": dataset.articles(number)
        .drop("text", "fetched_at", "source", "version")
        .collect()
        .sort("article_id"),
        "claims": dataset.claims(number).drop("version").collect().sort("claim_id"),
        "votes": _pseudonyms(votes, "annotator", key).sort(pl.all().exclude("evidence")),
        "verdicts": _pseudonyms(verdicts, "adjudicator", key).sort("claim_id"),
        "corrections": _pseudonyms(changes, "adjudicator", key).sort("claim_id", "version"),
    }


def _as_text(manifest: dict[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


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
    """The folder appears with all its files or not at all."""
    building = target.with_name(f".{target.name}.tmp")
    with durable.explained(target):
        shutil.rmtree(building, ignore_errors=True)
        durable.make_folder(building)
        for path, data in files.items():
            durable.write_new(building / path, data)
        durable.sync([building])
        building.rename(target)
        durable.sync([target.parent])


def _sign(text: bytes, key: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    private = load_pem_private_key(key, password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ConfigError("is no Ed25519 key", subject="signing key", hint="`openssl genpkey -algorithm ed25519`")
    return _hex_line(private.sign(text)).encode()


def _check_signature(path: Path, text: bytes, key: bytes) -> list[str]:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    public = load_pem_public_key(key)
    assert isinstance(public, Ed25519PublicKey)
    try:
        signature = path.read_text("ascii")
        public.verify(bytes.fromhex(signature), text)
    except FileNotFoundError:
        return ["the release is not signed"]
    except (InvalidSignature, ValueError, OSError):
        return ["the signature is not this key's"]
    return [] if signature == _hex_line(bytes.fromhex(signature)) else [f"{SIGNATURE} is not what was published"]


def _hex_line(signature: bytes) -> str:
    return signature.hex() + "\n"
