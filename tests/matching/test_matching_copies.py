"""Copies of an article are found whatever stands around them, in any order and in any portions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from factcheck.folding import match_key
from factcheck.matching import copies
from factcheck.matching.copies import Index, add, restored
from factcheck.matching.copies_features import ONE_IN, RUN, Words, features
from factcheck.matching.copies_postings import FIRST

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = [
    "مجلس",
    "بودجه",
    "دولت",
    "تورم",
    "وزير",
    "الاقتصاد",
    "قال",
    "minister",
    "said",
    "۴۲",
    "درصد",
    "گزارش",
    "می‌گوید",
]


def words(seed: int, count: int) -> list[str]:
    """Words that no other seed has in this order."""
    random = Random(seed)
    return [f"{random.choice(WORDS)}{random.randrange(500)}" for _ in range(count)]


def lines(some: list[str], each: int = 12) -> str:
    return "\n".join(" ".join(some[at : at + each]) for at in range(0, len(some), each))


def frame(texts: dict[str, str | None], **columns: list[datetime | None]) -> pl.DataFrame:
    times = {
        "published_at": columns.get("published_at", [None] * len(texts)),
        "fetched_at": columns.get("fetched_at", [BEGAN + timedelta(hours=at) for at in range(len(texts))]),
    }
    schema = dict.fromkeys(times, pl.Datetime("us", "UTC"))
    rows = {"article_id": list(texts), "text": list(texts.values()), **times}
    return pl.DataFrame(rows, schema_overrides={**schema, "text": pl.String, "article_id": pl.String})


def pairs(articles: pl.DataFrame) -> pl.DataFrame:
    return add(Index(), articles)[1]


def desk(seed: int) -> pl.DataFrame:
    """Articles of which some are copies, cuts and rewritings of others."""
    random = Random(seed)
    texts: dict[str, str | None] = {}
    for at in range(random.randrange(1, 8)):
        body = words(random.randrange(3), random.choice([3, 20, 60, 150]))
        kind = random.randrange(4)
        if kind == 1:
            body = body[: len(body) // 2]
        elif kind == 2:
            body = [word if random.random() > 0.05 else "دیگر" for word in body]
        elif kind == 3:
            body = words(100 + at, 10) + body + words(200 + at, 10)
        texts[f"a{at}"] = lines(body)
    times = [random.choice([None, BEGAN + timedelta(hours=random.randrange(3))]) for _ in texts]
    return frame(texts, published_at=times)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_order_and_portions_do_not_change_the_pairs(seed: int, random: Random) -> None:
    articles = desk(seed)
    whole = pairs(articles)
    order = list(range(articles.height))
    random.shuffle(order)
    shuffled = articles[order]
    cut = random.randrange(articles.height + 1)
    index, first = add(Index(), shuffled[:cut])
    index, second = add(index, shuffled[cut:])
    assert_frame_equal(pl.concat([first, second]).sort("copy", "original"), whole)
    assert sorted(index.articles["article_id"]) == sorted(articles["article_id"])


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_what_was_added_adds_nothing_and_nothing_is_a_copy_of_itself(seed: int) -> None:
    articles = desk(seed)
    index, found = add(Index(), pl.concat([articles, articles]))
    assert_frame_equal(found, pairs(articles))
    assert found.filter(pl.col("copy") == pl.col("original")).is_empty()
    again, none = add(index, articles)
    assert none.is_empty()
    assert none.schema == copies.PAIRS
    assert_frame_equal(again.articles, index.articles)
    assert_frame_equal(again.entries(), index.entries())


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.integers(60, 200), st.integers(0, 600), st.integers(0, 600))
def test_an_article_is_found_whatever_stands_around_it(seed: int, length: int, before: int, after: int) -> None:
    body = words(seed, length)
    around = words(seed + 1, before) + body + words(seed + 2, after)
    articles = frame({"inner": " ".join(body), "outer": " ".join(around)})
    index, found = add(Index(), articles)
    assume(index.articles["runs"].min() >= 4)  # type: ignore[operator]
    (pair,) = found.to_dicts()
    assert (pair["copy"], pair["original"]) == ("outer", "inner")
    assert pair["original_in_copy"] == 1
    assert pair["kind"] in {"copy", "truncated"}


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.integers(300, 900), st.floats(0, 1))
def test_the_share_of_a_text_in_another_is_estimated(seed: int, length: int, share: float) -> None:
    """Within five standard deviations of a sample of one in four."""
    same = round(length * share)
    one, other = words(seed, length), words(seed, length)[:same] + words(seed + 1, length - same)
    runs = length - RUN + 1
    true = max(same - RUN + 1, 0) / runs
    found = pairs(frame({"a": " ".join(one), "b": " ".join(other)}))
    estimate = found["copy_in_original"].to_list()[0] if found.height else 0.0
    error = 5 * (true * (1 - true) * ONE_IN / runs) ** 0.5 + 0.01
    assert abs(estimate - true) < error or (not found.height and true < copies.PASSAGE + error)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("ابیيكک ة۱1٪،-\u200c\u00a0\u0651AaßÉ", max_size=30), min_size=1, max_size=6))
def test_words_are_those_of_the_fold(texts: list[str]) -> None:
    parts = [part for text in texts for part in text.split(" ")]
    typed, folded = pl.Series(parts), [word for part in parts for word in match_key(part).split()]
    hashed, counts = Words().hashed(typed)
    again, _ = Words().hashed(pl.Series(folded, dtype=pl.String))
    assert hashed.tolist() == again.tolist()
    assert counts.sum() == len(folded)


def test_letters_of_another_keyboard_signs_and_joiners_make_no_difference() -> None:
    text = lines([f"می‌گوید{at} کشور،" for at in range(80)])
    typed = text.replace("ی", "ي").replace("ک", "ك").replace("\u200c", "").replace("،", " -")
    (pair,) = pairs(frame({"a": text, "b": typed})).to_dicts()
    assert pair["kind"] == "copy"
    assert pair["copy_in_original"] == pair["original_in_copy"] == pair["lines"] == 1


def test_kinds() -> None:
    body = words(1, 300)
    rewritten = [word if at % 9 else "دیگر" for at, word in enumerate(body)]
    articles = frame(
        {
            "original": lines(body),
            "copy": lines(body + words(2, 20)),
            "truncated": lines(body[:100]),
            "rewritten": lines(rewritten),
            "other": lines(words(3, 300)),
        }
    )
    found = pairs(articles).filter(original="original")
    assert dict(found.select("copy", "kind").iter_rows()) == {one: one for one in ("copy", "truncated", "rewritten")}


def test_one_passage_in_common_is_no_copy() -> None:
    quoted = words(9, 40)
    articles = frame({"a": lines(words(1, 200) + quoted), "b": lines(words(2, 200) + quoted)})
    assert pairs(articles).is_empty()


def test_a_text_too_short_for_runs_is_told_by_its_lines() -> None:
    line = " ".join(words(1, 9))
    found = pairs(frame({"a": line, "b": f"{line}\nعکس", "c": " ".join(words(2, 9)), "d": "خبر", "e": "خبر"}))
    (pair,) = found.to_dicts()
    assert (pair["copy"], pair["original"], pair["kind"], pair["same_lines"]) == ("b", "a", "copy", 1)
    assert pair["jaccard"] is None


@pytest.mark.parametrize(
    ("published", "fetched", "original"),
    [
        ([1, 2], [2, 1], "a"),
        ([2, 1], [1, 2], "b"),
        ([None, 1], [1, 2], "a"),
        ([1, None], [2, 1], "b"),
        ([1, 1], [2, 1], "b"),
        ([None, None], [1, 1], "a"),
    ],
)
def test_the_original_was_published_first_then_fetched_first(
    published: list[int | None], fetched: list[int], original: str
) -> None:
    times = [None if hour is None else BEGAN + timedelta(hours=hour) for hour in published]
    found = [BEGAN + timedelta(hours=hour) for hour in fetched]
    text = lines(words(1, 80))
    assert pairs(frame({"a": text, "b": text}, published_at=times, fetched_at=[*found]))["original"].to_list() == [
        original
    ]


def test_a_text_that_hundreds_share_is_compared_with_the_first_of_them() -> None:
    text = lines(words(1, 80))
    index, found = add(Index(), frame({f"a{at:03}": text for at in range(100)}))
    assert found.filter(original="a000").height == 99
    assert found.group_by("copy").len()["len"].max() == FIRST
    _, later = add(index, frame({"later": text}, fetched_at=[BEGAN + timedelta(days=30)]))
    assert later["original"].to_list() == [f"a{at:03}" for at in range(FIRST)]


def test_many_small_additions_find_what_one_finds() -> None:
    articles = frame({f"a{at:02}": lines(words(at // 2, 90)) for at in range(40)})
    index, found = Index(), []
    for at in range(articles.height):
        index, some = add(index, articles[at : at + 1])
        found.append(some)
    assert_frame_equal(pl.concat(found).sort("copy", "original"), pairs(articles))
    assert len(index.runs) <= copies._PARTS


def test_an_index_that_was_kept_is_the_same() -> None:
    index, _ = add(Index(), frame({"a": lines(words(1, 90)), "b": lines(words(2, 90))}))
    index, _ = add(index, frame({"c": lines(words(3, 90))}))
    new = frame({"d": lines(words(2, 90)), "e": lines(words(3, 60))})
    again = restored(index.articles, index.entries(), index.rules)
    assert_frame_equal(add(again, new)[1], add(index, new)[1])
    assert add(again, new)[1].height == 2
    assert restored(index.articles, index.entries(), index.rules + 1).articles.is_empty()


def test_an_article_without_a_text_has_no_copies() -> None:
    found = features(pl.Series(["", None, "   ", "\n\n"], dtype=pl.String), Words())
    assert not len(found.runs)
    assert not len(found.lines)
    assert pairs(frame({"a": None, "b": "", "c": "", "d": "  "})).is_empty()
    assert pairs(frame({})).is_empty()
