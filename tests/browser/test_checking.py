"""A checker at work in a real browser: what stands on the page, and that the answer comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from factcheck import frames
from factcheck.languages import Language
from factcheck.models import AnnotationEvent
from factcheck.studio.api.client import Client
from factcheck.studio.page.label_config import label_config
from factcheck.studio.sync.project import ensure_project
from factcheck.studio.sync.pull import pull
from factcheck.studio.sync.push import push
from tests.browser.claims import ARABIC, ENGLISH, HOSTILE, PERSIAN, Sample, claim_id, desired
from tests.browser.page import Block, Desk, block
from tests.live_server import LabelStudio

pytestmark = [pytest.mark.live, pytest.mark.browser]

MakeProject = Callable[[Language], tuple[Client, int]]
SitDown = Callable[[str], Desk]

NUMBERS = count()
"""So that each test has a project of its own."""
EDGE = 40  # pixels of padding and border that may stand between a text and the edge of its block


@pytest.fixture
def project(label_studio: LabelStudio) -> Iterator[MakeProject]:
    client = Client(label_studio.url, label_studio.token)

    def make(language: Language) -> tuple[Client, int]:
        config, mark = label_config(language), f"browser-{language}-{next(NUMBERS)}"
        made = ensure_project(client, mark=mark, title=f"Claims ({language})", config=config, overlap=1)
        assert made is not None
        assert push(client, made.project_id, desired(language)).created == 4
        return client, made.project_id

    yield make
    client.close()


@pytest.fixture
def sit_down(label_studio: LabelStudio, chromium: Browser) -> Iterator[SitDown]:
    """Open a browser window and log in as somebody of that name."""
    desks: list[Desk] = []

    def make(name: str) -> Desk:
        desks.append(Desk(chromium, label_studio.url, label_studio.make_user(name)))
        return desks[-1]

    yield make
    for desk in desks:
        desk.page.context.close()


def answers(client: Client, project: int) -> dict[str, tuple[str | None, str | None, list[str]]]:
    """Choice, rationale and evidence by claim id, as a pull brings them."""
    known = frames.empty(AnnotationEvent)
    got = pull(client, project, known, {}, project="browser", now=datetime.now(UTC), annotator_id=annotator_id)
    assert got.rejected.is_empty(), got.rejected
    rows = got.events.iter_rows(named=True)
    return {row["claim_id"]: (row["choice"], row["rationale"], row["evidence"]) for row in rows}


def annotator_id(user: int) -> str:
    return f"ant_{user:020x}"


def is_laid_out(text: Block, sample: Sample) -> bool:
    """Whether words follow each other in the language's direction, from the edge where that language begins."""
    if sample.lang == "en":
        return text.runs_left_to_right() and text.gap_left() < EDGE
    return text.runs_right_to_left() and text.gap_right() < EDGE


def test_a_persian_claim_is_read_from_right_to_left_and_the_verdict_comes_back(
    sit_down: SitDown, project: MakeProject, screens: Path
) -> None:
    client, number = project("fa")
    desk = sit_down("Leila")
    desk.open(number)
    page = desk.page
    desk.wait_for_claim(PERSIAN.quote)
    desk.screenshot(screens / "persian-claim.png")

    claim, context = block(page, ".fc-claim"), block(page, ".fc-context")
    assert [word.text for word in claim.words] == PERSIAN.quote.split()
    assert claim.runs_right_to_left(), "word order"
    assert claim.gap_right() < EDGE, "it begins at the right edge"
    assert context.runs_right_to_left()
    assert context.gap_right() < EDGE
    assert claim.words[0].right > claim.words[-1].left
    # The page around it is the desk's: the answers' circles at the right, hints from right to left.
    label = page.get_by_text("درست / تأیید شد").bounding_box()
    circle = page.locator('input[type=radio][name="درست / تأیید شد"]').bounding_box()
    assert label is not None
    assert circle is not None
    assert circle["x"] > label["x"]
    assert page.locator("textarea[name=rationale]").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert block(page, ".fc-about p").gap_right() < EDGE
    expect(page.locator(".fc-about")).to_contain_text("۲۳ اسفند ۱۴۰۴")
    assert block(page, ".fc-context mark").words[0].text == "ذخیرهٔ", "the claim is marked in its paragraph"

    page.keyboard.press("Shift+Digit1")
    expect(page.locator('input[type=radio][name="درست / تأیید شد"]')).to_be_checked()
    desk.screenshot(screens / "persian-claim-chosen.png")
    page.keyboard.press("Control+Enter")
    desk.wait_for_claim("OPEC")
    assert answers(client, number) == {claim_id(PERSIAN): ("verified", None, [])}
    assert desk.strangers == [], "nothing but the server was asked"


def test_what_was_typed_counts_without_a_word_of_training(
    sit_down: SitDown, project: MakeProject, screens: Path
) -> None:
    client, number = project("ar")
    desk = sit_down("Omid")
    desk.open(number)
    page = desk.page
    page.keyboard.press("Shift+Digit2")
    page.fill("textarea[name=rationale]", "أرقام FAO مختلفة.")
    page.fill("textarea[name=evidence]", "https://stats.example/wheat?year=2025")
    page.locator("textarea[name=evidence]").press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("https://stats.example/second")
    desk.screenshot(screens / "arabic-typed.png")
    desk.submit("OPEC")
    assert answers(client, number) == {
        claim_id(PERSIAN): (
            "disputed",
            "أرقام FAO مختلفة.",
            ["https://stats.example/wheat?year=2025", "https://stats.example/second"],
        )
    }


def test_every_language_stands_right_on_one_page(sit_down: SitDown, project: MakeProject, screens: Path) -> None:
    client, number = project("en")
    desk = sit_down("Parisa")
    desk.open(number)
    keys = {PERSIAN: "1", ARABIC: "2", HOSTILE: "3", ENGLISH: "5"}
    for sample, following in zip(keys, [*list(keys)[1:], None], strict=True):
        desk.wait_for_claim(sample.quote)
        desk.screenshot(screens / f"english-desk-{claim_id(sample)[-1]}.png")
        claim = block(desk.page, ".fc-claim")
        assert is_laid_out(claim, sample), sample.quote
        if sample is not HOSTILE:  # it ends in several Latin words, which rightly run the other way
            assert is_laid_out(block(desk.page, ".fc-context"), sample), sample.quote
        if sample is HOSTILE:
            shown = desk.page.locator(".fc").inner_text()
            for written in (sample.quote, sample.after, sample.claimant, sample.publisher, sample.title):
                assert written
                assert written in shown, "HTML in an article is shown as it was written"
        desk.page.keyboard.press(f"Shift+Digit{keys[sample]}")
        desk.submit(following.quote if following else None)
    assert {name: said[0] for name, said in answers(client, number).items()} == {
        claim_id(PERSIAN): "verified",
        claim_id(ARABIC): "disputed",
        claim_id(HOSTILE): "opinion",
        claim_id(ENGLISH): "not_a_claim",
    }
    assert desk.alerts == [], "HTML in an article stays text"
    assert desk.strangers == []
