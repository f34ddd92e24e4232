"""`claim add|edit|split|merge`, `withdraw`, `undo`: claims mended by people, each time as one event and one version.

Votes are never touched: they stay with the words they were cast on. What is staged is committed first, as a version of
its own, so that an undo finds what was there before.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import frames
from factcheck.articles import dates, lang, links
from factcheck.claims import mending
from factcheck.errors import UnknownClaim, UsageError
from factcheck.models import Article, ClaimEventKind, ClaimState, EditorialState, Origin
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.event_commit import Act, How, Mended, carry_out
from factcheck.pipeline.merged import SETTLED
from factcheck.settings import Settings
from factcheck.text import has_surrogate, strip_controls

Row = dict[str, Any]
SHORTEST = 8
"""Characters of a claim's id that name it."""
_SIGNED = [str(one) for one in (EditorialState.APPROVED, EditorialState.PUBLISHED, EditorialState.NEEDS_REVIEW)]
ACTIVE = str(ClaimState.ACTIVE)


class Facts(NamedTuple):
    """What a person says of a claim beside its words; None leaves it as it is, "" takes it away."""

    claimant: str | None = None
    outlet: str | None = None
    date: str | None = None
    context: str | None = None


def add(settings: Settings, words: str, facts: Facts, *, url: str | None, how: How, now: datetime) -> Mended:
    """What adding a claim that stands in no article does. Raises UsageError for what is no text, address or date."""
    desk = Desk(settings)
    text = _words(words)
    with desk.workspace.writing("claim add", now=now):
        address = links.web_link(url).url
        if url and address is None:
            raise UsageError("is not a web address", subject=url, hint="give one that starts with https:// or http://")
        code = lang.language(text, settings.desk.languages).code
        dated = dates.published(facts.date, now=now, lang=code)
        if facts.date:
            _ = _moment(facts.date, code, now)
        made = mending.add(
            text,
            claimant=_line(facts.claimant),
            lang=code,
            url=address,
            outlet=_line(facts.outlet),
            dated={
                "published_at": dated.at,
                "published_raw": facts.date or None,
                "published_day": dated.day,
                "calendar": str(dated.calendar) if dated.calendar else None,
            },
            now=now,
        )
        claims = desk.claims()
        there = claims.filter(pl.col("claim_id") == made.claim["claim_id"], pl.col("state") == ACTIVE)
        if there.height:
            return Mended.nothing(ClaimEventKind.ADD, there["claim_id"].to_list())
        row = made.claim | {"context": _block(facts.context)}
        new = settled([row], claims, without=set())
        act = Act(ClaimEventKind.ADD, made=[row["claim_id"]], rows=new, articles=[made.article] if made.article else [])
        return carry_out(desk, claims, act, how, now=now)


def edit(settings: Settings, claim: str, words: str | None, facts: Facts, *, how: How, now: datetime) -> Mended:
    """What correcting a claim does: other words make another claim, everything else stays the same claim.

    The id of a group stands for all its appearances where words are changed, and for the one appearance where facts
    are. Raises UnknownClaim, and UsageError where nothing is to be changed.
    """
    if words is None and not any(fact is not None for fact in facts):
        raise UsageError("says nothing to change", subject=claim, hint="give --text, --claimant, --context, ...")
    desk = Desk(settings)
    with desk.workspace.writing("claim edit", now=now):
        claims = desk.claims()
        row, *others = _meant(claims, claim)
        said = _facts(facts, row["lang"], now)
        new = row | said
        text = row["quote"] if words is None else _words(words)
        if text != row["quote"]:
            act = _replaced(desk, claims, [new, *others], [_Part(text)], said=said, now=now)
            if not act.made:  # the claim that would be made is there
                there = claims.filter(pl.col("quote") == text, pl.col("state") == ACTIVE)["claim_id"][0]
                hint = f"factcheck claim merge {row['claim_id']} {there}"
                raise UsageError("another claim has these words", subject=there, hint=hint)
            return carry_out(desk, claims, act, how, now=now)
        changed = [name for name in new if new[name] != row[name]]
        if not changed:
            return Mended.nothing(ClaimEventKind.EDIT, [row["claim_id"]])
        act = Act(ClaimEventKind.EDIT, claims=[row["claim_id"]], rows=[new], changed=changed)
        return carry_out(desk, claims, act, how, now=now)


