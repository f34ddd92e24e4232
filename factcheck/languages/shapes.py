"""What the files of a language may say, as models that refuse a key which nothing would read.

The models of the others stand where they are used: `claims.grammar`, `claims.affiliations`, `studio.page.wording`,
`studio.page.task_words`, `studio.page.guide`.
"""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict

from factcheck.languages.desk_words import DESK_SHAPES

Texts = list[str]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Identity(_Part):
    """By which letters a text without a language is taken for one of this language."""

    script: str
    letters: str = ""
    at_least: float = 0.0


class Turns(_Part):
    """What stands before a question and before an answer."""

    questions: Texts
    answers: Texts


class Sentences(_Part):
    """Where sentences end beside the signs of all languages, and where a full stop ends none."""

    abbreviations: Texts = []
    stops: str = ""


class Words(_Part):
    """The word lists that sentences and claims are found by."""

    question_openers: Texts = []
    greetings: Texts = []
    bylines: Texts = []
    boilerplate: Texts = []
    boilerplate_openers: Texts = []
    furniture: Texts = []
    function_words: Texts = []
    turning_words: Texts = []
    unfinished_ends: Texts = []
    date_words: Texts = []
    points_back: Texts = []
    interview_headers: Texts = []
    interview_parties: Texts = []
    talks: Texts = []
    reports_again: Texts = []
    negation: str = ""
    behind_names: Texts = []


class TwoFacts(_Part):
    """How the language joins two facts in a sentence."""

    contrasts: Texts
    adds: Texts
    verbs: Texts
    leans: Texts
    shares: Texts
    depends: Texts
    before_verb: str = ""
    after_verb: str = ""
    verb_ends: bool = False
    verb_opens: bool = False


class Structure(_Part):
    """`structure.toml`."""

    identity: Identity
    clitics: str = ""
    capitals: dict[str, str] = {}
    turns: Turns | None = None
    structure: Words
    facts: TwoFacts | None = None
    sentences: Sentences = Sentences()


class Signal(_Part):
    """A reason to raise or lower check-worthiness, and the words it is found by."""

    name: str
    terms: Texts = []
    patterns: Texts = []
    before: str = ""
    after: str = ""


class Signals(_Part):
    """`signals.toml`."""

    base: float | None = None
    signal: list[Signal]


class Dates(_Part):
    """`dates.toml`."""

    calendar: str
    week_starts: int
    screen: Texts
    months: dict[str, Texts]
    words: dict[str, Texts]
    values: dict[str, dict[str, str | int | list[str | int]]]
    pieces: dict[str, str]
    form: list[dict[str, str]]
    article: str = ""
    clitics: Texts = []
    capitals: dict[str, bool] | bool = False
    too_common: Texts = []
    month_endings: Texts = []


class Denial(_Part):
    """Words that deny, and beginnings of such words."""

    words: Texts
    beginnings: Texts = []


class FactWords(_Part):
    """Words between figures."""

    and_: Texts = []
    half: Texts = []
    a: Texts = []
    doubtful: Texts = []
    minus: Texts = []
    below_zero: Texts = []
    to: Texts = []
    between: Texts = []

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=lambda name: name.rstrip("_"))


class Facts(_Part):
    """`facts.toml`."""

    numbers: dict[str, int]
    scales: dict[str, int]
    units: dict[str, Texts]
    bounds: dict[str, Texts]
    order: dict[str, Texts]
    direction: dict[str, Texts]
    denial: Denial
    words: FactWords


SHAPES: Final[dict[str, type[BaseModel]]] = {
    "structure": Structure,
    "signals": Signals,
    "dates": Dates,
    "facts": Facts,
    **DESK_SHAPES,
}
