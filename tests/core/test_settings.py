from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from factcheck import settings
from factcheck.errors import AuthError, ConfigError, InsecureUrl, TokenExposed
from factcheck.settings import variables


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


@pytest.mark.parametrize(
    ("text", "kept"), [("cc-by-4.0", "CC-BY-4.0"), ("", ""), ("https://desk.example/by", "https://desk.example/by")]
)
def test_a_licence_is_kept_in_its_own_letters(tmp_path: Path, text: str, kept: str) -> None:
    assert settings.load(write(tmp_path, f"[desk]\nlicence = '{text}'\n"), {}).desk.licence == kept


def test_a_text_that_is_no_licence_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        settings.load(write(tmp_path, "[desk]\nlicence = 'CC BY 4.0'\n"), {})
    said = f"{caught.value.what} {caught.value.hint}"
    assert "did you mean 'CC-BY-4.0'?" in said
    assert "licence" in said


@pytest.mark.parametrize("name", ["a:b", "", "-x", "a b", "x" * 41, "2026", "latest"])
def test_a_project_has_a_name_that_its_mark_can_hold(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=rf"the name '{name}' under \[projects\] is not valid"):
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
        ("projects = []\n", {"FACTCHECK_PROJECTS__MAIN__TITLE": "xyz"}),
        ("[projects]\nmain = 3\n", {"FACTCHECK_PROJECTS__MAIN__TITLE": "xyz"}),
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
    assert settings.load(tmp_path, {"FACTCHECK_PUBLISH_PROFILES": "[" * 5000}).publish.profiles == ["[" * 5000]
    with pytest.raises(ConfigError, match="is not an e-mail address"):
        settings.load(tmp_path, {"FACTCHECK_VERDICTS_ROSTER": '["a@b.c", '})


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ('[desk]\nname = ""', "'desk.name': contains no letter or digit", "The desk's name"),
        (f'[desk]\nname = "{"x" * 201}"', "'desk.name': is longer than 200 characters", "Fact-checking desk"),
        ('[projects.main]\ntitle = "T"', "'projects.main.title': is shorter than 3 characters", "you may change it"),
        (
            '[verdicts]\nmin_votes = "two"',
            "'verdicts.min_votes'",
            "A verdict needs at least this many votes. Default: 2",
        ),
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


@pytest.mark.parametrize(
    ("variable", "near"),
    [
        ("FACTCHECK_DESK_LANGUAG", "FACTCHECK_DESK_LANGUAGE"),
        ("FACTCHECK_DESK__LANGUAGE", "FACTCHECK_DESK_LANGUAGE"),
        ("FACTCHECK_Desk_Language", "FACTCHECK_DESK_LANGUAGE"),
        ("FACTCHECK_VERDICT_MIN_VOTES", "FACTCHECK_VERDICTS_MIN_VOTES"),
        ("FACTCHECK_TOKN", "FACTCHECK_TOKEN"),
        ("FACTCHECK_PROJECTS_MAIN_TITLE", "FACTCHECK_PROJECTS__MAIN__TITLE"),
        ("FACTCHECK_PROJECTS__CITY__TITEL", "FACTCHECK_PROJECTS__CITY__TITLE"),
        ("FACTCHECK_PROJECTS__A__B__TITLE", "FACTCHECK_PROJECTS__A__TITLE"),
        ("FACTCHECK_", "FACTCHECK_"),
        ("FACTCHECK_\udcff\x1b[31m", "FACTCHECK_"),
    ],
)
def test_a_misspelt_variable_is_an_error_with_the_nearest_name(tmp_path: Path, variable: str, near: str) -> None:
    with pytest.raises(ConfigError, match="unknown environment variable") as caught:
        settings.load(tmp_path, {variable: "s3cret"})
    assert f"did you mean {near}" in caught.value.hint
    assert caught.value.subject.isprintable()
    assert "s3cret" not in f"{caught.value} {caught.value.hint}"


def test_variables_of_others_are_left_to_them(tmp_path: Path) -> None:
    others = {"FACTCHECK_TOKEN": "t", "FACTCHECK_DESK": "{}", "FACTCHECK_TRACEBACK": "1", "FACTCHECKS": "x"}
    assert settings.load(tmp_path, others) == settings.load(tmp_path, {})


def test_every_variable_that_the_code_reads_is_known() -> None:
    root = Path(__file__).parents[2]
    files = [*(root / "factcheck").rglob("*.py"), *(root / "tests").rglob("*.py"), root / "Makefile"]
    reads = re.compile(r"(?:envvar=|environ(?:ment)?\.get\(|^export |@)\"?(FACTCHECK_[A-Z_]+)", re.MULTILINE)
    read = {name for path in files for name in reads.findall(path.read_text("utf-8"))}
    assert {"FACTCHECK_DESK", "FACTCHECK_STUDIO_POSTGRES", "FACTCHECK_EXHAUSTIVE"} <= read
    assert variables.settings(dict.fromkeys(read, ""), {}) == {
        ("studio", "environment"): "FACTCHECK_STUDIO_ENVIRONMENT"
    }


