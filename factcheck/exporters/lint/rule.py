"""The rules of the lint as data: what is wrong, how it is mended, and what each reader makes of it.

Sources: schema.org (ClaimReview, Claim, Rating, DataFeed), Google's structured-data page for fact checks, and the code
of the readers that publish theirs.
"""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from typing import Literal, NamedTuple

Level = Literal["error", "warning", "advice"]
Handling = Literal["refuse", "note", "silent"]
Fate = Literal["drops", "misreads", "mends", "does not care"]

LEVELS: tuple[Level, ...] = ("error", "warning", "advice")
HANDLINGS: tuple[Handling, ...] = ("refuse", "note", "silent")
FATES: tuple[Fate, ...] = ("drops", "misreads", "mends", "does not care")
READERS = {
    "google": "Google tools",
    "datacommons": "Data Commons",
    "duke": "Duke's crawler",
    "labeler": "Bluesky labeler",
    "meedan": "Meedan",
    "aggregators": "aggregators",
}
"""Names of those who read markup, by their key in the rules."""
_FOLLOWS = {"datacommons": "google"}
"""Its feed is what Google's tools took."""


class Effect(NamedTuple):
    """What one reader does where a rule is broken, and why.

    `known` where its code or its documentation says so; else it is what code that expects the documented form does
    with another.
    """

    fate: Fate = "does not care"
    why: str = ""
    known: bool = False


class Rule(NamedTuple):
    """A rule; `exports` is what an export of ours does with a review that breaks it."""

    id: str
    level: Level
    what: str
    mend: str
    exports: Handling
    effects: dict[str, Effect]
    """By key of READERS, all of them."""


@functools.cache
def rules() -> dict[str, Rule]:
    """Every rule by its id, in the order of the reference."""
    table = tomllib.loads(files("factcheck.exporters.lint").joinpath("data/rules.toml").read_text("utf-8"))
    return {name: _rule(name, row) for name, row in table.items()}


def _rule(name: str, row: dict[str, str]) -> Rule:
    effects = {reader: _effect(row.get(reader, row.get(_FOLLOWS.get(reader, reader), ""))) for reader in READERS}
    unknown = row.keys() - {"level", "what", "mend", "exports", *READERS}
    level = next(level for level in LEVELS if level == row["level"])
    assert not unknown, f"{name} names {unknown}"
    said = row.get("exports", "silent" if level == "advice" else "refuse")
    exports = next(handling for handling in HANDLINGS if handling == said)
    return Rule(name, level, row["what"], row["mend"], exports, effects)


def _effect(text: str) -> Effect:
    said, _, why = text.partition(":")
    word = said.removesuffix("!")
    return Effect(next(fate for fate in FATES if fate == word), why.strip(), word != said) if word else Effect()
