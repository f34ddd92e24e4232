"""The language of an article, out of those the desk works in."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from factcheck.errors import ConfigError
from factcheck.folding import fold_in_place

_READ = 400  # code points; more of an article does not change the answer
_ENOUGH = 200  # below this many letters a language that the desk does not read is not believed
_ARABIC_LETTERS = frozenset({"ar", "ur", "ps", "ckb", "ug", "sd"})
_PERSIAN = frozenset(
    fold_in_place("""
    را این است که از با به در می برای شد کرد های ها گفت بود هم تا آن خود نیز شده کرده داد دارد باید شود پس ای
    یا اما وی او هر چه یک دو نمی شدند کردند بر دیگر همه
""").split()
)
_ARABIC = frozenset(
    fold_in_place("""
    في من على إلى أن التي الذي هذا هذه عن مع لم قد كما ما لا بعد بين كان كانت ذلك تلك حيث عند أو إن لكن ليس
    قال وقال منذ خلال وقد وفي ومن وهو وهي هو هي لها له بها فيه فيها
""").split()
)
"""Words that say which of the two languages it is."""
_ENGLISH = frozenset(
    fold_in_place("""
    the of to and in that was for is on with as by at he his from it be has have had an are not this which said who
    were been but they their will would
""").split()
)
_FUNCTION_WORDS = {"fa": _PERSIAN, "ar": _ARABIC, "en": _ENGLISH}
_SURE = 0.2
"""The share of function words from which a text needs no model; other languages in these scripts have below .1."""
_FEWEST = 20
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_ARABIC = re.compile("[پچژگ]")  # an Arabic text has them in a foreign name at most
# Letters of Urdu, Pashto, Sindhi, Kurdish and Uighur: a Persian text has them in a foreign name at most.
_NO_PERSIAN = re.compile("[ٹڈڑںےہھښځڅډړېۍږګڼڪٻڀڄڃڇڏڊڙڳڱێۆڵڕەۇۈۋڭ]")
_OF_A_NAME = 50
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")


class Language(NamedTuple):
    """ISO 639 code or None where there are no letters; `expected` is false for a language the desk did not name."""

    code: str | None
    expected: bool


def language(text: str, languages: Sequence[str]) -> Language:
    """The language of the text among `languages` (all the model knows, where empty).

    A longer text in a language that is not among them is called by its own name and not forced into one of them.
    Raises ConfigError for a code that the model does not know.
    """
    # The model takes 80 MB and most of a second; articles in a desk's own languages are told without it.
    others = [code for code in languages if code not in _FUNCTION_WORDS]
    if others and (unknown := [code for code in others if code not in _identifier().labels]):
        raise ConfigError(
            f"unknown language {unknown[0]!r}",
            subject="desk.languages",
            hint=f"use ISO 639-1 codes from this list: {' '.join(sorted(_identifier().labels))}",
        )
    sample = _ADDRESS.sub(" ", text[:_READ])
    letters = sum(map(len, _LETTERS.findall(sample)))
    if not letters:
        return Language(None, expected=True)
    if (code := _by_words(sample)) is not None and (not languages or code in languages):
        return Language(code, expected=True)
    ranked: list[tuple[str, float]] = _identifier().rank(sample)
    if ranked[0][0] in _ARABIC_LETTERS and (not languages or "fa" in languages) and _is_persian(sample):
        return Language("fa", expected=True)
    if not languages or ranked[0][0] in languages:
        return Language(ranked[0][0], expected=True)
    if letters >= _ENOUGH:
        return Language(ranked[0][0], expected=False)
    return Language(next(code for code, _ in ranked if code in languages), expected=True)


def _by_words(sample: str) -> str | None:
    """The language whose function words are common in the sample; None where none is, or the sample is short."""
    words = fold_in_place(sample).split()
    if len(words) < _FEWEST:
        return None
    found = {code: sum(word in known for word in words) for code, known in _FUNCTION_WORDS.items()}
    found["ar"] += sum(word.startswith("ال") for word in words if word not in _ARABIC)
    return next((code for code, count in found.items() if count >= _SURE * len(words)), None)


def _is_persian(sample: str) -> bool:
    """Whether the words are Persian, also where it was typed on an Arabic keyboard (ي ك for ی ک)."""
    if len(_NO_PERSIAN.findall(sample)) * _OF_A_NAME > len(sample):
        return False
    words = fold_in_place(sample).split()
    persian = sum(word in _PERSIAN for word in words)
    arabic = sum(word in _ARABIC or word.startswith("ال") for word in words)
    return persian > arabic and (persian * 12 > len(words) or _NO_ARABIC.search(sample) is not None)


@functools.cache
def _identifier() -> Any:
    """The model of the py3langid package (0.7 s), loaded at the first article that needs it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
