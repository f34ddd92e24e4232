"""The command line as a person and a script meet it; no server needed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from factcheck.cli import app
from tests.answers import answer
from tests.fake_studio.answers import FakeStudio
from tests.fake_studio.served import serving

ARTICLE = (
    "وزیر نیرو گفت: تولید برق در سال ۱۴۰۳ به ۳۸۰ میلیارد کیلووات‌ساعت رسید.\nاین رقم ۵ درصد بیشتر از سال پیش است.\n"
)


def commands(path: tuple[str, ...] = (), group: Any = None) -> Iterator[tuple[str, ...]]:
    top: Any = group or typer.main.get_command(app)
    for name, inner in top.commands.items():
        if hasattr(inner, "commands"):
            yield from commands((*path, name), inner)
        else:
            yield (*path, name)


def run(*arguments: str, folder: Path | None = None, exit_code: int = 0) -> str:
    prefix = ["--desk", str(folder)] if folder else []
    result = CliRunner().invoke(app, [*prefix, *arguments])
    assert result.exit_code == exit_code, result.output
    return result.output


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    run("init", "--name", "میز «آزمون»", "--language", "fa", folder=tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_has_help_with_an_example_and_json(command: tuple[str, ...]) -> None:
    text = run(*command, "--help")
    assert f"Example:  factcheck {' '.join(command)}" in text
    assert "--json" in text


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_no_option_takes_a_token(command: tuple[str, ...]) -> None:
    assert not re.search(r"--\S*(token|password|secret|key)\b", run(*command, "--help"))


def test_from_init_to_claims_by_following_what_each_command_prints(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(ARTICLE, "utf-8")
    assert "factcheck ingest" in run("init", folder=tmp_path)
    assert "factcheck claims" in run("ingest", str(tmp_path / "news"), folder=tmp_path)
    assert "factcheck studio up" in run("claims", folder=tmp_path)
    assert "factcheck studio up" in run("status", folder=tmp_path)


def test_json_is_one_object_with_the_same_numbers(desk: Path) -> None:
    (desk / "a.txt").write_text(ARTICLE, "utf-8")
    report = answer(run("ingest", str(desk / "a.txt"), "--json", folder=desk))
    assert (report["seen"], report["accepted"], report["rejected"]) == (1, 1, 0)
    again = answer(run("ingest", str(desk / "a.txt"), "--json", folder=desk))
    assert again["counts"] == {"new": 0, "unchanged": 1}
    cut = answer(run("claims", "--json", folder=desk))
    assert cut["accepted"] + cut["rejected"] == cut["seen"]
    status = answer(run("status", "--json", folder=desk))
    assert (status["articles"], status["version"], status["server_state"]) == (1, None, "not running")


def test_what_is_rejected_is_named_counted_and_kept(desk: Path) -> None:
    (desk / "empty.txt").touch()
    output = run("ingest", str(desk / "empty.txt"), folder=desk, exit_code=3)
    assert "0 accepted + 1 rejected = 1 seen" in output
    assert "[EMPTY]" in output
    assert "1 inputs quarantined" in run("status", folder=desk)


def test_a_folder_that_is_no_desk_says_what_to_do(tmp_path: Path) -> None:
    assert "factcheck init" in run("status", folder=tmp_path, exit_code=2)
    failure = answer(run("status", "--json", folder=tmp_path, exit_code=2))
    assert failure["error"]["code"] == "USAGE"


def test_the_desk_is_found_from_a_folder_below(desk: Path) -> None:
    (desk / "deep" / "er").mkdir(parents=True)
    assert str(desk) in run("status", folder=desk / "deep" / "er")


def test_init_replaces_nothing_unasked(desk: Path) -> None:
    before = (desk / "factcheck.toml").read_text("utf-8")
    assert "--force" in run("init", folder=desk, exit_code=2)
    assert (desk / "factcheck.toml").read_text("utf-8") == before


def test_init_makes_the_folder_that_it_is_given(tmp_path: Path) -> None:
    said = run("init", "tahrir desk", "--name", "Tahrir", folder=tmp_path)
    assert "cd 'tahrir desk'" in said.replace(f"{tmp_path}/", "")
    assert "Tahrir" in run("status", folder=tmp_path / "tahrir desk")
    assert not (tmp_path / "factcheck.toml").exists()
    assert "--force" in run("init", "tahrir desk", folder=tmp_path, exit_code=2)
    (tmp_path / "note").write_text("precious", "utf-8")
    assert "note" in run("init", "note", folder=tmp_path, exit_code=2)
    assert (tmp_path / "note").read_text("utf-8") == "precious"


def test_init_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("precious", "utf-8")
    (tmp_path / "factcheck.toml").symlink_to(tmp_path / "elsewhere")
    run("init", "--force", folder=tmp_path, exit_code=2)
    assert (tmp_path / "elsewhere").read_text("utf-8") == "precious"


def test_a_misspelt_setting_is_an_error_with_the_nearest_name(desk: Path) -> None:
    path = desk / "factcheck.toml"
    path.write_text(path.read_text("utf-8").replace("min_votes", "min_vote"), "utf-8")
    assert "'verdicts.min_votes'" in run("status", folder=desk, exit_code=4)


def test_reading_before_the_first_version_says_what_comes_next(desk: Path) -> None:
    assert "no version yet" in run("log", folder=desk)
    assert "factcheck claims" in run("show", "clm_12345678", folder=desk, exit_code=7)
    for command in (["diff", "1", "2"], ["tag", "x"], ["export", "csv"]):
        assert "factcheck pull" in run(*command, folder=desk, exit_code=2)


def test_push_without_a_server_says_how_to_start_one(desk: Path) -> None:
    assert "factcheck studio up" in run("push", folder=desk, exit_code=5)


def test_a_remote_server_needs_https_and_a_private_token(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_STUDIO_URL", "http://studio.example.org")
    assert "[INSECURE_URL]" in run("push", folder=desk, exit_code=6)
    monkeypatch.setenv("FACTCHECK_STUDIO_URL", "https://studio.example.org")
    assert "[AUTH]" in run("push", folder=desk, exit_code=6)
    token = desk / ".factcheck" / "token"
    token.write_text("abc", "ascii")
    token.chmod(0o644)
    assert f"chmod 600 {token}" in run("push", folder=desk, exit_code=6)


def test_the_second_run_names_the_first(desk: Path) -> None:
    from datetime import UTC, datetime

    from factcheck.workspace import Workspace

    with Workspace(desk / ".factcheck").writing("pull", now=datetime.now(UTC)):
        assert "factcheck pull, process" in run("ingest", str(desk), folder=desk, exit_code=8)


def test_a_read_only_desk_says_so(desk: Path) -> None:
    (desk / ".factcheck").write_text("a file where a folder should be", "utf-8")
    assert "[DATASET]" in run("ingest", str(desk / "factcheck.toml"), folder=desk, exit_code=7)


def process(*arguments: str, environment: dict[str, str] | None = None, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "factcheck", *arguments],
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_ends_with_the_signal_code_and_can_be_repeated(desk: Path, number: int, code: int) -> None:
    news = desk / "news"
    news.mkdir()
    for index in range(300):
        (news / f"{index}.txt").write_text(f"{ARTICLE}{index} میلیون نفر.", "utf-8")
    running = process("--desk", str(desk), "ingest", str(news))
    deadline = time.monotonic() + 30
    while not (desk / ".factcheck" / "lock.json").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    running.send_signal(number)
    _, stderr = running.communicate(timeout=60)
    assert running.returncode == code, stderr
    assert b"Traceback" not in stderr
    assert b"run the same command again" in stderr
    assert answer(run("ingest", str(news), "--json", folder=desk))["accepted"] == 300


def test_a_closed_pipe_ends_quietly(desk: Path) -> None:
    running = process("--desk", str(desk), "export", "--json")
    assert running.stdout is not None
    running.stdout.close()
    assert running.wait(timeout=60) in {0, 141}
    assert running.stderr is not None
    assert running.stderr.read() == b""
    running.stderr.close()


def test_output_is_utf8_whatever_the_locale_says(desk: Path) -> None:
    running = process(
        "--desk", str(desk), "status", environment={"LC_ALL": "C", "PYTHONIOENCODING": "", "PYTHONUTF8": "0"}
    )
    stdout, _ = running.communicate(timeout=60)
    assert "میز «آزمون»" in stdout.decode("utf-8")


def test_no_token_in_any_output(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeStudio()  # it does not know this token
    with serving(fake) as url:
        monkeypatch.setenv("FACTCHECK_TOKEN", "tok3n-tok3n")
        monkeypatch.setenv("FACTCHECK_STUDIO_URL", url)
        for arguments, code in ((["status", "--json"], 0), (["push"], 6), (["pull", "--json"], 6), (["doctor"], 6)):
            fake.requests.clear()
            done = CliRunner().invoke(app, ["--desk", str(desk), *arguments])
            assert done.exit_code == code, done.output
            sent = any("/api/" in request for request in fake.requests)
            assert sent == bool(code), "what fails has read the token and sent it"
            assert "tok3n" not in done.output
