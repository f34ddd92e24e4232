"""The SQLite export: found however typed, the same bytes, nothing of what was withdrawn, memory that does not grow."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.errors import OutputExists, SystemRefused
from factcheck.exporters import ExportContext, Profile, find, render, view, write
from factcheck.exporters.explore import database, schema, search
from factcheck.exporters.fields import described
from factcheck.exporters.flat_tables import STATUS_HISTORY
from factcheck.folding import match_key
from tests.exporters.export_rows import CONTEXT, appearance, row, rows
from tests.golden.export_changes import told
from tests.golden.export_release import id_of, release

RELEASE = release()
VIEW = view(RELEASE.articles, RELEASE.claims, RELEASE.verdicts, RELEASE.versions)
PROFILE = find("explore-sqlite", None)
TOLD = told(RELEASE, PROFILE)
EMPTY = replace(CONTEXT, status_history=pl.DataFrame(schema=STATUS_HISTORY))
HOSTILE = ["=1+1", "</script>", "a\x00b", "\u202eabc\u2066", "x\r\ny", "\u2028", "🙂" * 3, "'\"|,\t", "x" * 40_000]


def made(frame: pl.DataFrame, path: Path, context: ExportContext = TOLD, profile: Profile = PROFILE) -> Path:
    draft = render(frame, profile, context)
    (one,) = draft.streamed
    one.write(path / one.name)
    return path / one.name


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        yield base


def find_(base: sqlite3.Connection, typed: str) -> list[str]:
    return [found for found, *_ in base.execute(search.FIND, {"q": typed})]


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(VIEW, tmp_path_factory.mktemp("golden"))


OLD = st.characters(codec="utf-8").filter(lambda char: unicodedata.ucd_3_2_0.category(char)[0] in "LNPSZ")
"""What the tokenizer's Unicode, which is 6.1, knows as well as Python's."""

VARIANTS = [
    ("بیکاری کم شد", ["بيكاري", "بیكاری", "ﺑﯿﮑﺎﺭﯼ", "بیکــاری", "بِیکاری", "«بیکاری»"]),
    ("قیمت ۱۲۳۴ ریال", ["1234", "١٢٣٤", "۱۲۳۴", "قيمت 1234", "ریال قیمت"]),
    ("می‌توان گفت", ["می‌توان", "میتوان", "می توان", "ميتوان", "مي توان"]),
    ("نامهٔ وزیر", ["نامه", "نامۀ", "نامة", "وزير"]),
    ("أُسعار الخبزِ في الإقليم", ["اسعار", "أسعار", "الخبز", "الاقليم", "الإقليم", "فى"]),
    ("Café in Łódź 2030", ["cafe", "CAFÉ", "cafe\u0301", "łódź", "2030"]),
    ("مؤسسة آمار", ["موسسه", "مؤسسه", "امار", "آمار"]),
]


def test_a_claim_is_found_however_it_is_typed(tmp_path: Path) -> None:
    items = [
        row(claim_id=f"clm_{number:020}", quote=quote, appearances=[]) for number, (quote, _) in enumerate(VARIANTS)
    ]
    with opened(made(rows(*items), tmp_path, EMPTY)) as base:
        for number, (quote, typed) in enumerate(VARIANTS):
            for one in typed:
                assert f"clm_{number:020}" in find_(base, one), (quote, one)
        assert find_(base, "بیکاری قیمت") == []


@given(text=st.text(st.sampled_from("سلام كي ی ۱۲ ١٢ e\u0301É ﷲ\u200c\u064b\u0621🙂🫠\"'*-؟«»") | OLD, max_size=20))
@settings(deadline=None)
def test_folding_in_sql_finds_what_folding_in_python_wrote(text: str) -> None:
    """Every word of a text finds it, and no text that is typed is an error."""
    with contextlib.closing(sqlite3.connect(":memory:")) as base:
        shown = ("claim_id", "quote", "claimant", "verdict_label", "rationales", "publisher", "published_at", "url")
        base.executescript(schema.tables(dict.fromkeys(shown, pl.String())))
        base.executemany("insert into folding values (?, ?)", search.folding())
        base.execute("insert into claims (claim_id, number) values ('here', 1)")
        base.execute("insert into claims_search (rowid, quote) values (1, ?)", (match_key(text),))
        whole = text.partition("\0")[0]  # SQLite's functions read a text up to there
        found = find_(base, whole)
        assert found == (["here"] if any(char.isalnum() for char in match_key(whole)) else [])


@pytest.mark.parametrize("typed", ["", '"', '""', "*", "a OR", "NEAR(", "quote:", "-", "^", "( )", "'", "a*b", "\x00"])
def test_nothing_that_is_typed_is_a_query_of_the_index(golden: Path, typed: str) -> None:
    with opened(golden) as base:
        assert isinstance(find_(base, typed), list)


def test_texts_are_equal_when_they_are_read_back(tmp_path: Path) -> None:
    items = [
        row(
            claim_id=f"clm_{number:020}", quote=text, claimant=text, rationales=[text],
            appearances=[appearance(claim_id=f"clm_{number:020}", title=text)],
        )
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    with opened(made(rows(*items), tmp_path, replace(EMPTY, desk_name="a\x00<b>"))) as base:
        assert base.execute("select quote, claimant, rationales from claims order by number").fetchall() == [
            (text, text, text) for text in HOSTILE
        ]
        assert {title for (title,) in base.execute("select title from appearances")} == set(HOSTILE)
        assert base.execute("select value from about where name = 'desk'").fetchone() == ("a\x00<b>",)
        assert base.execute("pragma integrity_check").fetchall() == [("ok",)]


def test_the_same_version_gives_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for number, frame in enumerate((VIEW, pl.concat([VIEW.head(3), VIEW.tail(-3)], rechunk=False))):
        (tmp_path / str(number)).mkdir()
        found.append(made(frame, tmp_path / str(number)).read_bytes())
    assert found[0] == found[1]
    assert found[0][24:28] == found[0][92:96] == b"\0\0\0\1"
    assert int.from_bytes(found[0][16:18], "big") == 4096


def test_keys_hold_and_every_table_says_what_it_is(golden: Path) -> None:
    with opened(golden) as base:
        assert base.execute("pragma foreign_key_check").fetchall() == []
        counts = {name: base.execute(f"select count(*) from {name}").fetchone()[0] for name in schema.NAMES.values()}
        assert counts == {"claims": 10, "appearances": 11, "evidence": 7, "status_history": 9}
        about = dict(base.execute("select name, value from about"))
    assert about["dataset_version"] == "3"
    assert about["profile"] == "explore-sqlite"
    assert about["policy"] == TOLD.policy
    assert about["dataset_committed_at"] == "2026-11-20T09:30:00+00:00"
    assert about["licence"] == "CC-BY-4.0"


def test_a_withdrawn_claim_stands_in_the_history_alone(golden: Path) -> None:
    gone = id_of("en_withdrawn")
    with opened(golden) as base:
        for table in ("claims", "appearances", "evidence"):
            assert not base.execute(f"select * from {table} where claim_id = ?", (gone,)).fetchall()
        (state,) = base.execute("select state from status_history where claim_id = ?", (gone,)).fetchone()
        assert state == "withdrawn"
        assert find_(base, "this was no sentence at all") == []


def test_the_metadata_is_for_the_file_and_for_its_pointer() -> None:
    (file,) = render(VIEW, PROFILE, TOLD).files
    said = json.loads(file.content)
    assert file.name == "explore-v3.metadata.json"
    assert set(said["databases"]) == {"explore-v3", "latest.explore-sqlite"}
    base = said["databases"]["explore-v3"]
    assert said["license"] == "Creative Commons Attribution 4.0 International"
    assert said["license_url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert base["queries"]["search"]["sql"] == search.FIND
    assert base["tables"]["claims"]["columns"]["quote"] == described("quote", "verdicts")
    hostile = json.loads(render(VIEW, PROFILE, replace(TOLD, tag="<script>")).files[0].content)
    assert "<script>" not in hostile["description_html"]


def test_an_empty_version_is_a_file_of_empty_tables(tmp_path: Path) -> None:
    with opened(made(rows(), tmp_path, EMPTY)) as base:
        assert base.execute("select count(*) from claims").fetchone() == (0,)
        assert find_(base, "anything") == []


def test_a_profile_without_the_words_still_has_a_search(tmp_path: Path) -> None:
    few = PROFILE.model_copy(update={"columns": ["claim_id", "verdict"]})
    with opened(made(VIEW, tmp_path, profile=few)) as base:
        names = [name for _, name, *_ in base.execute("pragma table_info(claims)")]
        assert names == ["claim_id", "verdict", "dataset_version", "number"]


def test_a_file_that_is_there_stays_and_another_is_replaced_only_by_force(tmp_path: Path) -> None:
    draft = render(VIEW, PROFILE, TOLD)
    streamed = [(one, "latest.explore-sqlite.sqlite") for one in draft.streamed]
    paths = write(draft.files, tmp_path, streamed=streamed)
    assert [path.name for path in paths][1:] == ["explore-v3.sqlite", "latest.explore-sqlite.sqlite"]
    first = (tmp_path / "explore-v3.sqlite").stat()
    write(draft.files, tmp_path, streamed=streamed)
    assert (tmp_path / "explore-v3.sqlite").stat().st_ino == first.st_ino
    other = render(VIEW.head(5), PROFILE, TOLD)
    changed = [(one, "latest.explore-sqlite.sqlite") for one in other.streamed]
    pointed = (tmp_path / "latest.explore-sqlite.sqlite").read_bytes()
    with pytest.raises(OutputExists):
        write(other.files, tmp_path, streamed=changed)
    assert (tmp_path / "latest.explore-sqlite.sqlite").read_bytes() == pointed
    write(other.files, tmp_path, streamed=changed, force=True)
    assert (tmp_path / "latest.explore-sqlite.sqlite").read_bytes() == (tmp_path / "explore-v3.sqlite").read_bytes()
    assert (tmp_path / "explore-v3.sqlite").read_bytes() != pointed
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "explore-v3.metadata.json", "explore-v3.sqlite", "latest.explore-sqlite.sqlite",
    ]  # fmt: skip


def test_a_disk_that_fails_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    (one,) = render(VIEW, PROFILE, TOLD).streamed
    with pytest.raises(OSError, match="unable to open"):
        one.write(tmp_path / "absent" / one.name)
    monkeypatch.setattr(database, "_insert", full)
    with pytest.raises(SystemRefused, match="disk is full"):
        write([], tmp_path, streamed=[(one, "")])
    assert list(tmp_path.iterdir()) == []


def many(n: int) -> pl.DataFrame:
    """So many claims of thirty words each, with one appearance and one piece of evidence."""
    chance = random.Random(4)
    words = [f"واژه{number}" for number in range(5000)]
    items: dict[str, Any] = row(evidence=["https://evidence.example/1 | data"], rationales=["آمار رسمی همین است."])
    one = pl.DataFrame([items], schema=rows().schema)
    numbers = pl.Series("n", range(n)).cast(pl.String).str.zfill(20)
    quotes = [" ".join(chance.choices(words, k=30)) for _ in range(500)]
    quote = pl.Series("q", [quotes[number % 500] for number in range(n)])
    ids = "clm_" + numbers
    struct = pl.struct(
        *(pl.lit(value).alias(name) for name, value in appearance().items() if name != "claim_id"),
        pl.col("claim_id"),
    )
    appearances = rows().schema["appearances"]
    assert isinstance(appearances, pl.List)
    assert isinstance(appearances.inner, pl.Struct)
    fields = [field.name for field in appearances.inner.fields]
    return (
        one.drop("claim_id", "quote", "appearances")
        .join(pl.DataFrame({"claim_id": ids, "quote": quote}), how="cross")
        .with_columns(appearances=pl.concat_list(struct).list.eval(pl.struct(pl.element().struct.field(*fields))))
        .select(rows().columns)
        .cast(rows().schema)
    )


PEAK = """
import resource, sys
from pathlib import Path
from tests.exporters.test_explore import EMPTY, PROFILE, many
from factcheck.exporters import render
frame = many(int(sys.argv[1])).rechunk()
(one,) = render(frame, PROFILE, EMPTY).streamed
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
one.write(Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_claims(tmp_path: Path) -> None:
    grew = []
    for number in (10_000, 30_000):
        command = [sys.executable, "-c", PEAK, str(number), str(tmp_path / f"{number}.sqlite")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
        grew.append(int(done.stdout) / 1024)
    assert grew[1] < 200
    assert grew[1] - grew[0] < 60, grew
