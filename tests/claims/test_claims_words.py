"""Forms of verbs from stems, and tables of phrases: found however they are typed."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from factcheck.claims.grammar import GrammarData, built
from factcheck.claims.paradigms import forms
from factcheck.claims.words import Phrases, words
from factcheck.folding import fold_with_offsets

TABLES = {"person": ("م", "", "ند"), "neg": ("ن",)}


def test_forms_are_all_of_templates_by_tables_and_none_without_its_stem() -> None:
    found = list(forms(("{past}{person}", "{neg}{past}{person}", "می‌{present}د"), {"past": "گفت"}, TABLES))
    assert found == ["گفتم", "گفت", "گفتند", "نگفتم", "نگفت", "نگفتند"]
    assert list(forms(("می‌{present}د",), {"present": "گوی|گو"}, TABLES)) == ["می‌گوید", "می‌گود"]


@pytest.mark.parametrize("typed", ["می‌گوید", "می گوید", "میگوید", "مي‌گويد"])
def test_a_phrase_is_found_however_its_half_space_is_typed(typed: str) -> None:
    table = Phrases([("می‌گوید", 1)])
    sentence = words(fold_with_offsets(f"او {typed} که").text)
    (hit,) = table.find(sentence)
    assert (hit.value, sentence[hit.first - 1].key, sentence[hit.last].key) == (1, "او", "که")
    assert typed in table


def test_the_longest_phrase_is_found_and_none_inside_of_another() -> None:
    table = Phrases([("said", "a"), ("said no", "b"), ("no", "c")])
    assert [(hit.first, hit.last, hit.value) for hit in table.find(words("He said no, no."))] == [
        (1, 3, "b"), (4, 5, "c"),
    ]  # fmt: skip
    assert [hit.value for hit in table.find(words("He said no"), 0, 2)] == ["a"]


def test_a_file_with_a_key_that_nobody_reads_is_refused() -> None:
    with pytest.raises(ValidationError, match="verbz"):
        GrammarData.model_validate({"word_order": "verb_last", "verbz": []})


def test_a_grammar_knows_each_form_with_its_flags_and_all_classes_of_a_phrase() -> None:
    data = GrammarData.model_validate(
        {
            "word_order": "either_side",
            "templates": {"regular": ("{base}", "{base}s", "{base}ed")},
            "verbs": [{"templates": ["regular"], "flags": ["judges"], "stems": [{"base": "call"}]}],
            "classes": {"role": ["head"], "body": ["head", "arm"]},
        }
    )
    found = built("xx", data)
    assert [hit.value.flags for hit in found.verbs.find(words("He called"))] == [frozenset({"judges"})]
    assert [hit.value for hit in found.classes.find(words("arm head"))] == [
        frozenset({"body"}), frozenset({"role", "body"}),
    ]  # fmt: skip
