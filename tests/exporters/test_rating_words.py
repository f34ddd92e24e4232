"""A profile's own words for results: by language, by reader, in every format that shows results, and in its lint."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.errors import ConfigError
from factcheck.exporters import Exported, Profile, find, formats, labeler_words, labels, profiles, render
from factcheck.exporters.explaining import explained
from factcheck.exporters.profiles import parse
from factcheck.exporters.rating_words import RESULTS, Reader
from factcheck.languages import Language
from tests.exporters.export_rows import CONTEXT, row, rows
from tests.exporters.test_claimreview_readers import MEANT, TABLE
from tests.exporters.test_export_publisher import VIEW, done, made, texts

LANGUAGES: tuple[Language, ...] = get_args(Language)
READERS: tuple[Reader, ...] = get_args(Reader)
DESK = replace(CONTEXT, desk_url="https://desk.example.org")
STEMS: dict[Language, str] = {"fa": "واژه", "ar": "كلمة", "en": "Word", "tr": "Kelime", "ur": "لفظ"}
ROWS: dict[str, dict[str, Any]] = {
    **{verdict: {"verdict": verdict} for verdict in ("verified", "disputed", "opinion")},
    "unproven": {"verdict": None, "status": "unproven"},
    **{reason: {"verdict": "disputed", "reason": reason} for reason in RESULTS[4:]},
}


def toml(tables: dict[tuple[str, ...], dict[str, str]]) -> str:
    """The tables of words as a profile has them."""
    lines: list[str] = []
    for name, own in tables.items():
        lines += [f"[rating_words.{'.'.join(name)}]", *(f"{key} = {json.dumps(word)}" for key, word in own.items()), ""]
    return "\n".join(lines)


def reviews(found: Exported) -> list[dict[str, Any]]:
    """The reviews of the first file of markup, whatever reader it is for; a body of Google's API as it is."""
    file = found.files[0]
    if file.name.endswith(".jsonl"):
        return [json.loads(line) for line in file.content.splitlines()]
    document = json.loads(file.content)
    if isinstance(document, list):
        return document
    return [item for element in document["dataFeedElement"] for item in element["item"]]


def word_of(review: dict[str, Any]) -> str:
    if "claimReviewMarkups" in review:
        return str(review["claimReviewMarkups"][0]["rating"]["textualRating"])
    return str(review["reviewRating"]["alternateName"])


def read(word: str) -> str | None:
    """What the labeler finds in a word: its table in order, each phrase anywhere in the letters and digits."""
    letters = "".join(char if char.isascii() and char.isalnum() else " " for char in word.lower())
    folded = " ".join(letters.split())
    return next((verdict for phrase, verdict in TABLE if phrase in folded), None)


OWN = st.dictionaries(
    st.tuples(st.sampled_from(LANGUAGES), st.sampled_from(["", "default", "duke", "google"])),
    st.dictionaries(st.sampled_from(RESULTS), st.integers(0, 99), min_size=1),
)


@settings(max_examples=150, deadline=None)
@given(OWN, st.sampled_from(LANGUAGES), st.sampled_from(READERS), st.sampled_from(RESULTS))
def test_the_word_is_the_readers_own_else_the_languages_else_ours(
    own: dict[tuple[Language, str], dict[str, int]], language: Language, reader: Reader, result: str
) -> None:
    """In markup as it is written, of every result, and as `profiles` tells it; no other language or reader counts."""
    tables = {
        (of, *([name] if name else [])): {key: f"{STEMS[of]} {number}" for key, number in words.items()}
        for (of, name), words in own.items()
    }
    output = "google-api" if reader == "google" else "claimreview"
    form = "" if reader == "google" else f'reader = "{reader}"\n'
    profile = parse(
        f'format = "{output}"\nlanguage = "{language}"\n{toml(tables)}'
        f"[claimreview]\n{form}opinion = true\nunproven = true\n[claimreview.ratings]\nverified = 5\n",
        name="mine",
        subject="profile.toml",
    )
    found = render(rows(row(quote="1", **ROWS[result])), profile, DESK)
    told = {one.result: one.word for one in explained(profile, DESK).words}
    if reader == "labeler":  # our own words for it, which it knows; it has none for an opinion
        expected = labeler_words.OURS.get(result)
    else:
        places = [(language, reader), (language,)]
        given_ = [tables[place][result] for place in places if result in tables.get(place, {})]
        expected = given_[0] if given_ else labels.PUBLISHED[result][language]
    assert [word_of(review) for review in reviews(found)] == ([expected] if expected else [])
    assert told.get(result) == expected


PHRASES = st.sampled_from(
    [phrase for phrase, _ in TABLE] + ["in", "un", "not", "Half", "-", "!", "Pinocchio", "é", "ː"]
)
SAID = st.lists(PHRASES, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from(["".join(parts), " ".join(parts), " ".join(parts).upper(), parts[-1].title()])
)


