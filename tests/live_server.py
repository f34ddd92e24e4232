"""A real Label Studio for the tests: started once a session on a free port, stopped by its process id at the end."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from factcheck.errors import FactcheckError
from factcheck.studio.local import install, server, users

ROOT = Path(__file__).parent.parent


class Checker(NamedTuple):
    """Somebody who can log in and use the HTTP interface as themselves."""

    email: str
    password: str
    token: str


class LabelStudio:
    """The server of the test session; `token` is the administrator's."""

    def __init__(self, running: server.Server) -> None:
        self.url = running.url
        self.token = running.token
        self.email = running.email
        self.password = running.password
        self.folder = running.folder
        self.pid = running.pid

    def make_user(self, name: str) -> Checker:
        """A user of that name, made where it is missing: the same name gives the same person."""
        password = f"{name.lower()}-of-the-test-desk-7351"
        email = f"{name.lower()}@desk.example"
        user = users.make_user(self.url, self.token, email=email, password=password, name=name)
        return Checker(user.email, user.password, user.token)


def say(message: str) -> None:
    """Progress, to the real standard error: pytest shows it with -s and on failure."""
    sys.stderr.write(f"[label studio] {message}\n")


def environment() -> Path:
    """Where the server's own environment is, installed when it is missing.

    On a developer's machine the tests that need it are skipped where it cannot be installed; in CI they fail.
    """
    path = Path(os.environ.get("FACTCHECK_STUDIO_ENVIRONMENT", ROOT / ".venv-studio")).absolute()
    try:
        install.install(path, progress=say)
    except FactcheckError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"Label Studio cannot be installed here: {error}")
    return path


@pytest.fixture(scope="session")
def studio_environment() -> Path:
    """The installed environment of the server."""
    return environment()


@pytest.fixture(scope="session")
def label_studio(studio_environment: Path) -> Iterator[LabelStudio]:
    """The one Label Studio of this test session."""
    with tempfile.TemporaryDirectory(prefix="factcheck-studio-") as scratch:
        folder = Path(scratch) / "studio"
        try:
            yield LabelStudio(server.up(folder, studio_environment, progress=say))
        finally:
            server.down(folder)
