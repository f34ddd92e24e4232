"""A real Chromium, Debian's, driven by Playwright; it talks to the test session's own server and to nobody else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.live_server import ROOT

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser named by FACTCHECK_CHROMIUM, or the `chromium` of the machine."""
    path = os.environ.get("FACTCHECK_CHROMIUM") or shutil.which("chromium")
    if path is None:
        missing = "there is no Chromium here: `apt-get install chromium`, or name one in FACTCHECK_CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def screens() -> Path:
    """Where screenshots are kept, as build artefacts."""
    folder = ROOT / "build" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