def test_projects_come_from_the_environment_too(tmp_path: Path) -> None:
    title = {"FACTCHECK_PROJECTS__MAIN__TITLE": "City desk"}
    assert settings.load(tmp_path, title).projects == {"main": settings.Project(title="City desk")}
    write(tmp_path, "[projects.Main]\ntitle = 'File'\nannotators_per_claim = 3\n[projects.week-47]\n")
    asked = settings.load(
        tmp_path,
        {
            **title,
            "FACTCHECK_PROJECTS__WEEK_47__LANGUAGES": " fa, ar ",
            "FACTCHECK_PROJECTS__NEW__PREDICTIONS": "true",
            "FACTCHECK_PROJECTS__MAIN__LANGUAGES": " ",
        },
    ).projects
    assert asked == {
        "Main": settings.Project(title="City desk", annotators_per_claim=3),
        "week-47": settings.Project(languages=["fa", "ar"]),
        "new": settings.Project(predictions=True),
    }


@pytest.mark.parametrize(
    ("value", "roster"),
    [
        ("", []), (" ", []), (",", []), ("a@b.c", ["a@b.c"]), (" a@b.c ,, d@e.f ", ["a@b.c", "d@e.f"]),
        (' ["a@b.c ", " "]', ["a@b.c"]), ("[]", []),
    ],
)  # fmt: skip
def test_a_list_comes_with_commas_or_as_json(tmp_path: Path, value: str, roster: list[str]) -> None:
    write(tmp_path, "[verdicts]\nroster = ['x@y.z']\n")
    assert settings.load(tmp_path, {"FACTCHECK_VERDICTS_ROSTER": value}).verdicts.roster == roster


def test_blanks_around_a_listed_text_are_none_of_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        "[desk]\nlanguages = [' fa', '']\n[projects.main]\nlanguages = ['ar ']\n[verdicts]\nleads = [' a@b.c']\n",
    )
    found = settings.load(tmp_path, {})
    assert (found.desk.languages, found.projects["main"].languages, found.verdicts.leads) == (["fa"], ["ar"], ["a@b.c"])


def test_a_wrong_value_of_a_variable_is_told_by_the_variables_name(tmp_path: Path) -> None:
    write(tmp_path, "[verdicts]\nmin_votes = 3\n")
    with pytest.raises(ConfigError, match=r"'verdicts\.min_votes'") as caught:
        settings.load(tmp_path, {"FACTCHECK_VERDICTS_MIN_VOTES": "two", "FACTCHECK_DESK_NAME": "Desk"})
    assert caught.value.subject == "FACTCHECK_VERDICTS_MIN_VOTES"
    assert "Default: 2" in caught.value.hint
    with pytest.raises(ConfigError, match="title") as caught:
        settings.load(tmp_path, {"FACTCHECK_PROJECTS__MAIN__TITLE": "T"})
    assert caught.value.subject == "FACTCHECK_PROJECTS__MAIN__TITLE"
    write(tmp_path, "[verdicts]\nmargin = 0\n")
    with pytest.raises(ConfigError, match=r"'verdicts\.margin'") as caught:
        settings.load(tmp_path, {"FACTCHECK_DESK_NAME": "Desk"})
    assert caught.value.subject.endswith(settings.FILE_NAME)


@pytest.mark.parametrize(
    "text",
    [
        "[verdicts]\nmin_votes = true\n", "[verdicts]\nmargin = true\n", "[verdicts]\nthreshold = true\n",
        "[studio]\nfull_pull_hours = false\n", "[studio]\nmissing_share = true\n",
        "[projects.main]\nannotators_per_claim = true\n", "[claims]\nmin_check_worthiness = true\n",
    ],
)  # fmt: skip
def test_true_is_no_number(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"must be a number, not (true|false)"):
        settings.load(write(tmp_path, text), {})


def test_what_the_file_and_the_environment_say_alike_is_alike(tmp_path: Path) -> None:
    """The one goes through the library, the other does not."""
    environment = {
        "FACTCHECK_DESK_NAME": "میز", "FACTCHECK_STUDIO_ALLOW_HTTP": "true", "FACTCHECK_VERDICTS_THRESHOLD": "0.8",
        "FACTCHECK_STUDIO_FULL_PULL_HOURS": "3", "FACTCHECK_VERDICTS_LEADS": "a@b.c",
        "FACTCHECK_PROJECTS__MAIN__WORTHY_FROM": "0.5",
    }  # fmt: skip
    text = """
        desk.name = "میز"
        studio = {allow_http = true, full_pull_hours = 3}
        verdicts = {threshold = 0.8, leads = ["a@b.c"]}
        projects.main.worthy_from = 0.5
    """
    asked = settings.load(tmp_path, environment)
    assert settings.load(write(tmp_path, text), {}) == asked
    assert type(asked) is settings.Settings


@pytest.mark.parametrize(("variables", "loaded"), [({}, "False"), ({"FACTCHECK_DESK_NAME": "Desk"}, "True")])
def test_the_library_is_loaded_only_for_a_setting_in_the_environment(
    tmp_path: Path, variables: dict[str, str], loaded: str
) -> None:
    code = (
        "import sys; from pathlib import Path; from factcheck import settings; "
        f"settings.load(Path({str(tmp_path)!r}), {variables!r}); print('pydantic_settings' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == loaded
