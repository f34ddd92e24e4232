from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.settings.editing import with_item

TEMPLATE = re.sub(r"\{\w+\}", '"x"', files("factcheck.pipeline").joinpath("template.toml").read_text("utf-8"))
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
LISTS = st.lists(TEXTS, max_size=4, unique=True)


def basic(text: str) -> str:
    """A TOML string of it."""
    return '"' + "".join(f"\\U{ord(char):08X}" for char in text) + '"'


@given(before=LISTS, value=TEXTS, other=TEXTS)
def test_the_value_is_added_and_nothing_else_changes(before: list[str], value: str, other: str) -> None:
    leads = ", ".join(map(basic, before))
    text = f"# ours\n[desk]\nname = {basic(other)} # said\n[verdicts]\nmargin = 1\nleads = [{leads}] # who\n\n[queue]\n"
    made = with_item(text, "verdicts", "leads", value)
    assert tomllib.loads(made) == {
        "desk": {"name": other},
        "verdicts": {"margin": 1, "leads": [*before, value]},
        "queue": {},
    }
    assert [line for line in made.split("\n") if not line.startswith("leads")] == [
        line for line in text.split("\n") if not line.startswith("leads")
    ]


def test_the_file_of_a_new_desk_changes_in_one_line() -> None:
    before, made = TEMPLATE.splitlines(), with_item(TEMPLATE, "verdicts", "leads", "a@b.example").splitlines()
    ((old, new),) = [pair for pair in zip(before, made, strict=True) if pair[0] != pair[1]]
    assert new == old.replace("[]", '["a@b.example"]')


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", '[verdicts]\nleads = ["a@b.example"]\n'),
        ("[desk]\nname = 'X' # ours\n", "[desk]\nname = 'X' # ours\n\n[verdicts]\nleads = [\"a@b.example\"]\n"),
        (
            '[verdicts]\nleads = [\n  "z@b.example", # the chief\n]\n# end\n',
            '[verdicts]\nleads = [\n  "z@b.example", # the chief\n  "a@b.example",\n]\n# end\n',
        ),
        ("verdicts = { margin = 2 } # inline\n", 'verdicts = { margin = 2 , leads = ["a@b.example"]} # inline\n'),
    ],
    ids=["empty", "no table", "many lines", "inline table"],
)
def test_layout_and_comments_stay(text: str, wanted: str) -> None:
    made = with_item(text, "verdicts", "leads", "a@b.example")
    assert tomllib.loads(made) == tomllib.loads(wanted)
    assert [line.partition("#")[2] for line in made.split("\n") if "#" in line] == [
        line.partition("#")[2] for line in wanted.splitlines() if "#" in line
    ]


@pytest.mark.parametrize("text", ["[desk", "verdicts = 3\n", '[verdicts]\nleads = "x"\n', "[[verdicts]]\nmargin = 1\n"])
def test_what_cannot_be_changed_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        with_item(text, "verdicts", "leads", "a@b.example")
