"""The public site of ten thousand claims: building it, building it again after changes, and searching it.

Searching is measured on a hundred thousand as well, of which only the pages that a search reads are made.

Seconds of building are the process's own (disk and neighbours vary), those of the search a person's in Chromium, from
`file://`, on a page that was just opened: from the first key to the first result.
"""

from __future__ import annotations

import gzip
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.measures import Measure, emit

CLAIMS = int(os.environ.get("SITE_CLAIMS", "10000"))
MANY = int(os.environ.get("SITE_CLAIMS_SEARCHED", "100000"))
CHANGES = 10
CARDS = 60
SCRIPTS = ("minisearch.js", "folding.js", "search.js")


def main() -> None:
    """Print the rows."""
    with tempfile.TemporaryDirectory(prefix="factcheck-bench-") as place:
        emit(_rows(Path(place)))


def _rows(place: Path) -> Iterator[Measure]:
    from factcheck.exporters import find, render, write_folder
    from factcheck.exporters.site.frame import data
    from tests.exporters import site_rows

    profile = find("public-site", None)
    view = site_rows.view(CLAIMS)
    numbers = random.Random(1).sample(range(CLAIMS), CHANGES)
    changed, later = site_rows.with_changes(view, numbers)

    def build(frame: Any, context: Any, folder: Path) -> tuple[float, float, int]:
        wall, own = time.perf_counter(), time.process_time()
        made = render(frame, profile, context).folder
        assert made is not None
        written = write_folder(made, folder).written
        return time.process_time() - own, time.perf_counter() - wall, written

    own, wall, files = build(view, site_rows.context_of(view), place / "one")
    yield Measure("exporters.site_build", own, "CPU s", goal=40, n=CLAIMS)
    yield Measure("exporters.site_build_wall", wall, "s", n=files)
    build(changed, later, place / "two")
    own, wall, files = build(changed, later, place / "one")
    yield Measure("exporters.site_rebuild", own, "CPU s", goal=2, n=CLAIMS)
    yield Measure("exporters.site_rebuild_wall", wall, "s", n=files)
    yield Measure("exporters.site_rebuild_files", files, "files", n=CHANGES)
    differing = _held(place / "one").items() ^ _held(place / "two").items()
    yield Measure("exporters.site_files_that_differ", len(differing), "files", goal=0, n=CLAIMS)
    size = len(gzip.compress(b"".join(data(name) for name in SCRIPTS), 9, mtime=0))
    yield Measure("exporters.site_script", size / 1000, "kB gzip", goal=25, n=len(SCRIPTS))
    if chromium := os.environ.get("FACTCHECK_CHROMIUM") or shutil.which("chromium"):
        page = place / "one" / f"{profile.name}-pages" / "index.html"
        yield Measure("exporters.site_first_result", _searched(chromium, page), "s", goal=1, n=CLAIMS)
        del view, changed, later
        yield Measure("exporters.site_first_result_of_many", _searched(chromium, _of_many(place)), "s", goal=3, n=MANY)
    yield Measure("exporters.site_memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", n=MANY)
    yield Measure("exporters.site_cards", _cards_a_second(), "cards/CPU s", goal=15, n=CARDS, better="higher")


def _of_many(place: Path) -> Path:
    """The first page of a site of many claims, with what its search reads."""
    from factcheck.exporters import find, render
    from tests.exporters import site_rows

    view = site_rows.view(MANY)
    folder = render(view, find("public-site", None), site_rows.context_of(view)).folder
    assert folder is not None
    for page in folder.pages:
        if page.name.startswith(("assets/", "search/")) or page.name == "index.html":
            path = place / "many" / page.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(page.make())
    return place / "many" / "index.html"


def _cards_a_second() -> float:
    """Cards that are drawn in a second of the processor, the first left out: it reads fonts."""
    from factcheck.exporters.site import card
    from factcheck.exporters.site.entries import entry, rows_of
    from tests.exporters import site_rows

    desk, clock = site_rows.CONTEXT.desk_name, site_rows.CONTEXT.clock
    found = [entry(one, clock, "fa", {}) for one in rows_of(site_rows.view(CARDS + 1))]
    cards = [card.Card(desk, one.words, one.lang, one.key, one.rating, "fa") for one in found]
    card.draw(cards[0])
    start = time.process_time()
    for one in cards[1:]:
        card.draw(one)
    return CARDS / (time.process_time() - start)


def _held(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _searched(chromium: str, page: Path) -> float:
    """Seconds from the first key to the first result, the least of three new pages."""
    from playwright.sync_api import sync_playwright

    found: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(3):
            tab = browser.new_context().new_page()
            tab.goto(page.as_uri())
            found.append(tab.evaluate(_SEARCH, "بودجه حمل و نقل"))
            tab.close()
        browser.close()
    return float(min(found)) / 1000


_SEARCH = """typed => new Promise(resolve => {
  const box = document.getElementById("words"), results = document.getElementById("results");
  const start = performance.now();
  new MutationObserver(() => { if (results.children.length) { resolve(performance.now() - start); } })
    .observe(results, { childList: true });
  box.value = typed;
  box.dispatchEvent(new Event("input", { bubbles: true }));
})"""


if __name__ == "__main__":
    main()
