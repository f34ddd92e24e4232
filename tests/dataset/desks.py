"""A desk with two versions of votes and no server, and every command that works on its dataset."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

from factcheck import dataset as ds
from factcheck import settings
from factcheck.cli import app
from factcheck.dataset import annotators
from factcheck.dataset.verify import verify
from factcheck.pipeline.desk import Desk
from tests.answers import answer
from tests.pipeline.test_judging import OP, D, Team, V

CSV = "claim,verdict,date,reviewer\nThe bridge cost 40 million dollars in 2019.,false,2026-01-05,Desk X\n"
EXPORTS = ("claimreview", "open-data-csv", "newsroom-xlsx", "archive-parquet", "records-jsonl")
READING: dict[str, tuple[str, ...]] = {
    "log": ("log", "--as-of", "1"),
    "show": ("show", "CLAIM", "--as-of", "1"),
    "diff": ("diff", "0", "1"),
    "corrections": ("corrections", "--as-of", "1"),
    "agreement": ("agreement", "--as-of", "1"),
    "queue": ("queue", "--as-of", "1"),
    **{f"export {name}": ("export", name, "--as-of", "1", "--out", "OUT/1") for name in EXPORTS},
}
"""Commands that read an earlier version; CLAIM and OUT are filled in."""
WRITING: dict[str, tuple[str, ...]] = {
    "ingest": ("ingest", "DESK/b.txt"),
    "claims": ("claims",),
    "import": ("import", "DESK/earlier.csv", "--source", "Desk X"),
    "tag": ("tag", "spring", "--version", "1"),
    "release": ("release", "november-2026", "--as-of", "1", "--out", "OUT/releases"),
    "compact": ("compact",),
    "vacuum": ("vacuum", "--days", "0"),
    "restore": ("restore", "1"),
    "fork": ("fork", "OUT/fork", "--as-of", "2"),
    "decide": ("decide",),
    "forget": ("forget", "sara@desk.example"),
    "export": ("export", "claimreview", "--as-of", "2", "--out", "OUT/2"),
}
WHOLE: dict[str, tuple[str, ...]] = {"status": ("status",), "verify": ("verify",), "log of all": ("log",)}
ALL = READING | WHOLE | WRITING


class Done(NamedTuple):
    """How a command ended: its exit code and what it printed as JSON, None where that is none."""

    code: int
    said: Any
    text: str


def make(folder: Path) -> Path:
    """A desk with two versions, people, a staged article and decisions to import."""
    folder.mkdir(parents=True)
    team = Team(folder)
    team.vote({(0, 1): V, (0, 2): V, (0, 3): D, (1, 1): V, (1, 2): D, (2, 1): None, (2, 2): OP}, hours=1)
    team.vote({(0, 1): D, (2, 1): OP}, hours=2)
    add_files(folder)
    return folder


def add_files(desk: Path) -> None:
    """The article that `ingest` reads and the decisions that `import` takes in."""
    text = "The minister said exports rose by 14 percent to 3.5 billion dollars in 2024.\n"
    (desk / "b.txt").write_text(text, "utf-8")
    (desk / "earlier.csv").write_text(CSV, "utf-8")


def copy(template: Path, folder: Path) -> Path:
    """The same desk in another folder."""
    shutil.copytree(template, folder)
    return folder


def filled(desk: Path, arguments: tuple[str, ...]) -> list[str]:
    """The arguments for this desk: the folder `out` is for what leaves it."""
    claim = _claim(desk) if "CLAIM" in arguments else ""
    return [
        one.replace("CLAIM", claim).replace("DESK", str(desk)).replace("OUT", str(desk / "out")) for one in arguments
    ]


def run(desk: Path, *arguments: str) -> Done:
    """The command in this process; the first argument is its name, `studio backup` in one."""
    command, *rest = filled(desk, arguments)
    result = CliRunner().invoke(app, ["--desk", str(desk), *command.split(), "--json", *rest])
    assert "Traceback" not in result.output
    assert "a bug in factcheck" not in result.output, result.output
    try:
        said = answer(result.stdout)
    except ValueError:
        said = None
    return Done(result.exit_code, said, result.output)


def problems(desk: Path) -> list[str]:
    """What `verify` finds in the desk's dataset, its fork and its releases; and drafts that nobody writes any more."""
    found = [f"{one.subject}: {one.what}" for one in verify(str(desk / "dataset")).findings]
    out = desk / "out"
    if (out / "fork").exists():
        found += [f"fork: {one.subject}: {one.what}" for one in verify(str(out / "fork")).findings]
    for folder in sorted((out / "releases").glob("[!.]*")):
        done = run(desk, "verify", str(folder))
        found += [] if done.code == 0 else [f"release: {done.text}"]
    return found


def drafts(desk: Path) -> list[str]:
    """Files and folders with the name of something that is not finished."""
    ends = (".tmp", ".part", ".old")
    return sorted(
        str(path.relative_to(desk)) for path in desk.rglob("*") if path.name.endswith(ends) or "#" in path.name
    )


def ends(desk: Path) -> dict[str, Any]:
    """What the desk holds, without what differs from run to run: times, and random ids."""
    data = ds.open(desk / "dataset")
    staged = Desk(settings.load(desk, {})).staging
    return {
        "versions": [_version(data, number) for number in range(1, data.head + 1)],
        "tags": data.tags().select("name", "version").rows(),
        "staged": [staged.articles()["article_id"].to_list(), staged.claims()["claim_id"].sort().to_list()],
        "files": sorted(str(path.relative_to(desk)) for path in (desk / "out").glob("[!f]*/**/*")),
        "fork": ds.open(desk / "out" / "fork").head if (desk / "out" / "fork").exists() else None,
        "people": annotators.people(data).sort("annotator_id").rows(),
    }


def _version(data: ds.Dataset, number: int) -> list[Any]:
    verdicts = data.verdicts(number).select("claim_id", "status", "verdict").sort("claim_id").collect().rows()
    rows = [data.articles(number), data.claims(number), data.annotations(number), data.verdict_changes(number)]
    return [data.versions(number)["cause"][-1], verdicts, [frame.collect().height for frame in rows]]


def _claim(desk: Path) -> str:
    return str(ds.open(desk / "dataset").claims(1).collect()["claim_id"].sort()[0])
