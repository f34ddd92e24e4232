"""Articles to claims: sentences with exact offsets, their speakers, and how much they are worth checking."""

from factcheck.claims.context import context
from factcheck.claims.extract import EXTRACTOR, Extracted, extract, extractor
from factcheck.claims.grouping import Groups, group
from factcheck.claims.recutting import Recut, recut
from factcheck.claims.regrouping import regroup
from factcheck.claims.underlined import Paragraph, underlined

__all__ = [
    "EXTRACTOR",
    "Extracted",
    "Groups",
    "Paragraph",
    "Recut",
    "context",
    "extract",
    "extractor",
    "group",
    "recut",
    "regroup",
    "underlined",
]
