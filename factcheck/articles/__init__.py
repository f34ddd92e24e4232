"""From bytes to articles: files, pages and feeds are decoded, split, dated and named; nothing is folded or lost."""

from __future__ import annotations

from factcheck.articles.about import Given, given
from factcheck.articles.address_list import listed_addresses
from factcheck.articles.draft import Limits, TableClaim
from factcheck.articles.files import load, whole
from factcheck.articles.files_read import FileRead, FilesLeft, Met
from factcheck.articles.ingest import Ingested, Read, read, reading, summary
from factcheck.articles.tables import FIELDS

__all__ = [
    "FIELDS",
    "FileRead",
    "FilesLeft",
    "Given",
    "Ingested",
    "Limits",
    "Met",
    "Read",
    "TableClaim",
    "given",
    "listed_addresses",
    "load",
    "read",
    "reading",
    "summary",
    "whole",
]  # fmt: skip
