"""The shelf that members of an archive come from: what they share, and which of them are not taken."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from factcheck.articles.draft import Limits, reject
from factcheck.errors import Rejected
from factcheck.models import Rejection
from factcheck.text import strip_controls

SEPARATOR = re.compile(r"[/\\]")
_LONGEST_NAME = 1_000
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file of an archive; of a web archive the page's address and what HTTP said of it."""

    name: str
    data: bytes
    url: str | None = None
    media_type: str | None = None
    charset: str | None = None


Found = Member | Rejection


@dataclass
class Shelf:
    """What the members of one archive share: its name, the limits, the names met, what there is to say at the end."""

    source: str
    limits: Limits
    notes: list[str]
    seen: int = 0
    out: int = 0
    hidden: int = 0
    names: set[str] = field(default_factory=set)

    def count(self) -> None:
        """Count one more member; raises Rejected TOO_LARGE where there are too many."""
        self.seen += 1
        if self.seen > self.limits.max_members:
            what = f"holds more than {self.limits.max_members} members; the others were not read"
            raise Rejected("TOO_LARGE", what, hint="split it, or unpack it and name the folder")

    def unpacked(self, size: int) -> None:
        """Count bytes that came out, also of members that are refused; raises Rejected TOO_LARGE for too many."""
        self.out += size
        if self.out > self.limits.max_archive:
            what = f"holds more than {self.limits.max_archive} bytes; the rest was not read"
            raise Rejected("TOO_LARGE", what, hint="split it")

    def refuse(self, code: str, name: str, reason: str) -> Rejection:
        """The rejection of one member."""
        return reject(code, f"{self.source}!{name[:_LONGEST_NAME]}", reason)

    def refusal(self, name: str) -> Rejection | None:
        """Why a member of this name is not read: PATH, DUPLICATE; None where it is."""
        if _leads_out(name):
            return self.refuse("PATH", name, "has a name that points outside the archive: unpack it and check it")
        if strip_controls(name)[1] or "\n" in name or len(name) > _LONGEST_NAME:
            return self.refuse("PATH", name, "has a name that is too long or contains control characters: rename it")
        if name in self.names:
            return self.refuse("DUPLICATE", name, "is in the archive twice and the first one was read: rename this one")
        self.names.add(name)
        return None

    def is_hidden(self, name: str) -> bool:
        """Whether it is one of those files that programs put beside what people see; they are counted."""
        parts = [part for part in SEPARATOR.split(name) if part != "."]
        hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts) and not _leads_out(name)
        self.hidden += hidden
        return hidden

    def sized(self, name: str, data: bytes) -> bytes | Rejection:
        """The data, or the member's rejection where there is more of it than the limits allow."""
        if len(data) <= self.limits.max_bytes:
            return data
        return self.refuse("TOO_LARGE", name, f"is larger than {self.limits.max_bytes} bytes: split it")


def _leads_out(name: str) -> bool:
    parts = SEPARATOR.split(name)
    return not parts[0] or bool(_DRIVE.match(name)) or ".." in parts
