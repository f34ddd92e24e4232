"""The checkers' guide: as Label Studio shows it at the start of the work, and as a page of the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import NamedTuple

from pydantic import TypeAdapter

from factcheck.languages import Language, read
from factcheck.models import Choice, Confidence, Reason, digest
from factcheck.studio.page.label_config import KEYS, NOTHING, words_of
from factcheck.studio.page.wording import Wording
from factcheck.text import isolate


class Guide(NamedTuple):
    """The guide's sentences in one language: `**bold**`, `keys in backticks`, and the page's words in braces."""

    title: str
    log_in: list[str]
    conjunction: str
    deciding: list[str]
    writing: list[str]
    keys_title: str
    keys: list[str]
    colleagues_title: str
    colleagues: list[str]


_OURS = re.compile(r'<div id="factcheck-guide-([0-9a-f]{12})">(.*)</div>', re.DOTALL)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`(.+?)`")


def instruction(language: Language, own: Mapping[str, str] = NOTHING) -> str:
    """The guide as the HTML that Label Studio takes as a project's `expert_instruction`, on one line.

    Its dialog keeps line breaks as they are and has no style for headings and lists; the server leaves only some tags
    in. The digest in its id is that of the rest.
    """
    words, guide = words_of(language, own), sentences(language)
    parts = []
    for heading, lines in _sections(guide, words):
        parts.append(f"<p><b>{_html(heading)}</b></p>")
        parts += [f"<p>• {_html(_filled(line, words))}</p>" for line in lines]
        parts.append("<br>")
    align = "right" if words.direction == "rtl" else "left"
    inside = f'<div dir="{words.direction}" align="{align}">{"".join(parts[:-1])}</div>'
    return f'<div id="factcheck-guide-{digest(inside)[:12]}">{inside}</div>'


def is_ours(shown: str) -> bool:
    """Whether a project's `expert_instruction` is a guide of ours, of any release, that nobody changed; "" is too."""
    found = _OURS.fullmatch(shown)
    return not shown or (found is not None and digest(found[2])[:12] == found[1])


def page(language: Language) -> str:
    """The guide as Markdown, with how to log in before it; right to left where the language is."""
    words, guide = words_of(language), sentences(language)
    lines = [f"# {guide.title}", "", *(f"- {line}" for line in guide.log_in)]
    for heading, items in _sections(guide, words):
        lines += ["", f"## {heading}", "", *(f"- {_filled(item, words)}" for item in items)]
    text = "\n".join(lines)
    return f"{text}\n" if words.direction == "ltr" else f'<div dir="rtl">\n\n{text}\n\n</div>\n'


@cache
def sentences(language: Language) -> Guide:
    """The guide's sentences, from the data of the package."""
    return TypeAdapter(Guide).validate_python(read(language, "guide"))


def _sections(guide: Guide, words: Wording) -> Iterator[tuple[str, list[str]]]:
    comma = "، " if words.direction == "rtl" else ", "
    choices = [f"**{words.choices[it]}** (`{_key(it)}`): {words.definitions[it]}" for it in Choice]
    reasons = comma.join(f"{words.reasons[it]} (`{_key(it)}`)" for it in Reason)
    levels = comma.join(f"{words.levels[it]} (`{_key(it)}`)" for it in Confidence)
    more = [f"**{words.disputed}** – {words.reason} {reasons}", f"{words.confidence} {levels}"]
    yield words.verdict, [*map(_as_is, (*choices, *more)), *guide.deciding]
    yield f"{words.rationale}{guide.conjunction}{words.evidence}", list(guide.writing)
    yield guide.keys_title, list(guide.keys)
    yield guide.colleagues_title, list(guide.colleagues)


def _key(answer: str) -> str:
    return KEYS[answer].upper().replace("SHIFT", "Shift")


def _as_is(line: str) -> str:
    """The line as one that filling in leaves as it is: a desk may choose words with braces."""
    return line.replace("{", "{{").replace("}", "}}")


def _filled(line: str, words: Wording) -> str:
    return line.format(**words._asdict())


def _html(line: str) -> str:
    text = escape(line, quote=False)
    text = _BOLD.sub(r"<b>\1</b>", text)
    return _CODE.sub(lambda found: f"<code>{isolate(found[1])}</code>", text)
