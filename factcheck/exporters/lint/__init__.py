"""The lint of ClaimReview markup: what is wrong with it, and which reader drops or misreads it for that."""

from factcheck.exporters.lint.finding import Finding, Path, Review, json_path
from factcheck.exporters.lint.markup import check
from factcheck.exporters.lint.matrix import by_rule, matrix
from factcheck.exporters.lint.places import Judged, Refused, judge, reviews, together
from factcheck.exporters.lint.rating import word as rating_word
from factcheck.exporters.lint.rule import FATES, LEVELS, READERS, Rule, rules

__all__ = [
    "FATES",
    "LEVELS",
    "READERS",
    "Finding",
    "Judged",
    "Path",
    "Refused",
    "Review",
    "Rule",
    "by_rule",
    "check",
    "json_path",
    "judge",
    "matrix",
    "rating_word",
    "reviews",
    "rules",
    "together",
]
