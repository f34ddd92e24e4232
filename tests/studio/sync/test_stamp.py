"""The stamp in a project's description: the version that was last pulled, which a server put back does not know."""

from __future__ import annotations

from factcheck.studio.page.label_config import label_config
from factcheck.studio.sync.config_state import config_state
from factcheck.studio.sync.project import described, version_of

MARK = "factcheck:1b4e28ba-2fa1-11d2-883f-0016d3cca427:main"
CONFIG = label_config("fa")


def test_a_description_without_a_stamp_is_older_than_any_and_one_without_our_mark_says_nothing() -> None:
    made = described("", MARK, CONFIG)
    assert version_of(made, MARK) == 0
    assert version_of("Our desk's project. version:17", MARK) is None
    assert version_of(made.replace(MARK, f"{MARK} version:17"), MARK) == 17
    assert version_of(f"{MARK} version:17 and version 18", MARK) == 17
    assert version_of(f"{MARK} conversion:17", MARK) == 0
    assert version_of(made.replace(MARK, f"{MARK}-2 version:17"), MARK) is None, "the mark of another project"


def test_where_the_mark_was_taken_out_the_stamp_comes_back_with_it() -> None:
    again = described("People write here.", MARK, CONFIG, version=17)
    assert again.startswith("People write here.")
    assert version_of(again, MARK) == 17
    assert config_state(CONFIG, CONFIG, again) == "ours"
    assert described(again, MARK, CONFIG, version=17) == again
    assert described(again, MARK, CONFIG, version=99) == again, "only a pull stamps a project that has our mark"
