"""The picture of the README, from a real run: `python -m tests.browser.picture` writes docs/pictures/demo.png.

It runs the demo, takes what that printed, opens the demo's Label Studio as a checker would, and puts both together.
"""

from __future__ import annotations

import base64
import html
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from factcheck.studio.local import server, server_files, users
from tests.browser.page import Desk
from tests.live_server import ROOT, Checker

TARGET = ROOT / "docs" / "pictures" / "demo.png"
WIDTH = 1280
RATIONALE = "جدول ۲ گزارش سالانه همین رقم را دارد."
# What the exports step lists would fill half the picture; the lines before say what the demo does.
LAST_LINE = "8 write every export"

_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {margin: 0; width: %dpx; background: #fff}
pre {margin: 0; padding: 18px 22px; background: #16181d; color: #d8dde6; font: 14px/1.5 "DejaVu Sans Mono", monospace}
/* Every line is a paragraph from left to right, as in a terminal; isolates and right-to-left runs stand inside it. */
pre p {margin: 0; direction: ltr; unicode-bidi: isolate; white-space: pre; overflow: hidden; text-overflow: ellipsis}
.step {color: #8fd3ff; font-weight: bold} .took {color: #7f8794} .typed {color: #fff}
img {display: block; width: 100%%; border-top: 6px solid #16181d}
</style><pre>%s</pre><img src="data:image/png;base64,%s">"""


def main() -> None:
    """Make the picture."""
    chromium = os.environ.get("FACTCHECK_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory(prefix="factcheck-picture-") as scratch:
        folder = Path(scratch) / "factcheck-demo"
        studio = folder / ".factcheck" / "studio"
        try:
            printed = run_demo(folder)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                TARGET.parent.mkdir(exist_ok=True)
                TARGET.write_bytes(together(browser, printed, checkers_page(browser, studio)))
                browser.close()
        finally:
            server.down(studio)
    sys.stdout.write(f"{TARGET}: {TARGET.stat().st_size:,} bytes\n")


def run_demo(folder: Path) -> list[str]:
    """The lines that the demo printed; its Label Studio goes on running."""
    done = subprocess.run(
        [sys.executable, "-m", "factcheck", "demo", "--folder", folder.name, "--keep"],
        env={"FACTCHECK_STUDIO_ENVIRONMENT": str(ROOT / ".venv-studio")} | os.environ,
        cwd=folder.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return done.stdout.replace(str(folder.parent) + os.sep, "").splitlines()


def checkers_page(browser: Browser, studio: Path) -> bytes:
    """A checker's page with a Persian claim, a verdict chosen and a rationale typed, as PNG."""
    url = server.status(studio).url
    assert url is not None
    password = users.new_password()
    token = server_files.credentials(studio).token
    user = users.make_user(url, token, email="parvin@checkers.example", password=password, name="Parvin")
    desk = Desk(browser, url, Checker(user.email, password, user.token))
    page = desk.page
    page.set_viewport_size({"width": WIDTH, "height": 1100})
    desk.open(1)
    page.keyboard.press("Escape")  # the guide is shown first
    while page.locator(".fc-context p[lang]").first.get_attribute("lang") != "fa":
        claim = page.locator(".fc-claim").inner_text()
        page.keyboard.press("Control+Space")
        page.wait_for_function("before => document.querySelector('.fc-claim')?.innerText !== before", arg=claim)
        desk.wait_for_claim()
    page.keyboard.press("Shift+Digit1")
    page.locator("textarea[name=rationale]").click()
    page.keyboard.type(RATIONALE)
    page.locator(".fc-claim").click()
    page.wait_for_load_state("networkidle")
    taken = page.screenshot()
    page.close()
    return taken


def together(browser: Browser, printed: list[str], below: bytes) -> bytes:
    """The terminal's lines above the page, as a PNG of 256 colours."""
    from PIL import Image

    end = next(number for number, line in enumerate(printed) if line.startswith(LAST_LINE))
    lines = [
        "$ make demo",
        *(line for line in printed[:end] if "waiting for" not in line),
        *printed[end : end + 3],
        "  …",
    ]
    terminal = "".join(f"<p class={_kind(line)}>{html.escape(line)}</p>" for line in lines)
    page = browser.new_page(viewport={"width": WIDTH, "height": 800})
    page.set_content(_PAGE % (WIDTH, terminal, base64.b64encode(below).decode("ascii")))
    page.wait_for_load_state("networkidle")
    taken = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    page.close()
    packed = io.BytesIO()
    taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _kind(line: str) -> str:
    if line.startswith("$"):
        return "typed"
    if line.startswith("  took"):
        return "took"
    return "step" if line[:1].isdigit() else "said"


if __name__ == "__main__":
    main()
