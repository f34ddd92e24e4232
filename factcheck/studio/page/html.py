"""The parts of a checker's page that are HTML, in which every character of an article or an answer is text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from factcheck import evidence, web
from factcheck.studio.page.task_words import TaskWords
from factcheck.studio.page.wording import Wording
from factcheck.templating import template
from factcheck.text import direction_of_language, for_display, isolate


class Place(NamedTuple):
    """Where something stands: the outlet, and the words of a link; `href` is empty where they are no link."""

    outlet: str
    href: str
    text: str


def context(claim: Mapping[str, Any]) -> str:
    """The paragraph with the claim marked; `claim` has lang, before, quote and after."""
    parts = (claim[part] or "" for part in ("before", "quote", "after"))
    return _part("context", direction_of_language(claim["lang"]), claim["lang"], *parts).replace("\n", "<br>")


def about(claim: Mapping[str, Any], others: Sequence[Mapping[str, Any]], words: Wording, day: str | None) -> str:
    """Who said it, where and when, a paragraph each; then the other places where it stands.

    `day` is the claim's date as the desk writes it.
    """
    facts = [
        (words.claimant, Place(isolate(claim["claimant"] or words.unknown), "", "")),
        (words.outlet, Place(isolate(claim["publisher"] or words.unknown), "", "")),
        (words.date, Place(isolate(day or words.unknown), "", "")),
        (words.source, _link(claim["url"], claim["title"], claim["lang"])),
    ]
    # A copy may carry the claim twice; the checker needs each place once.
    facts += [(words.also_in, place) for place in dict.fromkeys(map(_place, others))]
    return _part("about", words.direction, [(label, place) for label, place in facts if place.outlet or place.text])


def worth(score: float, raised: Sequence[str], lowered: Sequence[str], words: Wording, more: TaskWords) -> str:
    """How worth checking the claim is, on one line; the reasons behind it are folded away."""
    told = [(more.raised, more.comma.join(raised)), (more.lowered, more.comma.join(lowered))]
    said = [(label, listed) for label, listed in told if listed]
    return _part("worth", words.direction, more.worth, isolate(more.share(score)), said)


def beside(claims: Sequence[Mapping[str, Any]], days: Sequence[str | None], words: Wording, more: TaskWords) -> str:
    """Claims that tell other figures of the same thing, a paragraph each: where, when, and their words as a link."""
    told = []
    for claim, day in zip(claims, days, strict=True):
        quote = " ".join(claim["quote"].split())
        where = more.comma.join(isolate(part) for part in (claim["publisher"], day) if part)
        told.append((more.other_figures, _link(claim["url"], quote, claim["lang"])._replace(outlet=where)))
    return _part("about", words.direction, told) if told else ""


def earlier(lines: Sequence[str], words: Wording, more: TaskWords) -> str:
    """The earlier verdicts, a line each, folded away: nobody reads them who does not ask."""
    return _part("earlier", words.direction, more.earlier, lines)


def votes(said: Sequence[Mapping[str, Any]], words: Wording) -> str:
    """What the checkers said, a box each; `said` are the structs of the queue: voter (a letter), choice and so on."""
    return _part("votes", words.direction, [_box(vote, words) for vote in said], words)


def _part(name: str, *values: Any) -> str:
    """The output of that macro of the template."""
    made = str(getattr(template("studio/page/task.html.j2").module, name)(*values))
    # The spelling that the hashes of all tasks are made with. Nothing else has it: each & of a text is `&amp;` here.
    return made.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


def _box(vote: Mapping[str, Any], words: Wording) -> dict[str, Any]:
    # The reason is in the checker's language, whatever that is, so each line finds its own direction.
    lines = [line for line in (vote["rationale"] or words.no_reason).splitlines() if line.strip()]
    return {
        "voter": isolate(vote["voter"]),  # a Latin letter, which must not decide the line's direction
        "choice": words.choices[vote["choice"]],
        "confidence": words.levels[vote["confidence"]] if vote["confidence"] else "",
        "reason": [for_display(line, None) for line in lines],
        "evidence": [_evidence(line) for line in vote["evidence"] or []],
    }


def _place(claim: Mapping[str, Any]) -> Place:
    place = _link(claim["url"], claim["title"], claim["lang"])
    if claim["publisher"]:
        return place._replace(outlet=isolate(claim["publisher"]))
    return place if place.href else Place(place.text, "", "")  # the same words are the same place


def _evidence(line: str) -> Place:
    """The line as typed, which leads to the first address that it names."""
    return Place("", next(iter(evidence.parse(line).addresses), ""), isolate(line))


def _link(url: str | None, title: str | None, lang: str | None) -> Place:
    """A link for a web address, else the words alone: `javascript:` and the like never become clickable.

    A title runs in its article's language also where it begins with a Latin name.
    """
    shown = for_display(title, lang) if title else url
    return Place("", url if url and web.is_web_address(url) else "", isolate(shown) if shown else "")
