"""The notebook is a run: every output that it holds is what its cells show on the sample desk."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.docs import notebook

KEPT: dict[str, Any] = json.loads(notebook.NOTEBOOK.read_text("utf-8"))
CODE = [cell for cell in KEPT["cells"] if cell["cell_type"] == "code"]


@pytest.mark.slow
def test_the_outputs_are_those_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook.SampleDesk(tmp_path / notebook.FOLDER)
    monkeypatch.chdir(tmp_path)
    made = notebook.executed(KEPT)
    for kept, run in zip(KEPT["cells"], made["cells"], strict=True):
        assert run == kept, "run `make generate`"
    assert notebook.NOTEBOOK.read_text("utf-8") == notebook.written(made)


def test_it_is_a_notebook_that_jupyter_opens() -> None:
    assert (KEPT["nbformat"], KEPT["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in KEPT["cells"]}) == len(KEPT["cells"])
    for number, cell in enumerate(CODE, start=1):
        assert set(cell) == {"cell_type", "id", "metadata", "source", "execution_count", "outputs"}
        assert cell["execution_count"] == number
        assert cell["outputs"], "a cell that shows nothing teaches nothing"


def test_it_shows_nobody_and_no_place_of_a_machine() -> None:
    text = notebook.NOTEBOOK.read_text("utf-8")
    assert re.findall(r"ant_[0-9a-f]{8}|\w@\w|/(?:tmp|home|root)/", text) == []


def test_a_cell_that_fails_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exception, match="no dataset"):
        notebook.executed(KEPT)
