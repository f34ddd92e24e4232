"""factcheck: from news articles to checked claims and verdict exports.

`factcheck.open(path).verdicts(as_of="2026-11")` gives a polars LazyFrame of the verdicts as of a version, tag or date.
"""

from __future__ import annotations

TYPE_CHECKING = False  # not from typing: 10 ms in which a Ctrl-C would still be Python's
if TYPE_CHECKING:
    from factcheck.dataset import Dataset

__all__ = ["__version__", "open"]
__version__ = "0.1.0"


def open(path: str) -> Dataset:  # noqa: A001 - as in gzip.open; the module is always named before it
    """The versioned dataset in a folder or at an object-store URI; raises DatasetError where there is none."""
    from factcheck.dataset import Dataset

    return Dataset.open(path)
