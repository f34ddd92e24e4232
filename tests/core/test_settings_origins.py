"""Nothing that somebody set is without effect in silence: it holds, with its place, or it is refused by name."""

from __future__ import annotations

import json
import os
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from typer.testing import CliRunner

from factcheck import settings
from factcheck.cli import app
from factcheck.errors import ConfigError
from factcheck.notation import toml_table
from factcheck.settings import origins, variables
from factcheck.settings.model import NAMED, Settings
from factcheck.settings.values import language
from tests.answers import answer

MANY = 10_000 if os.environ.get("FACTCHECK_EXHAUSTIVE") else 400
KEYS = [
    (section, *name, key)
    for section, field in Settings.model_fields.items()
    if section != "root"
    for name in ([("main",)] if section in NAMED else [()])
    for key in (NAMED.get(section) or field.annotation).model_fields  # type: ignore[union-attr]
]
VALUES = st.sampled_from(
    [
        "", " ", "true", "yes", "0", "1", "3", "0.7", "1e9", "-1", "nan", "fa", " fa , ar ", '["en"]', "farsi", "[",
        "a@b.c",
        "a@b.c, d@e.f", "https://desk.example", "http://me:secret@desk.example", "majority", "dawid_skene", "Tehran",
        "Asia/Tehran", "jalali", "CC0-1.0", "folder/x", "s3://k:secret@bucket/x", "میز", "a\nb", "{}", "[]", "null",
    ]
)  # fmt: skip


def _variable(key: tuple[str, ...]) -> str:
    return "FACTCHECK_" + ("__" if key[0] in NAMED else "_").join(key).upper()


@st.composite
def environments(draw: st.DrawFn) -> dict[str, str]:
    found = {_variable(draw(st.sampled_from(KEYS))): draw(VALUES) for _ in range(draw(st.integers(0, 3)))}
    if draw(st.booleans()):
        name = draw(st.sampled_from([*map(_variable, KEYS)]))
        place = draw(st.integers(len("FACTCHECK_"), len(name)))
        letter = draw(st.sampled_from(string.ascii_uppercase + "_"))
        found[name[:place] + letter + name[place + 1 :]] = draw(VALUES)
    return found


@st.composite
def files(draw: st.DrawFn) -> str:
    table: dict[tuple[str, ...], dict[str, Any]] = {}
    for _ in range(draw(st.integers(0, 3))):
        *where, key = draw(st.sampled_from(KEYS))
        if draw(st.integers(0, 9)) == 0:
            key = key[:-1] or "x"
        value = draw(st.one_of(VALUES, st.booleans(), st.integers(-1, 9), st.lists(VALUES, max_size=2)))
        table.setdefault(tuple(where), {})[key] = value
    lines = []
    for where, pairs in table.items():
        lines += ["", f"[{'.'.join(where)}]"]
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in pairs.items()]
    return "\n".join(lines) + "\n"


@pytest.mark.slow  # `make chaos` runs ten thousand
@how(max_examples=MANY, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=files(), environment=environments())
def test_what_was_set_holds_from_its_place_or_is_refused_by_name(
    tmp_path: Path, text: str, environment: dict[str, str]
) -> None:
    path = tmp_path / settings.FILE_NAME
    path.write_text(text, "utf-8")
    found = _held(tmp_path, environment)
    if isinstance(found, ConfigError):
        assert found.subject in {str(path), *environment}
        assert found.hint
        assert "secret" not in f"{found} {found.hint}"
        return
    written = {one.key: one for one in found}
    assert {one.where for one in found if one.origin == "environment"} == {*environment}
    table = toml_table(text)
    expected = dict(_set(table))
    for key, value in expected.items():
        one = written[key]
        assert one.origin in {"file", "environment"}
        if one.origin == "file":
            assert one.where is not None
            line = text.split("\n")[int(one.where.partition(":")[2]) - 1]
            assert line.startswith(f"{key.rpartition('.')[2]} = ")
            assert one.value == value or _read_alike(value, one.value)
    assert {key for key, one in written.items() if one.origin == "file"} <= {*expected}
    assert "secret" not in json.dumps([one._asdict() for one in found], default=str)


def _held(root: Path, environment: dict[str, str]) -> list[origins.Held] | ConfigError:
    try:
        return origins.held(root, environment)[1]
    except ConfigError as error:
        return error


def _set(table: dict[str, Any]) -> list[tuple[str, Any]]:
    found = []
    for section, inside in table.items():
        for key, value in inside.items():
            pairs = value.items() if section in NAMED else [(None, value)]
            found += [(".".join(filter(None, (section, key, inner))), it) for inner, it in pairs]
    return found


def _read_alike(written: Any, held: Any) -> bool:
    """What a setting makes of a text without losing any of it: blanks around it, a blank one, a number, a user."""
    if isinstance(written, list):
        return bool([text.strip() for text in written if text.strip()] == held)
    if isinstance(written, str) and (not written.strip() or "***" in str(held)):
        return held is None or "***" in str(held)
    return str(held).lower() == str(written).lower() or _as_number(written) == _as_number(held)


