"""The versioned dataset: append-only Delta tables, versions chained by hash, any state readable for ever."""

from factcheck.dataset.committing import commit
from factcheck.dataset.dataset import Dataset, Life, latest
from factcheck.dataset.state import AsOf

open = Dataset.open  # noqa: A001 - `factcheck.open(path)` is the promised name, as in gzip.open

__all__ = ["AsOf", "Dataset", "Life", "commit", "latest", "open"]
