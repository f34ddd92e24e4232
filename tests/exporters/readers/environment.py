"""The environment of the readers of a dataset folder: `mlcroissant`, `frictionless` and `datasets` weigh 500 MB."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import filelock
import pytest

ROOT = Path(__file__).parents[3]
LOCKED = ROOT / "requirements" / "dataset-readers.txt"
SCRIPT = Path(__file__).with_name("read_dataset_folder.py")


def python() -> Path:
    """The interpreter of the environment, installed when it is missing.

    On a developer's machine the tests that need it are skipped where it cannot be installed; in CI they fail.
    """
    folder = Path(os.environ.get("DATASET_READERS_ENVIRONMENT", ROOT / ".venv-datasets")).absolute()
    wanted = hashlib.sha256(LOCKED.read_bytes()).hexdigest()
    ready, interpreter = folder / ".ready", folder / "bin" / "python"
    with filelock.FileLock(f"{folder}.lock"):
        if not ready.is_file() or ready.read_text("ascii") != wanted:
            venv.create(folder, clear=True)
            uv = Path(sys.executable).with_name("uv")
            command: list[str | Path] = [
                uv,
                "pip",
                "install",
                "--quiet",
                "--python",
                interpreter,
                "--require-hashes",
                "-r",
                LOCKED,
            ]
            done = subprocess.run(command, capture_output=True, text=True, timeout=540, check=False)
            if done.returncode:
                if os.environ.get("CI"):
                    raise RuntimeError(done.stderr)
                pytest.skip(f"the readers of a dataset folder cannot be installed here: {done.stderr.strip()[-300:]}")
            ready.write_text(wanted, "ascii")
    return interpreter


def read(folders: list[Path], scratch: Path) -> list[dict[str, Any]]:
    """What the readers make of each folder, without a network."""
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(scratch), "HF_DATASETS_CACHE": str(scratch / "datasets")}
    environment = os.environ | offline | {"HF_HUB_DISABLE_TELEMETRY": "1", "HOME": str(scratch)}
    done = subprocess.run(
        [python(), SCRIPT, *folders], capture_output=True, text=True, timeout=540, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
