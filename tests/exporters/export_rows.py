"""Rows of a view made by hand, and strategies for what may stand in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
from hypothesis import strategies as st

from factcheck.exporters import ExportContext
from factcheck.exporters.view import SCHEMA

MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CONTEXT = ExportContext(version=7, version_hash="ab" * 32, committed_at=MOMENT, tag="week-47", language="fa")

TEXTS = st.text(
    st.one_of(
        st.sampled_from("=+-@\t\r\n＝＋－＠'\",;\u2028\u2029\u0085\u200c\u200f\u202e\u2068<>&{}\\"),
        st.sampled_from("سلام كي ۱۲۳ ١٢٣ abc 🙂"),
        st.characters(codec="utf-8"),
    ),
    max_size=20,
)


def row(**values: Any) -> dict[str, Any]:
    """A decided, verified claim; `values` override columns."""
    claim_id = values.get("claim_id", "clm_" + "0" * 20)
    base: dict[str, Any] = dict.fromkeys(SCHEMA) | {
        "claim_id": claim_id,
        "quote": "The bridge has 12 arches.",
        "lang": "en",
        "state": "active",
        "status": "decided",
        "verdict": "verified",
        "n_votes": 2,
        "n_verified": 2,
        "n_disputed": 0,
        "n_opinion": 0,
        "n_unproven": 0,
        "n_not_a_claim": 0,
        "agreement": 1.0,
        "rationales": [],
        "evidence": [],
        "decided_at": MOMENT,
        "policy": "majority(min_votes=2,margin=1)",
        "verdict_origin": "votes",
        "verdict_source": None,
        "check_worthiness": 0.75,
        "article_id": "art_" + "0" * 20,
        "source_chain": [],
        "url": "https://news.example.com/1",
        "published_at": MOMENT,
        "appearances": [appearance()],
        "first_published_at": MOMENT,
        "modified_at": MOMENT,
        "n_corrections": 0,
    }
    return base | values


def appearance(**values: Any) -> dict[str, Any]:
    """One place where the claim stood."""
    return {
        "claim_id": "clm_" + "0" * 20,
        "article_id": "art_" + "0" * 20,
        "publisher": "The Example",
        "url": "https://news.example.com/1",
        "title": "Bridges",
        "lang": "en",
        "published_at": MOMENT,
        "quote": "The bridge has 12 arches.",
    } | values


def rows(*items: dict[str, Any]) -> pl.DataFrame:
    """The items as a view."""
    return pl.DataFrame(list(items), schema=SCHEMA)
