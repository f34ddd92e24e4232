"""The parts of a checker's page that are HTML, in which every character of an article or an answer is text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

from factcheck.studio.page.translations import Wording
from factcheck.text import direction_of_language, for_display, isolate


def context(claim: Mapping[str, Any]) -> str:
    """The paragraph with the claim marked; `claim` has lang, before, quote and after."""
    direction = direction_of_language(claim["lang"])
    lang = f' lang="{escape(claim["lang"])}"' if claim["lang"] else ""
    before, quote, after = (escape(part or "") for part in (claim["before"], claim["quote"], claim["after"]))
    inside = f"{before}<mark>{quote}</mark>{after}".replace("\n", "<br>")
    return f'<p dir="{direction}"{lang}>{inside}</p>'


def about(claim: Mapping[str, Any], others: Sequence[Mapping[str, Any]], words: Wording) -> str:
    """Who said it, where and when, a paragraph each; then the other places where it stands."""
    lines = [
        (words.claimant, escape(isolate(claim["claimant"] or words.unknown))),
        (words.outlet, escape(isolate(claim["publisher"] or words.unknown))),
        (words.date, _date(claim["published_at"]) or escape(words.unknown)),
        (words.source, link(claim["url"], claim["title"])),
    ]
    # A copy may carry the claim twice; the checker needs each place once.
    lines += [(words.also_in, place) for place in dict.fromkeys(map(_place, others))]
    return "".join(f'<p dir="{words.direction}"><b>{escape(label)}:</b> {value}</p>' for label, value in lines if value)


def votes(said: Sequence[Mapping[str, Any]], words: Wording) -> str:
    """What the checkers said, a box each; `said` are the structs of the queue: voter (a letter), choice and so on."""
    boxes = "".join(f"<article>{_vote(vote, words)}</article>" for vote in said)
    return f'<section dir="{words.direction}">{boxes}</section>'


def _vote(vote: Mapping[str, Any], words: Wording) -> str:
    # The letter is Latin and must not decide the line's direction.
    head = f"<b>{isolate(vote['voter'])}: {escape(words.choices[vote['choice']])}</b>"
    if vote["confidence"]:
        head += f" ({escape(words.sure)}: {escape(words.levels[vote['confidence']])})"
    # The reason is in the checker's language, whatever that is, so each line finds its own direction.
    lines = [line for line in (vote["rationale"] or words.no_reason).splitlines() if line.strip()]
    said = "".join(f'<p dir="auto">{escape(for_display(line, None))}</p>' for line in lines)
    return f"<p>{head}</p>{said}" + "".join(f'<p dir="ltr">{link(url, None)}</p>' for url in vote["evidence"] or [])


def _place(claim: Mapping[str, Any]) -> str:
    outlet = escape(isolate(claim["publisher"])) if claim["publisher"] else ""
    return f"{outlet} {link(claim['url'], claim['title'])}".strip()


def _date(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%d") if value else ""


def link(url: str | None, title: str | None) -> str:
    """A link for an http(s) address, else the words alone: `javascript:` and the like never become clickable."""
    shown = title or url or ""
    text = escape(isolate(shown)) if shown else ""
    if not url:
        return text
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme not in {"http", "https"}:
        return text
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{text}</a>'
