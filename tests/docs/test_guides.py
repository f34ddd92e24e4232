"""The editors' guides in Persian and Arabic: the words that the program shows, the commands of the English one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from factcheck.exporters import labels
from factcheck.languages import Language

DOCS = Path(__file__).parents[2] / "docs"
ENGLISH = (DOCS / "guide-editors.md").read_text("utf-8")
GUIDES: tuple[Language, ...] = ("fa", "ar")
OWN = ("claim_reviewed", "headline", "summary", "topic", "page_url", "editorial_state_label", "claim_id")


def page(language: str) -> str:
    return (DOCS / f"guide-editors.{language}.md").read_text("utf-8")


@pytest.mark.parametrize("language", GUIDES)
def test_the_guide_says_what_people_see(language: Language) -> None:
    shown = [
        *labels.VERDICTS.values(), *labels.REASONS.values(), *labels.EDITORIAL_STATES.values(),
        *(said for status, said in labels.STATUSES.items() if status != "decided"),
        *(labels.COLUMNS[name] for name in OWN), labels.SECTIONS["removed"], labels.SECTIONS["changed"],
    ]  # fmt: skip
    assert [said[language] for said in shown if said[language] not in page(language)] == []


@pytest.mark.parametrize("language", GUIDES)
def test_its_commands_are_those_of_the_english_guide(language: str) -> None:
    lines = [line for block in re.findall(r"^```\n(.*?)^```", page(language), re.MULTILINE | re.DOTALL)
             for line in block.splitlines()]  # fmt: skip
    assert len(lines) > 5
    assert [line for line in lines if line not in ENGLISH] == []
    named = re.findall(r"`([a-z]+-[a-z]+|claimreview|markdown)`", page(language))
    assert len({*named}) > 5
    assert [name for name in named if f"`{name}`" not in ENGLISH] == []


@pytest.mark.parametrize("language", GUIDES)
def test_it_reads_from_right_to_left_but_for_its_commands(language: str) -> None:
    text = page(language)
    assert text.startswith('<div dir="rtl">\n')
    opened = [found[0] for found in re.finditer(r"<div dir=\"rtl\">|</div>|^```$", text, re.MULTILINE)]
    inside = False
    for one in opened:
        if one == "```":
            assert not inside
        else:
            assert inside == (one == "</div>")
            inside = not inside
    assert not inside
