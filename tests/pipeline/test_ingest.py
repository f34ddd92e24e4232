from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factcheck import articles, settings
from factcheck.errors import Rejected, UsageError
from factcheck.pipeline import ingest as pipeline
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.init import init

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEXT = "The minister said that output rose by {} per cent in 2025."


@pytest.fixture
def desk(tmp_path: Path) -> settings.Settings:
    init(tmp_path / "desk", name="Desk", language="en", url="https://desk.example", force=False)
    return settings.load(tmp_path / "desk", {})


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    paths = [tmp_path / f"{n}.txt" for n in range(6)]
    for n, path in enumerate(paths):
        path.write_text(TEXT.format(n), "utf-8")
    return [str(path) for path in paths]


def test_what_was_read_before_an_interruption_stays_and_the_next_run_goes_on(
    desk: settings.Settings, files: list[str]
) -> None:
    class Interrupted(list[str]):
        """Looked through twice, for addresses and for what the run is; the third time, when it is read, Ctrl-C."""

        looked = 0

        def __iter__(self) -> Iterator[str]:
            self.looked += 1
            yield from super().__iter__()
            if self.looked > 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline.ingest(desk, Interrupted([*files[:4], "missing.txt"]), now=NOW)
    assert Desk(desk).staging.articles().height == 4
    assert [entry["code"] for entry in Desk(desk).workspace.quarantined()] == ["NOT_FOUND"]
    report = pipeline.ingest(desk, files, now=NOW)
    assert report.counts == {"new": 2, "unchanged": 4}
    assert Desk(desk).staging.articles().height == 6


def test_a_list_of_addresses_gives_one_result_for_each_and_reads_no_file(
    desk: settings.Settings, files: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "list"
    path.write_text(
        f"\ufeff# the list\n\nhttp://127.0.0.1:9/a  # a comment\n\u200fhttp://127.0.0.1:9/a\r\n{files[0]}\nfile:///etc/hosts\n",
        "utf-8",
    )
    addresses = pipeline.listed(str(path))
    assert addresses == ["http://127.0.0.1:9/a", "http://127.0.0.1:9/a", files[0], "file:///etc/hosts"]
    report = pipeline.ingest(desk, [], addresses=addresses, now=NOW)
    assert (report.accepted, report.rejected, report.seen) == (0, 3, 3)
    assert [(one.code, one.subject) for one in report.rejections] == [
        ("ADDRESS", "http://127.0.0.1:9/a"), ("ADDRESS", files[0]), ("ADDRESS", "file:///etc/hosts"),
    ]  # fmt: skip
    assert "1 addresses were listed twice and read once" in report.warnings


def test_a_list_without_addresses_or_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no addresses"):
        pipeline.listed(io.BytesIO(b"# nothing\n\n"))
    with pytest.raises(Rejected) as refused:
        pipeline.listed(str(tmp_path / "missing"))
    assert refused.value.subject == str(tmp_path / "missing")


def test_what_is_said_of_one_article_goes_before_what_it_says(desk: settings.Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Title: Output\nDate: 2025-01-01\nPublisher: Weekly\n\n" + TEXT.format(3), "utf-8")
    given = pipeline.about(publisher="روزنامه", date="۱۴۰۴/۰۹/۰۲", url="https://a.example/1", lang="en", now=NOW)
    pipeline.ingest(desk, [str(path)], given=given, now=NOW)
    (row,) = Desk(desk).staging.articles().to_dicts()
    assert (row["publisher"], row["url"], row["lang"]) == ("روزنامه", "https://a.example/1", "en")
    assert (row["published_at"], row["published_raw"]) == (datetime(2025, 11, 23, tzinfo=UTC), "۱۴۰۴/۰۹/۰۲")
    assert (row["title"], row["text"]) == ("Output", TEXT.format(3))


def test_what_is_said_of_one_article_is_not_said_of_several(desk: settings.Settings, files: list[str]) -> None:
    with pytest.raises(UsageError, match="6 articles"):
        pipeline.ingest(desk, files, given=articles.Given(publisher="Daily"), now=NOW)
    assert Desk(desk).staging.articles().height == 0


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ({"date": "yesterday"}, "--date"),
        ({"date": "2030-01-01"}, "--date"),
        ({"url": "ftp://a.example"}, "--url"),
        ({"lang": "klingon"}, "--lang"),
        ({"publisher": " "}, "--publisher"),
    ],
)
def test_what_cannot_be_so_is_refused_before_anything_is_read(said: dict[str, str], subject: str) -> None:
    values: dict[str, str | None] = {"publisher": None, "date": None, "url": None, "lang": None, **said}
    with pytest.raises(UsageError) as refused:
        pipeline.about(**values, now=NOW)
    assert refused.value.subject == subject


def test_columns_are_written_as_field_and_name() -> None:
    assert pipeline.mapping(["text=Lead,title=x", "date=day"]) == {"text": "Lead", "title": "x", "date": "day"}
    for wrong in ("body", "body=x", "text=", "text=a,text=b"):
        with pytest.raises(UsageError, match="cannot use"):
            pipeline.mapping([wrong])


def test_the_command_takes_addresses_from_standard_input_and_columns(desk: settings.Settings, tmp_path: Path) -> None:
    def factcheck(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "factcheck", "--desk", str(desk.root), "ingest", *arguments]
        return subprocess.run(command, input=given, capture_output=True, check=False, env=os.environ, timeout=120)

    listed = factcheck("--urls", "-", given=b"http://127.0.0.1:9/a\n")
    assert listed.returncode == 3
    assert b"0 accepted + 1 rejected = 1 seen" in listed.stdout
    (tmp_path / "a.csv").write_text("words,head\n" + TEXT.format(1) + ",Trees\n", "utf-8")
    table = factcheck(str(tmp_path / "a.csv"), "--columns", "text=words", "--columns", "title=head")
    assert b"1 accepted + 0 rejected = 1 seen" in table.stdout
    assert factcheck().returncode == 2


def test_the_header_lines_of_a_text_are_the_ones_that_the_documents_name(
    desk: settings.Settings, tmp_path: Path
) -> None:
    path = tmp_path / "fa.txt"
    path.write_text(
        "عنوان: برق\nتاریخ: ۲ آذر ۱۴۰۴\nرسانه: روزنامه\nنشانی: https://a.example/1\n\n"
        "وزیر نیرو گفت: تولید برق بیشتر شد.\n",
        "utf-8",
    )
    pipeline.ingest(desk, [str(path)], now=NOW)
    (row,) = Desk(desk).staging.articles().to_dicts()
    assert (row["title"], row["publisher"], row["url"]) == ("برق", "روزنامه", "https://a.example/1")
    assert row["published_at"] == datetime(2025, 11, 23, tzinfo=UTC)
    assert row["text"].startswith("وزیر نیرو")
