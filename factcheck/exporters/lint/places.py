"""Where the reviews of a document stand, and what can only be told of several of them together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from factcheck import schema_org
from factcheck.exporters.lint import answers, markup
from factcheck.exporters.lint.finding import Finding, Path, Review, json_path, shown
from factcheck.exporters.lint.rule import Fate
from factcheck.exporters.lint.values import first_text
from factcheck.folding import match_key

_TOO_DEEP = "is nested too deeply: remove the outer levels around the reviews"


class Refused(NamedTuple):
    """What stands where a review was meant to be, and is none: a code of docs/errors.md and the reason."""

    path: Path
    code: str
    reason: str


class Judged(NamedTuple):
    """One review with its findings; `subject` is the file or address, `line` that of its document, from 1."""

    subject: str
    line: int | None
    review: Review
    findings: tuple[Finding, ...]

    def fate(self, reader: str) -> Fate:
        """What becomes of the review with the reader: the worst that one of its findings brings."""
        fates = [finding.rule.effects[reader].fate for finding in self.findings]
        return next((fate for fate in ("drops", "misreads", "mends") if fate in fates), "does not care")


def reviews(document: Any) -> tuple[list[Review], list[Refused]]:
    """The reviews in the document (answers of Claim Search one by one), and what there is else."""
    found: list[Review] = []
    refused: list[Refused] = []
    for one in schema_org.met(document):
        value = schema_org.as_node(one.value)
        if one.too_deep:
            refused.append(Refused(one.path, "JSON", _TOO_DEEP))
        elif value is None:
            refused.append(Refused(one.path, "EMPTY", "is null: remove it"))
        elif schema_org.is_review(value):
            found.append(_placed(document, one.path, value, converted=value is not one.value))
        elif schema_org.is_answer(value):
            held, others = answers.reviews(value, one.path)
            found += held
            refused += [Refused(where, "NOT_A_REVIEW", f"is {shown(other)}, not a review") for where, other in others]
            if not held and not others:
                refused.append(Refused(one.path, "NO_RATING", "has a claim but no review of it"))
        else:
            kinds = ", ".join(schema_org.types(value)) if isinstance(value, dict) else ""
            said = f"is a {shown(kinds)}, not a ClaimReview" if kinds else "is no ClaimReview"
            refused.append(Refused(one.path, "NOT_A_REVIEW", said))
    return found, refused


def judge(
    subject: str, line: int | None, found: Sequence[Review], *, site: str | None, page: str | None
) -> list[Judged]:
    """The reviews of one document with what is to be said of each by itself, and of all on one page."""
    judged = []
    for review in found:
        if review.kind == "answer":
            findings = list(answers.check(review))
        else:
            findings = list(markup.check(review, site=site, page=page))
        judged.append(Judged(subject, line, review, tuple(dict.fromkeys(findings))))
    return judged


def together(judged: Sequence[Judged], *, pages: Iterable[str] = ()) -> list[Judged]:
    """The same with what only shows among them; `pages` are the subjects that are pages of a site.

    An address is shared where different claims have it; the same review may not stand in one file twice.
    """
    last: dict[str, tuple[str, str]] = {}
    seen: set[tuple[str, str, str]] = set()
    more: list[list[Finding]] = [[] for _ in judged]
    keys = [_key(one.review) for one in judged]
    for number in range(len(judged) - 1, -1, -1):  # the last one is what a reader keeps
        one, (url, claim) = judged[number], keys[number]
        if not url or not claim:
            continue
        later = last.setdefault(url, (claim, _place(one)))
        if later[0] != claim:
            name = "ADDRESS_SHARED" if one.review.kind == "markup" else "ANSWER_SHARED"
            more[number].append(Finding(name, (*one.review.path, "url"), later[1]))
    counts: dict[str, int] = {}
    for number, (one, (url, claim)) in enumerate(zip(judged, keys, strict=True)):
        counts[one.subject] = counts.get(one.subject, 0) + bool(one.review.node)
        if url and claim and (one.subject, url, claim) in seen:
            more[number].append(Finding("FEED_REPEATED", one.review.path, shown(url)))
        seen.add((one.subject, url, claim))
    several = {subject for subject in pages if counts.get(subject, 0) > 1}
    for number, one in enumerate(judged):
        if one.subject in several:
            more[number].append(Finding("PAGE_SEVERAL", one.review.path, str(counts[one.subject])))
    return [
        one._replace(findings=(*one.findings, *added)) if added else one
        for one, added in zip(judged, more, strict=True)
    ]


def _placed(document: Any, path: Path, node: dict[str, Any], *, converted: bool) -> Review:
    """The review with what it inherits from what it stands in."""
    context, holder = node.get("@context"), path
    inside, feed, top = document, None, path
    for number, step in enumerate(path):
        if isinstance(inside, dict) and "@context" in inside and "@context" not in node:
            context, holder = inside["@context"], path[:number]
        if step == "dataFeedElement":
            top, feed = path[:number], _in_feed(inside, path[number + 1 :])
        inside = inside[step]
    if context in ("", [], {}):
        context = None
    if context is None and "@context" not in node:
        holder = top
    liftable = not converted and graph_of(document, path) is not None
    return Review(path, node, "markup", context, holder, converted, "@graph" in path, liftable, feed)


def graph_of(document: Any, path: Path) -> Path | None:
    """Where the object stands whose `@graph` holds the path, if it can be taken apart: at the root, or in its list."""
    place = path[: path.index("@graph")] if "@graph" in path else None
    if place is None or len(place) > 1 or (place and not isinstance(place[0], int)):
        return None
    holder = document[place[0]] if place else document
    plain = holder.keys() <= {"@context", "@graph"} and isinstance(holder["@graph"], list)
    return place if plain else None


def _in_feed(feed: dict[str, Any], rest: Path) -> bool:
    """Whether the place under `dataFeedElement` is that of an item of a DataFeedItem."""
    elements = feed["dataFeedElement"]
    element = elements[rest[0]] if rest and isinstance(elements, list) and isinstance(rest[0], int) else elements
    return isinstance(element, dict) and element.get("@type") == "DataFeedItem" and "item" in rest


def _key(review: Review) -> tuple[str, str]:
    """The address and the claim of a review, each "" where there is none."""
    node = review.node
    url, claim = (
        (node["review"].get("url"), node["claim"]["text"])
        if review.kind == "answer"
        else (node.get("url"), node.get("claimReviewed"))
    )
    return first_text(url), match_key(first_text(claim))


def _place(one: Judged) -> str:
    line = f":{one.line}" if one.line else ""
    return f"{one.subject}{line} {json_path(one.review.path)}"
