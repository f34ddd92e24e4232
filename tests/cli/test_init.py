"""`factcheck init` writes nothing that a later command would refuse, and no name reaches a terminal raw."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from factcheck import settings as settings_package
from factcheck.cli import app
from factcheck.errors import ConfigError, UsageError
from factcheck.languages import SPOKEN
from factcheck.pipeline.init import init
from factcheck.settings import FILE_NAME
from tests.answers import answer

RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]")


def made(folder: Path, name: str = "Desk", url: str = "https://desk.example") -> settings_package.Settings:
    init(folder, name=name, language="fa", url=url, force=True)
    return settings_package.load(folder, {})


@pytest.mark.parametrize(
    "name",
    [
        "میز", "x" * 50, "A desk for the facts of the city", "راستی‌آزمایی " * 3 + "میز تهران ۱",
        "{url}",
        "{name} {title} {language}", 'Desk "Truth"', "C:\\desk\\new", "''' a", '""" a', "# not a comment", "a = b",
        "😀 desk", "é" * 50,
        "میز راستی‌آزمایی روزنامه‌های پایتخت", "\u200fميز التحقق",
        "fact-check — desk: a dash at its end ——————", "123", "[desk]", "\\u0041",
    ],
)  # fmt: skip
def test_a_name_that_people_have_makes_a_desk_that_works(tmp_path: Path, name: str) -> None:
    found = made(tmp_path, name)
    assert found.desk.name == name
    assert found.desk.url == "https://desk.example"
    assert found.projects["main"].title == name


@pytest.mark.parametrize(
    "name",
    [
        "", " ", "\t", "...", "\u200c", "a\nb", "a\rb", "a\x00b", "a\x1b[31mb", "a\x7fb", "a\x9bb", "a\u202eb",
        "a\u2066b",
        "a\u2028b", "a\u2029b", "a\tb", "a\ud800b", "a\ufffeb", "x" * 201, "\x85a",
        "T", "AB", "۱۲", "x" * 51, "A desk for the facts of the city and of all the villages around it", "میز" * 17,
    ],
)  # fmt: skip
@pytest.mark.parametrize("force", [False, True])
def test_a_name_that_cannot_be_one_is_refused_in_words_before_anything_is_written(
    tmp_path: Path, name: str, force: bool
) -> None:
    folder = tmp_path / "desk"
    if force:
        folder.mkdir()
        (folder / FILE_NAME).write_text("# mine\n")
    with pytest.raises(UsageError) as error:
        init(folder, name=name, language="fa", url="https://desk.example", force=force)
    assert error.value.subject == "--name"
    assert "pattern" not in error.value.what
    assert (folder / FILE_NAME).read_text() == "# mine\n" if force else not folder.exists()


ADDRESSES = [
    "not a url", "", "desk.example", "//desk.example", "javascript:alert(1)", "ftp://desk.example", "http://",
    "https:///x",
    "http://[::1", "http://a:99999/", "https://desk.example/\n", "https://a b/", "https://u:p@desk.example/", "file:///etc",
    "https://desk.example/\x1b", 'https://desk.example/"', "https://desk.example/{claim_id}", "http://:80/",
    "https://?x", "data:,x",
    "https://\u202edesk.example/", "HTTPS//desk", "http://a:0/", "https://de\tsk.example",
]  # fmt: skip


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_that_is_none_is_refused_by_init_and_by_every_later_command(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError) as error:
        init(tmp_path / "desk", name="Desk", language="fa", url=url, force=False)
    assert error.value.subject == "--url"
    assert not (tmp_path / "desk").exists()
    with pytest.raises(ConfigError, match=r"desk\.url"):
        settings_package.load(tmp_path, {"FACTCHECK_DESK_URL": url})


@pytest.mark.parametrize(
    "url",
    ["https://desk.example", "http://localhost:8000/x", "https://میز.example/بررسی", "https://[::1]/", "HTTPS://A.B/"],
)
def test_a_web_address_is_taken(tmp_path: Path, url: str) -> None:
    assert made(tmp_path, url=url).desk.url == url


