"""The pages of allowed values and of the environment say what the settings take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from factcheck import settings
from factcheck.errors import ConfigError
from factcheck.settings.model import NAMED
from tests.docs import allowed_values

DOCS = Path(__file__).parents[2] / "docs"
VALUES = (DOCS / "values.md").read_text("utf-8")
ENVIRONMENT = (DOCS / "environment.md").read_text("utf-8")
SETTINGS = dict(re.findall(r"^\| `([a-z]+\.[\w.]+)` \| (.*) \|$", VALUES, re.MULTILINE))
WORDS = {name: re.findall(r"`(\w+)`", form) for name, form in SETTINGS.items() if form.startswith("`")}


@pytest.mark.parametrize("name", sorted(WORDS))
def test_each_word_of_a_setting_is_taken_and_no_other(tmp_path: Path, name: str) -> None:
    assert len(WORDS[name]) > 1
    variable = allowed_values.variable(name).replace("__NAME__", "__MAIN__")
    for word in WORDS[name]:
        settings.load(tmp_path, {variable: word})
    with pytest.raises(ConfigError):
        settings.load(tmp_path, {variable: "another_word"})


def test_every_setting_has_a_form_and_a_variable() -> None:
    names = [name for name, _ in allowed_values.settings()]
    assert [*SETTINGS] == names
    assert {*NAMED} == {name.partition(".")[0] for name in names if ".NAME." in name}
    for name in names:
        assert f"| `{allowed_values.variable(name)}` | `{name}` | {SETTINGS[name]} |" in ENVIRONMENT


def test_every_variable_of_others_is_one_that_a_page_or_a_module_speaks_of() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (DOCS.parent / "factcheck").rglob("*.py"))
    pages = "\n".join(path.read_text("utf-8") for path in DOCS.glob("*.md") if path.name != "environment.md")
    for name in allowed_values.ELSEWHERE:
        assert name in source or name in pages or name == "AWS_SESSION_TOKEN", name


def test_every_value_of_a_column_is_on_the_page() -> None:
    for kind in allowed_values._enums():
        section = re.search(rf"^### {kind.__name__}\n(.*?)(?=^##)", VALUES, re.MULTILINE | re.DOTALL)
        assert section is not None
        assert re.findall(r"^\| `(\w+)`", section[1], re.MULTILINE) == [*kind]
