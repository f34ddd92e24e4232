"""What an output format is: a suffix, and a pure function from rows to files."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from factcheck.exporters.contract import Draft, ExportContext
from factcheck.exporters.profiles import Profile


class Format(NamedTuple):
    """An output format: its file suffix and the pure function that renders selected rows of a view.

    `tombstones` says that it is also given what is withdrawn or has no result any more, and answers for it itself.
    """

    name: str
    suffix: str
    render: Callable[[pl.DataFrame, Profile, ExportContext], Draft]
    tombstones: bool = False
