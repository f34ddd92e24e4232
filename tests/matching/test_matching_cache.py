"""Vectors are computed once; what a killed run wrote is whole, and what is damaged is computed again."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from factcheck.errors import Rejected
from factcheck.matching import embedding_cache
from factcheck.matching.embedding import told
from factcheck.matching.embedding_cache import Cached


class Counting:
    """Vectors out of the text's hash, and how many were asked for."""

    def __init__(self, name: str = "model", dimension: int = 5) -> None:
        self.name, self.dimension = name, dimension
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += told(texts)
        return self.without_counting(texts)

    def without_counting(self, texts: Sequence[str]) -> NDArray[np.float32]:
        normal = told(texts)
        rows = [np.frombuffer(hashlib.sha256(text.encode()).digest(), "u1")[: self.dimension] for text in normal]
        return np.array(rows, np.float32).reshape(len(rows), self.dimension)


TEXTS = [f"متن {number}" for number in range(12)] + ["café", unicodedata.normalize("NFD", "café")]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.sampled_from(TEXTS), max_size=6), min_size=1, max_size=5))
def test_each_text_is_computed_once_and_vectors_are_those_of_the_model(calls: list[list[str]]) -> None:
    model = Counting()
    with TemporaryDirectory() as folder:
        for texts in calls:
            found = Cached(model, Path(folder)).embed(texts)
            assert np.array_equal(found, model.without_counting(texts))
    assert sorted(model.asked) == sorted({unicodedata.normalize("NFC", text) for texts in calls for text in texts})


def test_models_do_not_see_each_others_vectors(tmp_path: Path) -> None:
    one, other = Counting("one"), Counting("other", 7)
    Cached(one, tmp_path).embed(TEXTS)
    assert Cached(other, tmp_path).embed(TEXTS).shape == (len(TEXTS), 7)
    assert other.asked


def test_many_small_files_become_one(tmp_path: Path) -> None:
    model = Counting()
    texts = [f"خبر {number}" for number in range(embedding_cache._MANY + 3)]
    for text in texts:
        Cached(model, tmp_path).embed([text])
    assert len(list(tmp_path.rglob("*.vectors"))) == 4
    again = Counting()
    assert np.array_equal(Cached(again, tmp_path).embed(texts), model.without_counting(texts))
    assert not again.asked


@pytest.mark.parametrize("keep", [0, 10, 130, -1])
def test_a_damaged_file_is_computed_again(keep: int, tmp_path: Path) -> None:
    Cached(Counting(), tmp_path).embed(TEXTS)
    (path,) = tmp_path.rglob("*.vectors")
    path.write_bytes(path.read_bytes()[:keep])
    model = Counting()
    assert np.array_equal(Cached(model, tmp_path).embed(TEXTS), model.without_counting(TEXTS))
    assert len(model.asked) == 13
    Cached(model, tmp_path).embed(TEXTS)
    assert len(model.asked) == 13


def test_an_empty_text_is_refused_before_anything_is_computed(tmp_path: Path) -> None:
    model = Counting()
    with pytest.raises(Rejected):
        Cached(model, tmp_path).embed(["خبر", " "])
    assert not model.asked
    assert not list(tmp_path.iterdir())


KILLED = """
import sys, time
from pathlib import Path
from factcheck.matching import embedding_cache
from tests.matching.test_matching_cache import Counting

class Slow(Counting):
    def embed(self, texts):
        time.sleep(0.02)
        return super().embed(texts)

embedding_cache._AT_A_TIME = 2
print("begun", flush=True)
embedding_cache.Cached(Slow(), Path(sys.argv[1])).embed([f"خبر {number}" for number in range(4000)])
"""


def test_a_run_killed_in_the_middle_leaves_what_it_had_computed(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert run.stdout
    assert run.stdout.readline() == b"begun\n"
    until = time.monotonic() + 60
    while len(list(tmp_path.rglob("*.vectors"))) < 5 and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    run.stdout.close()
    texts = [f"خبر {number}" for number in range(4000)]
    model = Counting()
    assert np.array_equal(Cached(model, tmp_path).embed(texts), model.without_counting(texts))
    assert len(model.asked) <= 4000 - 10
