"""Whatever one source does to its reader, it costs that source alone and is named."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from factcheck import articles
from factcheck.articles import assemble, fetch, files, markup, sniff
from tests.failing import failing

TEXT = "The mayor said on Monday that the city had planted 12,000 trees since 2019."
PAGE = f"<!doctype html><html><body><article><p>{TEXT * 3}</p></article></body></html>"


class _Odd(Exception):
    pass


def _fails(_real: Callable[..., Any], error: type[Exception]) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        if any("poison" in str(argument) for argument in (*args, *kwargs.values())):
            raise error("a\nstrange \x1b[31m thing")
        return _real(*args, **kwargs)

    return fail


@pytest.mark.parametrize("error", [_Odd, ValueError, MemoryError, RecursionError, KeyError, UnicodeError, OSError])
@pytest.mark.parametrize(
    ("module", "name"),
    [
        (sniff, "decode"), (markup, "possible_references"), (sniff, "split"),
        (assemble, "published"), (assemble, "source_chain"), (fetch, "fetch"), (files, "whole"),
    ],
)  # fmt: skip
def test_an_exception_costs_its_own_source(
    tmp_path: Path,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    error: type[Exception],
) -> None:
    fails = failing(0 if name == "fetch" else 1, lambda: error("a\nstrange thing"), for_good=name == "fetch")
    monkeypatch.setattr(module, name, fails(getattr(module, name)))
    suffix = "html" if name == "possible_references" else "txt"
    body = PAGE if name == "possible_references" else TEXT
    for n in range(3):
        (tmp_path / f"{n}.{suffix}").write_text(body.replace("12,000", f"{n}12,000"))
    sources: list[str | Path] = [*sorted(tmp_path.iterdir())]
    if name == "fetch":
        sources.insert(1, "https://outlet.example/1")
    found = articles.read(sources, now=now, languages=["en"])
    assert (found.articles.height, found.rejected.height) == (3 if name == "fetch" else 2, 1)
    (rejected,) = found.rejected.to_dicts()
    assert rejected["subject"] == str(sources[1])
    if (error, name) == (OSError, "whole"):
        assert rejected["code"] == "UNREADABLE"
        return
    assert rejected["code"] == "UNEXPECTED"
    assert error.__name__ in rejected["reason"]
    assert "factcheck/articles/" in rejected["reason"]
    assert "\n" not in rejected["reason"]


def test_a_member_of_an_archive_costs_that_member(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Any] = vars(sniff)["decode"]
    monkeypatch.setattr(sniff, "decode", _fails(real, _Odd))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for n, word in enumerate(["good", "poison", "fine"]):
            archive.writestr(f"{n}.txt", f"{TEXT} {word}")
    found = articles.read([tmp_path / "a.zip"], now=now, languages=["en"])
    assert found.articles.height == 2
    assert found.rejected["subject"].to_list() == [f"{tmp_path}/a.zip!1.txt"]


def test_names_that_cannot_be_stored_or_looked_up_are_no_stop(tmp_path: Path, now: datetime) -> None:
    odd = os.fsencode(tmp_path) + b"/\xff\xfe.txt"
    Path(os.fsdecode(odd)).write_text(TEXT)
    Path(os.fsdecode(odd + b".zip")).write_bytes(b"PK\x03\x04")
    sources: list[str | Path] = [
        tmp_path,
        "a\0b",
        "x" * 5000,
        "\udcff",
        "ftp://\udcff",
        "http://\udcff/",
        "://",
        "http://a\0b/",
    ]
    found = articles.read(sources, now=now, languages=["en"])
    assert found.articles.height == 1
    assert "UNEXPECTED" not in found.rejected["code"].to_list()
    assert found.rejected.height == len(sources)


def test_the_desk_being_wrong_is_not_an_articles_fault(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    with pytest.raises(Exception, match="klingon"):
        articles.read([tmp_path], now=now, languages=["klingon"])