@settings(max_examples=300)
@given(st.sampled_from(sorted(MEANT)), SAID.filter(lambda word: len(word) <= 40 and any(map(str.isalnum, word))))
def test_a_word_for_the_labeler_is_taken_if_it_reads_what_is_meant_and_no_other(result: str, word: str) -> None:
    text = f'format = "claimreview"\n[claimreview]\nreader = "labeler"\n{toml({("en", "labeler"): {result: word}})}'
    if read(word) != MEANT[result]:
        with pytest.raises(ConfigError, match=f"{result}: the Bluesky labeler"):
            parse(text, name="mine", subject="profile.toml")
        return
    profile = parse(text, name="mine", subject="profile.toml")
    assert profile.words("fa") == {**labeler_words.OURS, result: word}


@pytest.mark.parametrize("word", ["Inaccurate", "Not true", "Unverified", "Not confirmed"])
def test_what_reads_as_the_opposite_is_refused(word: str) -> None:
    with pytest.raises(ConfigError, match="as true, not as false; 'False' is read right"):
        made("claimreview", toml({("en", "labeler"): {"false": word}}))


WORDS = {key: f"واژهٔ {number}" for number, key in enumerate(RESULTS, 1)}
NAMED = sorted({*profiles(None), *formats()})


@pytest.mark.parametrize("name", NAMED)
def test_a_profile_that_names_words_writes_them_and_no_other_does(name: str) -> None:
    """What `factcheck profiles` says of words is so, for every profile and format that there is."""
    plain = find(name, None)
    if plain.claimreview.reader == "labeler":
        return
    own = made("csv", toml({("fa",): WORDS})).rating_words
    profile = plain.model_copy(update={"rating_words": own, "language": "fa"})
    context = DESK
    if profile.format in {"changes", "feed", "dataset-folder", "sqlite", "site"}:
        found = done(profile.format, toml({("fa",): WORDS}) + columns(profile))
    else:
        found = render(VIEW, profile, context)
    written = {key for key in ("verified", "disputed") if WORDS[key] in texts(found)}
    assert bool(written) == bool(explained(profile, context).words), written


def columns(profile: Profile) -> str:
    return f"[feed]\nof = {json.dumps(profile.feed.of)}\n" if profile.format == "feed" else ""


def test_the_lint_of_an_export_looks_for_the_word_that_is_written() -> None:
    """A claim that holds its own rating is left out; which word that is depends on the reader."""
    claims = [
        row(claim_id=f"clm_{number:020x}", lang="en", quote=quote, verdict="disputed", reason=None)
        for number, quote in enumerate(
            ["Debunked: the bridge", "Nonsense: the bridge", "False or misleading: a bridge"]
        )
    ]
    own = toml({("en",): {"disputed": "Nonsense"}, ("en", "labeler"): {"disputed": "Debunked"}})
    for reader, refused in (("labeler", 0), ("default", 1), ("duke", 1)):
        text = f'language = "en"\n{own}[claimreview]\nreader = "{reader}"\n'
        found = render(rows(*claims), made("claimreview", text), DESK)
        assert found.rejected["subject"].to_list() == [claims[refused]["claim_id"]]
        assert "CLAIM_RATED" in found.rejected["reason"][0]
    text = f'language = "fa"\n{own}[claimreview]\nreader = "labeler"\n'
    found = render(rows(*claims), made("claimreview", text), DESK)
    assert found.rejected["subject"].to_list() == [claims[0]["claim_id"]]


def test_a_note_has_the_words_of_its_own_language() -> None:
    claims = [
        row(claim_id="clm_" + "1" * 20, quote="Bridge", lang="en", evidence=["https://a.example/1"]),
        row(claim_id="clm_" + "2" * 20, lang="ar", quote="جسر", evidence=["https://a.example/1"]),
    ]
    words = {("en",): {"verified": "Right"}, ("ar",): {"verified": "ثابت"}}
    found = render(rows(*claims), made("community-notes", toml(words)), DESK)  # type: ignore[arg-type]
    notes = [json.loads(line)["info"]["text"] for line in found.files[0].content.splitlines()]
    assert ["Right" in notes[0], "ثابت" in notes[1]] == [True, True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[rating_words.en.labeller]\nfalse = "x"', "did you mean 'labeler'?"),
        ('[rating_words.en.duke]\nflase = "x"', "did you mean 'false'?"),
        ('[rating_words.farsi]\nfalse = "x"', "rating_words.farsi: no such key did you mean 'fa'?"),
        ('[rating_words.suomi]\nfalse = "x"', "use one of en, ar, fa, tr, ur"),
        ('[rating_words.fa.labeler]\nfalse = "False"', "write [rating_words.en.labeler]"),
        ('[rating_words.en.labeler]\nopinion = "Opinion"', "the Bluesky labeler calls no claim that"),
        ('[rating_words.en.labeler]\nfalse = "Pinocchio"', "knows no word in 'Pinocchio'"),
        ('[rating_words.en]\nduke = "x"', "write [rating_words.en.duke]"),
        (f'[rating_words.en.google]\nfalse = "{"x" * 41}"', "40 characters"),
        ('[claimreview]\nreader = "dukes"', "claimreview.reader: no such value: dukes did you mean 'duke'?"),
    ],
)
def test_what_is_wrong_is_said_with_the_nearest(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        made("claimreview", text)
    assert said in f"{caught.value.what} {caught.value.hint}"
