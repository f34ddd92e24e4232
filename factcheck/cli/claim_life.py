"""A claim's whole life as text: where it appeared, each vote, each change of its verdict and why."""

from __future__ import annotations

from typing import Any

from factcheck.cli.output import said
from factcheck.dataset import Life
from factcheck.models import Choice
from factcheck.text import isolate


def as_dict(life: Life) -> dict[str, Any]:
    """Claims, articles (without their text), annotations and verdicts as lists of rows; annotators by opaque id."""
    return {
        "claims": life.claims.to_dicts(),
        "articles": life.articles.drop("text").to_dicts(),
        "annotations": life.annotations.to_dicts(),
        "verdicts": life.verdicts.to_dicts(),
    }


def lines(life: Life) -> list[str]:
    """The claim's life in order of time; annotators by opaque id."""
    first = life.claims.row(0, named=True)
    return [
        f"{first['group_id']}  ({first['lang'] or 'language unknown'})",
        f"  {isolate(first['quote'])}",
        *_claimant(first),
        "appeared",
        *(_appearance(row, life) for row in life.claims.unique("claim_id", maintain_order=True).to_dicts()),
        "votes" if life.annotations.height else "votes: none yet",
        *(_vote(row) for row in life.annotations.sort("updated_at", "seq").to_dicts()),
        "verdicts" if life.verdicts.height else "verdicts: none yet",
        *(line for row in life.verdicts.to_dicts() for line in _change(row)),
    ]


def _claimant(claim: dict[str, Any]) -> list[str]:
    if not claim["claimant"]:
        return []
    how = f" ({claim['speech']}, {isolate(claim['reporting_verb'])})" if claim["reporting_verb"] else ""
    return [f"  said by {isolate(claim['claimant'])}{how}"]


def _appearance(claim: dict[str, Any], life: Life) -> str:
    rows = life.articles.filter(life.articles["article_id"] == claim["article_id"]).to_dicts()
    article = rows[0] if rows else {}
    date = f"{article['published_at']:%Y-%m-%d}" if article.get("published_at") else "no date"
    place = article.get("url") or article.get("source") or claim["article_id"]
    gone = "  withdrawn" if claim["state"] == "withdrawn" else ""
    outlet = isolate(article.get("publisher") or "outlet unknown")
    return f"  {date}  {outlet}  {place} [{claim['start']}:{claim['end']}]{gone}"


def _vote(row: dict[str, Any]) -> str:
    again = " (changed)" if row["seq"] > 1 and row["state"] == "submitted" else ""
    answer = said(row["choice"], row["reason"]) if row["state"] == "submitted" else row["state"]
    why = f"  {isolate(row['rationale'])}" if row["rationale"] and row["state"] == "submitted" else ""
    return f"  {row['updated_at']:%Y-%m-%d %H:%M}  v{row['version']}  {row['annotator_id'][:12]}  {answer}{again}{why}"


def _change(row: dict[str, Any]) -> list[str]:
    votes = ", ".join(f"{row[f'n_{kind}']} {kind.replace('_', ' ')}" for kind in Choice if row[f"n_{kind}"])
    before = f"{row['before_verdict'] or row['before_status']} → " if row["before_status"] else ""
    now = said(row["verdict"] or row["status"], row["reason"])
    lines = [f"  v{row['version']}  {before}{now}  ({votes or 'no votes'}; {row['policy']})"]
    return lines + [f"      {address}" for address in row["evidence"]]
