from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from factcheck import articles
from factcheck.articles import Ingested, Limits

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def ingest(tmp_path: Path) -> Callable[..., Ingested]:
    """Writes the bytes as a file and reads it."""

    def run(data: bytes | str, name: str = "article.txt", **limits: Any) -> Ingested:
        path = tmp_path / name
        path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
        return articles.read([path], now=NOW, languages=["fa", "ar", "en"], limits=Limits(**limits))

    return run
