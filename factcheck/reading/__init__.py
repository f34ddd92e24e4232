"""What `factcheck.open` gives: a desk or a dataset to be read from Python, with the desk's own rules."""

from factcheck.reading.facade import Dataset

open = Dataset.open  # noqa: A001 - `factcheck.open(path)` is the promised name, as in gzip.open

__all__ = ["Dataset", "open"]
