"""Speed of cutting claims out of texts, and of reading those texts as files, on one core.

    python -m tests.bench.claims_bench [--articles 300] [--repeat 5]

The texts are those of `newspaper`: 3 kB each, Persian, Arabic and English 4 : 3 : 3. Times are CPU seconds, the best of
the repeats, without start-up: each side runs once before.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

os.environ.setdefault("POLARS_MAX_THREADS", "1")

from factcheck import frames
from factcheck.articles.assemble import finish
from factcheck.articles.draft import Draft, Limits, Origin
from factcheck.articles.sniff import candidates
from factcheck.claims import extract
from factcheck.models import Article, article_id
from tests.bench.newspaper import article
from tests.measures import Measure, emit

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--repeat", type=int, default=5)
    args = parser.parse_args()
    made = [article(number) for number in range(args.articles)]
    size = sum(len(text.encode()) for _, text in made) / 1e6
    rows = [
        Article(
            article_id=article_id(url=f"https://example.org/{number}", publisher=None, title=None, text=text),
            source=str(number),
            lang=lang,
            text=text,
            fetched_at=NOW,
        )
        for number, (lang, text) in enumerate(made)
    ]
    frame = frames.from_records(Article, rows)
    cut = best(lambda: extract(frame), args.repeat)
    read = best(lambda: [texts(text) for _, text in made], args.repeat)
    emit([
        Measure("claims.speed", size / cut, "MB/s", 1.5, "higher", n=args.articles),
        Measure("claims.text_ingest_speed", size / read, "MB/s", 2.0, "higher", n=args.articles),
    ])  # fmt: skip


def texts(text: str) -> list[object]:
    """The articles of a text file."""
    origin = Origin(source="a.txt", now=NOW, limits=Limits(), suffix=".txt")
    drafts = [one for one in candidates(text.encode(), origin) if isinstance(one, Draft)]
    return [finish(one, now=NOW, languages=("fa", "ar", "en"), limits=Limits()) for one in drafts]


def best(run: Callable[[], object], repeat: int) -> float:
    """The least CPU seconds of the repeats."""
    run()
    times = []
    for _ in range(repeat):
        began = time.process_time()
        run()
        times.append(time.process_time() - began)
    return min(times)


if __name__ == "__main__":
    main()
