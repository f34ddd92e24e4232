"""What stands beside a file whose own form has no place for it: which version, profile and policy it shows."""

from __future__ import annotations

from factcheck.exporters.contract import ExportContext, Rendered
from factcheck.exporters.profiles import Profile
from factcheck.text import storable

SUFFIX = ".txt"


def beside(name: str, profile: Profile, context: ExportContext, **more: object) -> Rendered:
    """The file `name` + `.txt`: a line `key: value` for each fact, those in `more` after the name."""
    said = {"file": name, **more, **facts(profile, context)}
    told = [f"{key}: {' '.join(storable(str(value)).split())}\n" for key, value in said.items() if value]
    return Rendered(f"{name}{SUFFIX}", "".join(told).encode())


def facts(profile: Profile, context: ExportContext) -> dict[str, object]:
    """The same for a record that has a place for it: desk, version, tag, hash, time, profile, policy and licence."""
    return {
        "desk": context.desk_name,
        "dataset_version": context.version,
        "dataset_tag": context.tag,
        "dataset_hash": context.version_hash,
        "dataset_committed_at": context.committed_at.isoformat(timespec="seconds"),
        "profile": profile.name,
        "policy": context.policy,
        **({"licence": context.licence} if context.licence else {}),
    }
