from __future__ import annotations

import pytest

from factcheck.notation import json_value, toml_table


@pytest.mark.parametrize("text", ["", "[", "[" * 100_000, '{"a":' * 50_000, "9" * 5000, b"\xff", "[1,]"])
def test_what_is_no_json_is_one_kind_of_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        json_value(text)


@pytest.mark.parametrize("text", ["a", "a = " + "[" * 3000, f"a = {'[' * 3000}{']' * 3000}", "a = " + "9" * 5000])
def test_what_is_no_toml_is_one_kind_of_error(text: str) -> None:
    with pytest.raises(ValueError):
        toml_table(text)


def test_what_is_good_is_read() -> None:
    assert json_value('{"a": [1]}') == toml_table("a = [1]") == {"a": [1]}
