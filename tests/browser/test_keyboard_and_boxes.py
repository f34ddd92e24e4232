"""The checker's form in a real browser: the keyboard alone, what is typed and not yet sent, and one screen for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Page, expect

from factcheck.languages import Language
from factcheck.studio.page.guide import instruction
from factcheck.studio.page.translations import WORDINGS
from tests.browser.claims import SAMPLES, claim_id
from tests.browser.keyboard import CTRL, SHIFT, Keyboard
from tests.browser.page import Desk, checked
from tests.browser.test_checking import MakeProject, SitDown, answers, project, sit_down

__all__ = ["project", "sit_down"]

pytestmark = [pytest.mark.live, pytest.mark.browser]

FORM = {"en": 4, "fa": 3, "ar": 3}
"""How many claims are checked in each language: ten."""
CHOICES = {1: "verified", 2: "disputed", 4: "unproven", 5: "not_a_claim"}


@pytest.fixture(scope="module")
def seconds() -> list[float]:
    """How long each claim took from open to submit."""
    return []


def submitted(page: Page, act: Callable[[], None]) -> None:
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST"):
        act()


@pytest.mark.parametrize("language", FORM)
def test_claims_are_checked_by_keyboard_alone_and_no_digit_in_a_box_changes_a_verdict(
    language: Language,
    sit_down: SitDown,
    project: MakeProject,
    seconds: list[float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    client, number = project(language)
    desk = sit_down("Keys")
    desk.open(number)
    page, keyboard = desk.page, Keyboard(desk.page, language)
    wanted = {}
    for sample, key in list(zip(SAMPLES, CHOICES, strict=True))[: FORM[language]]:
        desk.wait_for_claim(sample.quote)
        began = time.monotonic()
        keyboard.choose(key)
        typed = {}
        for box in ("rationale", "evidence"):
            keyboard.until(box)
            typed[box] = keyboard.write()
            keyboard.press("Enter", SHIFT)
        keyboard.choose(9)
        said = [WORDINGS[language].choices[CHOICES[key]], WORDINGS[language].high]
        assert checked(page) == said
        submitted(page, lambda: keyboard.press("Enter", CTRL))
        seconds.append(time.monotonic() - began)
        wanted[claim_id(sample)] = (CHOICES[key], typed["rationale"], [typed["evidence"]])
    assert answers(client, number) == wanted
    if language == list(FORM)[-1]:
        with capsys.disabled():
            print(f"\n{len(seconds)} claims by keyboard: median {median(seconds):.1f} s from open to submit")  # noqa: T201


def test_the_first_key_after_a_click_into_any_box_may_be_the_keypads(sit_down: SitDown, project: MakeProject) -> None:
    """Label Studio hands the keypad's digits to the page as long as it has seen no other key in the box."""
    _, number = project("en")
    desk = sit_down("Pad")
    desk.open(number)
    page, keyboard = desk.page, Keyboard(desk.page, "en")
    keyboard.choose(2)
    before = checked(page)
    assert before == [WORDINGS["en"].disputed]
    page.get_by_text(WORDINGS["en"].more).click()
    for box in ("rationale", "evidence", "same_as", "corrected_claim"):
        page.locator(".fc-claim").click()
        page.locator(f"textarea[name={box}]").click()
        keyboard.keypad()
        assert checked(page) == before, box
        assert page.input_value(f"textarea[name={box}]") == "0123456789"


@pytest.mark.parametrize("language", FORM)
def test_a_kept_text_outlives_a_reload_and_a_corrected_one_is_stored_once(
    language: Language, sit_down: SitDown, project: MakeProject
) -> None:
    client, number = project(language)
    desk = sit_down("Draft")
    desk.open(number)
    page, keyboard = desk.page, Keyboard(desk.page, language)
    hint = page.locator("textarea[name=rationale]").get_attribute("placeholder") or ""
    assert "Shift+Enter" in hint, "the box warns of what is lost"
    keyboard.choose(1)
    keyboard.until("rationale")
    written = keyboard.write()
    with page.expect_response(lambda it: "/drafts" in it.url and written in (it.request.post_data or "")):
        keyboard.press("Enter", SHIFT)
    page.reload()
    desk.wait_for_claim(SAMPLES[0].quote)
    expect(page.locator(".fc-boxes")).to_contain_text(written)
    submitted(page, lambda: page.get_by_test_id("bottombar-submit-button").click())
    assert answers(client, number)[claim_id(SAMPLES[0])] == ("verified", written, [])

    page.goto(f"{desk.url}/projects/{number}/data?task={task_of(page)}")
    expect(page.locator(".fc-boxes")).to_contain_text(written, timeout=30_000)
    page.get_by_test_id("htx-textbox-edit-button").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("Corrected.")
    page.locator(".fc-claim").click()
    with page.expect_response(
        lambda answer: "/annotations/" in answer.url and answer.request.method == "PATCH"
    ) as sent:
        page.get_by_test_id("bottombar-update-button").click()
    (stored,) = [item["value"]["text"] for item in sent.value.json()["result"] if item["from_name"] == "rationale"]
    assert stored == ["Corrected."]


@pytest.mark.parametrize("language", FORM)
def test_a_decision_needs_no_scrolling_and_a_phone_no_scrolling_sideways(
    language: Language, sit_down: SitDown, project: MakeProject, screens: Path
) -> None:
    client, number = project(language)
    client.update_project(number, expert_instruction=instruction(language), show_instruction=True)
    desk = sit_down("Eyes")
    page = desk.page
    page.set_viewport_size({"width": 1366, "height": 768})
    desk.open(number)
    guide = page.get_by_text(WORDINGS[language].unproven_means)
    expect(guide).to_be_visible()
    page.keyboard.press("Escape")
    expect(guide).to_be_hidden()
    page.keyboard.press("Shift+Digit2")
    expect(page.locator(".fc-reason").get_by_text(WORDINGS[language].out_of_context)).to_be_visible()
    last = page.locator(".fc-form").get_by_text(WORDINGS[language].high, exact=False).last
    for seen in (page.locator(".fc-claim"), page.locator(".fc-verdict"), page.locator(".fc-reason"),
                 page.locator("textarea[name=rationale]"), page.locator("textarea[name=evidence]"), last):  # fmt: skip
        box = seen.bounding_box()
        assert box is not None
        assert box["y"] >= 48, "under the bar above"
        assert box["y"] + box["height"] <= bottom(desk), seen
    assert fits(page)
    desk.screenshot(screens / f"form-{language}.png")
    page.set_viewport_size({"width": 390, "height": 844})
    assert fits(page)
    button = page.get_by_test_id("bottombar-submit-button").bounding_box()
    assert button is not None
    assert 0 <= button["x"] <= button["x"] + button["width"] <= 390
    assert button["y"] + button["height"] <= 844
    desk.screenshot(screens / f"phone-{language}.png")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def bottom(desk: Desk) -> float:
    """Where the bar with the buttons begins."""
    box = desk.page.locator(".lsf-bottombar").bounding_box()
    assert box is not None
    return box["y"]


def task_of(page: Page) -> int:
    """The task that was submitted last, as the page's own address of the interface names it."""
    found: int = page.evaluate(
        "fetch('/api/tasks?page_size=1&ordering=-tasks:updated_at&project=' + location.pathname.split('/')[2])"
        ".then(answer => answer.json()).then(answer => answer.tasks[0].id)"
    )
    return found
