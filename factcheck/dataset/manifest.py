"""The manifest of a release: what it must look like before anything in it is believed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NoReturn, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from factcheck import names
from factcheck.errors import Corrupt, NewerFormat
from factcheck.models import digest

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
DATASHEET: Final = "README.md"
FORMAT: Final = 1
PARTS: Final = ("articles", "claims", "votes", "verdicts", "corrections", "datasheet")
LARGEST: Final = 4 << 20
"""Bytes of a manifest; ours have some thousand."""
_ASK: Final = "ask the publisher for a new copy"

Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, Field(max_length=2000)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Number = Annotated[int, Field(ge=0, le=1 << 53)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ReleasedFile(_Strict):
    """A file beside the manifest: its name, which is nothing but a name, its digest and size in bytes."""

    part: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    path: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$")]
    sha256: Hex
    size: Number
    columns: Annotated[dict[str, Text], Field(max_length=1000)] | None = None


class Manifest(_Strict):
    """What a release says of itself; `digest` is over everything else."""

    format: Literal[1]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    publisher: Text
    licence: Text
    version: Annotated[int, Field(ge=1, le=1 << 53)]
    version_hash: Hex
    schema_version: Number
    policy: Text
    committed_at: Day
    released_at: Day
    agreement: dict[str, float]
    counts: dict[str, Number]
    verdicts: dict[str, Number]
    files: Annotated[list[ReleasedFile], Field(max_length=1000)]
    digest: Hex

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        parts, paths = [file.part for file in self.files], [file.path for file in self.files]
        for what, found in (("part", parts), ("file", paths)):
            if twice := sorted({one for one in found if found.count(one) > 1}):
                raise ValueError(f"the {what} {twice[0]} is listed twice")
        if own := {MANIFEST, SIGNATURE} & set(paths):
            raise ValueError(f"{min(own)} cannot be one of its own files")
        if missing := [part for part in PARTS if part not in parts]:
            raise ValueError(f"the part {missing[0]} is missing")
        return self


def as_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The manifest's one and only form on disk."""
    return (json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with the digest of what it says."""
    return {**manifest, "digest": digest(dict(manifest))}


def parse(data: bytes, *, subject: str) -> Manifest:
    """The manifest that the bytes are, whoever wrote them; raises Corrupt saying why they are none, or NewerFormat."""
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise _bad("it is nested too deeply", subject) from None
    except UnicodeError:
        raise _bad("it contains bytes or text that are not Unicode", subject) from None
    except json.JSONDecodeError as error:
        raise _bad(f"it is not JSON (line {error.lineno})", subject) from None
    except ValueError as error:  # a key twice, NaN, thousands of digits
        raise _bad(names.shown(str(error)), subject) from None
    if not isinstance(found, dict):
        raise _bad("it is JSON, but not an object", subject)
    version = found.get("format")
    if isinstance(version, int) and not isinstance(version, bool) and version > FORMAT:
        what = f"is a release of format {names.shown(str(version)[:20])}; this factcheck reads formats up to {FORMAT}"
        raise NewerFormat(what, subject=subject, hint="upgrade factcheck")
    try:
        manifest = Manifest.model_validate(found)
    except ValidationError as error:
        raise _bad(_first(error), subject) from None
    said = found.pop("digest")
    if said != digest(found) or as_bytes(found | {"digest": said}) != data:
        raise _bad("it differs from what was published: the digests do not match", subject)
    return manifest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1) if len(keys) < LARGEST >> 10 else ""
        raise ValueError(f"a key appears twice: {names.shown(twice)}")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(names.shown(str(part)) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    return f"{where}: {said[0].lower()}{said[1:]}" if where else said


def _bad(why: str, subject: str) -> Corrupt:
    return Corrupt(f"cannot be trusted as a release: {MANIFEST}: {why}", subject=subject, hint=_ASK)
