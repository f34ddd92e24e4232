"""What `import factcheck` offers: five names, loaded when they are asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import factcheck
from factcheck.dataset import Dataset as Committed

PUBLIC = ["Dataset", "Settings", "__version__", "errors", "open"]
OF_A_DATASET = {
    "where it is": {"open", "uri", "id", "name"},
    "which versions it has": {"head", "version", "versions", "tags"},
    "what it holds": {"articles", "claims", "verdicts", "table", "life", "spread"},
    "who said what": {"votes", "decide", "agreement", "annotators", "pairs", "confusion", "posteriors"},
    "what became of it": {"corrections", "history", "diff"},
}


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_dir_shows_the_public_names_alone() -> None:
    assert dir(factcheck) == PUBLIC
    assert run("import factcheck; factcheck.open; import factcheck.names; print(dir(factcheck))").strip() == str(PUBLIC)


def test_a_dataset_shows_what_a_reader_needs_and_nothing_of_its_inside(tmp_path: Path) -> None:
    public = {name for names in OF_A_DATASET.values() for name in names}
    Committed.open(tmp_path / "dataset", create=True)
    dataset = factcheck.open(str(tmp_path / "dataset"))
    assert set(dir(dataset)) == public
    assert {name for name in dir(factcheck.Dataset) if not name.startswith("_")} == public
    assert all(getattr(factcheck.Dataset, name).__doc__ for name in public)


def test_the_id_of_a_dataset_goes_where_the_dataset_goes(tmp_path: Path) -> None:
    made = Committed.open(tmp_path / "dataset", create=True)
    assert made.id != Committed.open(tmp_path / "another", create=True).id
    (tmp_path / "dataset").rename(tmp_path / "moved")
    assert factcheck.open(str(tmp_path / "moved")).id == made.id != ""


def test_every_public_name_is_there_in_a_fresh_process() -> None:
    asked = "; ".join(f"import factcheck; factcheck.{name}" for name in PUBLIC)
    assert run(f"{asked}; print('all')") == "all\n"
    assert run("from factcheck import *; print(open.__self__ is Dataset, Settings, errors)").startswith("True ")


def test_they_are_the_same_things_as_in_their_modules() -> None:
    from factcheck import errors
    from factcheck.reading import Dataset
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


def test_what_a_dataset_is_made_of_is_seen_by_its_package_alone() -> None:
    package = Path(factcheck.__file__).parent
    outside = [path for path in package.rglob("*.py") if package / "dataset" not in path.parents]
    assert len(outside) > 100
    seen = [path for path in outside if any(name in path.read_text("utf-8") for name in ("storage_of", "Storage("))]
    assert seen == []
