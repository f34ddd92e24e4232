"""Full-text search that finds a claim however it is typed, in plain SQL: no extension, no plugin. Pure.

The indexed words are folded by `factcheck.folding.match_key`. A query is folded by the table `folding`, character by
character, in a recursive query; what the tokenizer does by itself (lower case, punctuation, accents) is left to it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

from factcheck.folding import match_key

_EMOJI: Final = range(0x1F000, 0x1FC00)
_BLOCKS: Final = (range(0x22, 0x10000), range(0x1D400, 0x1D800), range(0x1EE00, 0x1EF00), _EMOJI)
"""The basic plane, letters of mathematics, which social media write words with, and pictures."""

QUERY: Final = """\
with recursive
  typed(at, folded) as (
    select 0, ''
    union all
    select at + 1, folded || coalesce(
      (select becomes from folding where letter = substr(:q, at + 1, 1)), substr(:q, at + 1, 1))
    from typed where at < length(:q)
  ),
  query(words) as (
    select '"' || replace(folded, ' ', '" "') || '"' from typed order by at desc limit 1
  )"""
"""The beginning of a query that folds what stands in `:q` into `query.words`, for `match`."""

FIND: Final = f"""\
{QUERY}
select claims.claim_id, claims.quote, claims.claimant, claims.verdict_label, claims.rationales, claims.publisher,
  claims.published_at, claims.url
from claims_search join claims on claims.number = claims_search.rowid
where claims_search match (select words from query)
order by claims_search.rank, claims.claim_id
limit 200"""  # noqa: S608 - a constant
"""The claims that hold every word of `:q` in quote, claimant, rationales or editors' words, best first."""


@cache
def folding() -> list[tuple[str, str]]:
    """Each character that a query has to be rid of or has to have in another form, with that form; by character."""
    return list(_folding())


def _folding() -> Iterator[tuple[str, str]]:
    for block in _BLOCKS:
        for code in block:
            char = chr(code)
            category = unicodedata.category(char)
            if category in {"Cs", "Cn", "Co"} and block != _EMOJI:
                continue
            # A letter between others, so that a space that it becomes is not stripped.
            folded = match_key(f"a{char}a")[1:-1]
            if folded == " " and char != '"' and unicodedata.ucd_3_2_0.category(char) != "Cn":
                continue  # the tokenizer parts words there too; what came after its Unicode 6.1 it takes for a letter
            if folded not in {char, char.lower()}:
                yield char, folded
