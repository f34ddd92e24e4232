"""A secret as a container's runtime mounts it: root's, read by a group, by nobody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from factcheck import settings
from factcheck.errors import AuthError, TokenExposed

NAME = "FACTCHECK_TOKEN_FILE"
root_alone = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file of root's")


def _mounted(folder: Path, mode: int) -> Path:
    """Through a link, as Kubernetes mounts it."""
    (folder / "..data").mkdir()
    file = folder / "..data" / "token"
    file.write_text("s3cret\n", "ascii")
    file.chmod(mode)
    link = folder / "token"
    link.symlink_to(file)
    return link


@root_alone
@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600, 0o640])
def test_it_is_taken(tmp_path: Path, mode: int) -> None:
    environment = {NAME: str(_mounted(tmp_path, mode))}
    assert settings.token(settings.load(tmp_path, environment), environment) == "s3cret"


@root_alone
@pytest.mark.parametrize("mode", [0o444, 0o644, 0o660, 0o441])
def test_what_everybody_reads_or_a_group_changes_is_refused(tmp_path: Path, mode: int) -> None:
    environment = {NAME: str(_mounted(tmp_path, mode))}
    with pytest.raises(TokenExposed) as caught:
        settings.token(settings.load(tmp_path, environment), environment)
    assert "0440" in caught.value.hint


@root_alone
def test_the_token_file_of_the_desk_keeps_its_stricter_rule(tmp_path: Path) -> None:
    link = _mounted(tmp_path, 0o440)
    (tmp_path / settings.FILE_NAME).write_text(f'[studio]\ntoken_file = "{link}"\n', "utf-8")
    with pytest.raises(TokenExposed):
        settings.token(settings.load(tmp_path, {}), {})


def test_a_file_that_is_not_there_and_two_secrets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AuthError, match="not there"):
        settings.token(settings.load(tmp_path, {}), {NAME: str(tmp_path / "missing")})
    with pytest.raises(AuthError, match="both set"):
        settings.token(settings.load(tmp_path, {}), {NAME: str(tmp_path / "x"), "FACTCHECK_TOKEN": "t"})
