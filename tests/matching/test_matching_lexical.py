"""Texts found by their words: what a term is, what the index says, and that parts of it say what the whole says."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.matching import lexical_index, lexical_store
from factcheck.matching.lexical_index import K1, B, Segment, build, search
from factcheck.matching.lexical_store import Kept
from factcheck.matching.lexical_terms import terms_of

WORDS = st.sampled_from(["bridge", "رود", "نان", "cost", "پل", "1200", "وزیر", "مدرسه", "rain"])
TEXTS = st.lists(st.lists(WORDS, max_size=6).map(" ".join), min_size=1, max_size=12)


def index(texts: Sequence[str], first: int = 0) -> Segment:
    ids = [f"clm_{number:020x}" for number in range(first, first + len(texts))]
    return build(pl.Series(ids, dtype=pl.String), pl.Series(texts, dtype=pl.String))


def terms(text: str) -> list[str]:
    return terms_of(pl.Series([text]))["term"].to_list()


def slow(texts: Sequence[str], question: str) -> dict[str, float]:
    """BM25 as its formula is written, one text after the other."""
    read = [terms(text) for text in texts]
    mean = sum(map(len, read)) / len(read)
    scores = {}
    for number, words in enumerate(read):
        score = 0.0
        for term in {*terms(question)} & {*words}:
            known = sum(term in other for other in read)
            idf = math.log1p((len(read) - known + 0.5) / (known + 0.5))
            count = words.count(term)
            score += idf * (K1 + 1) * count / (count + K1 * (1 - B + B * len(words) / mean))
        if score:
            scores[f"clm_{number:020x}"] = score
    return scores


@pytest.fixture(autouse=True)
def every_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terms that few texts have are common enough to leave texts out for."""
    monkeypatch.setattr(lexical_index, "_MANY", 0)


@settings(max_examples=200)
@given(texts=TEXTS, question=st.lists(WORDS, min_size=1, max_size=5).map(" ".join), most=st.integers(1, 12))
def test_the_best_are_those_of_the_formula(texts: list[str], question: str, most: int) -> None:
    hits, scores = search([index(texts)], question, most), slow(texts, question)
    assert hits.scores == pytest.approx(sorted(scores.values(), reverse=True)[:most])
    assert hits.scores == pytest.approx([scores[one] for one in hits.ids])
    assert len(set(hits.ids)) == len(hits.ids)


@settings(max_examples=200)
@given(texts=TEXTS, question=st.lists(WORDS, min_size=1, max_size=5).map(" ".join), cuts=st.sets(st.integers(1, 11)))
def test_parts_say_what_the_whole_says_in_any_order_merged_or_not(
    texts: list[str], question: str, cuts: set[int]
) -> None:
    whole = search([index(texts)], question, 5)
    at = [0, *sorted(cut for cut in cuts if cut < len(texts)), len(texts)]
    parts = [index(texts[a:b], a) for a, b in itertools.pairwise(at)]
    assert search(parts, question, 5) == whole
    assert search(parts[::-1], question, 5) == whole
    assert search([lexical_index.merged(parts)], question, 5) == whole
    assert search([lexical_index.merged(parts[::-1])], question, 5) == whole


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("کتاب‌های درسی رایگان شد", "كتاب هاي درسي"),
        ("کتاب‌های درسی رایگان شد", "کتابهای درسى"),
        ("گفت‌وگوی هسته‌ای لغو شد", "گفت و گوی هسته ای"),
        ("گفت و گو لغو شد", "گفت‌وگو"),
        ("قیمت‌ها می‌رود بالا", "می رود"),
        ("أعلنت الوزارةُ إغلاق المدرسة", "اعلنت وزارة"),
        ("بودجه ۱٬۲۰۰ واحد", "بودجه 1200"),
        ("The bridges cost 1,200,000 dollars", "bridge costs 1200000"),
    ],
)
def test_a_text_is_found_however_it_is_typed(text: str, question: str) -> None:
    others = ["the rain in the town", "باران در شهر", "المطر في المدينة", "ده روز پیش"]
    hits = search([index([*others, text])], question, 1)
    assert hits.ids == [f"clm_{len(others):020x}"]
    assert hits.scores[0] > hits.own / 4


def test_letters_of_two_keyboards_and_diacritics_make_no_difference() -> None:
    index_ = [index(["نرخ تورم در ایران", "نرخ ارز", "the rate"])]
    plain = search(index_, "نرخ تورم در ایران", 3)
    assert search(index_, "نِرخِ تورم در ايران", 3) == plain
    assert plain.scores[0] == pytest.approx(plain.own)


@pytest.mark.parametrize("question", ["", "!!!", "zebra", "\u200c"])
def test_what_has_no_word_of_them_finds_nothing(question: str) -> None:
    assert search([index(["the bridge", "پل"])], question, 5).ids == []
    assert search([], question, 5).ids == []
    assert search([index([])], question, 5).ids == []


def test_what_was_saved_is_what_is_loaded_and_only_what_is_new_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    lexical_store.save(folder, Kept([index(["the bridge cost 5", "پل"])], "1 abc"))
    (before,) = folder.glob("*.lex")
    stamp = before.stat().st_mtime_ns
    kept = lexical_store.load(folder)
    assert kept.mark == "1 abc"
    assert search(kept.segments, "bridge", 5) == search([index(["the bridge cost 5", "پل"])], "bridge", 5)
    lexical_store.save(folder, Kept([*kept.segments, index(["another bridge"], 2)], "2 def"))
    assert before.stat().st_mtime_ns == stamp
    assert len(search(lexical_store.load(folder).segments, "bridge", 5).ids) == 2


def test_many_small_parts_become_one_that_says_the_same(tmp_path: Path) -> None:
    kept = lexical_store.NOTHING
    for number in range(30):
        kept = lexical_store.save(
            tmp_path, Kept([*kept.segments, index([f"the bridge {number}"], number)], str(number))
        )
    assert len(kept.segments) <= lexical_store.MOST_SMALL
    loaded = lexical_store.load(tmp_path)
    assert search(loaded.segments, "bridge 17", 30) == search(
        [index([f"the bridge {number}" for number in range(30)])], "bridge 17", 30
    )
    assert {path.name for path in tmp_path.iterdir()} == {
        lexical_store.MANIFEST,
        *(path.name for path in tmp_path.glob("*.lex")),
    }
    assert len(list(tmp_path.glob("*.lex"))) == len(loaded.segments)


@pytest.mark.parametrize("harm", ["cut", "flipped", "gone", "manifest", "form"])
def test_a_damaged_index_is_none(tmp_path: Path, harm: str) -> None:
    lexical_store.save(tmp_path, Kept([index(["the bridge cost 5"])], "1"))
    (path,) = tmp_path.glob("*.lex")
    data = path.read_bytes()
    manifest = tmp_path / lexical_store.MANIFEST
    match harm:
        case "cut":
            path.write_bytes(data[:-8])
        case "flipped":
            path.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
        case "gone":
            path.unlink()
        case "manifest":
            manifest.write_bytes(b"[1, 2")
        case "form":
            manifest.write_text(manifest.read_text("utf-8").replace(lexical_store._form(), "0" * 16), "utf-8")
    assert lexical_store.load(tmp_path) == lexical_store.NOTHING


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "index").write_bytes(b"a file where a folder should be")
    kept = lexical_store.save(tmp_path / "index", Kept([index(["the bridge"])], "1"))
    assert search(kept.segments, "bridge", 1).ids
    assert lexical_store.load(tmp_path / "index") == lexical_store.NOTHING
