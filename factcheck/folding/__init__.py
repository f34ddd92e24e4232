"""Folds of a text for comparing: one to find a name or a word, one for the identity of a claim. Nothing is shown.

`match_key` finds: labels, names, headings, words of a rating. It throws every sign away, and to find a thing that is
right. `identity_key` says whether two quotes are the same claim: a sign that changes what is said stays in it. The two
others are for rules that search a text and look at its punctuation: `fold_in_place` keeps the length,
`fold_with_offsets` the way back. All of them have one table of letters.
"""

from factcheck.folding.identity import identity_key
from factcheck.folding.letters import Folded, fold_in_place, fold_with_offsets, match_key

IDENTITY_RULES = 2
"""Number of the rules by which quotes are one claim; whoever changes them raises it (1 threw signs away)."""

__all__ = ["IDENTITY_RULES", "Folded", "fold_in_place", "fold_with_offsets", "identity_key", "match_key"]
