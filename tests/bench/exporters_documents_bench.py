"""Speed of ClaimReview and of workbooks, in rows a CPU second, beside what writes the same and nothing else.

    python -m tests.bench.exporters_documents_bench [--reviews 20000] [--rows 20000]

The anchors are `json.dumps` of the same documents, and xlsxwriter with the same cells and no format.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import openpyxl
import polars as pl
import xlsxwriter

from factcheck.exporters import ExportContext, Profile, find, render
from tests.exporters.export_rows import CONTEXT, MOMENT, appearance, row, rows
from tests.measures import Measure, emit

DESK: ExportContext = replace(CONTEXT, desk_url="https://desk.example.org", licence="CC-BY-4.0")
REPEATS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reviews", type=int, default=20_000)
    parser.add_argument("--rows", type=int, default=20_000)
    options = parser.parse_args()
    emit(_claimreview(options.reviews))
    emit(_xlsx(options.rows))


def view_of(number: int) -> pl.DataFrame:
    """Decided claims that stood in two outlets each, with two rationales and two pieces of evidence."""
    decided = MOMENT.replace(day=22)
    return rows(
        *(
            row(
                claim_id=f"clm_{one:020x}",
                quote=f"نرخ بیکاری در سال ۱۴۰۴ به {one} درصد رسید و می‌توان گفت کم‌سابقه است.",
                lang="fa",
                claimant=f"وزیر کار {one % 97}",
                publisher=f"خبرگزاری {one % 40}",
                verdict=("verified", "disputed")[one % 2],
                rationales=["آمار رسمی همین را می‌گوید.", f"شمارش {one} «همان» را گفت."],
                evidence=[f"https://stats.example.org/{one}", f"https://data.example.net/t/{one} | data | page {one}"],
                decided_at=decided,
                first_published_at=decided,
                modified_at=decided,
                url=f"https://news.example.com/{one}",
                appearances=[
                    appearance(url=f"https://news.example.com/{one}", title=f"گزارش {one}"),
                    appearance(url=f"https://b.example.com/{one}"),
                ],
            )
            for one in range(number)
        )
    )


def _claimreview(number: int) -> Iterator[Measure]:
    view = view_of(number)
    profile = Profile(name="claimreview", format="claimreview")
    done = render(view, profile, DESK)
    documents = [json.loads(file.content) for file in done.files[1:]]
    assert len(documents) == number
    rate = number / _seconds(lambda: render(view, profile, DESK))
    bare = number / _seconds(lambda: [json.dumps(one, ensure_ascii=False, indent=2) for one in documents])
    yield Measure(
        "exporters.claimreview_rate", rate, "/CPU s", 50_000, "higher", "json.dumps of the documents", bare, n=number
    )


def _xlsx(number: int) -> Iterator[Measure]:
    view = view_of(number)
    profile = find("newsroom-xlsx", None)
    done = render(view, profile, DESK)
    sheet = openpyxl.load_workbook(io.BytesIO(done.files[0].content), read_only=True).worksheets[0]
    cells = list(sheet.iter_rows(values_only=True))
    assert len(cells) == number + 1
    rate = number / _seconds(lambda: render(view, profile, DESK))
    bare = number / _seconds(lambda: _bare(cells))
    anchor = "bare xlsxwriter, constant memory"
    yield Measure("exporters.xlsx_rate", rate, "/CPU s", 10_000, "higher", anchor, bare, n=number)


def _bare(cells: list[tuple[Any, ...]]) -> None:
    workbook = xlsxwriter.Workbook(
        io.BytesIO(), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = workbook.add_worksheet()
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for number, line in enumerate(cells):
        for column, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif isinstance(value, int | float):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_datetime(number, column, value, moment)
    workbook.close()


def _seconds(make: Callable[[], object]) -> float:
    """The least CPU seconds of a few runs, of all threads together."""
    found = []
    for _ in range(REPEATS):
        started = time.process_time()
        make()
        found.append(time.process_time() - started)
    return min(found)


if __name__ == "__main__":
    main()
