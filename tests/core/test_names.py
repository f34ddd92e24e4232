from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from factcheck import names
from factcheck.errors import UsageError
from factcheck.text import ZWNJ

KINDS: tuple[names.Kind, ...] = get_args(names.Kind)
GOOD = [
    "spring",
    "week-47",
    "2026-11-week-47",
    "2026-11-22-evening",
    "november-2026",
    "x",
    "v3-final",
    "versions",
    "هفته-۴۷",
    f"هفته{ZWNJ}نامه",
    "نشرة_٤٧",
    "Zürich",
    "東京-1",
    "हिन्दी",
    "_draft",
    "a" * 40,
]
BAD = {
    "": "needs a name",
    "3": "version number",
    "۱": "version number",
    "٠٠٧": "version number",
    "３": "version number",
    "v3": "version number",
    "V12": "version number",
    "v۳": "version number",
    "9" * 39: "version number",
    "2026-11": "a date",
    "۲۰۲۶-۱۱": "a date",
    "1405-08": "a date",
    "2026-11-05": "a date",
    "2026-13": "a date",
    "2026-W47": "a date",
    "20261105T12": "a date",
    "47-48": "a number or a date",
    "_": "a number or a date",
    "latest": "a version",
    "Newest": "a version",
    "TODAY": "a version",
    "yesterday": "a version",
    ".": "begin with '.'",
    "..": "begin with '.'",
    ".hidden": "begin with '.'",
    "-x": "begin with '-'",
    "week 47": "a space",
    " week": "a space",
    "week\u00a047": "a space",
    "week\n47": "does not show (U+000A)",
    "a/b": "a slash",
    "a\\b": "a slash",
    "../../etc": "begin with '.'",
    "\x1b[31mred": "does not show (U+001B)",
    "a\u202eb": "does not show (U+202E)",
    "a\u200fb": "does not show (U+200F)",
    "a\u2067b": "does not show (U+2067)",
    "a\u200bb": "does not show (U+200B)",
    "a\u3164b": "does not show (U+3164)",
    "a\udcffb": "does not show (U+DCFF)",
    "a\x00b": "does not show (U+0000)",
    f"{ZWNJ}a": "outside a word",
    f"a{ZWNJ}": "outside a word",
    f"a-{ZWNJ}b": "outside a word",
    "a:b": "':'",
    "a*": "'*'",
    "a%20b": "'%'",
    "😀": "'😀'",
    "x" * 301: "too long",
    "م" * 101: "too long",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", GOOD)
def test_a_name_is_kept_as_it_is(kind: names.Kind, name: str) -> None:
    assert names.check(kind, name) == name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", BAD)
def test_what_is_no_name_is_said_in_words(kind: names.Kind, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        names.check(kind, name)
    assert BAD[name] in caught.value.what
    assert caught.value.hint
    said = f"{caught.value} {caught.value.hint}"
    assert all(char.isprintable() or char == ZWNJ for char in said)
    assert len(said) < 300


def test_a_space_is_answered_with_the_name_without_it() -> None:
    with pytest.raises(UsageError) as caught:
        names.check("tag", "weekly edition")
    assert caught.value.hint == "write it as weekly-edition"


def test_one_name_has_one_form() -> None:
    apart = unicodedata.normalize("NFD", "é-آ")
    assert names.check("tag", apart) == "é-آ"


def test_a_projects_name_is_shorter_and_has_no_dots() -> None:
    assert names.check("release", "a.b") == "a.b"
    for name in ("a.b", "x" * 41):
        with pytest.raises(UsageError):
            names.check("project", name)


def test_a_record_can_hold_a_name() -> None:
    class Holder(BaseModel):
        name: names.ProjectName

    assert Holder(name="spring").name == "spring"
    with pytest.raises(ValidationError, match="version number; use a name"):
        Holder(name="۳")


@given(st.text(max_size=120))
def test_no_text_is_both_a_name_and_a_version(text: str) -> None:
    try:
        kept = names.check("tag", text)
    except UsageError:
        return
    assert names.check("tag", kept) == kept
    assert names.as_number(kept) is None
    assert names.as_moment(kept) is None
    assert "/" not in kept
    assert len(kept.encode()) <= 200


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("v3", 3), ("۳", 3), ("007", 7), ("0", 0), ("9" * 5_000, 10**18), ("v", None), ("3 ", None), ("", None)],
)
def test_version_numbers(text: str, number: int | None) -> None:
    assert names.as_number(text) == number


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026", datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2026-02", datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("۲۰۲۶-۰۲-۰۳", datetime(2026, 2, 3, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("9999-12-31", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2026-11-06T12:00:00+03:30", datetime(2026, 11, 6, 8, 30, tzinfo=UTC)),
        ("2026-11-06T12:00", datetime(2026, 11, 6, 12, tzinfo=UTC)),
        ("9999-12-31T23:59:59-14:00", datetime.max.replace(tzinfo=UTC)),
        ("0001-01-01T00:00+14:00", datetime.min.replace(tzinfo=UTC)),
        ("spring", None),
        ("", None),
        ("\udcff", None),
    ],
)
def test_moments(text: str, moment: datetime | None) -> None:
    assert names.as_moment(text) == moment


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-02-30", "2026-02-00", "0000", "0000-01-01"])
def test_dates_that_do_not_exist(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        names.as_moment(text)
