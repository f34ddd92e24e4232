"""The whole loop as a desk lives it: the command line on one side, a checker with a browser on the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from factcheck.samples import articles_folder
from tests.answers import answer
from tests.browser.page import Desk, block
from tests.live_server import LabelStudio

pytestmark = [pytest.mark.live, pytest.mark.browser]

Command = Callable[..., Any]

RATIONALE = "در گزارش سالانه، جدول 2 و 4، همین رقم آمده است."  # with keys that choose a verdict outside of a text
EVIDENCE = "https://amar.example/zaferan-1404"


@pytest.fixture
def factcheck(label_studio: LabelStudio, tmp_path: Path) -> Command:
    """Run a command of a new Persian desk that works with the session's server; what it prints with --json."""

    def run(*arguments: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "factcheck", "--desk", str(tmp_path), *arguments, "--json"],
            env=os.environ | {"FACTCHECK_STUDIO_URL": label_studio.url, "FACTCHECK_TOKEN": label_studio.token},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return answer(done.stdout)

    run("init", "--name", "میز زعفران", "--language", "fa")
    settings = tmp_path / "factcheck.toml"
    one_vote = settings.read_text("utf-8").replace("min_votes = 2", "min_votes = 1")
    settings.write_text(one_vote, "utf-8")
    return run


def test_an_article_goes_in_and_a_checkers_verdict_comes_out(
    factcheck: Command, label_studio: LabelStudio, chromium: Browser, screens: Path
) -> None:
    factcheck("ingest", str(articles_folder() / "fa_agency_quoting_official.txt"))
    factcheck("claims")
    sent = factcheck("push")["counts"]["created"]
    assert sent > 1
    assert factcheck("status")["open"] == sent

    checker = label_studio.make_user("Golnar")
    desk = Desk(chromium, label_studio.url, checker)
    desk.open(project_of(factcheck, label_studio))
    page = desk.page
    quote = page.locator(".fc-claim").inner_text().strip()
    assert block(page, ".fc-claim").runs_right_to_left()

    page.keyboard.press("Escape")  # the guide is shown first
    page.keyboard.press("Shift+Digit1")
    page.locator("textarea[name=rationale]").click()
    page.keyboard.type(RATIONALE)
    page.locator("textarea[name=evidence]").click()
    page.keyboard.type(EVIDENCE)
    expect(page.locator('input[type=radio][name="درست / تأیید شد"]')).to_be_checked()
    desk.screenshot(screens / "command-line-desk.png")
    # As the checkers' guide says: not from inside a text field, there the keys belong to the text.
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(700)
    expect(page.locator(".fc-claim")).to_contain_text(quote)
    page.locator(".fc-claim").click()
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST"):
        page.keyboard.press("Control+Enter")
    page.context.close()

    assert factcheck("pull")["version"] == 1
    (row,) = factcheck("diff", "0", "1")["changes"]
    assert (row["quote"], row["after_verdict"]) == (quote, "verified")
    (life,) = factcheck("show", row["claim_id"])["groups"]
    (vote,) = life["annotations"]
    assert (vote["choice"], vote["rationale"], vote["evidence"]) == ("verified", RATIONALE, [EVIDENCE])
    assert [change["verdict"] for change in life["verdicts"]] == ["verified"]
    assert checker.email not in json.dumps(life), "votes stand under opaque ids"
    state = factcheck("status")
    assert (state["version"], state["decided"], state["open"]) == (1, 1, sent - 1)


def project_of(factcheck: Command, label_studio: LabelStudio) -> int:
    """Where the desk's project is, as a person reads it from what `push` says."""
    import httpx

    headers = {"Authorization": f"Token {label_studio.token}"}
    answer = httpx.get(f"{label_studio.url}/api/projects?page_size=100", headers=headers, trust_env=False)
    (found,) = (item["id"] for item in answer.json()["results"] if item["title"] == "میز زعفران")
    return int(found)
