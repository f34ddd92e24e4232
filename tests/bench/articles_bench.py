"""Speed of reading pages, beside bare trafilatura (fast) on the same pages in the same run, on one core.

    python -m tests.bench.articles_bench [--pages 300] [--repeat 5]

The pages are the invented forms of tests/articles, with more paragraphs: about 3 kB of text, Persian, Arabic and
English. Times are CPU seconds, the best of the repeats; both sides begin with the page's characters and take turns.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime

from factcheck.articles.assemble import finish
from factcheck.articles.draft import Draft, Limits, Origin
from factcheck.articles.sniff import candidates
from tests.articles.page_forms import FORMS
from tests.measures import Measure, emit

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LEAST_OF_BARE = 0.7
TEXT = 3_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--repeat", type=int, default=5)
    args = parser.parse_args()
    made = [page(n) for n in range(args.pages)]
    size = sum(map(len, made))
    bare, ours, whole = (sum(times) for times in zip(*(best(data, args.repeat) for data in made), strict=True))
    anchor, speed = "bare trafilatura, MB/s", size / bare / 1e6
    emit([
        Measure("articles.html_speed", bare / ours, "of bare", LEAST_OF_BARE, "higher", anchor, speed, args.pages),
        Measure("articles.html_to_article", size / whole / 1e6, "MB/s of HTML", n=args.pages),
    ])  # fmt: skip


def page(n: int) -> bytes:
    """The n-th page: a form whose paragraphs are repeated, each with a number of its own, to about 3 kB of text."""
    form = FORMS[n % len(FORMS)]()
    html = form.html
    if form.paragraphs:
        last = form.paragraphs[-1]
        size = sum(len(one.encode()) for one in form.paragraphs)
        more = "".join(f"</p>\n<p>{k}: {one}" for k in range(max(0, TEXT // size - 1)) for one in form.paragraphs)
        html = html.replace(last, last + more, 1)
    return html.encode()


def best(data: bytes, repeat: int) -> tuple[float, ...]:
    """The least CPU seconds for one page of each of the three, which take turns."""
    times: list[list[float]] = [[], [], []]
    for _ in range(repeat):
        for run, found in zip((_bare, _draft, _article), times, strict=True):
            began = time.process_time()
            run(data)
            found.append(time.process_time() - began)
    return tuple(map(min, times))


def _bare(data: bytes) -> object:
    import trafilatura

    return trafilatura.bare_extraction(data.decode(), fast=True, include_comments=False)


def _draft(data: bytes) -> list[Draft]:
    origin = Origin(source="page.html", now=NOW, limits=Limits(), suffix=".html")
    return [one for one in candidates(data, origin) if isinstance(one, Draft)]


def _article(data: bytes) -> object:
    return [finish(one, now=NOW, languages=("fa", "ar", "en"), limits=Limits()) for one in _draft(data)]


if __name__ == "__main__":
    main()