def split(
    settings: Settings, claim: str, texts: Sequence[str], spans: Sequence[str], *, how: How, now: datetime
) -> Mended:
    """What making several claims of one does: each supersedes it and waits for its own votes."""
    if len(texts) + len(spans) < 2:  # noqa: PLR2004 - what a split is
        raise UsageError("a split needs two parts or more", subject=claim, hint="give --text or --span once a part")
    desk = Desk(settings)
    with desk.workspace.writing("claim split", now=now):
        claims = desk.claims()
        rows = _meant(claims, claim)
        article = _articles(desk, [rows[0]["article_id"]])[rows[0]["article_id"]]
        parts = [*(_Part(_words(text)) for text in texts), *(_cut(article["text"], span) for span in spans)]
        if len({part.words for part in parts}) < len(parts):
            raise UsageError("two parts have the same words", subject=claim, hint="give each part once")
        if any(part.words == row["quote"] for part in parts for row in rows):
            raise UsageError("a part is the whole claim", subject=claim, hint="give parts that are shorter")
        act = _replaced(desk, claims, rows, parts, now=now)
        return carry_out(desk, claims, act._replace(kind=ClaimEventKind.SPLIT), how, now=now)


def merge(settings: Settings, ids: Sequence[str], *, how: How, now: datetime) -> Mended:
    """What making one claim of several does: they become one group, with the votes of all of them.

    The group keeps the id that has most to lose: an imported verdict, signed words, votes, a task; the first of these.
    Raises UsageError where an imported verdict and another verdict contradict each other.
    """
    desk = Desk(settings)
    with desk.workspace.writing("claim merge", now=now):
        claims = desk.claims()
        groups = list(dict.fromkeys(_meant(claims, one)[0]["group_id"] for one in ids))
        if len(groups) < 2:  # noqa: PLR2004 - what a merge is
            raise UsageError("these are one claim already", subject=", ".join(ids), hint="give ids of different claims")
        chosen = _weightiest(desk, groups)
        moved = claims.filter(pl.col("group_id").is_in([one for one in groups if one != chosen]))
        rows = moved.with_columns(group_id=pl.lit(chosen)).to_dicts()
        about = [chosen, *moved["claim_id"]]
        act = Act(ClaimEventKind.MERGE, claims=about, rows=rows, changed=["group_id"])
        return carry_out(desk, claims, act, how, now=now)


def withdraw(settings: Settings, subject: str, *, how: How, now: datetime) -> Mended:
    """What withdrawing a claim, or all claims of an article, does: they leave queue and exports, and keep their votes.

    Raises UsageError without a reason.
    """
    if not (how.why or "").strip():
        raise UsageError("a withdrawal needs a reason", subject=subject, hint='--reason "why"')
    desk = Desk(settings)
    with desk.workspace.writing("withdraw", now=now):
        claims = desk.claims()
        if subject.startswith("art_"):
            mine = claims.filter(pl.col("article_id").str.starts_with(subject))
            if mine["article_id"].n_unique() != 1:
                what = "several articles begin with that" if mine.height else "no claim is of such an article"
                raise UnknownClaim(what, subject=subject, hint="give the whole article id; `factcheck show` prints it")
            rows = mine.filter(pl.col("state") == ACTIVE).to_dicts()
            if not rows:
                return Mended.nothing(ClaimEventKind.WITHDRAW, mine["claim_id"].to_list())
        else:
            rows = _meant(claims, subject)
        return carry_out(desk, claims, withdrawal(rows), how, now=now)


def withdrawal(rows: Iterable[Row]) -> Act:
    """The act of withdrawing these active claims."""
    gone = [mending.withdrawn(row) for row in rows]
    ids = [row["claim_id"] for row in gone]
    return Act(ClaimEventKind.WITHDRAW, claims=ids, rows=gone, changed=["state"])


