"""Annotation events -> votes -> verdicts, agreement, and the queue of what a person has to decide."""

from factcheck.verdicts.agreement import agreement, by_earlier, weeks
from factcheck.verdicts.annotator_agreement import by_annotator, confusion, pairs
from factcheck.verdicts.dawid_skene import posteriors
from factcheck.verdicts.decide import changes, decide
from factcheck.verdicts.earlier import EARLIER, earlier
from factcheck.verdicts.policy import (
    Adjudicator,
    DawidSkene,
    Majority,
    OneCoin,
    Policy,
    Unanimous,
    Weighted,
    make,
    parse,
)
from factcheck.verdicts.proposals import PROPOSALS, proposals
from factcheck.verdicts.queue import QUEUE, queue
from factcheck.verdicts.reliability import reliability
from factcheck.verdicts.votes import VOTES, decisions, edited_by_others, votes
from factcheck.verdicts.work import ENOUGH_ANSWERS, PACE_DAYS, Outlook, by_checker, open_claims, outlook

__all__ = [
    "EARLIER",
    "ENOUGH_ANSWERS",
    "PACE_DAYS",
    "PROPOSALS",
    "QUEUE",
    "VOTES",
    "Adjudicator",
    "DawidSkene",
    "Majority",
    "OneCoin",
    "Outlook",
    "Policy",
    "Unanimous",
    "Weighted",
    "agreement",
    "by_annotator",
    "by_checker",
    "by_earlier",
    "changes",
    "confusion",
    "decide",
    "decisions",
    "earlier",
    "edited_by_others",
    "make",
    "open_claims",
    "outlook",
    "pairs",
    "parse",
    "posteriors",
    "proposals",
    "queue",
    "reliability",
    "votes",
    "weeks",
]
