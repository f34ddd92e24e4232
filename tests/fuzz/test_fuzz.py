"""The corpus of what was found once, and a short run with a fixed seed; `make fuzz` is the long one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from factcheck.cli import app
from tests.chaos.whole_desk import whole_desk
from tests.docs import exit_codes
from tests.fake_studio.answers import ADMIN_TOKEN
from tests.fuzz.commands import Bench, Case, corpus, fuzz

SECONDS = float(os.environ.get("FUZZ_SECONDS", "600"))
MOST = int(os.environ.get("FUZZ_CASES", "500"))  # a number, not a time: a faster machine tries the same
SEED = int(os.environ.get("FUZZ_SEED", "1"))
PROFILE = """
format = "csv"
file = "own-v{version}-{tag}-{date}-{language}-{profile}.csv"
language = "fa"
headers = "labels"
columns = ["verdict", "quote", "url", "n_votes", "agreement", "claim_id"]
sort = ["-n_votes", "claim_id"]
description = { en = "Our own", fa = "ما" }
[labels]
quote = { en = "Words", fa = "نقل قول" }
[filters]
statuses = ["decided", "contested"]
verdicts = ["verified"]
languages = ["fa", "en"]
min_agreement = 0.5
withdrawn = true
[claimreview]
review_url = "{desk_url}/claims/{claim_id}"
worst_rating = 1
best_rating = 5
opinion = true
[claimreview.ratings]
verified = 5
disputed = 1
"""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(SECONDS + 600)]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("fuzz")
    with whole_desk(folder / "desk") as desk:
        toml = desk.folder / "factcheck.toml"
        toml.write_text(toml.read_text("utf-8").replace("[studio]", f'[studio]\nurl = "{desk.url}"', 1), "utf-8")
        token = desk.folder / ".factcheck/token"
        token.write_text(ADMIN_TOKEN, "ascii")
        token.chmod(0o600)
        own = desk.folder / "exports/own/profile.toml"
        own.parent.mkdir(parents=True)
        own.write_text(PROFILE, "utf-8")
        (desk.folder / "empty.txt").touch()
        assert CliRunner().invoke(app, ["--desk", str(desk.folder), "ingest", str(desk.folder)]).exit_code in {0, 3}
        yield Bench(desk.folder, folder / "trial", desk.fake)


@pytest.mark.parametrize("case", corpus(), ids=lambda case: " ".join(case.arguments)[:60])
def test_what_was_found_once_stays_mended(bench: Bench, case: Case) -> None:
    assert bench.wrong(case) == ""


def test_nothing_that_comes_in_is_a_defect(bench: Bench) -> None:
    ran, found = fuzz(bench, seconds=SECONDS, most=MOST, seed=SEED)
    sys.stderr.write(
        f"{ran} cases in {SECONDS:.0f} s, {len(found)} kinds of trouble; {dict(bench.ends.most_common())}\n"
    )
    assert ran > 0
    assert not found, "\n\n".join(f"{what}\n{case.text()}" for what, case in found.items())


def test_each_command_ends_as_its_page_says(bench: Bench) -> None:
    if not bench.by_command:
        fuzz(bench, seconds=SECONDS, most=MOST, seed=SEED)
    for name, number, code in sorted(bench.by_command):
        may = {*exit_codes.found()[name], *exit_codes.SHARED}
        ends = {0, *map(exit_codes.exit_code, may), *({exit_codes.LINT} if name == "lint" else ())}
        assert number in ends, f"{name} ended with {number}"
        assert not code or code in may, f"{name} ended with {code}"
    assert len(bench.by_command) > MOST / 25
