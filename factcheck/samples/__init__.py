"""Sample articles in Persian, Arabic and English: invented outlets, places and officials, real newspaper habits."""

from __future__ import annotations

from pathlib import Path


def articles_folder() -> Path:
    """The folder of the bundled sample articles: text files, one HTML page and one feed."""
    return Path(__file__).parent / "articles"
