"""What an output format is: a suffix, and a pure function from rows to files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Literal, NamedTuple

import polars as pl

from factcheck.exporters.contract import Draft, ExportContext
from factcheck.exporters.profiles import Profile

Need = Literal["since", "history", "corrections", "status_history"]


class Format(NamedTuple):
    """An output format: its file suffix and the pure function that renders selected rows of a view.

    `needs` are the parts of the context that it cannot do without. `shows_changes`: its file says
    what changed where the context does.
    `tombstones` says that it is also given what is withdrawn or has no result any more, and answers for it itself.
    `keeps_evidence` says that it has evidence which names no address as text.
    `drafts` says that it is for the desk alone, and given what editors have not approved too.
    `reads_evidence`: its rows come with `sources`, their evidence read once for all who look at it.
    `stream` writes the one file of batches of rows, for what need not fit into memory, where the profile is one that
    it `streams`; it gives back a draft of the notes and of the rows it could not show.
    """

    name: str
    suffix: str
    render: Callable[[pl.DataFrame, Profile, ExportContext], Draft]
    needs: frozenset[Need] = frozenset()
    shows_changes: bool = False
    tombstones: bool = False
    keeps_evidence: bool = True
    drafts: bool = False
    reads_evidence: bool = False
    stream: Callable[[Iterator[pl.DataFrame], Profile, ExportContext, IO[bytes]], Draft] | None = None
    streams: Callable[[Profile], bool] = lambda _profile: True
