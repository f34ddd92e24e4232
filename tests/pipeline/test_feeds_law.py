"""Feeds read only what is new, and say what reading everything would say; a verdict taken back is in none of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from xml.etree.ElementTree import fromstring

import pytest

from factcheck import dataset as ds
from factcheck import exporters
from factcheck.exporters import Profile, Rendered, pages
from factcheck.pipeline import feeds
from tests.exporters.feed_rules import RULES, TOMB
from tests.pipeline.test_changes_law import PROFILES, History, context, new, shown

__all__ = ["new"]
SIZES = (1, 3, 100)


def by_full_reads(data: ds.Dataset, profile: Profile) -> list[Rendered]:
    """The feeds from everything there is."""
    number = data.head
    view = exporters.view(
        data.articles(number).collect(), data.claims(number).collect(), data.verdict_changes(number).collect(),
        data.versions(number), data.corrections(number),
    )  # fmt: skip
    told = replace(context(data, number), history=data.history(number), corrections=data.corrections(number))
    return exporters.render(view, profile, told).files


def suffix(file: Rendered) -> str:
    return PurePosixPath(file.name).suffix


def feed(profile: Profile, size: int) -> Profile:
    """A feed of verdicts with the filters of the profile."""
    return Profile.model_validate(
        {"name": "feed", "format": "feed", "filters": profile.filters.model_dump(), "feed": {"entries": size}}
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_the_newest_are_those_of_everything(new: Callable[[], ds.Dataset], seed: int) -> None:
    data = History(new(), seed).data
    for profile in PROFILES:
        for size in SIZES:
            chosen = feed(profile, size)
            done = feeds.rendered(data, chosen, context(data, data.head))
            assert done.files == by_full_reads(data, chosen), (profile.name, size)
            assert done.seen == done.accepted + done.rejected.height + done.older
            assert not [RULES[suffix(file)](file.content) for file in done.files if RULES[suffix(file)](file.content)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_what_stands_is_in_the_feed_and_what_was_taken_back_is_a_tombstone(
    new: Callable[[], ds.Dataset], seed: int
) -> None:
    data = History(new(), seed).data
    told = context(data, data.head)
    standing = shown(data, data.head, PROFILES[0])
    ever = {claim for number in range(1, data.head + 1) for claim in shown(data, number, PROFILES[0])}
    files = feeds.rendered(data, feed(PROFILES[0], 100), told).files
    (atom,) = (file.content for file in files if file.name.endswith(".atom"))
    (items,) = (json.loads(file.content)["items"] for file in files if file.name.endswith(".json"))
    assert {item["id"] for item in items} == {pages.entry_id(told, "verdict", claim) for claim in standing}
    gone = {one.get("ref") for one in fromstring(atom).iter(f"{TOMB}deleted-entry")}
    assert gone == {pages.entry_id(told, "verdict", claim) for claim in ever - standing.keys()}
    for claim in ever - standing.keys():
        assert all(claim.encode() not in file.content for file in files)
