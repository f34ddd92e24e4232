"""The vector index: the nearest are those of the plain cosine, in parts as in one, and files say what was written."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from factcheck.matching import vector_index, vector_store
from factcheck.matching.vector_index import Segment, build, nearest

DIMENSION = 100
"""No whole number of the 64 bits that are compared at a time."""


def vectors(many: int, seed: int = 1, dimension: int = DIMENSION) -> NDArray[np.float32]:
    found = np.random.default_rng(seed).standard_normal((many, dimension), np.float32) + np.float32(0.7)
    unit: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


def names(many: int, first: int = 0) -> list[str]:
    return [f"clm_{number:020x}" for number in range(first, first + many)]


def plain(ids: list[str], known: NDArray[np.float32], asked: NDArray[np.float32], most: int) -> list[str]:
    half = known.astype(np.float16).astype(np.float64)
    cosines = half @ asked / np.linalg.norm(half, axis=1)
    return [ids[at] for at in np.argsort(-cosines)[:most]]


@settings(max_examples=150)
@given(cuts=st.lists(st.integers(0, 60), max_size=4), seed=st.integers(0, 10**6), most=st.integers(1, 80))
def test_parts_say_what_the_whole_says_and_that_is_the_cosine(cuts: list[int], seed: int, most: int) -> None:
    known, ids, asked = vectors(60, seed), names(60), vectors(1, seed + 1)[0]
    ends = sorted({0, 60, *cuts})
    parts = [build(ids[a:b], known[a:b]) for a, b in itertools.pairwise(ends)]
    expected = plain(ids, known, asked, most)
    for index in (parts, parts[::-1], [vector_index.merged(parts)]):
        assert nearest(index, asked, most).ids == expected


def test_planted_neighbours_are_found_among_those_that_signatures_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "LOOKED_AT", 800)
    known = vectors(20_000, dimension=384)
    rng = np.random.default_rng(5)
    wanted = rng.choice(len(known), 100, replace=False)
    noise = rng.standard_normal((100, 384)).astype(np.float32) / np.sqrt(384).astype(np.float32)
    index = [build(names(12_000), known[:12_000]), build(names(8_000, 12_000), known[12_000:])]
    found = 0
    near = known[wanted] + np.float32(0.5) * noise
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    for place, asked in zip(wanted, near, strict=True):
        assert vector_index._closest(index[0], asked, 512).size < 3_000  # few are read at all
        found += nearest(index, asked, 1).ids == [names(1, int(place))[0]]
    assert found == 100


def test_equal_vectors_come_by_their_ids() -> None:
    same = np.repeat(vectors(1), 5, axis=0)
    ids = names(5)
    assert nearest([build(ids[3:], same[3:]), build(ids[:3], same[:3])], same[0], 4).ids == ids[:4]


def test_nothing_is_found_in_nothing() -> None:
    asked = vectors(1)[0]
    assert nearest([], asked, 3).ids == nearest([build([], vectors(0))], asked, 3).ids == []
    assert vector_index.sample([]).size == 0


def test_the_sample_is_spread_over_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "SAMPLE", 10)
    known = vectors(95)
    found = vector_index.sample([build(names(33), known[:33]), build(names(62, 33), known[33:])])
    assert np.allclose(found, known[::10], atol=1e-3)


def same(one: Segment, other: Segment) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Segment._fields)


def test_files_say_what_was_written_and_only_new_ones_are_written(tmp_path: Path) -> None:
    first, second = build(names(40), vectors(40)), build(names(7, 40), vectors(7, 2))
    kept = vector_store.add(tmp_path, vector_store.NOTHING, [first], "1 a")
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.vec")}
    vector_store.add(tmp_path, kept, [second], "2 b")
    read = vector_store.load(tmp_path)
    assert read.mark == "2 b"
    assert same(read.segments[0], first)
    assert same(read.segments[1], second)
    after = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.vec")}
    assert before.items() < after.items()
    assert len(after) == 2
    asked = vectors(1, 9)[0]
    assert nearest(read.segments, asked, 5).ids == nearest([first, second], asked, 5).ids


def test_small_files_become_one_and_large_ones_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_store, "SMALL", 30)
    kept = vector_store.add(tmp_path, vector_store.NOTHING, [build(names(40), vectors(40))], "large")
    (large,) = tmp_path.glob("*.vec")
    for number in range(9):
        kept = vector_store.add(tmp_path, kept, [build(names(3, 100 + 3 * number), vectors(3, number))], str(number))
    assert sorted(one.ids.size for one in vector_store.load(tmp_path).segments) == [27, 40]
    assert large.exists()
    assert len(list(tmp_path.glob("*.vec"))) == 2
    assert nearest(kept.segments, vectors(3, 4)[1], 1).ids == names(1, 113)


@pytest.mark.parametrize("harm", ["cut", "turned", "gone", "manifest"])
def test_a_damaged_index_is_none(tmp_path: Path, harm: str) -> None:
    vector_store.add(tmp_path, vector_store.NOTHING, [build(names(600), vectors(600))], "1 a")
    (path,) = tmp_path.glob("*.vec")
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    match harm:
        case "cut":
            path.write_bytes(path.read_bytes()[:-2])
        case "turned":
            path.write_bytes(data)
        case "gone":
            path.unlink()
        case _:
            (tmp_path / vector_store.MANIFEST).write_text('{"form": 1}')
    assert vector_store.load(tmp_path) == vector_store.NOTHING


def test_a_damaged_vector_is_near_to_nothing() -> None:
    known = vectors(20)
    index = build(names(20), known)
    index.vectors[3] = np.nan
    found = nearest([index], known[3], 20)
    assert found.ids[-1] == names(1, 3)[0]
    assert found.cosines[-1] == 0
    assert np.isfinite(found.cosines).all()


def test_an_index_that_cannot_be_written_still_answers(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = vector_store.add(tmp_path / "file" / "below", vector_store.NOTHING, [build(names(3), vectors(3))], "1")
    assert nearest(kept.segments, vectors(3)[2], 1).ids == names(1, 2)