@given(name=st.text(max_size=230), url=st.one_of(st.just("https://desk.example"), st.text(max_size=30)))
def test_what_init_writes_can_be_read(tmp_path_factory: pytest.TempPathFactory, name: str, url: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    (folder / FILE_NAME).unlink(missing_ok=True)
    try:
        found = made(folder, name, url)
    except UsageError:
        assert not (folder / FILE_NAME).exists()
        return
    assert (found.desk.name, found.desk.url) == (name, url)


def test_the_command_says_it_in_words_and_what_to_type_and_leaves_with_2(tmp_path: Path) -> None:
    refused = [("--name", "a\x7fb"), ("--name", "T"), ("--name", "x" * 60), ("--url", "not a url")]
    for option, value in [*refused, ("--url", "javascript:alert(1)")]:
        result = CliRunner().invoke(app, ["--desk", str(tmp_path), "init", option, value])
        assert result.exit_code == 2
        assert f"error [USAGE] {option}: " in result.output
        assert re.search(rf"next: type .*: {option} \S", result.output)
        assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE_NAME).write_text("# mine\n")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        made(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert (tmp_path / FILE_NAME).read_text() == "# mine\n"


def test_no_control_character_of_an_input_reaches_the_terminal(tmp_path: Path) -> None:
    made(tmp_path)
    odd = tmp_path / "a\x1b]0;title\x07\x9b31m\u202eb"
    odd.mkdir()
    (odd / "x.txt").write_text("")
    (odd / "good.txt").write_text(
        "The mayor\x1b[2J said on Monday that the city had planted 12,000 trees \u202esince 2019.\n"
    )
    (odd / "r.csv").write_text(
        "claim,rating\nThe bridge\x9b31m cost 40 million,\x1b[31mwobbly\nIt cost 40 million,false\n"
    )
    commands: list[list[str]] = [
        ["ingest", str(odd)], ["claims"], ["status"], ["import", str(odd / "r.csv"), "--source", "Old\x1b[31m\u202e"],
        ["log"],
        ["show", "x\x1b[31m"], ["export", "no\x1b[31msuch"], ["export", "csv", "--as-of", "\x1b[31m"],
        ["diff", "\x9b", "\u202e"],
    ]  # fmt: skip
    for command in commands:
        for as_json in ([], ["--json"]):
            result = CliRunner().invoke(app, ["--desk", str(tmp_path), *command, *as_json])
            assert result.exception is None or isinstance(result.exception, SystemExit)
            assert not RAW.search(result.output), (command, RAW.findall(result.output))
            assert not RAW.search(result.stderr)
            if as_json:
                answer(result.output)


def test_a_desk_without_a_dataset_is_told_what_makes_one(tmp_path: Path) -> None:
    made(tmp_path)
    for command in ("verify", "compact", "vacuum"):
        result = CliRunner().invoke(app, ["--desk", str(tmp_path), command])
        assert "`factcheck pull`" in result.output, command
        assert "factcheck init" not in result.output


@pytest.mark.parametrize("language", SPOKEN)
def test_a_new_desk_expects_articles_in_its_own_language(tmp_path: Path, language: str) -> None:
    done = CliRunner().invoke(app, ["--desk", str(tmp_path), "init", "--language", language])
    assert done.exit_code == 0, done.output
    desk = settings_package.load(tmp_path, {}).desk
    assert desk.language == language
    assert {*desk.languages} == {"fa", "ar", "en", language}


def test_a_language_that_a_desk_cannot_speak_is_refused_with_those_it_can(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--desk", str(tmp_path), "init", "--language", "de"])
    assert done.exit_code == 2
    assert not (tmp_path / FILE_NAME).exists()
    (tmp_path / FILE_NAME).write_text('[desk]\nlanguage = "de"\n', "utf-8")
    with pytest.raises(ConfigError, match="language") as refused:
        settings_package.load(tmp_path, {})
    assert all(f"'{code}'" in str(refused.value) for code in SPOKEN)
