"""What `import factcheck` offers: five names, loaded when they are asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import factcheck

PUBLIC = ["Dataset", "Settings", "__version__", "errors", "open"]


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_dir_shows_the_public_names_alone() -> None:
    assert dir(factcheck) == PUBLIC
    assert run("import factcheck; factcheck.open; import factcheck.names; print(dir(factcheck))").strip() == str(PUBLIC)


def test_every_public_name_is_there_in_a_fresh_process() -> None:
    asked = "; ".join(f"import factcheck; factcheck.{name}" for name in PUBLIC)
    assert run(f"{asked}; print('all')") == "all\n"
    assert run("from factcheck import *; print(open.__self__ is Dataset, Settings, errors)").startswith("True ")


def test_they_are_the_same_things_as_in_their_modules() -> None:
    from factcheck import errors
    from factcheck.dataset import Dataset
    from factcheck.settings import Settings

    assert (factcheck.Dataset, factcheck.Settings, factcheck.errors) == (Dataset, Settings, errors)


def test_open_says_where_there_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(factcheck.errors.NoDataset):
        factcheck.open(str(tmp_path))


def test_a_misspelt_name_is_an_error() -> None:
    assert not hasattr(factcheck, "opne")


def test_open_loads_nothing_of_the_desk() -> None:
    """A researcher's install has none of these."""
    desk = {"label_studio_sdk", "typer", "trafilatura", "httpx", "httpcore", "lxml", "feedparser", "rich", "pandas"}
    code = "import sys, factcheck; factcheck.open; print(*{name.split('.')[0] for name in sys.modules})"
    assert not desk & set(run(code).split())


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(factcheck.__file__).parent / "py.typed").is_file()
