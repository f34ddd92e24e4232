"""The log: silent until asked, one line a record, and nothing in it that is anybody's."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from factcheck import logs
from factcheck.cli import app
from tests.chaos.schedule import NAMES
from tests.cli.test_twice import COMMANDS, READING, Newsroom, newsroom, template
from tests.dataset import desks
from tests.fake_studio.answers import ADMIN_TOKEN

__all__ = ["newsroom", "template"]

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (debug|info|warning|error) factcheck[\w.]*: \S")
KEY = "sk-this-is-the-key-of-the-model"
SAID = ("because", "people came", "bridge", "satire", "A day in numbers", "the minister", "million", "trees")
"""Words of claims, articles, answers and reasons on these desks."""


@pytest.fixture
def lines() -> Iterator[list[str]]:
    found: list[str] = []
    remove = logs.install("debug", "json", found.append)
    yield found
    remove()


def all_commands() -> dict[str, tuple[str, ...]]:
    return {**{f"reading {name}": arguments for name, arguments in READING.items()},
            **{name: twice.arguments for name, twice in COMMANDS.items()}}  # fmt: skip


@pytest.mark.parametrize("name", all_commands())
def test_no_command_logs_a_token_a_person_or_a_text(
    newsroom: Newsroom,
    name: str,
    lines: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At the most talkative level, with a token, a key and people's addresses in the settings."""
    monkeypatch.setenv("FACTCHECK_TOKEN", ADMIN_TOKEN)
    monkeypatch.setenv("FACTCHECK_LLM_KEY", KEY)
    with (newsroom.folder / "factcheck.toml").open("a", encoding="utf-8") as file:
        file.write(f'[verdicts]\nleads = ["{NAMES[1].lower()}@desk.example"]\n')
    if name in COMMANDS and name not in {"decide", "publish", "init"}:  # those write that section themselves
        COMMANDS[name].before(newsroom)
    arguments = [one for one in all_commands()[name] if one != "CARELESS"]
    done = desks.run(newsroom.folder, *arguments)
    assert lines, "at least that it began and how it ended"
    last = json.loads(lines[-1])
    assert (last["message"], last["exit_code"]) == ("command ended", done.code)
    log = "\n".join(lines)
    for secret in (ADMIN_TOKEN, KEY, "@", *NAMES, *(one.lower() for one in NAMES), *SAID):
        assert secret not in log, (secret, [line for line in lines if secret in line][:3])
    assert re.search("[؀-ۿ]", log) is None, "no text in Arabic script: claims and articles have it"


def test_what_is_done_is_there_with_its_figures(newsroom: Newsroom, lines: list[str]) -> None:
    newsroom.vote(2, 1, "verified", hours=5)
    assert desks.run(newsroom.folder, "pull").code == 0
    records = [json.loads(line) for line in lines]
    by_message = {record["message"]: record for record in records}
    assert by_message["request"]["status"] == 200
    assert by_message["request"]["level"] == "debug"
    assert by_message["committed"]["version"] == 3
    assert by_message["committed"]["cause"] == "pull"
    assert by_message["report"]["seen"] == by_message["report"]["accepted"] + by_message["report"]["rejected"]
    assert by_message["command ended"]["command"] == "pull"
    assert desks.run(newsroom.folder, "show", "clm_nobody@desk.example").code != 0
    last = json.loads(lines[-1])
    assert (last["level"], last["code"]) == ("error", "UNKNOWN_CLAIM")


@pytest.mark.parametrize("how", [["--log-level", "debug"], ["--log-format", "json"], []])
def test_it_goes_to_standard_error_and_only_when_asked_for(tmp_path: Path, how: list[str]) -> None:
    done = CliRunner().invoke(app, ["--desk", str(tmp_path), *how, "init", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["command"] == "init"
    told = done.stderr.splitlines()
    if not how:
        assert told == []
    elif "json" in how:
        assert [json.loads(line)["message"] for line in told] == ["command begins", "command ended"]
        assert {json.loads(line)["level"] for line in told} == {"info"}
    else:
        assert len(told) >= 2
        assert all(LINE.match(line) for line in told), told
    again = CliRunner().invoke(app, ["--desk", str(tmp_path), "status"])
    assert LINE.search(again.stderr) is None, "the next command of the process is silent again"


def test_the_environment_asks_for_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_LOG_LEVEL", "error")
    done = CliRunner().invoke(app, ["--desk", str(tmp_path), "status"])
    first, *_ = done.stderr.splitlines()
    assert LINE.match(first)
    assert "code=USAGE" in first
    monkeypatch.setenv("FACTCHECK_LOG_LEVEL", "loud")
    assert CliRunner().invoke(app, ["--desk", str(tmp_path), "status"]).exit_code == 2


def test_a_program_that_imports_us_hears_nothing_and_may_listen() -> None:
    script = (
        "import factcheck.logs as logs, logging, sys\n"
        "logs.named('factcheck.x').error('not heard')\n"
        "logging.basicConfig(level='INFO', stream=sys.stdout, format='%(name)s %(message)s')\n"
        "logs.named('factcheck.x').info('heard')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("factcheck.x heard\n", "")


def test_importing_the_package_loads_no_logging() -> None:
    script = "import factcheck, sys; print('logging' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"
    )


NAME = st.text("abcdefghijklmnopqrstuvwxyz0123456789._+-", min_size=1, max_size=12)


@given(NAME, NAME, st.sampled_from(["{}", "to {} at once", "https://{}/x", "key='{}'"]), st.booleans())
def test_an_address_or_a_token_that_slips_in_is_masked(user: str, host: str, around: str, as_json: bool) -> None:
    jwt = f"eyJhbGciOi{'x' * 9}.{'y' * 12}.{'z' * 12}"
    for secret in (f"{user}@{host}.example", f"{user}%40{host}.example", f"Token {'a1' * 10}", "0a" * 20, jwt):
        found: list[str] = []
        remove = logs.install("info", "json" if as_json else "text", found.append)
        logs.named("factcheck.x").info(around.format(secret), extra=logs.said(what=around.format(secret), n=1))
        remove()
        assert secret not in found[0]
        assert secret.rpartition(" ")[2] not in found[0]
        assert "***" in found[0]


@given(st.text(max_size=400))
def test_a_line_stays_one_line_and_reads_back(text: str) -> None:
    records: list[Any] = []
    for form in ("text", "json"):
        remove = logs.install("info", form, records.append)
        logs.named("factcheck.x").info("a word", extra=logs.said(what=text))
        remove()
    plain, line = records
    assert "\n" not in plain
    assert set(json.loads(line)) == {"what", "at", "level", "logger", "message"}


def test_what_cannot_be_written_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)

    def full(_line: str) -> None:
        raise OSError(28, "No space left on device")

    remove = logs.install("info", "text", full)
    logs.named("factcheck.x").info("a word")
    remove()
