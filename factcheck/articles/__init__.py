"""From bytes to articles: files, pages and feeds are decoded, split, dated and named; nothing is folded or lost."""

from __future__ import annotations

from factcheck.articles.draft import Limits
from factcheck.articles.ingest import Ingested, read

__all__ = ["Ingested", "Limits", "read"]
