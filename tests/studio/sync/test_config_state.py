"""What a labeling config on the server is: ours, an earlier one of ours, edited, or one that turns answers around."""

from __future__ import annotations

import pytest

from factcheck.languages import Language
from factcheck.studio.page.label_config import label_config, queue_config
from factcheck.studio.page.translations import WORDINGS
from factcheck.studio.sync.config_state import WRITTEN, ConfigState, config_digest, config_state, stamped

OURS = label_config("en")
MARK = "factcheck:0b7d:main"
EVERY = [made(language) for language in WORDINGS for made in (label_config, queue_config)]


def swapped(one: str, other: str) -> str:
    return OURS.replace(one, "\0").replace(other, one).replace("\0", other)


SELECTED = OURS.replace('alias="verified"', 'alias="verified" selected="true"')
TWICE = OURS.replace("<Choice ", '<Choice value="No" alias="verified"/><Choice ', 1)
OLDER = """<View><Text name="claim" value="$claim"/>
<Choices name="verdict" toName="claim" choice="single-radio" required="true">
<Choice value="Verified" alias="verified" hotkey="1"/><Choice value="Disputed" alias="disputed" hotkey="2"/>
<Choice value="Opinion" alias="opinion" hotkey="3"/><Choice value="Not a checkable claim" alias="not_a_claim"/>
</Choices>
<TextArea name="rationale" toName="claim" placeholder="Why? Two sentences are enough."/>
<TextArea name="evidence" toName="claim"/>
<Choices name="confidence" toName="claim"><Choice value="Not very" alias="low"/><Choice value="Fairly" alias="medium"/>
<Choice value="Very" alias="high"/></Choices></View>"""
"""The page of format 3, in what an answer to it means."""
STATES: list[tuple[str, str, ConfigState]] = [
    ("as it is", OURS, "ours"),
    ("white space", OURS.replace("\n", "\n   ").replace("/>", " />"), "ours"),
    ("another language of ours", label_config("fa"), "older"),
    ("that of the queue", queue_config("en"), "older"),
    ("another question", OURS.replace("What did you find?", "Well?"), "edited"),
    ("another key", OURS.replace('hotkey="shift+1"', 'hotkey="9"'), "edited"),
    ("a hint", OURS.replace("Two sentences are enough.", "One is enough."), "edited"),
    ("a choice more", OURS.replace("<Choice ", '<Choice value="Half true" alias="half"/><Choice ', 1), "edited"),
    (
        "a choice less",
        "\n".join(line for line in OURS.splitlines() if 'alias="opinion"' not in line),
        "edited",
    ),
    ("a control more", OURS.replace("</View>", '<TextArea name="more" toName="claim"/></View>'), "edited"),
    ("a choice said in our Persian", OURS.replace("False or misleading", WORDINGS["fa"].disputed), "edited"),
    ("an older page, edited", OLDER.replace("Two sentences", "One sentence"), "edited"),
    ("an older page with a control more", OLDER.replace("</View>", '<TextArea name="more" toName="claim"/></View>'),
     "edited"),
    ("an older page turned", OLDER.replace("Disputed", "\0").replace("Verified", "Disputed").replace("\0", "Verified"),
     "meaning"),
    ("several may be chosen", OURS.replace("single-radio", "multiple"), "edited"),
    ("texts exchanged", swapped('value="Verified"', 'value="False or misleading"'), "meaning"),
    ("aliases exchanged", swapped('alias="verified"', 'alias="disputed"'), "meaning"),
    ("a text renamed", OURS.replace('value="False or misleading"', 'value="Opinions"'), "meaning"),
    ("a text over the text", OURS.replace('misleading" alias', 'misleading" html="Verified" alias'), "meaning"),
    ("an alias renamed", OURS.replace('alias="disputed"', 'alias="false"'), "meaning"),
    ("no aliases", OURS.replace('alias="disputed"', "").replace('alias="verified"', ""), "meaning"),
    ("a second choice of one name", TWICE, "meaning"),
    ("a confidence turned", swapped('alias="low"', 'alias="high"'), "meaning"),
    ("chosen before the checker comes", SELECTED, "meaning"),
    ("the verdict renamed", OURS.replace('name="verdict"', 'name="label"'), "meaning"),
    ("the rationale renamed", OURS.replace('name="rationale"', 'name="why"'), "meaning"),
    ("another kind", OURS.replace("<Choices ", "<Taxonomy ").replace("</Choices>", "</Taxonomy>"), "meaning"),
    ("about another text", OURS.replace('toName="claim"', 'toName="context"'), "meaning"),
    ("the claim shows another text", OURS.replace('value="$claim"', 'value="$context"'), "meaning"),
    ("no verdict at all", "<View><Text name='claim' value='$claim'/></View>", "meaning"),
    ("no XML", "<View>", "meaning"),
]  # fmt: skip


@pytest.mark.parametrize(("theirs", "state"), [row[1:] for row in STATES], ids=[row[0] for row in STATES])
def test_a_config_is_what_its_answers_mean(theirs: str, state: ConfigState) -> None:
    assert config_state(OURS, theirs, f"Claims. {MARK}") == state


@pytest.mark.parametrize("theirs", [row[1] for row in STATES if row[2] == "meaning"][:6])
def test_what_we_wrote_is_ours_whatever_it_says(theirs: str) -> None:
    description = stamped(f"Claims. {MARK}", MARK, theirs)
    assert config_state(OURS, theirs, description) == "older"
    assert config_state(OURS, theirs, stamped(description, MARK, OURS)) == "meaning"


def test_a_description_holds_one_digest_beside_the_mark() -> None:
    first = stamped(f"Ours: {MARK}. Bye.", MARK, OURS)
    assert first == f"Ours: {MARK} config:{config_digest(OURS)}. Bye."
    assert stamped(first, MARK, label_config("fa")) == f"Ours: {MARK} config:{config_digest(label_config('fa'))}. Bye."


@pytest.mark.parametrize("config", EVERY)
def test_every_config_that_a_release_wrote_is_on_the_list(config: str) -> None:
    assert config_digest(config) in WRITTEN, f"add {config_digest(config)} to WRITTEN; take none away"


def test_the_list_never_grows_shorter() -> None:
    assert {"08d0ce2324b7", "0ec86d883f95", "6c601a365cd6", "30c41f1b11a1", "89e8778b38ee"} <= WRITTEN


@pytest.mark.parametrize("one", WORDINGS)
@pytest.mark.parametrize("other", WORDINGS)
def test_no_language_of_ours_turns_an_answer_of_another(one: Language, other: Language) -> None:
    edited = label_config(other).replace('hotkey="shift+1"', 'hotkey="8"')
    assert config_state(label_config(one), edited, "") == "edited"
