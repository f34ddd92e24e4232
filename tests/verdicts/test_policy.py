from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factcheck.errors import ConfigError
from factcheck.verdicts import Adjudicator, Majority, Policy, Unanimous, Weighted, make, parse

POLICIES: list[Policy] = [
    Majority(),
    Majority(min_votes=5, margin=3),
    Unanimous(min_votes=3),
    Adjudicator(Majority(min_votes=3)),
    Adjudicator(Unanimous()),
]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_a_name_says_all_that_the_policy_is(policy: Policy) -> None:
    assert parse(policy.name) == policy


def test_a_share_that_is_the_threshold_reaches_it() -> None:
    policy = Weighted(threshold=0.75)
    shares = np.array([[0.75, 0.25, 0.0], [0.25, 0.74, 0.01]])
    assert policy.confident(shares).tolist() == [0, -1]


@pytest.mark.parametrize(("threshold", "taken"), [(0.5, False), (0.51, True), (1.0, True), (1.01, False)])
def test_a_threshold_is_above_a_half_and_up_to_one(threshold: float, taken: bool) -> None:
    if taken:
        assert Weighted(threshold=threshold).threshold == threshold
        return
    with pytest.raises(ConfigError, match=r"above 0\.5 and at most 1"):
        Weighted(threshold=threshold)


def test_a_count_is_a_whole_number_again_and_a_share_is_not() -> None:
    policy = parse("weighted(min_votes=3,threshold=0.75)")
    assert isinstance(policy, Weighted)
    assert (type(policy.min_votes), type(policy.threshold)) == (int, float)
    assert policy.name == "weighted(min_votes=3,threshold=0.75)"


def test_names_are_stable_because_datasets_hold_them() -> None:
    assert make("majority").name == "majority(min_votes=2,margin=1)"
    assert make("unanimous", min_votes=3, adjudicated=True).name == "unanimous(min_votes=3)+adjudicator"


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        ("majorty", {}, "no such policy 'majorty'"),
        ("majority", {"margn": 2}, "has no parameter 'margn'"),
        ("majority", {"margin": 0}, "margin is 0, but must be at least 1"),
        ("majority", {"margin": True}, "margin is True, not a whole number"),
        ("unanimous", {"min_votes": 2.5}, "min_votes is 2.5, not a whole number"),
        ("weighted", {"threshold": True}, "threshold is True"),
        ("unanimous", {"min_votes": 0}, "min_votes is 0"),
    ],
)
def test_a_wrong_policy_is_refused(kind: str, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        make(kind, **parameters)


def test_the_nearest_name_is_suggested() -> None:
    with pytest.raises(ConfigError) as caught:
        make("majorty")
    assert caught.value.hint == "did you mean 'majority'?"


@pytest.mark.parametrize("name", ["", "majority", "majority(min_votes=x)", "majority(margin=1)+lead", "majority(1)"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        parse(name)
