"""The corpus of what was found once, and a short run with a fixed seed; `make fuzz` is the long one."""

from __future__ import annotations

import os
import sys

import pytest
from typer.testing import CliRunner

from factcheck.cli import app
from tests.chaos.whole_desk import WholeDesk
from tests.fake_studio.served import serving
from tests.fake_studio.server import FakeStudio
from tests.fuzz.commands import Bench, Case, corpus, fuzz

SECONDS = float(os.environ.get("FUZZ_SECONDS", "20"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))

pytestmark = [pytest.mark.slow, pytest.mark.timeout(SECONDS + 600)]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    fake = FakeStudio()
    folder = tmp_path_factory.mktemp("fuzz")
    with serving(fake) as url, pytest.MonkeyPatch.context() as patch:
        desk = WholeDesk(folder / "desk", fake, url)
        desk.folder.mkdir()
        for name, value in desk.environment.items():
            patch.setenv(name, value)
        desk.build()
        (desk.folder / "empty.txt").touch()
        assert CliRunner().invoke(app, ["--desk", str(desk.folder), "ingest", str(desk.folder)]).exit_code in {0, 3}
    return Bench(desk.folder, folder / "trial")


@pytest.mark.parametrize("case", corpus(), ids=lambda case: " ".join(case.arguments)[:60])
def test_what_was_found_once_stays_mended(bench: Bench, case: Case) -> None:
    assert bench.wrong(case) == ""


def test_nothing_that_comes_in_is_a_defect(bench: Bench) -> None:
    ran, found = fuzz(bench, seconds=SECONDS, seed=SEED)
    sys.stderr.write(f"{ran} cases in {SECONDS:.0f} s, {len(found)} kinds of trouble\n")
    assert ran > 0
    assert not found, "\n\n".join(f"{what}\n{case.text()}" for what, case in found.items())
