from __future__ import annotations

import json
from pathlib import Path

import pytest

from factcheck.errors import ConfigError, ServerError, Unavailable
from factcheck.studio import releases
from factcheck.studio.local import install, server_files


def test_the_pinned_version_is_a_safe_one() -> None:
    assert tuple(int(part) for part in releases.pinned().split(".")) >= (1, 23, 1)


def test_every_requirement_has_a_hash() -> None:
    text = releases.REQUIREMENTS.read_text("utf-8")
    pinned = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
    assert len(pinned) > 100
    assert all(line.endswith("\\") for line in pinned)
    assert "://" not in text, "no index and no host is named"


def test_an_environment_counts_only_with_its_marker(tmp_path: Path) -> None:
    environment = tmp_path / "studio"
    (environment / "bin").mkdir(parents=True)
    install.python(environment).touch()
    assert not install.is_installed(environment), "an install that was interrupted"
    marker = environment / "factcheck-environment.json"
    marker.write_text(json.dumps({"requirements": install.fingerprint(), "path": str(environment)}), "utf-8")
    assert install.is_installed(environment)
    moved = environment.rename(tmp_path / "moved")
    assert not install.is_installed(moved), "scripts of a moved environment name the old path"
    marker = moved / "factcheck-environment.json"
    marker.write_text("{", "utf-8")
    assert not install.is_installed(moved)


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", "utf-8")
    with pytest.raises(ConfigError) as caught:
        install.install(tmp_path, progress=lambda _: None)
    assert caught.value.subject == str(tmp_path)
    assert (tmp_path / "thesis.txt").read_text("utf-8") == "years of work"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("error: Failed to fetch: `x`", Unavailable),
        ("Max retries exceeded with url: /x", Unavailable),
        ("Hash mismatch for `attrs==26.1.0`", ServerError),
    ],
)
def test_a_failed_install_says_whether_to_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, kind: type[Exception]
) -> None:
    tool = tmp_path / "uv"
    tool.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 2\n", "utf-8")
    tool.chmod(0o755)
    monkeypatch.setattr(install, "_uv", lambda: str(tool))
    with pytest.raises(kind) as caught:
        install.install(tmp_path / "environment", progress=lambda _: None)
    assert said in str(caught.value)
    assert not install.is_installed(tmp_path / "environment")


def test_credentials_are_private_random_and_kept(tmp_path: Path) -> None:
    own = server_files.credentials(tmp_path)
    assert len(bytes.fromhex(own.token)) == 20
    assert len(own.password) >= 16
    assert (tmp_path / "credentials.json").stat().st_mode & 0o777 == 0o600
    assert server_files.credentials(tmp_path) == own
    other = tmp_path / "other"
    other.mkdir()
    assert server_files.credentials(other).token != own.token
    (tmp_path / "credentials.json").write_text('{"email": 1', "utf-8")
    with pytest.raises(ServerError, match="damaged"):
        server_files.credentials(tmp_path)


def test_an_unreadable_state_is_no_state(tmp_path: Path) -> None:
    assert server_files.read_state(tmp_path) is None
    server_files.write_state(tmp_path, server_files.State(url="http://127.0.0.1:1", wanted=True))
    assert server_files.read_state(tmp_path) == server_files.State(url="http://127.0.0.1:1", wanted=True)
    (tmp_path / "state.json").write_text("", "utf-8")
    assert server_files.read_state(tmp_path) is None
