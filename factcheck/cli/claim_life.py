"""A claim's whole life as text: where it appeared, each vote, each change of its verdict and why."""

from __future__ import annotations

from typing import Any

from factcheck.cli.output import said
from factcheck.dataset import Life
from factcheck.dataset.editorial import STATE, WORDS
from factcheck.days import Clock, day_of, moment_in, running_time
from factcheck.models import Choice, EditorialState
from factcheck.text import isolate

_SEEN = {
    str(EditorialState.APPROVED): "readers",
    str(EditorialState.PUBLISHED): "readers",
    str(EditorialState.NEEDS_REVIEW): "the desk alone, until a person approves it again: the result has changed",
}


def as_dict(life: Life) -> dict[str, Any]:
    """Claims, articles (without their text), annotations and verdicts as lists of rows; annotators by opaque id.

    `seconds` of a claim is when in the recording it was said.
    """
    return {
        "claims": [row | {"seconds": _seconds(row, life)} for row in life.claims.to_dicts()],
        "articles": life.articles.drop("text", "cues").to_dicts(),
        "annotations": life.annotations.to_dicts(),
        "verdicts": life.verdicts.to_dicts(),
        "events": life.events.to_dicts(),
        "editorial": life.editorial.drop("claim_id").to_dicts(),
    }


def lines(life: Life, clock: Clock) -> list[str]:
    """The claim's life in order of time, days and times by the clock; annotators by opaque id."""
    first = life.claims.row(0, named=True)
    return [
        f"{first['group_id']}  ({first['lang'] or 'language unknown'})",
        f"  {isolate(first['quote'])}",
        *_claimant(first),
        "appeared",
        *(_appearance(row, life, clock) for row in life.claims.unique("claim_id", maintain_order=True).to_dicts()),
        *_extracted(first),
        "votes" if life.annotations.height else "votes: none yet",
        *(line for row in life.annotations.sort("updated_at", "seq").to_dicts() for line in _vote(row, clock)),
        "verdicts" if life.verdicts.height else "verdicts: none yet",
        *(line for row in life.verdicts.to_dicts() for line in _change(row, clock)),
        *(["what people did to the claim"] if life.events.height else []),
        *(line for row in life.events.to_dicts() for line in _event(row, clock)),
        *(line for row in life.editorial.to_dicts() for line in _written(row)),
    ]


def _claimant(claim: dict[str, Any]) -> list[str]:
    if not claim["claimant"]:
        return []
    how = f" ({claim['speech']}, {isolate(claim['reporting_verb'])})" if claim["reporting_verb"] else ""
    return [f"  said by {isolate(claim['claimant'])}{how}"]


def _extracted(claim: dict[str, Any]) -> list[str]:
    """By which rules it was cut out, and why it is worth checking."""
    why = f": {', '.join(claim['reasons'])}" if claim["reasons"] else ""
    words = claim["claim_in_words"]
    return [
        f"cut out by {claim['extractor']}, check-worthiness {claim['check_worthiness']:.2f}{why}",
        *([f"in words that stand alone, a proposal: {isolate(words)}"] if words else []),
    ]


def _seconds(claim: dict[str, Any], life: Life) -> float | None:
    cues = life.articles.filter(life.articles["article_id"] == claim["article_id"])["cues"]
    return moment_in(cues[0].to_list(), claim["start"]) if cues.len() and cues[0] is not None else None


def _appearance(claim: dict[str, Any], life: Life, clock: Clock) -> str:
    rows = life.articles.filter(life.articles["article_id"] == claim["article_id"]).to_dicts()
    article = rows[0] if rows else {}
    moment, bare = day_of({"published_at": claim["said_at"]} if claim["said_at"] else article)
    date = clock.day(moment, bare=bare) if moment else "no date"
    place = article.get("url") or article.get("source") or claim["article_id"]
    where = "staged" if claim["version"] is None else f"v{claim['version']}"
    gone = "  withdrawn" if claim["state"] == "withdrawn" else ""
    outlet = isolate(claim["outlet"] or article.get("publisher") or "outlet unknown")
    seconds = _seconds(claim, life)
    heard = "" if seconds is None else f" at {running_time(seconds)}"
    return f"  {date}  {where}  {outlet}  {isolate(place)}{heard} [{claim['start']}:{claim['end']}]{gone}"


def _vote(row: dict[str, Any], clock: Clock) -> list[str]:
    again = " (changed)" if row["seq"] > 1 and row["state"] == "submitted" else ""
    answered = row["state"] == "submitted"
    answer = said(row["choice"], row["reason"]) if answered else row["state"]
    why = f"  {isolate(row['rationale'])}" if row["rationale"] and answered else ""
    when = clock.time(row["updated_at"])
    lines = [f"  {when}  v{row['version']}  {row['annotator_id'][:12]}  {answer}{again}{why}"]
    return lines + [f"      evidence: {isolate(line)}" for line in (row["evidence"] or []) if answered]


def _event(row: dict[str, Any], clock: Clock) -> list[str]:
    """Two or three lines: when, what, by whom (an opaque id); the claims; the reason."""
    what = f"{row['kind']} of {row['undoes']}" if row["undoes"] else row["kind"]
    changed = f" ({', '.join(row['changed'])})" if row["changed"] else ""
    who = f"  {row['who'][:12]}" if row["who"] else ""
    made = f" → {', '.join(row['made'])}" if row["made"] else ""
    return [
        f"  {clock.time(row['at'])}  v{row['version']}  {what}{changed}{who}  {row['event_id']}",
        f"      {', '.join(row['claims'])}{made}",
        *([f"      {isolate(row['why'])}"] if row["why"] else []),
    ]


def _written(row: dict[str, Any]) -> list[str]:
    """What editors wrote, a line a field, and who is shown it."""
    state = row[STATE]
    seen = _SEEN.get(state, "the desk alone")
    words = [f"  {name.replace('_', ' ')}: {isolate(row[name])}" for name in WORDS if row[name]]
    return [f"for readers: {(state or 'no state').replace('_', ' ')}, shown to {seen}", *words]


def _change(row: dict[str, Any], clock: Clock) -> list[str]:
    votes = ", ".join(f"{row[f'n_{kind}']} {kind.replace('_', ' ')}" for kind in Choice if row[f"n_{kind}"])
    before = f"{row['before_verdict'] or row['before_status']} → " if row["before_status"] else ""
    when = f"  {clock.time(row['decided_at'])}" if row["decided_at"] else ""
    by = f"; {row['origin']}{' ' + isolate(row['source']) if row['source'] else ''}" if row["origin"] else ""
    result = f"{before}{said(row['verdict'] or row['status'], row['reason'])}"
    lines = [f"  v{row['version']}{when}  {result}  ({votes or 'no votes'}; {row['policy']}{by})"]
    lines += [f"      rationale: {isolate(text)}" for text in row["rationales"]]
    return lines + [f"      evidence: {isolate(line)}" for line in row["evidence"]]