class _Part(NamedTuple):
    """The words of a claim to be made, and where they stand in the article of the named claim, if asked for."""

    words: str
    span: tuple[int, int] | None = None


def _replaced(
    desk: Desk,
    claims: pl.DataFrame,
    rows: list[Row],
    parts: list[_Part],
    *,
    said: Mapping[str, Any] | None = None,
    now: datetime,
) -> Act:
    """The act of putting claims with the words of the parts in the place of the rows, the named one first.

    `said` are the facts that were given with the words: a claim that comes back has them too.
    """
    there = _articles(desk, {row["article_id"] for row in rows})
    made = []
    for part, row in itertools.product(parts, rows):
        article = there[row["article_id"]]
        if (earlier := _earlier(claims, row, part.words)) is not None:
            made.append(mending.Worded(None, earlier))
        elif part.span and row["article_id"] == rows[0]["article_id"]:
            made.append(mending.at_span(row, article, *part.span))
        else:
            made.append(mending.in_place_of(row, article, part.words, now=now))
    stay = {one.claim["claim_id"] for one in made}
    ids = [row["claim_id"] for row in rows if row["claim_id"] not in stay]
    gone = [mending.withdrawn(row) for row in claims.filter(pl.col("claim_id").is_in(ids)).to_dicts()]
    new = settled([one.claim for one in made], claims, without={row["group_id"] for row in rows}, said=said)
    return Act(
        ClaimEventKind.EDIT,
        claims=ids,
        made=[row["claim_id"] for row in new],
        rows=[*gone, *new],
        articles=[one.article for one in made if one.article is not None],
        changed=["quote"],
    )


def _earlier(claims: pl.DataFrame, row: Row, words: str) -> Row | None:
    """The claim with these words that the claim superseded, itself or by others: it comes back with its votes."""
    met: set[str] = set()
    while row["supersedes"] and row["supersedes"] not in met:
        met.add(row["supersedes"])
        row = claims.row(by_predicate=pl.col("claim_id") == row["supersedes"], named=True)
        if row["quote"] == words:
            return row
    return None


def settled(
    made: Iterable[Row], claims: pl.DataFrame, *, without: set[str], said: Mapping[str, Any] | None = None
) -> list[Row]:
    """The made claims, each once and in its group; one that was withdrawn comes back as it was, but for `said`."""
    once = {row["claim_id"]: row for row in made}
    there = claims.filter(pl.col("claim_id").is_in(list(once)))
    back = [row | dict(said or {}) | {"state": ACTIVE} for row in there.to_dicts() if row["state"] != ACTIVE]
    fresh = [row for claim, row in once.items() if claim not in set(there["claim_id"])]
    known = claims.filter(pl.col("state") == ACTIVE, ~pl.col("group_id").is_in(list(without)))
    return [*back, *mending.grouped(fresh, known)]


def _meant(claims: pl.DataFrame, given: str) -> list[Row]:
    """The active claims that an id, or its beginning, means: one claim, or with a group's id all of its appearances.

    Raises UnknownClaim, and UsageError where it was withdrawn.
    """
    found = claims.filter(pl.col("claim_id").str.starts_with(given)) if len(given) >= SHORTEST else claims.clear()
    if found.height != 1:
        what = f"{found.height} claims begin with that" if found.height else "no such claim"
        raise UnknownClaim(what, subject=given, hint="`factcheck claims --show 20` and every export list claim ids")
    row = found.row(0, named=True)
    mine = "group_id" if row["group_id"] == row["claim_id"] else "claim_id"
    meant = claims.filter(pl.col(mine) == row["claim_id"], pl.col("state") == ACTIVE)
    if meant.is_empty():
        heirs = claims.filter(pl.col("supersedes") == row["claim_id"])["claim_id"].to_list()
        shown = (
            f"`factcheck show {row['claim_id']}` names the event, which `factcheck undo EVENT` takes back; where newer "
        )
        hint = f"it was superseded by {', '.join(heirs)}" if heirs else f"{shown}rules retired it, `claim add` it"
        raise UsageError("was withdrawn", subject=row["claim_id"], hint=hint)
    return meant.sort(pl.col("claim_id") != row["claim_id"], maintain_order=True).to_dicts()


