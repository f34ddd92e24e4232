"""From bytes to articles: files, pages and feeds are decoded, split, dated and named; nothing is folded or lost."""

from __future__ import annotations

from factcheck.articles.address_list import addresses
from factcheck.articles.decode import decode
from factcheck.articles.draft import Limits
from factcheck.articles.files import load
from factcheck.articles.given import Given, given
from factcheck.articles.ingest import Ingested, read, reading, summary
from factcheck.articles.tables import FIELDS

__all__ = [
    "FIELDS", "Given", "Ingested", "Limits", "addresses", "decode", "given", "load", "read", "reading", "summary",
]  # fmt: skip
