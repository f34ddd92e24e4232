"""Tables of a million verdicts: CPU seconds and memory of the whole export, beside bare polars doing the same.

    python -m tests.bench.exporters_tables_bench [--claims 1000000] [--folder DIR]

Bare polars reads the same Parquet files, joins articles, claims and verdicts, and writes one file with the columns of
the dataset as they are: no groups and appearances, no evidence read, no guard against formulas, no filters, and all of
it in memory. Each runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from factcheck import dataset as ds
from factcheck.frames import schema
from factcheck.models import Article, Claim, VerdictChange
from factcheck.pipeline.init import init
from tests.bench.dataset_bench import START, _articles, _claims, _verdicts
from tests.measures import Measure, emit

COMMIT = 100_000
REPEATS = int(os.environ.get("TABLES_REPEATS", "3"))
FORMATS = ("csv", "parquet", "jsonl")
WORDS = pl.Series(
    [
        *("وزیر", "گفت", "نرخ", "تورم", "امسال", "به", "سی", "درصد", "رسید", "و", "بودجه", "حمل", "نقل", "شهر"),
        *("تهران", "دو", "برابر", "شد", "مردم", "کارگران", "بازار", "نفت", "صادرات"),
    ]
)
_TOLD = """
import json, re, time
held = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(json.dumps([time.process_time() - began, int(held[1])]))
"""
_OURS = """
import sys, time
from pathlib import Path
from factcheck import settings
from factcheck.pipeline.export import export
began = time.process_time()
export(settings.load(Path(sys.argv[1]), {}), sys.argv[2], as_of=None, out=Path(sys.argv[3]), force=True)
"""
_BARE = """
import sys, time
from pathlib import Path
import polars as pl
began = time.process_time()
root, what, out = Path(sys.argv[1]) / "dataset", sys.argv[2], Path(sys.argv[3])
read = lambda name: pl.read_parquet(sorted((root / name).glob("*.parquet")))
articles = read("articles").select("article_id", "url", "publisher", "title", "published_at")
claims, verdicts = read("claims").drop("version", "commit_id"), read("verdicts")
rows = claims.join(articles, on="article_id", how="left").join(verdicts, on="claim_id", how="left")
rows = rows.sort("published_at", "claim_id", descending=[True, False], nulls_last=True)
if what == "csv":
    lists = [name for name, dtype in rows.schema.items() if dtype == pl.List(pl.String)]
    nested = [name for name, dtype in rows.schema.items() if dtype.is_nested() and name not in lists]
    rows.drop(nested).with_columns(pl.col(lists).list.join("\\n")).write_csv(out)
elif what == "parquet":
    rows.write_parquet(out)
else:
    rows.write_ndjson(out)
"""


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where to make the dataset; a temporary folder otherwise")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="factcheck-bench-", dir=options.folder))
    try:
        emit(_rows(folder, options.claims))
    finally:
        shutil.rmtree(folder)


def _rows(folder: Path, n_claims: int) -> Iterator[Measure]:
    desk = folder / "desk"
    init(desk, name="Desk", language="fa", url="https://desk.example", force=False)
    fill(str(desk / "dataset"), n_claims)
    for name in FORMATS:
        ours, bare = [], []
        for number in range(REPEATS):
            ours.append(_run(_OURS, desk, name, folder / f"ours-{number}"))
            bare.append(_run(_BARE, desk, name, folder / f"bare-{number}"))
            shutil.rmtree(folder / f"ours-{number}")
            (folder / f"bare-{number}").unlink()
        seconds, anchor = min(one for one, _ in ours), min(one for one, _ in bare)
        yield Measure(
            f"exporters.{name}_cpu", seconds / anchor, "of bare", 1.3, "lower", "bare polars, CPU s", anchor, n_claims
        )
        memory, held = (max(kib for _, kib in found) / 1024 for found in (ours, bare))
        yield Measure(f"exporters.{name}_memory", memory, "MB", 500, "lower", "bare polars, MB", held, n_claims)


def _run(program: str, desk: Path, what: str, out: Path) -> tuple[float, int]:
    """CPU seconds and KiB at most."""
    line = [sys.executable, "-c", program + _TOLD, str(desk), what, str(out)]
    said = subprocess.run(line, check=True, capture_output=True, text=True)
    seconds, kib = json.loads(said.stdout)
    return seconds, kib


def fill(uri: str, n_claims: int) -> None:
    """Commits so many claims with a verdict, of Persian words, each with two rationales and two lines of evidence."""
    data = ds.open(uri, create=True)
    for start in range(0, n_claims, COMMIT):
        count = min(COMMIT, n_claims - start)
        number = pl.int_range(start, start + count, eager=True).cast(pl.String)
        claims = _claims(start, count)
        ids = claims["article_id"].unique(maintain_order=True)
        rng = np.random.default_rng(start)
        articles = _articles(start // 5, ids.len()).with_columns(
            article_id=ids,
            text=pl.lit("a short text."),
            lang=pl.lit("fa"),
            title=_texts(ids.len(), 9, start + 1),
            publisher=pl.Series(["ایسنا", "الجزيرة", "BBC"]).gather(pl.Series(rng.integers(0, 3, ids.len()))),
            url="https://news.example/" + pl.int_range(start, start + ids.len(), eager=True).cast(pl.String),
            published_at=pl.lit(START) - pl.duration(minutes=pl.lit(pl.Series(rng.integers(0, 500_000, ids.len())))),
        )
        verdicts = _verdicts(claims["claim_id"], 0).with_columns(
            rationales=pl.concat_list(_texts(count, 15, start + 2), _texts(count, 12, start + 3)),
            evidence=pl.concat_list(
                "https://stat.example/t/" + number, "https://office.example/doc/" + number + " | data | page 3"
            ),
        )
        ds.commit(
            data,
            articles=articles.select(list(schema(Article))).cast(schema(Article)),
            claims=claims.with_columns(
                quote=_texts(count, 22, start + 4), lang=pl.lit("fa"), claimant=_texts(count, 2, start + 5)
            ).cast(schema(Claim)),
            verdicts=verdicts.select(list(schema(VerdictChange))).cast(schema(VerdictChange)),
            cause="import",
            now=START + timedelta(hours=start // COMMIT),
        )


def _texts(count: int, n_words: int, seed: int) -> pl.Series:
    rng = np.random.default_rng(seed)
    words = {str(at): WORDS.gather(pl.Series(rng.integers(0, WORDS.len(), count))) for at in range(n_words)}
    return pl.DataFrame(words).select(pl.concat_str(pl.all(), separator=" ")).to_series()


if __name__ == "__main__":
    main()