def _articles(desk: Desk, ids: Iterable[str]) -> dict[str, Row]:
    """The articles by id, as rows."""
    mine = pl.col("article_id").is_in(list(ids))
    found = [desk.staging.articles(where=mine)]
    if (data := desk.committed()) is not None:
        found.append(data.articles().select(frames.schema(Article).names()).filter(mine).collect())
    return {row["article_id"]: row for row in pl.concat(found).to_dicts()}


def _weightiest(desk: Desk, groups: list[str]) -> str:
    sent = {group for name in desk.settings.projects for group in desk.sent(name)["group_id"]}
    weights = dict.fromkeys(sent, 1)
    data = desk.committed()
    if data is not None and data.head:
        mine = pl.col("claim_id").is_in(groups)
        weights |= dict.fromkeys(data.annotations().filter(mine).collect()["claim_id"], 2)
        standing = data.verdicts().filter(mine).collect()
        # Readers know the page of signed words by its address; votes go along with their claim.
        written = data.editorial().filter(mine, pl.col("editorial_state").is_in(_SIGNED))
        weights |= dict.fromkeys(written["claim_id"], 3)
        brought = standing.filter(pl.col("origin") == str(Origin.IMPORT))
        weights |= dict.fromkeys(brought["claim_id"], 4)
        settled_ones = standing.filter(pl.col("status").is_in(SETTLED))
        said = settled_ones.select(pl.coalesce("verdict", "status")).to_series().unique().sort().to_list()
        if brought.height and len(said) > 1:
            raise UsageError(
                f"an imported verdict contradicts another one: {', '.join(said)}",
                subject=", ".join(groups),
                hint="have the imported claim checked first, or withdraw the one that is wrong",
            )
    return max(groups, key=lambda group: weights.get(group, 0))


def _facts(facts: Facts, code: str | None, now: datetime) -> Row:
    """The columns of a claim that the facts change."""
    said: Row = {}
    if facts.claimant is not None:
        said["claimant"] = _line(facts.claimant)
    if facts.outlet is not None:
        said["outlet"] = _line(facts.outlet)
    if facts.context is not None:
        said["context"] = _block(facts.context)
    if facts.date is not None:
        said["said_at"] = _moment(facts.date, code, now) if facts.date.strip() else None
    return said


def _moment(raw: str, code: str | None, now: datetime) -> datetime:
    found = dates.published(raw, now=now, lang=code)
    if found.at is None:
        why = found.warnings[0].removeprefix("date_").replace("_", " ")
        raise UsageError(f"is not a date that can be used ({why})", subject=raw, hint="write it as 2026-11-22")
    return found.at


def _words(given: str) -> str:
    text = strip_controls(given)[0].strip()
    if not text or has_surrogate(text):
        raise UsageError("the claim has no words", subject=given, hint='give its text: "..."')
    return text


def _line(given: str | None) -> str | None:
    return " ".join(strip_controls(given)[0].split()) or None if given else None


def _block(given: str | None) -> str | None:
    return strip_controls(given)[0].strip() or None if given else None


def _cut(text: str, span: str) -> _Part:
    """The part at `START:END`, code points of the article; raises UsageError for what is no span of it."""
    first, _, last = span.partition(":")
    if not (first.isdecimal() and last.isdecimal() and int(first) < int(last) <= len(text)):
        hint = f"write START:END in characters of the article, 0 to {len(text)}"
        raise UsageError("is not a span of the article", subject=span, hint=hint)
    start, end = int(first), int(last)
    words = text[start:end].strip()
    if not words:
        raise UsageError("holds white space alone", subject=span, hint="give the span of some words")
    start += text[start:end].index(words)
    return _Part(words, (start, start + len(words)))
