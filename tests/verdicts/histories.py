"""Annotation histories for the tests of this folder: a few claims and people, every state, edits, ties in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import strategies as st

from factcheck.frames import from_records
from factcheck.models import AnnotationEvent, AnnotationState, Choice, Reason, digest, event_id

START = datetime(2026, 3, 20, 12, tzinfo=UTC)
CHOICES = [str(choice) for choice in Choice]
REASONS = [str(reason) for reason in Reason][:3]
"""Few, so that votes often give the same one."""


def claim(number: int) -> str:
    return f"clm_{number:020x}"


def person(number: int) -> str:
    return f"ant_{number:020x}"


def event(
    annotation: int,
    seq: int = 1,
    *,
    claim_number: int = 1,
    who: int = 1,
    choice: str | None = "verified",
    state: str = "submitted",
    minute: int = 0,
    reason: str | None = None,
    rationale: str | None = None,
    evidence: list[str] | None = None,
    edited_by: int | None = None,
    project: str = "main",
) -> AnnotationEvent:
    """One observed state of the annotation with that number."""
    key = f"{project}:{annotation}:{START.isoformat()}"
    content = digest(choice, reason, state, minute, rationale, evidence, edited_by)
    return AnnotationEvent(
        event_id=event_id(annotation_key=key, seq=seq, content_hash=content),
        claim_id=claim(claim_number),
        annotation_key=key,
        seq=seq,
        project=project,
        task_id=claim_number,
        annotation_id=annotation,
        annotator_id=person(who),
        edited_by=None if edited_by is None else person(edited_by),
        state=AnnotationState(state),
        choice=None if state == "skipped" or choice is None else Choice(choice),
        reason=None if state == "skipped" or reason is None else Reason(reason),
        rationale=rationale,
        evidence=evidence or [],
        created_at=START,
        updated_at=START + timedelta(minutes=minute),
        observed_at=START + timedelta(days=1),
        content_hash=content,
    )


def frame(*events: AnnotationEvent) -> pl.DataFrame:
    return from_records(AnnotationEvent, events)


@st.composite
def histories(draw: st.DrawFn) -> list[AnnotationEvent]:
    """Up to eight annotations of four claims by three people, each observed up to three times."""
    events = []
    for annotation in range(draw(st.integers(0, 8))):
        claim_number, who = draw(st.integers(1, 4)), draw(st.integers(1, 3))
        choices = [draw(st.sampled_from(CHOICES)) for _ in range(draw(st.integers(1, 3)))]
        events += [
            event(
                annotation,
                seq,
                claim_number=claim_number,
                who=who,
                choice=choice,
                reason=draw(st.sampled_from([None, *REASONS])) if choice == "disputed" else None,
                state=draw(st.sampled_from(["submitted", "submitted", "submitted", "skipped", "deleted"])),
                minute=draw(st.integers(0, 3)),
                rationale=draw(st.sampled_from([None, "", "منبع رسمی", "seen by us"])),
                evidence=draw(st.lists(st.sampled_from(["https://a.example", "archive", " "]), max_size=2)),
                edited_by=draw(st.sampled_from([None, 1, 2])),
            )
            for seq, choice in enumerate(choices, 1)
        ]
    return events


@st.composite
def shuffled_with_repeats(draw: st.DrawFn, events: list[AnnotationEvent]) -> list[AnnotationEvent]:
    """The events in any order, some of them more than once."""
    again = draw(st.lists(st.sampled_from(events), max_size=4)) if events else []
    return draw(st.permutations(events + again))
