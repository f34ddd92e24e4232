"""What a task tells of earlier verdicts: settled when it is made, folded away, and nothing on older tasks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from factcheck.days import Clock
from factcheck.languages import Language
from factcheck.models import Calendar
from factcheck.studio.page import earlier as page
from factcheck.studio.page.task_words import TASK_WORDS
from factcheck.studio.page.tasks import tasks
from factcheck.studio.page.translations import WORDINGS
from factcheck.studio.sync.standing import shown_hash
from factcheck.verdicts import EARLIER
from tests.fake_studio.props import claim_id, make_articles, make_claims, make_contexts

DECIDED = datetime(2026, 3, 21, tzinfo=UTC)


def found(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "claim_id": claim_id(number), "found_id": claim_id(9), "quote": "growth of\n-5 <b>", "verdict": "disputed",
        "reason": "outdated", "decided_at": DECIDED, "origin": "import", "source": "Desk X",
    } | changes  # fmt: skip


def told(*rows: dict[str, Any], language: Language = "en", clock: Clock = Clock()) -> dict[str, str]:  # noqa: B008
    return page.told(pl.DataFrame(rows, EARLIER), language=language, clock=clock, desk="Our desk")


def data(number: int = 1, **earlier: Any) -> dict[str, Any]:
    claims = make_claims([number])
    made = tasks(claims, make_contexts(claims), make_articles(), project="p", language="en", overlap=2, **earlier)
    read: dict[str, Any] = json.loads(made["data"][0])
    assert read["content_hash"] == made["content_hash"][0] == shown_hash(read)
    return read


@pytest.mark.parametrize("language", WORDINGS)
def test_a_line_has_verdict_day_source_and_the_words_it_was_about(language: Language) -> None:
    words = WORDINGS[language]
    (line,) = told(found(1), language=language)[claim_id(1)].split("\n")
    assert line.startswith(f"{words.disputed} ({words.reasons['outdated']})")
    for part in ("2026-03-21", "Desk X", "growth of -5 <b>"):
        assert f"\u2068{part}\u2069" in line


def test_the_day_is_that_of_the_desk_and_an_imported_day_stays_the_day() -> None:
    clock = Clock("America/New_York", Calendar.JALALI)
    mine = told(found(1, origin="votes", source=None), found(2), found(3, decided_at=None), clock=clock)
    assert "1404/12/29" in mine[claim_id(1)], "20 March there"
    assert "Our desk" in mine[claim_id(1)]
    assert "1405/01/01" in mine[claim_id(2)], "a day without a time is moved by no time zone"
    assert "\u2069: " in mine[claim_id(3)]
    assert "–" not in mine[claim_id(3)]


def test_of_many_the_first_are_told() -> None:
    lines = told(*(found(1, source=f"Desk {number}") for number in range(9)))[claim_id(1)].split("\n")
    assert [number for number, line in enumerate(lines) if f"Desk {number}" in line] == [0, 1, 2, 3, 4]
    assert len(lines) == page.MOST


def test_a_task_with_earlier_verdicts_has_them_folded_as_text_and_no_answer_filled_in() -> None:
    text = told(found(1))[claim_id(1)]
    shown = data(earlier={claim_id(1): text})
    assert shown["earlier"] == text
    folded = shown["about"].partition(TASK_WORDS["en"].earlier)
    assert folded[0].endswith('<details dir="ltr"><summary><b>')
    assert "growth of -5 &lt;b&gt;" in folded[2]
    assert shown["notice"] == ""
    other = data(earlier={claim_id(1): ""})
    assert {name: value for name, value in shown.items() if name not in {"about", "earlier", "content_hash"}} == {
        name: value for name, value in other.items() if name not in {"about", "earlier", "content_hash"}
    }


def test_a_task_of_an_older_release_stays_what_it_is() -> None:
    older, none = data(), data(earlier={claim_id(1): ""})
    assert "earlier" not in older
    assert none["earlier"] == ""
    assert none["about"] == older["about"]
    assert none["content_hash"] != older["content_hash"]
    assert data(earlier={claim_id(2): "x"}) == older
