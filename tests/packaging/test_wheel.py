"""The built wheel, as those have it who have no repository: what is in it, and that it works on every Python."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import factcheck
from tests.packaging.conftest import HERE, PYTHONS, ROOT, Built, Installed

pytestmark = pytest.mark.slow

Install = Callable[[str, str], Installed]
MIB = 2**20
DESK_ONLY = ["label_studio_sdk", "pandas", "typer", "rich", "trafilatura", "lxml", "feedparser", "httpx", "httpcore"]


def test_what_the_wheel_carries(built: Built) -> None:
    names = zipfile.ZipFile(built.wheel).namelist()
    assert "factcheck/py.typed" in names
    assert {name.split("/")[0] for name in names} == {"factcheck", f"{built.wheel.name.split('-py3')[0]}.dist-info"}
    templates = {f"factcheck/{path.relative_to(ROOT / 'factcheck')}" for path in (ROOT / "factcheck").rglob("*.j2")}
    assert templates
    assert templates <= set(names)
    languages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "factcheck" / "languages").glob("*/*.toml")}
    assert languages
    assert languages <= set(names)
    profiles = sorted(path.parent.name for path in (ROOT / "exports").glob("*/profile.toml"))
    carried = [name for name in names if "/builtin/" in name]
    assert {*carried} == {f"factcheck/exporters/builtin/{name}/profile.toml" for name in profiles}
    assert len(carried) == len(profiles)
    assert not [name for name in names if re.search(r"(?i)readme|/sample/|golden|tests/|\.(xlsx|parquet|csv)$", name)]


def test_what_the_source_distribution_carries(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        "factcheck/py.typed",
        "LICENSE",
        "CITATION.cff",
        "README.md",
        "requirements/core.txt",
        "tests/conftest.py",
    }
    assert wanted <= names


def test_what_the_index_shows(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        said = wheel.read(next(name for name in wheel.namelist() if name.endswith("METADATA"))).decode()
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["classifiers"]
    assert [line.rpartition(" ")[2] for line in classifiers if re.search(r":: 3\.\d", line)] == list(PYTHONS)
    for line in ("Name: factcheck-desk", "Author: ", "Project-URL: Documentation, ", "Provides-Extra: all"):
        assert f"\n{line}" in said


DESK = """\
import json, sys
from pathlib import Path
from typer.testing import CliRunner
import factcheck, factcheck.samples
from factcheck.cli import app

assert "site-packages" in factcheck.__file__

def run(*arguments, code=0):
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == code, (arguments, done.output, done.exception)
    return done.output

articles = factcheck.samples.articles_folder()
for wrong in (("--name", "T"), ("--name", "x" * 60), ("--url", "not a url")):
    run("init", *wrong, code=2)
    assert not Path("factcheck.toml").exists()
run("init", "--name", "The desk")
run("ingest", *(str(articles / name) for name in ("en_fact_schools.txt", "fa_page.html", "en_feed.xml")))
run("claims")
run("import", "earlier.csv", "--source", "Desk X")
for line in ("verify", "status", "log", "export records-jsonl", "export newsroom-xlsx", "export open-data-csv"):
    run(*line.split())
desk = factcheck.open("dataset")
print(json.dumps({
    "exports": {one["name"]: one["about"] for one in json.loads(run("export", "--json"))["data"]["exports"]},
    "head": desk.head,
    "claims": desk.claims().collect().height,
    "verdicts": desk.verdicts(as_of=1).collect().height,
    "files": sorted(path.name for path in Path("exports").iterdir()),
}))
"""
EARLIER = """\
claim,rating,url,date
The bridge cost 40 million.,False,https://old.example/bridge,2025-03-01
The city planted 12000 trees.,True,https://old.example/trees,2025-03-02
"""


def desk(installed: Installed, folder: Path) -> Any:
    """What DESK prints in that environment."""
    (folder / "earlier.csv").write_text(EARLIER)
    assert installed.run("factcheck", "--version", folder=folder).strip() == f"factcheck {factcheck.__version__}"
    return json.loads(installed.run("python", "-c", DESK, folder=folder))


@pytest.fixture(scope="module")
def desks(install: Install, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Any]]]:
    """A desk for each Python, two at a time."""

    def work(version: str) -> Any:
        return desk(install(version, "runtime.txt"), tmp_path_factory.mktemp(f"desk-{version}"))

    with ThreadPoolExecutor(2) as pool:
        yield {version: pool.submit(work, version) for version in PYTHONS}


@pytest.mark.parametrize("version", PYTHONS)
def test_a_desk_works_from_the_wheel(version: str, desks: dict[str, Future[Any]]) -> None:
    said = desks[version].result()
    assert (said["head"], said["claims"], said["verdicts"]) == (1, 2, 2)
    assert set(said["exports"]) >= {path.parent.name for path in (ROOT / "exports").glob("*/profile.toml")}
    assert len([name for name in said["files"] if name.startswith("latest.")]) == 3
    assert len(said["files"]) == 6


READER = """\
import json, sys
import factcheck

desk = factcheck.open(sys.argv[1])
print(json.dumps({
    "verdicts": desk.verdicts().collect().height,
    "log": desk.versions().height,
    "loaded": sorted({name.split(".")[0] for name in sys.modules}),
}))
"""


def test_the_small_install_reads_a_dataset_and_has_nothing_of_a_desk(install: Install, tmp_path: Path) -> None:
    installed = install(HERE, "core.txt")
    golden = ROOT / "tests" / "dataset" / "golden" / "format-2.tar.gz"
    with tarfile.open(golden) as archive:
        archive.extractall(tmp_path, filter="data")
    root = next(path.parent for path in tmp_path.rglob("versions") if path.is_dir())
    said = json.loads(installed.run("python", "-c", READER, str(root), folder=tmp_path))
    assert said["log"] > 0
    assert said["verdicts"] > 0
    assert not set(DESK_ONLY) & set(said["loaded"])
    packages = {path.name for path in (installed.python.parents[1]).glob("lib/python*/site-packages/*")}
    assert not set(DESK_ONLY) & packages
    size = sum(path.lstat().st_size for path in installed.python.parents[1].rglob("*"))
    assert size < 400 * MIB
    told = installed.run("factcheck", "init", folder=tmp_path, exit_code=4)
    assert "error [INSTALL] the command line needs the package typer" in told
    assert "pip install 'factcheck-desk[all]'" in told


USER = """\
import factcheck

desk = factcheck.open("dataset")
reveal_type(factcheck.open)
reveal_type(desk)
reveal_type(desk.head)
reveal_type(desk.version())
reveal_type(desk.verdicts(as_of="2026-11"))
reveal_type(desk.claims())
reveal_type(factcheck.Settings)
reveal_type(factcheck.errors.Corrupt("x").hint)
reveal_type(factcheck.__version__)
factcheck.opne  # type: ignore[attr-defined]
"""
"""A program of a user; the last line is clean only where a misspelt name is found."""


def test_a_type_checker_sees_the_wheels_types_and_no_any(install: Install, tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(USER)
    theirs = ["--python-executable", str(install(HERE, "core.txt").python)]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *theirs, "--cache-dir", os.devnull, "user.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    shown = [line for line in done.stdout.splitlines() if "Revealed type" in line]
    assert len(shown) == USER.count("reveal_type")
    assert not [line for line in shown if "Any" in line]