def _as_number(value: Any) -> float | None:
    try:
        return {"true": 1.0, "yes": 1.0}.get(str(value).lower()) or float(value)
    except (TypeError, ValueError):
        return None


def test_a_source_comes_from_the_environment_too(tmp_path: Path) -> None:
    found = settings.load(tmp_path, {"FACTCHECK_SOURCES__WIRE__FOLDER": "in", "FACTCHECK_SOURCES__WIRE__LANG": "fa"})
    assert (found.sources["wire"].folder, found.sources["wire"].lang) == ("in", "fa")
    with pytest.raises(ConfigError, match="needs exactly one of") as caught:
        settings.load(tmp_path, {"FACTCHECK_SOURCES__WIRE__LANG": "fa"})
    assert caught.value.subject


def test_a_variable_that_two_projects_share_is_refused(tmp_path: Path) -> None:
    (tmp_path / settings.FILE_NAME).write_text("[projects.a-b]\n[projects.a_b]\n", "utf-8")
    with pytest.raises(ConfigError, match="may mean any of these"):
        settings.load(tmp_path, {"FACTCHECK_PROJECTS__A_B__TITLE": "City"})


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("FA", "'fa'"), ("per", "'fa'"), ("fa-IR", "'fa'"), ("Persain", "'fa'"), ("arabic", "'ar'"), ("xx", "such as")],
)
def test_a_language_that_is_none_is_refused_with_the_code_that_was_meant(wrong: str, meant: str) -> None:
    with pytest.raises(ValueError, match="ISO 639") as caught:
        language(wrong)
    assert meant in str(caught.value)
    assert [language(code) for code in ("fa", "ckb")] == ["fa", "ckb"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("FACTCHECK_DESK_LANGUAGES", "fa,farsi"), ("FACTCHECK_PROJECTS__MAIN__LANGUAGES", "per"),
        ("FACTCHECK_VERDICTS_ROSTER", "omid"), ("FACTCHECK_VERDICTS_LEADS", "a b@c.d"),
        ("FACTCHECK_STUDIO_URL", "studio.example"), ("FACTCHECK_STUDIO_URL", "https://me:secret@studio.example"),
        ("FACTCHECK_LLM_URL", "ftp://models.example"),
    ],
)  # fmt: skip
def test_what_is_no_language_address_or_server_is_refused(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings.load(tmp_path, {variable: value})
    assert caught.value.subject == variable
    assert "secret" not in str(caught.value)


def test_an_empty_variable_of_a_setting_that_may_be_left_out_is_none(tmp_path: Path) -> None:
    empty = {"FACTCHECK_STUDIO_URL": "", "FACTCHECK_LLM_URL": " "}
    assert settings.load(tmp_path, empty) == settings.load(tmp_path, {})


def test_a_folder_without_a_file_is_a_desk_where_the_environment_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["--desk", str(tmp_path), "config", "--set", "--json"]
    assert answer(CliRunner().invoke(app, asked).stdout)["error"]["code"] == "USAGE"
    monkeypatch.setenv("FACTCHECK_DESK_NAME", "Container desk")
    monkeypatch.setenv("FACTCHECK_TOKEN", "s3cret")
    monkeypatch.setenv("FACTCHECK_PROJECTS__CITY__LANGUAGES", "fa, ar")
    done = CliRunner().invoke(app, asked)
    told = answer(done.stdout)
    assert {one["key"]: (one["value"], one["where"]) for one in told["settings"] if "STUDIO" not in one["where"]} == {
        "desk.name": ("Container desk", "FACTCHECK_DESK_NAME"),
        "projects.city.languages": (["fa", "ar"], "FACTCHECK_PROJECTS__CITY__LANGUAGES"),
    }
    assert "s3cret" not in done.output
    assert told["secrets"][0]["where"] == "FACTCHECK_TOKEN"


def test_a_person_reads_values_and_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / settings.FILE_NAME).write_text(
        '# ours\n[desk]\nname = "Desk"\nlanguages = [\n  "fa",\n]\nurl = "https://desk.example"\n', "utf-8"
    )
    monkeypatch.setenv("FACTCHECK_VERDICTS_MIN_VOTES", "3")
    said = CliRunner().invoke(app, ["--desk", str(tmp_path), "config"]).stdout
    assert 'desk.name = "Desk"   # factcheck.toml:3\n' in said
    assert 'desk.languages = ["fa"]   # factcheck.toml:4\n' in said
    assert 'desk.url = "https://desk.example"   # factcheck.toml:7\n' in said
    assert "verdicts.min_votes = 3   # FACTCHECK_VERDICTS_MIN_VOTES\n" in said
    assert "verdicts.margin = 1   # default\n" in said
    assert "token: not set\n" in said


def test_the_variables_of_the_law_are_all_there_are() -> None:
    assert variables.settings({_variable(key): "" for key in KEYS}, {}) == {key: _variable(key) for key in KEYS}
