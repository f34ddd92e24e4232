"""Earlier verdicts on a claim, and agreement of those who saw one beside that of those who did not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import frames
from factcheck.folding import match_key
from factcheck.models import Claim, VerdictChange
from factcheck.verdicts import EARLIER, agreement, by_earlier, earlier, votes
from tests.verdicts.histories import START, claim, event, frame, histories

QUOTES = ("growth of 5 percent", "Growth of -5 percent.", "growth of ۵ percent", "rents fell", "رشد ۵ درصد", "؟!")
CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "quote": st.sampled_from(QUOTES),
            "group": st.integers(1, 4),
            "state": st.sampled_from(["active", "withdrawn"]),
        }
    ),
    max_size=7,
)
STANDING = st.dictionaries(
    st.integers(1, 4),
    st.fixed_dictionaries(
        {"status": st.sampled_from(["decided", "contested"]), "origin": st.sampled_from(["votes", "import"])}
        | {"day": st.none() | st.integers(0, 2)}
    ),
)


def claims_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    made = [
        {"claim_id": claim(100 + place), "group_id": claim(row["group"]), "quote": row["quote"], "state": row["state"]}
        for place, row in enumerate(rows)
    ]
    return pl.DataFrame(made, frames.schema(Claim))


def standing_of(rows: dict[int, dict[str, Any]]) -> pl.DataFrame:
    made = [
        {
            "claim_id": claim(group),
            "status": row["status"],
            "verdict": "disputed" if row["status"] == "decided" else None,
            "origin": row["origin"],
            "source": "Desk X" if row["origin"] == "import" else None,
            "decided_at": None if row["day"] is None else START + timedelta(days=row["day"]),
        }
        for group, row in rows.items()
    ]
    return pl.DataFrame(made, frames.schema(VerdictChange))


@given(CLAIMS, STANDING)
def test_earlier_verdicts_are_those_of_a_look_at_every_pair(
    rows: list[dict[str, Any]], standing: dict[int, dict[str, Any]]
) -> None:
    active = [row for row in rows if row["state"] == "active" and match_key(row["quote"])]
    expected = {
        (claim(mine["group"]), claim(other["group"]))
        for mine in active
        for other in active
        if match_key(mine["quote"]) == match_key(other["quote"])
        and standing.get(other["group"], {}).get("status") == "decided"
        and (mine["group"] != other["group"] or standing[other["group"]]["origin"] == "import")
    }
    found = earlier(claims_of(rows), standing_of(standing))
    assert found.schema == EARLIER
    pairs = list(found.select("claim_id", "found_id").iter_rows())
    assert len(pairs) == len({*pairs})
    assert {*pairs} == expected
    for (_, group), part in found.group_by("claim_id", "found_id"):
        assert part["quote"][0] in {row["quote"] for row in active if claim(row["group"]) == group}
    for _, part in found.group_by("claim_id", maintain_order=True):
        days = part["decided_at"].to_list()
        assert days == sorted(days, key=lambda day: (day is None, -(day or START).timestamp())), "the newest first"


@given(histories(), st.data())
def test_agreement_by_earlier_is_agreement_of_each_part_alone(events: list[Any], data: st.DataObject) -> None:
    saw = data.draw(st.lists(st.sampled_from([True, False, None]), min_size=len(events), max_size=len(events)))
    marked = [event.model_copy(update={"saw_earlier": one}) for event, one in zip(events, saw, strict=True)]
    cast = votes(frame(*marked))
    rows = {row.pop("earlier"): row for row in by_earlier(cast, seed=1, resamples=20).to_dicts()}
    for name, value in (("shown", True), ("none", False), ("unknown", None)):
        mine = [row for row in cast.to_dicts() if row["saw_earlier"] is value]
        assert (name in rows) == bool(mine)
        if mine:
            (alone,) = agreement(pl.DataFrame(mine, cast.schema), seed=1, resamples=20).to_dicts()
            assert rows[name] == {"votes": len(mine)} | alone
    assert sum(row["votes"] for row in rows.values()) == cast.height


@pytest.mark.parametrize("shown", [True, False])
def test_those_who_saw_a_verdict_pair_with_nobody_who_did_not(shown: bool) -> None:
    seen = [event(1, who=1), event(2, who=2, choice="disputed")]
    cast = votes(frame(*(one.model_copy(update={"saw_earlier": shown}) for one in seen[:1]), *seen[1:]))
    assert by_earlier(cast, seed=1, resamples=5).select("votes", "n_claims").rows() == [(1, 0), (1, 0)]
