"""What the readers of files, pages and feeds hand on: article drafts and rejections, one for each candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from factcheck.errors import failure
from factcheck.models import Article, Cue, Rejection
from factcheck.text import storable

STAGE = "ingest"
_SHOWN = 500


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of what is read from one source; beyond them it is rejected, never cut.

    Bytes, code points, nesting levels, items and seconds. `ratio` is decompressed bytes per byte on the wire;
    `max_archive` bounds the bytes of an archive, packed and unpacked, `max_members` what it holds; `max_export` and
    `max_rows` those of a table, an export of messages or an office document, which hold many articles.
    """

    max_bytes: int = 10_000_000
    max_export: int = 50_000_000
    max_rows: int = 50_000
    max_archive: int = 500_000_000
    max_members: int = 20_000
    max_text: int = 1_000_000
    max_depth: int = 250
    max_items: int = 2_000
    min_page_text: int = 60
    seconds: float = 30.0
    redirects: int = 5
    ratio: int = 200


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One article as its reader found it, before controls are taken out and language and date are read.

    `via` are sources that the file itself names beside the text (forwarded from), `dated` the moment of
    `published_raw` in ISO 8601 where the reader knows the format, `lang` the language where somebody said it, `cues`
    the times of a transcript. With `is_claim` it is no article: the text is the words of one claim, by `claimant`.
    """

    source: str
    text: str
    source_start: int = 0
    url: str | None = None
    publisher: str | None = None
    title: str | None = None
    published_raw: str | None = None
    dated: str | None = None
    via: tuple[str, ...] = ()
    lang: str | None = None
    cues: tuple[Cue, ...] = ()
    warnings: tuple[str, ...] = ()
    is_claim: bool = False
    claimant: str | None = None


class TableClaim(NamedTuple):
    """A row of a table of claims: its words with all that was read of them, and what only the row can say."""

    article: Article
    outlet: str | None
    claimant: str | None


Candidate = Draft | Rejection


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a file's bytes came from and how they are to be read, for every reader.

    `suffix` is the file name's (empty for an address), `url` where a page was read, `declared` and `media_type` what
    HTTP said, `columns` the names of columns by field that somebody gave, `notes` what there is to say at the end.
    A `private` source holds people: `source` is an alias then, and nothing of it is shown.
    """

    source: str
    now: datetime
    limits: Limits
    suffix: str = ""
    url: str | None = None
    declared: str | None = None
    media_type: str | None = None
    private: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def reject(code: str, subject: str, reason: str, payload: str | None = None) -> Rejection:
    """A rejection of this stage; of the payload only the first 500 code points are kept."""
    shown = None if payload is None else storable(payload[:_SHOWN])
    return Rejection(stage=STAGE, code=code, subject=storable(subject), reason=storable(reason), payload=shown)


def unexpected(error: Exception, subject: str, payload: str | None = None) -> Rejection:
    """The rejection of an input that made its reader fail in a way that nobody foresaw: UNEXPECTED."""
    reason = f"could not be read because of a bug ({failure(error)}): save it as plain text, and report this line"
    return reject("UNEXPECTED", subject, reason, payload)
