"""Articles with their claims underlined as one HTML page to open, print or mail: no script, no outside file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from factcheck import web
from factcheck.exporters.labels import COLUMNS
from factcheck.languages import Language
from factcheck.templating import template
from factcheck.text import bidi_flags, direction_of_language

_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")


class PageWords(NamedTuple):
    """The words of the page in the desk's language; `legend` says what solid and dotted lines mean."""

    title: str
    legend: str
    none: str
    left_out: str
    again: str
    in_words: str
    digits: str = "0123456789"

    def number(self, value: int) -> str:
        """The number in the digits of the language."""
        return str(value).translate(str.maketrans("0123456789", self.digits))


class Note(NamedTuple):
    """What is said of a claim below its paragraph: `facts` are labels and values, in order."""

    claim_id: str
    worth: bool
    facts: Sequence[tuple[str, str]]


class Shown(NamedTuple):
    """An article for the page: its row, its day, `paragraphs` with parts and claims by index, a note for each claim."""

    article: Mapping[str, Any]
    day: str | None
    paragraphs: Sequence[Any]
    notes: Sequence[Note]


def article_page(shown: Sequence[Shown], *, words: PageWords, language: Language, left_out: int = 0) -> str:
    """The page. Every character of an article is text in it, whatever it is; only web addresses are links."""
    return template("exporters/article_page.html.j2").render(
        articles=[_article(one, words, language) for one in shown],
        words=words,
        left_out=left_out,
        language=language,
        dir=direction_of_language(language),
    )


def _article(shown: Shown, words: PageWords, language: Language) -> dict[str, Any]:
    article, lang = shown.article, shown.article["lang"]
    url = article["url"] if article["url"] and web.is_web_address(article["url"]) else ""
    about = [
        (COLUMNS["publisher"][language], article["publisher"], ""),
        (COLUMNS["published_on"][language], shown.day, ""),
        (COLUMNS["url"][language], article["url"], url),
        (COLUMNS["article_id"][language], article["article_id"], ""),
    ]
    return {
        "title": _plain(article["title"] or ""),
        "lang": lang or "",
        "dir": direction_of_language(lang),
        "about": [(label, _plain(value), href) for label, value, href in about if value],
        "paragraphs": [_paragraph(one, shown.notes, words) for one in shown.paragraphs],
        "n_claims": len(shown.notes),
    }


def _paragraph(paragraph: Any, notes: Sequence[Note], words: PageWords) -> dict[str, Any]:
    flagged = bool(bidi_flags("".join(part.text for part in paragraph.parts)))
    return {
        "parts": [
            {
                "text": _spelled(part.text) if flagged else part.text,
                "kind": _kind([notes[index] for index in part.claims]),
                "ending": [(words.number(index + 1), notes[index].claim_id) for index in part.ending],
            }
            for part in paragraph.parts
        ],
        "notes": [
            {
                "number": words.number(index + 1),
                "claim_id": notes[index].claim_id,
                "kind": _kind([notes[index]]),
                "facts": [(label, _plain(value)) for label, value in notes[index].facts],
            }
            for index in paragraph.claims
        ],
    }


def _kind(notes: Sequence[Note]) -> str:
    """The class of an underline: empty for none, `low` where no claim that holds it is sent to checkers."""
    return ("worth" if any(note.worth for note in notes) else "low") if notes else ""


def _plain(text: str) -> str:
    """The text, without controls that could reorder what stands around it."""
    return _spelled(text) if bidi_flags(text) else text


def _spelled(text: str) -> str:
    """The text with its explicit direction controls as letters, which reorder nothing."""
    return _CONTROL.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
