"""What the tests of earlier decisions read files with."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import polars as pl

from factcheck.importers import documents
from factcheck.importers.ratings import own_words


def unguarded(texts: pl.Expr) -> pl.Expr:
    return texts.str.strip_prefix("'")


def read(text: str, own: Sequence[str] = ()) -> documents.Read:
    found = documents.read(text, subject="f", own=own_words(own), unguarded=unguarded)
    assert found.decisions["decision"].n_unique() + found.rejected.height == found.seen
    return found


def csv_text(*rows: Sequence[str], delimiter: str = ",") -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()


def review(**fields: Any) -> dict[str, Any]:
    """A ClaimReview without faults, with the fields changed; None takes one out."""
    sound = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": "https://checks.example/1",
        "claimReviewed": "The bridge cost 40 million.",
        "datePublished": "2025-03-02",
        "author": {"@type": "Organization", "name": "Checks", "url": "https://checks.example"},
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "The mayor", "sameAs": "https://www.wikidata.org/wiki/Q1"},
            "datePublished": "2025-03-01",
            "appearance": {"@type": "CreativeWork", "url": "https://news.example/a"},
        },
        "reviewRating": {"ratingValue": 1, "worstRating": 1, "bestRating": 5, "alternateName": "False"},
        "reviewBody": "It cost 60 million.",
    }
    return {name: value for name, value in (sound | fields).items() if value is not None}


def one(*documents: Any, own: Sequence[str] = ()) -> dict[str, Any]:
    """The only row of the only document."""
    found = read(json.dumps(documents[0] if len(documents) == 1 else documents), own)
    assert found.rejected.is_empty(), found.rejected.to_dicts()
    assert found.decisions.height == 1, found.decisions.to_dicts()
    return found.decisions.row(0, named=True)


def codes(text: str) -> list[str]:
    return list(read(text).rejected["code"])
