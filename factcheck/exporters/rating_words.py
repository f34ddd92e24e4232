"""A profile's own words for results, by language and by reader, and which of them an export shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from factcheck.exporters import labeler_words, labels
from factcheck.exporters.profile_values import Word
from factcheck.languages import Language

Reader = Literal["default", "labeler", "duke", "google"]
"""For whom a profile writes: everybody, a reader of ClaimReview, or Google's Fact Check Tools API."""
READERS: Final[Mapping[Reader, str]] = {
    "default": "everybody",
    "labeler": "the Bluesky labeler",
    "duke": "Duke's crawler",
    "google": "Google's Fact Check Tools API",
}
_LABELER: Final[Language] = "en"
"""The one language in whose words the labeler finds anything."""


class Words(BaseModel):
    """Words for results; an empty one leaves what would stand there without it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verified: Word = ""
    disputed: Word = ""
    opinion: Word = ""
    unproven: Word = ""
    false: Word = ""
    misleading: Word = ""
    partly_true: Word = ""
    out_of_context: Word = ""
    outdated: Word = ""
    doctored: Word = ""

    def given(self) -> dict[str, str]:
        """The words that are there, by the stable name of the result."""
        return {name: word for name in Words.model_fields if (word := getattr(self, name))}


RESULTS: Final = tuple(Words.model_fields)
"""The stable names of results that have a word."""


class RatingWords(Words):
    """Words for results in one language; those of a table named after a reader go before the others, for it alone."""

    default: Words = Field(default=Words(), description="Of profiles that write for everybody.")
    labeler: Words = Field(default=Words(), description="For the Bluesky labeler, in English alone.")
    duke: Words = Field(default=Words(), description="For Duke's crawler.")
    google: Words = Field(default=Words(), description="For Google's Fact Check Tools API.")

    @field_validator("labeler")
    @classmethod
    def _read_as_meant(cls, words: Words) -> Words:
        for result, word in words.given().items():
            labeler_words.check(result, word)
        return words


class Chosen(NamedTuple):
    """The word that stands for a result, and the table of the profile that it is from; empty where it is ours."""

    result: str
    word: str
    source: str


def check_words(words: Mapping[Language, RatingWords]) -> None:
    """Raises ValueError for words that no reader would ever be shown."""
    for language, own in words.items():
        if language != _LABELER and own.labeler.given():
            raise ValueError(f"the Bluesky labeler reads English alone: write [rating_words.{_LABELER}.labeler]")


def chosen(words: Mapping[Language, RatingWords], reader: Reader, language: Language) -> list[Chosen]:
    """The word of each result as the reader is given it, in the order of `RESULTS`; without those that have none."""
    tables = dict(_tables(words, reader, language))
    ours = (
        labeler_words.OURS if reader == "labeler" else {key: text[language] for key, text in labels.PUBLISHED.items()}
    )
    found = []
    for result in RESULTS:
        source = next((name for name, table in tables.items() if result in table), "")
        word = tables[source][result] if source else ours.get(result, "")
        found += [Chosen(result, word, source)] if word else []
    return found


def own_words(words: Mapping[Language, RatingWords], reader: Reader, language: Language) -> dict[str, str]:
    """The words in place of those that every export has (`labels.PUBLISHED`), by stable name."""
    found = chosen(words, reader, language)
    return {one.result: one.word for one in found if one.source or reader == "labeler"}


def unused(words: Mapping[Language, RatingWords], reader: Reader, language: Language) -> list[str]:
    """The tables with words that the reader is not given in this language: they are for other profiles."""
    used = {name for name, _ in _tables(words, reader, language)}
    there = [
        (f"rating_words.{one}{'.' if name else ''}{name}", table)
        for one, all_of_it in words.items()
        for name, table in [("", all_of_it), *((name, getattr(all_of_it, name)) for name in get_args(Reader))]
    ]
    return [name for name, table in there if table.given() and name not in used]


def _tables(
    words: Mapping[Language, RatingWords], reader: Reader, language: Language
) -> Iterator[tuple[str, dict[str, str]]]:
    """The tables that hold for the reader, with their words, the first to be looked into first."""
    language = _LABELER if reader == "labeler" else language
    if (found := words.get(language)) is None:
        return
    of_reader: Words = getattr(found, reader)
    yield f"rating_words.{language}.{reader}", of_reader.given()
    if reader != "labeler":  # words for people are not looked up in its table
        yield f"rating_words.{language}", found.given()
