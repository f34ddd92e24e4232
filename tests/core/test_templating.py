"""Templates escape what they show, and miss nothing in silence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import factcheck
from factcheck.templating import template

PACKAGE = Path(factcheck.__file__).parent
TEMPLATES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.j2"))


def test_there_are_templates() -> None:
    assert len(TEMPLATES) == 21


@pytest.mark.parametrize("path", TEMPLATES)
def test_no_template_switches_escaping_off(path: str) -> None:
    text = (PACKAGE / path).read_text("utf-8")
    assert re.search(r"\|\s*safe\b", text.split("#}")[-1]) is None
    assert "autoescape" not in text
    assert template(path).environment.autoescape is True


def test_what_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        template("exporters/diff_page.html.j2").render(rows=[])
