"""A migrated, empty database, made once for each version of the server and copied for every fresh one.

Label Studio's migrations take 33-77 s on an empty SQLite database and always end in the same 1.4 MB file without a
user, an organization or a secret in it.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from factcheck import locks
from factcheck.errors import ServerError
from factcheck.studio.local import install
from factcheck.studio.releases import pinned

DATABASE = "label_studio.sqlite3"


def template(environment: Path, variables: Callable[[Path], Mapping[str, str]], *, progress: install.Progress) -> Path:
    """The path of the empty database for the server in `environment`, made on first use (about 40 s).

    `variables` gives the process environment for a data folder. Raises ServerError where the migrations fail.
    """
    folder = environment / "factcheck-template"
    made = folder / f"{pinned()}-{install.fingerprint()}.sqlite3"
    if made.exists():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    with locks.lock_folder(folder):
        if not made.exists():
            progress("making an empty Label Studio database to copy from (once, about 40 s)")
            building = folder / "building"
            shutil.rmtree(building, ignore_errors=True)  # of a run that was killed
            data = building / "data"
            data.mkdir(parents=True)
            _migrate(environment, building, variables(data))
            (data / DATABASE).replace(made)
            shutil.rmtree(building)
    return made


def _migrate(environment: Path, building: Path, variables: Mapping[str, str]) -> None:
    done = subprocess.run(
        # `version` migrates, prints and ends.
        [str(install.python(environment)), "-I", "-m", "label_studio.server", "version"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(variables),
        cwd=building,
        umask=0o077,
        check=False,
    )
    if done.returncode:
        raise ServerError(
            "the database migrations failed with exit code "
            f"{done.returncode}:\n{done.stdout.decode('utf-8', 'replace')[-1500:]}",
            subject=f"Label Studio {pinned()}",
            hint=f"delete {environment} and try again",
        )
