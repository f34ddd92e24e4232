"""The wheel, built once, and Pythons with nothing but it and its locked libraries, all outside the repository."""

from __future__ import annotations

import functools
import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
HERE = f"3.{sys.version_info.minor}"
PYTHONS = ("3.11", "3.12", "3.13")
"""Those that the classifiers of pyproject.toml promise."""


class Built(NamedTuple):
    wheel: Path
    sdist: Path


class Installed(NamedTuple):
    """A virtual environment with the wheel in it."""

    python: Path

    def run(self, *command: str, folder: Path, exit_code: int = 0) -> str:
        """What a program of this environment prints, run with nothing of ours in its way."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FACTCHECK"))}
        done = subprocess.run(
            [str(self.python.with_name(command[0])), *command[1:]],
            cwd=folder, env=outside, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == exit_code, done.stdout + done.stderr
        return done.stdout + done.stderr


def uv(*command: str) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("uv")), *command], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


@functools.cache
def python(version: str) -> str | None:
    """A Python of that version on this machine; None where there is none that runs."""
    pyenv = os.environ.get("PYENV_ROOT", str(Path("~/.pyenv").expanduser()))
    kept = os.environ.get("UV_PYTHON_INSTALL_DIR", str(Path("~/.local/share/uv/python").expanduser()))
    found = [sys.executable] if version == HERE else []
    found += [name for name in [shutil.which(f"python{version}")] if name]
    found += sorted(glob.glob(f"{pyenv}/versions/{version}.*/bin/python"))  # noqa: PTH207 - names from outside
    found += sorted(glob.glob(f"{kept}/cpython-{version}.*/bin/python{version}"))  # noqa: PTH207 - as above
    for one in found:  # a name on PATH may be a shim of a Python that is not switched on
        ask = [one, "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"]
        done = subprocess.run(ask, capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip() == version:
            return one
    return None


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The source distribution, and the wheel that is made of it."""
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--quiet", "--no-build-isolation", "--python", sys.executable, "--out-dir", str(folder), str(ROOT))
    return Built(next(folder.glob("*.whl")), next(folder.glob("*.tar.gz")))


@pytest.fixture(scope="session")
def install(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Installed]:
    """A function that makes an environment of a Python version and one of the lock files."""

    @functools.cache
    def make(version: str, lock: str) -> Installed:
        base = python(version)
        if base is None:
            pytest.skip(f"Python {version} is not on this machine")
        folder = tmp_path_factory.mktemp(f"{Path(lock).stem}-{version}")
        ours = folder / "bin" / "python"
        uv("venv", "--quiet", "--clear", "--no-project", "--python", base, str(folder))
        install = ("pip", "install", "--quiet", "--python", str(ours))
        uv(*install, "--require-hashes", "-r", str(ROOT / "requirements" / lock))
        uv(*install, "--no-deps", str(built.wheel))
        return Installed(ours)

    return make
