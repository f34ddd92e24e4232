from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from factcheck import settings
from factcheck.errors import AuthError, ConfigError, InsecureUrl, TokenExposed


def write(folder: Path, text: str) -> Path:
    (folder / settings.FILE_NAME).write_text(text, "utf-8")
    return folder


def test_defaults_need_no_file(tmp_path: Path) -> None:
    assert settings.load(tmp_path, {}).verdicts.min_votes == 2


def test_environment_beats_file(tmp_path: Path) -> None:
    write(tmp_path, "[dataset]\npath = 'file'\n")
    environment = {"FACTCHECK_DATASET_PATH": "environment"}
    assert settings.load(tmp_path, {}).dataset.path == "file"
    assert settings.load(tmp_path, environment).dataset.path == "environment"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[desk]\nlanguag = 'fa'\n", "'desk.language'"),
        ("[claimz]\n", "'claims'"),
        ("[projects.main]\ntitel = 'x'\n", "'projects.main.title'"),
    ],
)
def test_an_unknown_key_is_an_error_with_the_nearest_name(tmp_path: Path, text: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings.load(write(tmp_path, text), {})
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "text", ["[desk\n", "root = '/'\n", "[verdicts]\nmin_votes = 0\n", "[verdicts]\npolicy = 'coin'\n"]
)
def test_wrong_files_are_configuration_errors(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        settings.load(write(tmp_path, text), {})


@pytest.mark.parametrize("name", ["a:b", "", "-x", "a b", "x" * 41, "2026", "latest"])
def test_a_project_has_a_name_that_its_mark_can_hold(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"'{name}' is no name for one of projects"):
        settings.load(write(tmp_path, f"[projects.'{name}']\n"), {})
    assert "فارسی-2" in settings.load(write(tmp_path, "[projects.'فارسی-2']\n"), {}).projects


@pytest.mark.parametrize("section", ["projects.main", "queue"])
@pytest.mark.parametrize("title", ["ab", "x" * 51])
def test_a_title_is_one_that_label_studio_takes(tmp_path: Path, section: str, title: str) -> None:
    with pytest.raises(ConfigError, match="title"):
        settings.load(write(tmp_path, f"[{section}]\ntitle = '{title}'\n"), {})


def test_a_token_never_stands_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        settings.load(write(tmp_path, "[studio]\ntoken = 'abc'\n"), {})


def test_the_token_comes_from_the_environment_or_a_private_file(tmp_path: Path) -> None:
    desk = settings.load(tmp_path, {})
    with pytest.raises(AuthError, match="no Label Studio token"):
        settings.token(desk, {})
    assert settings.token(desk, {settings.TOKEN_VARIABLE: "abc"}) == "abc"
    path = tmp_path / desk.studio.token_file
    path.parent.mkdir()
    path.write_text("secret\n", "ascii")
    path.chmod(0o644)
    with pytest.raises(TokenExposed) as caught:
        settings.token(desk, {})
    assert "chmod 600" in caught.value.hint
    path.chmod(0o600)
    assert settings.token(desk, {}) == "secret"
    for empty in ("", " \n"):
        path.write_text(empty, "ascii")
        with pytest.raises(AuthError, match="is empty"):
            settings.token(desk, {settings.TOKEN_VARIABLE: empty})


def test_plain_http_to_another_machine_needs_an_explicit_switch() -> None:
    with pytest.raises(InsecureUrl):
        settings.check_url("http://studio.example.org", allow_http=False)
    assert settings.check_url("http://studio.example.org/", allow_http=True) == "http://studio.example.org"
    assert settings.check_url("http://127.0.0.1:8080/", allow_http=False) == "http://127.0.0.1:8080"
    assert settings.check_url("https://studio.example.org", allow_http=False)
    with pytest.raises(ConfigError, match="password"):
        settings.check_url("https://me:secret@studio.example.org", allow_http=False)
    with pytest.raises(ConfigError):
        settings.check_url("studio.example.org", allow_http=False)


def test_settings_are_frozen(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        settings.load(tmp_path, {}).desk.name = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        ("desk = 1\n", {"FACTCHECK_DESK_NAME": "x"}),
        ("desk = []\n", {"FACTCHECK_DESK_NAME": "x"}),
        ("a = " + "[" * 3000, {}),
        ("a = " + "9" * 5000, {}),
        ('[exports]\npath = "\\u0000"\n', {}),
        ('[dataset]\npath = "\\u0000"\n', {}),
        ("[studio]\nfull_pull_hours = 1e300\n", {}),
        ("[studio]\nfull_pull_hours = inf\n", {}),
        ("[studio]\nmissing_votes = 99999999999999999999\n", {}),
        ("[verdicts]\nmin_votes = 99999999999999999999\n", {}),
        ("[verdicts]\nmargin = 99999999999999999999\n", {}),
    ],
)
def test_what_nothing_can_be_made_of_is_a_configuration_error(
    tmp_path: Path, text: str, environment: dict[str, str]
) -> None:
    with pytest.raises(ConfigError):
        settings.load(write(tmp_path, text), environment)


@pytest.mark.parametrize("value", ["a\nb: c", "a b", "\x1b[31m", "۱", "\udcff"])
def test_a_token_is_what_a_header_can_carry(tmp_path: Path, value: str) -> None:
    with pytest.raises(AuthError, match="is not a token"):
        settings.token(settings.load(tmp_path, {}), {"FACTCHECK_TOKEN": value})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:99999999", "http://[::1", "http://a\x1bb", "http://a\udcff", "ftp://a"]
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="is not an http"):
        settings.check_url(url, allow_http=True)


def test_brackets_that_are_no_list_are_a_name(tmp_path: Path) -> None:
    assert settings.load(tmp_path, {"FACTCHECK_VERDICTS_ROSTER": "[" * 5000}).verdicts.roster == ["[" * 5000]


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ('[desk]\nname = ""', "'desk.name': has no letter or digit in it", "The desk's name"),
        (f'[desk]\nname = "{"x" * 201}"', "'desk.name': is longer than 200 characters", "Fact-checking desk"),
        ('[projects.main]\ntitle = "T"', "'projects.main.title': is shorter than 3 characters", "free to change"),
        ('[verdicts]\nmin_votes = "two"', "'verdicts.min_votes'", "Fewer votes give no verdict. Default: 2"),
        ("[verdicts]\nroster = [3]", "'verdicts.roster.0'", "E-mail addresses of those whose votes count"),
        ("[studio]\nurl = 3", "'studio.url'", "Address of the server"),
        ("desk = 3", "'desk'", "`factcheck init`"),
        ("[projects]\nmain = 3", "'projects.main'", "`factcheck init`"),
        ("projects = 3", "'projects'", "`factcheck init`"),
    ],
)
def test_a_wrong_value_is_told_with_what_the_key_is_for(tmp_path: Path, text: str, what: str, hint: str) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        settings.load(tmp_path, {})
    assert what in caught.value.what
    assert hint in caught.value.hint
