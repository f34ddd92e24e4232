"""Articles cut again by other rules: what people spoke of stays, the rest becomes what the rules of today say."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import frames
from factcheck.claims.recutting import READ, recut
from factcheck.models import Claim, ClaimState, claim_id

TEXT = "abcdefghijklmnop"
SPANS = st.tuples(st.integers(0, 11), st.integers(1, 4)).map(lambda one: (one[0], one[0] + one[1]))


def claim(article: int, span: tuple[int, int], extractor: str, state: str = "active") -> Claim:
    start, end = span
    own = claim_id(article_id=f"art_{article:020x}", start=start, end=end, quote=TEXT[start:end])
    return Claim(
        claim_id=own,
        article_id=f"art_{article:020x}",
        group_id=own,
        start=start,
        end=end,
        quote=TEXT[start:end],
        claimant=f"as {extractor} reads it",
        check_worthiness=0.5,
        reasons=["number +0.5"],
        state=ClaimState(state),
        extractor=extractor,
    )


PLACES = st.lists(st.tuples(st.integers(1, 2), SPANS), unique=True, max_size=8)


@settings(max_examples=100)
@given(
    before=st.lists(
        st.tuples(st.integers(1, 2), SPANS, st.sampled_from(["active", "withdrawn"]), st.booleans()),
        unique_by=lambda one: one[:2],
        max_size=8,
    ),
    cut=PLACES,
)
def test_what_is_held_stays_and_the_rest_is_what_the_rules_say(
    before: list[tuple[int, tuple[int, int], str, bool]], cut: list[tuple[int, tuple[int, int]]]
) -> None:
    known = frames.from_records(Claim, [claim(article, span, "old-1", state) for article, span, state, _ in before])
    now = frames.from_records(Claim, [claim(article, span, "new-1") for article, span in cut])
    held = [claim(article, span, "old-1").claim_id for article, span, _, is_held in before if is_held]
    found = recut(known, now, held=held)
    changed = pl.concat([found.updated, found.retired, found.new])
    assert changed["claim_id"].is_unique().all()
    assert not {*changed["claim_id"]} & {*held}
    after = pl.concat([known.join(changed, on="claim_id", how="anti"), changed])
    assert {*after["claim_id"]} >= {*known["claim_id"]}, "no claim is forgotten"
    free = after.filter(~pl.col("claim_id").is_in(held), pl.col("state") == "active")
    blocked = now.filter(~pl.col("claim_id").is_in([*free["claim_id"], *held]))
    assert found.left_out == blocked.height
    assert {*free["claim_id"]} == {*now["claim_id"]} - {*held} - {*blocked["claim_id"]}
    assert {*free["extractor"]} <= {"new-1"}
    mine = {row["claim_id"]: row for row in known.to_dicts()}
    for row in blocked.to_dicts():  # only what shares a place with a held claim that is cut otherwise now
        assert any(
            mine[one]["article_id"] == row["article_id"]
            and mine[one]["start"] < row["end"]
            and row["start"] < mine[one]["end"]
            and one not in {*now["claim_id"]}
            for one in held
        )
    again = recut(after, now, held=held)
    assert (again.updated.height, again.retired.height, again.new.height) == (0, 0, 0)


def test_a_claim_told_otherwise_keeps_what_a_person_gave_it_and_its_group() -> None:
    old = claim(1, (0, 4), "old-1").model_copy(update={"group_id": f"clm_{7:020x}", "context": "at noon", "lang": "en"})
    known, now = frames.from_records(Claim, [old]), frames.from_records(Claim, [claim(1, (0, 4), "new-1")])
    (row,) = recut(known, now, held=[]).updated.to_dicts()
    assert {name: row[name] for name in READ} == {name: now.to_dicts()[0][name] for name in READ}
    assert (row["group_id"], row["context"], row["lang"]) == (old.group_id, "at noon", "en")


def test_the_same_words_at_the_same_place_are_the_same_claim_however_its_id_was_made() -> None:
    old = claim(1, (0, 4), "old-1").model_copy(update={"claim_id": f"clm_{9:020x}"})
    known, now = frames.from_records(Claim, [old]), frames.from_records(Claim, [claim(1, (0, 4), "new-1")])
    found = recut(known, now, held=[])
    assert found.updated["claim_id"].to_list() == [old.claim_id]
    assert (found.retired.height, found.new.height) == (0, 0)
    held = recut(known, now, held=[old.claim_id])
    assert (held.updated.height, held.new.height, held.left_out) == (0, 0, 0)
