"""LibreOffice as editors have it, without a window: what it makes of a file, and whether it is there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

CSV = "csv:Text - txt - csv (StarCalc):44,34,76"
"""A CSV of the first sheet as "Save as" makes it: commas, quotation marks, UTF-8."""
IMPORTED_CSV = "CSV:44,34,76,1,,0,false,true,false,false"
"""A CSV opened as UTF-8 with commas, where texts in quotation marks become nothing else."""


def office() -> str:
    """The program; the test is skipped where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        pytest.skip("LibreOffice is not installed")
    return found


def converted(content: bytes, name: str, kind: str, folder: Path, *, opened_as: str | None = None) -> tuple[str, bytes]:
    """The file saved anew as `kind`: its name and bytes. `opened_as` is the filter it is opened with, where it says."""
    given, made = folder / "given", folder / "made"
    given.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(made, ignore_errors=True)
    (given / name).write_bytes(content)
    arguments = [f"--infilter={opened_as}"] if opened_as else []
    subprocess.run(
        [office(), f"-env:UserInstallation=file://{folder}/profile", "--headless", *arguments, "--convert-to", kind,
         "--outdir", str(made), str(given / name)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (one,) = made.iterdir()
    return one.name, one.read_bytes()
