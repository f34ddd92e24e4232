"""Runs written cases of articles and claims (`articles_and_claims.json` has the form) through the stages.

A case names a stage, an input and what is expected. Claimants are compared without half-spaces and with Arabic yeh and
kaf as the Persian ones; a part of the wanted name passes where it is half of it or more and holds its last word.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from factcheck import frames
from factcheck.articles import read
from factcheck.articles.dates import published
from factcheck.claims import extract
from factcheck.models import Article, article_id

WRITTEN = Path(__file__).with_name("articles_and_claims.json")
TURKISH_AND_URDU = Path(__file__).with_name("turkish_and_urdu.json")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_SHOWN = 25

Case = Mapping[str, Any]


class Outcome(NamedTuple):
    """Whether a case passed, and what came instead where not."""

    passed: bool
    got: str


def load(path: Path = WRITTEN) -> list[Case]:
    """The cases of a file of this form."""
    cases: list[Case] = json.loads(path.read_text("utf-8"))["cases"]
    return cases


def check(case: Case) -> Outcome:
    """The outcome of one case."""
    by_stage = {"date": _date, "articles": _articles, "claims": _claims, "worth": _worth}
    return by_stage[case["stage"]](case, case["expected"])


def _date(case: Case, expected: Mapping[str, Any]) -> Outcome:
    found = published(case["input"], now=NOW, lang=case["lang"])
    wanted = expected.get("date", expected.get("local_date"))
    day = getattr(found, "day", None) if "local_date" in expected else None
    got = day or (found.at.date() if found.at else None)
    return Outcome(got is not None and got.isoformat() == wanted, str(got))


def _articles(case: Case, expected: Mapping[str, Any]) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("case" + case.get("suffix", ".txt"))
        path.write_text(case["input"], "utf-8", newline="")
        found = read([path], now=NOW, languages=("fa", "ar", "en"))
    rows = found.articles.to_dicts()
    first = rows[0] if rows else {}
    wrong = [] if rows else [f"rejected {found.rejected['code'].to_list()}"]
    if len(rows) != expected.get("articles", len(rows)):
        wrong.append(f"{len(rows)} articles")
    wrong += [
        f"{name} {first.get(name)!r}"
        for name in ("publisher", "lang")
        if name in expected and _fold(expected[name]) not in _fold(first.get(name))
    ]
    if first.get("title") != expected.get("title", first.get("title")):
        wrong.append(f"title {first.get('title')!r}")
    at = first.get("published_at")
    if "date" in expected and (at is None or at.date().isoformat() != expected["date"]):
        wrong.append(f"date {at}")
    texts = [row["text"] for row in rows]
    wrong += [f"text holds {piece!r}" for piece in expected.get("text_lacks", ()) if any(piece in t for t in texts)]
    wrong += [f"text lacks {piece!r}" for piece in expected.get("text_has", ()) if not any(piece in t for t in texts)]
    return Outcome(not wrong, "; ".join(wrong))


def _claims(case: Case, expected: Mapping[str, Any]) -> Outcome:
    claims = _of(case)
    if "no_claim" in expected:
        is_claim = any(claim["quote"].strip(". ") == expected["no_claim"].strip(". ") for claim in claims)
        return Outcome(not is_claim, "is a claim" if is_claim else "")
    claim = _find(claims, expected["of"])
    if claim is None:
        return Outcome(expected["claimant"] is None, "no claim")
    wanted, got = _fold(expected["claimant"]), _fold(claim["claimant"])
    if not wanted or not got:
        return Outcome(wanted == got, repr(claim["claimant"]))
    enough = len(got.split()) * 2 >= len(wanted.split()) and wanted.split()[-1] in got
    return Outcome(got == wanted or (got in wanted and enough), repr(claim["claimant"]))


def _worth(case: Case, expected: Mapping[str, Any]) -> Outcome:
    claims = _of(case)
    if "above" in expected:
        high, low = (_score(claims, quote) for quote in expected["above"])
        return Outcome(high > low and high >= expected["at_least"], f"{high} against {low}")
    quote, limit = expected["below"]
    return Outcome(_score(claims, quote) < limit, str(_score(claims, quote)))


def _of(case: Case) -> list[dict[str, Any]]:
    text = case["input"]
    identity = article_id(url="https://example.org/1", publisher=None, title=None, text=text)
    article = Article(article_id=identity, source="case", lang=case["lang"], text=text, fetched_at=NOW)
    return extract(frames.from_records(Article, [article])).claims.to_dicts()


def _find(claims: list[dict[str, Any]], quote: str) -> dict[str, Any] | None:
    return next((claim for claim in claims if quote[:_SHOWN] in claim["quote"]), None)


def _score(claims: list[dict[str, Any]], quote: str) -> float:
    found = _find(claims, quote)
    return float(found["check_worthiness"]) if found else 0.0


def _fold(text: str | None) -> str:
    return " ".join((text or "").replace("\u200c", "").replace("ي", "ی").replace("ك", "ک").split())
