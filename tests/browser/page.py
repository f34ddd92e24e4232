"""What a person does and sees on a labeling page."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Dialog, Page, expect

from tests.live_server import Checker

_SUBMIT = "bottombar-submit-button"
_LINES = """(element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), words = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (const match of node.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const box = range.getBoundingClientRect();
      words.push([match[0], box.left, box.right, box.top]);
    }
  const box = element.getBoundingClientRect();
  return {words, left: box.left, right: box.right};
}"""


class Word(NamedTuple):
    """A word and where it stands on the screen, in pixels."""

    text: str
    left: float
    right: float
    top: float


class Block(NamedTuple):
    """A block of text: its words in the order of the text, and its edges."""

    words: list[Word]
    left: float
    right: float

    @property
    def first_line(self) -> list[Word]:
        """The words of the first line, in the order of the text."""
        return [word for word in self.words if abs(word.top - self.words[0].top) < 12]

    def runs_right_to_left(self) -> bool:
        """Whether each word of the first line stands left of the one before it."""
        return all(after.right <= before.left + 1 for before, after in pairwise(self.first_line))

    def runs_left_to_right(self) -> bool:
        """Whether each word of the first line stands right of the one before it."""
        return all(after.left >= before.right - 1 for before, after in pairwise(self.first_line))

    def gap_right(self) -> float:
        """Pixels between the right edge and the right-most word."""
        return self.right - max(word.right for word in self.words)

    def gap_left(self) -> float:
        """Pixels between the left edge and the left-most word."""
        return min(word.left for word in self.words) - self.left


def block(page: Page, selector: str) -> Block:
    """The text of the first element that the selector finds."""
    found = page.locator(selector).first.evaluate(_LINES)
    return Block([Word(*word) for word in found["words"]], found["left"], found["right"])


def checked(page: Page) -> list[str]:
    """The words of the answers that are chosen, from top to bottom."""
    found: list[str] = page.evaluate("[...document.querySelectorAll('input[type=radio]:checked')].map(e => e.name)")
    return found


class Desk:
    """A checker's browser window; `strangers` are the addresses it asked that are not the server's."""

    def __init__(self, browser: Browser, url: str, checker: Checker) -> None:
        self.url = url
        self.strangers: list[str] = []
        self.alerts: list[str] = []
        self.page = browser.new_page(viewport={"width": 1280, "height": 1000})
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("dialog", self._dismiss)
        self.page.goto(f"{url}/user/login/")
        self.page.fill("input[name=email]", checker.email)
        self.page.fill("input[name=password]", checker.password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: "/user/login" not in address)

    def open(self, project: int) -> None:
        """Begin to label the project."""
        self.page.goto(f"{self.url}/projects/{project}/data?labeling=1")
        self.wait_for_claim()

    def wait_for_claim(self, text: str = "") -> None:
        """Until a claim with this text is on the page."""
        expect(self.page.locator(".fc-claim")).to_contain_text(text or " ", timeout=30_000)
        expect(self.page.get_by_test_id(_SUBMIT)).to_be_visible()

    def submit(self, following: str | None) -> None:
        """Submit with the mouse, and wait for the next claim (or for the end, with None)."""
        with self.page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST"):
            self.page.get_by_test_id(_SUBMIT).click()
        if following is not None:
            self.wait_for_claim(following)

    def screenshot(self, path: Path) -> None:
        """Keep what the person sees, once the page stands still."""
        self.page.wait_for_load_state("networkidle")
        self.page.screenshot(path=path)

    def _dismiss(self, dialog: Dialog) -> None:
        self.alerts.append(dialog.message)
        dialog.dismiss()

    def _note(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != urlsplit(self.url).netloc:
            self.strangers.append(address)
