"""No input of ingest or import raises, makes its reader fail, loses an offset or is neither accepted nor rejected."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.input_mutations import ARTICLES, DECISIONS, Tried, run


def holds(tried: Tried) -> None:
    assert tried.faults == []
    assert tried.codes["ARTICLE"]
    assert tried.codes["DECISION"]
    assert set(tried.inputs) == {*ARTICLES, *DECISIONS}


def test_a_sample_of_mutated_inputs(tmp_path: Path) -> None:
    holds(run(20261122, inputs=300, folder=tmp_path))


@pytest.mark.chaos
@pytest.mark.parametrize("seed", range(4))
def test_mutated_inputs(tmp_path: Path, seed: int) -> None:
    holds(run(seed, inputs=int(os.environ.get("INPUTS", "10000")), folder=tmp_path))
