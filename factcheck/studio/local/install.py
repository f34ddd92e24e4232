"""Label Studio's own environment: pinned, every package checked against its hash, apart from ours.

It is kept apart because the server pins the SDK and some 160 more packages to versions of its own.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from factcheck import fs, locks
from factcheck.errors import ConfigError, ServerError, Unavailable
from factcheck.notation import json_value
from factcheck.studio.releases import REQUIREMENTS, pinned

Progress = Callable[[str], None]

_MARKER = "factcheck-environment.json"
# What uv and pip say when the registry, and not a package, is the trouble.
_NO_NETWORK = (
    "Failed to fetch",
    "dns error",
    "Could not connect",
    "Max retries exceeded",
    "Temporary failure",
    "timed out",
)


def fingerprint() -> str:
    """16 hex digits that change with any pinned package."""
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:16]


def python(environment: Path) -> Path:
    """The interpreter of the environment."""
    return environment / "bin" / "python"


def is_installed(environment: Path) -> bool:
    """Whether the environment is whole and of these requirements.

    The marker is written last, so an interrupted install is never taken for a whole one.
    """
    try:
        found = json_value((environment / _MARKER).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(found == _marker(environment)) and python(environment).exists()


def install(environment: Path, *, progress: Progress) -> None:
    """Make the environment at that path, if it is not there yet: about 800 MB, 15 s with uv, minutes with pip.

    Raises Unavailable where the package registry does not answer, ServerError where an install fails otherwise,
    ConfigError where the path holds something that is no environment.
    """
    if is_installed(environment):
        return
    environment.parent.mkdir(parents=True, exist_ok=True)
    # The folder itself is the lock: a lock file beside the environment would lie about in the desk's folder for good,
    # and one inside it would be removed with it.
    with locks.lock_folder(environment.parent):
        if is_installed(environment):  # another run made it while we waited
            return
        progress(f"installing Label Studio {pinned()} into {environment} (once, about 800 MB)")
        _clear(environment)
        for command in _commands(environment):
            _run(command)
        fs.replace(environment / _MARKER, json.dumps(_marker(environment)).encode(), mode=0o644)


def _clear(environment: Path) -> None:
    if not environment.exists():
        return
    if any(environment.iterdir()) and not (environment / "pyvenv.cfg").exists():
        raise ConfigError(
            "contains something other than a Label Studio environment",
            subject=str(environment),
            hint="set `environment` under [studio] in factcheck.toml to a folder for Label Studio alone",
        )
    shutil.rmtree(environment)


def _marker(environment: Path) -> dict[str, str]:
    # A virtual environment that was moved is broken: its scripts name the old path.
    return {"requirements": fingerprint(), "path": str(environment.absolute())}


def _commands(environment: Path) -> list[list[str]]:
    interpreter, wanted = str(python(environment)), ["--require-hashes", "-r", str(REQUIREMENTS)]
    if uv := _uv():
        return [
            [uv, "venv", "--python", sys.executable, str(environment)],
            [uv, "pip", "install", "--python", interpreter, *wanted],
        ]
    return [
        [sys.executable, "-m", "venv", str(environment)],
        [interpreter, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps", *wanted],
    ]


def _uv() -> str | None:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode == 0:
        return
    said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-15:])
    if any(sign in said for sign in _NO_NETWORK):
        raise Unavailable(f"the package registry does not answer:\n{said}", subject=command[0], hint="try again later")
    raise ServerError(
        f"failed with exit code {done.returncode}:\n{said}",
        subject=" ".join(command[:3]),
        hint="the lines above name the package that failed; about 2 GB of free disk space are needed",
    )
