"""docs/notebook.ipynb, run: its cells in their order in one interpreter, and what each of them shows put below it."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import random
from pathlib import Path
from typing import Any

import polars as pl

from factcheck import samples
from factcheck.models import Choice, digest
from factcheck.pipeline.claims import claims
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.ingest import ingest
from factcheck.pipeline.init import init
from tests.pipeline.test_judging import NOW, PEOPLE, Team

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"
FOLDER = "sample-desk"
"""The name of the desk that the notebook opens, in the folder where it runs."""
_CHANGED = 5
"""So many claims are looked at again, after the first version."""


class SampleDesk(Team):
    """The bundled articles, their claims, and made-up votes of three people on them, in two versions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        init(folder, name="Sample desk", language="en", url="https://desk.example", force=False)
        articles = Path(str(samples.__file__)).with_name("articles")
        ingest(self.settings, [str(articles)], now=NOW)
        claims(self.settings, show=0, now=NOW)
        self.claims = Desk(self.settings).staging.claims()["group_id"].unique().sort().to_list()
        self.states = {}
        self.vote({key: choice for key in self._keys() if (choice := _choice(*key)) is not None}, hours=1)
        self.vote({(claim, user): Choice.DISPUTED for claim in range(_CHANGED) for user in PEOPLE}, hours=26)

    def _keys(self) -> list[tuple[int, int]]:
        return [(claim, user) for claim in range(len(self.claims)) for user in PEOPLE]


def _choice(claim: int, user: int) -> Choice | None:
    """What the person answers: mostly what is so, at times another thing, and nothing where they were not asked."""
    truth: Choice = random.Random(digest("truth", claim)).choice(
        [*Choice, Choice.VERIFIED, Choice.VERIFIED, Choice.DISPUTED]
    )
    dice = random.Random(digest("answer", claim, user))
    if dice.random() < 0.25:
        return None
    return truth if dice.random() < 0.85 else dice.choice([*Choice])


def executed(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook with the outputs of a run in the present folder; an error of a cell is the caller's."""
    names: dict[str, Any] = {}
    cells, number = [], 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        number += 1
        outputs = _run("".join(cell["source"]), names, number)
        cells.append(cell | {"execution_count": number, "outputs": outputs})
    return notebook | {"cells": cells}


def _run(source: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """What a cell prints, and what its last line is worth where that is an expression, as Jupyter keeps them."""
    body = ast.parse(source).body
    last = body[-1] if body and isinstance(body[-1], ast.Expr) else None
    body = body[:-1] if last is not None else body
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed), pl.Config(tbl_width_chars=100, fmt_str_lengths=48, tbl_cols=12):
        exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
        shown = "" if value is None else repr(value)
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": _lines(printed.getvalue())})
    if shown:
        data = {"text/plain": _lines(shown)}
        outputs.append({"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"})
    return outputs


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def written(notebook: dict[str, Any]) -> str:
    """The file's text, as Jupyter writes it."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def write(folder: Path) -> None:
    """Runs the notebook beside a sample desk made in `folder`, and writes its outputs into the file."""
    SampleDesk(folder / FOLDER)
    with contextlib.chdir(folder):
        NOTEBOOK.write_text(written(executed(json.loads(NOTEBOOK.read_text("utf-8")))), "utf-8")
