from __future__ import annotations

from typing import Any

import pytest

from factcheck.errors import ConfigError
from factcheck.verdicts import Adjudicator, Majority, Policy, Unanimous, make, parse

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


def test_names_are_stable_because_datasets_hold_them() -> None:
    assert make("majority").name == "majority(min_votes=2,margin=1)"
    assert make("unanimous", min_votes=3, adjudicated=True).name == "unanimous(min_votes=3)+adjudicator"


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        ("majorty", {}, "there is no policy 'majorty'"),
        ("majority", {"margn": 2}, "has no parameter 'margn'"),
        ("majority", {"margin": 0}, "margin is 0, the smallest is 1"),
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
