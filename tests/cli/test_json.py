"""The envelope of `--json`: one object for whatever comes of a command."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from factcheck.cli import answer, app
from factcheck.errors import ConfigError


def ran(*arguments: str, code: int) -> dict[str, Any]:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == code, done.output
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (("status", "--json", "--nope"), "status"),
        (("studio", "user", "add", "--json"), "studio user add"),
        (("diff", "--json", "--limit"), "diff"),
        (("log", "--limit", "many", "--json"), "log"),
        (("log", "--limit", "0", "--json"), "log"),
        (("nothing", "--json"), ""),
        (("studio", "nothing", "--json"), "studio"),
    ],
)
def test_a_command_line_that_is_wrong_is_an_answer(arguments: tuple[str, ...], command: str) -> None:
    found = ran(*arguments, code=2)
    assert (found["format"], found["command"]) == (1, command)
    assert found["error"]["code"] == "USAGE"
    assert found["error"]["exit_code"] == 2
    assert found["error"]["message"]
    assert found["error"]["hint"]


def test_without_json_it_stays_a_sentence() -> None:
    done = CliRunner().invoke(app, ["status", "--nope"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "No such option" in done.stderr


def test_what_came_of_it_and_what_to_do_next_have_their_places(tmp_path: Path) -> None:
    made = ran("--desk", str(tmp_path), "init", "--json", code=0)
    assert (made["command"], made["data"]) == ("init", {"created": str(tmp_path / "factcheck.toml")})
    assert made["next_steps"][0].startswith("factcheck ingest")
    again = ran("--desk", str(tmp_path), "init", "--json", code=2)
    assert set(again) == {"format", "command", "error"}
    assert set(again["error"]) == {"code", "exit_code", "message", "subject", "hint"}


def test_a_stream_that_cannot_begin_is_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["--desk", str(tmp_path), "watch", "--json"])
    assert done.exit_code == 2
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["error"]["code"] == "USAGE"


@given(st.datetimes(), st.integers(-14 * 60, 14 * 60))
def test_times_are_utc_and_read_back_as_the_same_moment(moment: datetime, minutes: int) -> None:
    told = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    try:
        told.astimezone(UTC)
    except OverflowError:
        return
    text = json.loads(answer.text({"at": told}))["at"]
    assert text.endswith("Z")
    assert datetime.fromisoformat(text) == told


def test_days_and_paths_are_text_and_nothing_is_guessed() -> None:
    said = {"day": date(2026, 11, 22), "path": Path("a") / "b"}
    assert json.loads(answer.text(said)) == {"day": "2026-11-22", "path": "a/b"}
    for wrong in (datetime(2026, 11, 22), {1}, float("nan")):  # noqa: DTZ001 - a time without a zone is refused
        with pytest.raises((TypeError, ValueError)):
            answer.text({"value": wrong})


def test_an_error_keeps_its_own_exit_code_or_takes_the_commands() -> None:
    error = ConfigError("is wrong", subject="factcheck.toml", hint="mend it")
    assert error.as_dict()["exit_code"] == ConfigError.exit_code
    assert answer.refusal("status", error, exit_code=130)["error"]["exit_code"] == 130
