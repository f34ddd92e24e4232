"""An article as text for a terminal: its claims between brackets with their numbers, and what is said of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factcheck.days import Clock, day_of
from factcheck.text import isolate

if TYPE_CHECKING:
    from factcheck.claims import Paragraph
    from factcheck.pipeline.article_view import Viewed


def lines(one: Viewed, clock: Clock) -> list[str]:
    """Title, outlet, day and place; then each paragraph, followed by a line and the reasons of each claim in it."""
    row = one.article
    moment, bare = day_of(row)
    day = clock.day(moment, bare=bare) if moment else "no date"
    return [
        f"{row['article_id']}  ({row['lang'] or 'language unknown'})",
        *([f"  {isolate(row['title'])}"] if row["title"] else []),
        f"  {day}  {isolate(row['publisher'] or 'outlet unknown')}  {isolate(row['url'] or row['source'])}",
        *(line for paragraph in one.paragraphs for line in _paragraph(paragraph, one.claims)),
        *([] if one.claims else ["", "  no claim was found in this article"]),
    ]


_KINDS = {
    "copy": "the same text",
    "truncated": "one stands in the other",
    "rewritten": "a part of it, rewritten",
}


def copies(rows: list[dict[str, Any]], clock: Clock) -> list[str]:
    """The articles that this one is a copy of, and its copies, who was first before all others."""
    if not rows:
        return []
    lines = ["", "copies"]
    for row in rows:
        day = clock.day(row["published_at"])
        share = "" if row["share"] is None else f", {row['share']:.0%}"
        role = "  was there first" if row["is_original"] else ""
        place = isolate(row["url"] or row["article_id"])
        lines.append(
            f"  {day}  {isolate(row['publisher'] or 'outlet unknown')}  {place}  {_KINDS[row['kind']]}{share}{role}"
        )
    return lines


def _paragraph(paragraph: Paragraph, claims: list[dict[str, Any]]) -> list[str]:
    text = ""
    open_now: tuple[int, ...] = ()
    for part in paragraph.parts:
        text += "".join(f"⟦{index + 1} " for index in part.claims if index not in open_now)
        text += part.text + "⟧" * len(part.ending)
        open_now = tuple(index for index in part.claims if index not in part.ending)
    return ["", isolate(text), *(line for index in paragraph.claims for line in _claim(index + 1, claims[index]))]


def _claim(number: int, claim: dict[str, Any]) -> list[str]:
    again = f"  said again in {len(claim['repeated'])} other places" if claim["repeated"] else ""
    why = ", ".join(claim["reasons"] or [])
    who = isolate(claim["claimant"] or "–")
    return [
        f"  {number}  {claim['check_worthiness']:.2f}  {claim['claim_id'][:12]}  {who}{again}",
        *([f"     {why}"] if why else []),
        *([f"     in words: {isolate(claim['claim_in_words'])}"] if claim["claim_in_words"] else []),
    ]
