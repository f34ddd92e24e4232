"""The how-tos of docs/extending, followed to the letter: their files are written, built, installed and used."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from factcheck import dataset as ds
from factcheck import languages as packaged
from factcheck.articles.sniff import SUFFIXES
from factcheck.claims.language_files import languages
from factcheck.cli import app
from factcheck.errors import ConfigError
from factcheck.exporters import registry
from factcheck.pipeline.desk import Desk
from factcheck.settings import load
from factcheck.verdicts import policy as policies
from factcheck.verdicts.policy import Ballots
from tests.claims.test_claims_languages import _forget
from tests.dataset import desks

DOCS = Path(__file__).parents[2] / "docs"
PAGES = DOCS / "extending"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files(page: str) -> dict[str, str]:
    return dict(_FILE.findall((PAGES / page).read_text("utf-8")))


def commands(page: str, start: str) -> list[str]:
    """The lines of the page's blocks of commands that begin so."""
    blocks = [text for kind, text in _BLOCK.findall((PAGES / page).read_text("utf-8")) if not kind]
    return [line for block in blocks for line in block.splitlines() if line.startswith(start)]


def write(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def install(project: Path, target: Path) -> Path:
    """What `pip install FOLDER` does, into a folder of its own."""
    uv = str(Path(sys.executable).with_name("uv"))
    ours = ("--python", sys.executable, "--no-deps", "--no-build-isolation", "--offline", "--target", str(target))
    done = subprocess.run([uv, "pip", "install", *ours, str(project)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


def factcheck(plugins: Path, folder: Path, *arguments: str, code: int = 0) -> str:
    environment = os.environ | {"PYTHONPATH": str(plugins), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "factcheck", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def with_format(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("format")
    texts = {name: text for name, text in files("format.md").items() if not name.startswith("exports/")}
    return install(write(folder / "factcheck-org", texts), folder / "installed")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return desks.make(tmp_path / "desk")


def test_the_format_of_its_page_is_exported_by_name_and_by_a_profile(with_format: Path, desk: Path) -> None:
    factcheck(with_format, desk, "export", "org", "--out", str(desk / "out"))
    head = ds.open(desk / "dataset").head
    text = (desk / "out" / f"org-v{head}.org").read_text("utf-8")
    decided = ds.open(desk / "dataset").verdicts().collect().filter(pl.col("status") == "decided")
    assert text.startswith("#+TITLE: ")
    assert decided.height == text.count("\n* ")
    assert all(f":ID: {claim}" in text for claim in decided["claim_id"])
    write(desk, {name: text for name, text in files("format.md").items() if name.startswith("exports/")})
    factcheck(with_format, desk, "export", "board", "--out", str(desk / "out"))
    board = (desk / "out" / f"board-v{head}.org").read_text("utf-8")
    assert board.count("\n* DISPUTED ") == board.count("\n* ")
    assert "org" in factcheck(with_format, desk, "profiles", "org")


def _broken(folder: Path, name: str, module: str) -> Path:
    texts = files("format.md")
    project = texts["pyproject.toml"].replace("\norg = ", f"\n{name} = ").replace("factcheck-org", "factcheck-broken")
    return install(
        write(folder / "broken", {"pyproject.toml": project.replace("factcheck_org", "factcheck_broken"),
                                  "factcheck_broken.py": module}),
        folder / "installed",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: "import nothing_of_that_name\n" + text, "nothing_of_that_name"),
        (lambda text: text.replace('Format("org"', 'Format("other"'), "is not a Format with the name 'org'"),
        (lambda text: text.replace("    lines = [", "    1 / 0\n    lines = ["), "ZeroDivisionError"),
        (lambda text: text.replace("profile.file_name(context, ", "'../../out' + ("), "outside of the folder"),
    ],
    ids=["import", "name", "failure", "path"],
)
def test_a_broken_format_is_named_with_its_distribution(tmp_path: Path, desk: Path, change: object, said: str) -> None:
    assert callable(change)
    installed = _broken(tmp_path, "org", change(files("format.md")["factcheck_org.py"]))
    told = factcheck(installed, desk, "export", "org", "--out", str(desk / "out"), code=4)
    assert "org of factcheck-broken 1.0" in told
    assert said in told
    assert not list((desk / "out").glob("*"))
    factcheck(installed, desk, "export", "open-data-csv", "--out", str(desk / "out"))


def test_a_built_in_format_is_never_replaced(tmp_path: Path, desk: Path) -> None:
    installed = _broken(tmp_path, "csv", "import nothing_of_that_name\n")
    factcheck(installed, desk, "export", "csv", "--out", str(desk / "out"))
    assert (desk / "out" / f"csv-v{ds.open(desk / 'dataset').head}.csv").is_file()


def test_the_reader_of_its_page_reads_its_files_and_no_others(tmp_path: Path) -> None:
    texts = {name: text for name, text in files("reader.md").items() if not name.startswith("news/")}
    installed = install(write(tmp_path / "factcheck-fountain", texts), tmp_path / "installed")
    desk, scenes = tmp_path / "desk", tmp_path / "scenes"
    desk.mkdir()
    (desk / "factcheck.toml").write_text('[desk]\nname = "Desk"\n', "utf-8")
    write(scenes, {
        "one.fountain": "Title: The bridge\nINT. TOWN HALL\nThe mayor said the bridge cost 12 million pounds.\n",
        "empty.fountain": "INT. NIGHT\n",
        "damaged.fountain": "",
        "two.txt": "The council said that 40 schools were closed in the north of the county.\n",
    })  # fmt: skip
    (scenes / "damaged.fountain").write_bytes(b"\xff\xfe\x00 not a text")
    told = factcheck(installed, desk, "ingest", str(scenes))
    assert "2 accepted" in told
    assert "is a screenplay without a spoken line" in told
    assert "could not be read by .fountain of factcheck-fountain 1.0: UnicodeDecodeError" in told
    without = factcheck(tmp_path / "nothing", desk, "ingest", str(scenes))
    assert ".fountain files are not read as articles" in without


@pytest.fixture(scope="module")
def with_language(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which somebody did what the page says, and nothing else."""
    checkout = tmp_path_factory.mktemp("language")
    for part in ("factcheck", "exports"):
        shutil.copytree(DOCS.parent / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__", "sample"))
    shutil.copy(DOCS.parent / "pyproject.toml", checkout)
    before = _digests(checkout)
    (checkout / "factcheck/languages/eo").mkdir()
    for command in commands("language.md", "cp "):
        subprocess.run(["bash", "-c", command], cwd=checkout, check=True)
    write(checkout, files("language.md"))
    after = _digests(checkout)
    assert {name for name, digest in after.items() if before.get(name) != digest} == {
        f"factcheck/languages/eo/{part}.toml" for part in packaged.PARTS if part not in {"dates", "facts"}
    }
    return checkout


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_language_of_its_page_finds_who_says_what(tmp_path: Path, with_language: Path) -> None:
    (tmp_path / "factcheck.toml").write_text('[desk]\nname = "Desk"\n', "utf-8")
    (tmp_path / "eo.txt").write_text("Ministro Tom Reid anoncis ke la ponto kostis 12 milionojn eŭrojn.\n", "utf-8")
    told = factcheck(with_language, tmp_path, "ingest", "eo.txt", "--lang", "eo")
    assert "no word lists" not in told
    factcheck(with_language, tmp_path, "claims")
    found = Desk(load(tmp_path, {})).staging.claims().row(0, named=True)
    assert (found["claimant"], found["reporting_verb"]) == ("Ministro Tom Reid", "anoncis")
    assert any(reason.startswith("quantity ") for reason in found["reasons"])


def test_a_desk_speaks_the_language_of_its_page(tmp_path: Path, with_language: Path, desk: Path) -> None:
    (listed,) = [one for one in json.loads(factcheck(with_language, desk, "languages", "--json"))["data"]["languages"]
                 if one["code"] == "eo"]  # fmt: skip
    assert listed["desk"]
    assert [lack.partition(" ")[0] for lack in listed["lacks"]] == ["dates", "facts"]
    new = tmp_path / "new"
    new.mkdir()
    (init,) = commands("language.md", "factcheck init")
    factcheck(with_language, new, *shlex.split(init)[1:])
    assert 'language = "eo"' in (new / "factcheck.toml").read_text("utf-8")
    factcheck(with_language, new, "schemas", "--folder", str(new / "schemas"))
    assert (new / "schemas" / "label_config.eo.xml").is_file()

    file = desk / "factcheck.toml"
    file.write_text(re.sub(r'(?m)^language = "\w+"', 'language = "eo"', file.read_text("utf-8")), "utf-8")
    for name in ("claimreview", "public-site", "newsroom-xlsx", "verdict-feed", "markdown"):
        factcheck(with_language, desk, "export", name, "--out", str(desk / "out"))
    told = "".join(path.read_text("utf-8") for path in (desk / "out").rglob("*") if path.suffix in {".jsonld", ".json"})
    assert '"Malvera aŭ misgvida"' in told
    site = next((desk / "out").rglob("index.html")).read_text("utf-8")
    assert '<html lang="eo" dir="ltr">' in site
    assert "Malvera aŭ misgvida" in site


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('outdated = "Malaktuala"\n', "", "ratings.toml: reasons: lacks outdated"),
        ("[reasons]\n", '[reasons]\nnova = "Nova"\n', "ratings.toml: reasons: has nova, which nothing reads"),
    ],
)
def test_a_word_of_the_page_that_is_missing_is_named(
    tmp_path: Path, with_language: Path, before: str, after: str, told: str
) -> None:
    ratings = "factcheck/languages/eo/ratings.toml"
    whole = (with_language / ratings).read_text("utf-8")
    assert before in whole
    try:
        (with_language / ratings).write_text(whole.replace(before, after), "utf-8")
        assert f"languages/eo/{told}" in factcheck(with_language, tmp_path, "languages")
    finally:
        (with_language / ratings).write_text(whole, "utf-8")


def test_the_policy_of_its_page_decides_its_example() -> None:
    (text,) = files("policy.md").values()
    room = vars(policies).copy()
    exec(compile(text, "policy.md", "exec", dont_inherit=True), room)
    made = room["Supermajority"]()
    assert made.name == "supermajority(min_votes=2,share=0.75)"
    counts = np.array([[3, 1, 0, 0, 0], [2, 1, 0, 0, 0], [0, 4, 0, 0, 0], [0, 0, 0, 0, 0]], dtype=np.int64)
    won = made.winners(Ballots(pl.Series(["a", "b", "c", "d"]), pl.DataFrame(), counts))
    assert won.tolist() == [0, -1, 1, -1]
    with pytest.raises(ConfigError, match=r"share is 0\.5"):
        room["Supermajority"](share=0.5)


def test_a_dataset_of_a_policy_that_this_program_does_not_know_is_read_and_exported(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided_by = ds.open(desk / "dataset").verdicts().collect()["policy"].drop_nulls().unique().to_list()
    kinds = {name.partition("(")[0] for name in decided_by}
    assert kinds
    file = desk / "factcheck.toml"
    lines = [
        line for line in file.read_text("utf-8").splitlines() if not re.match(r"(policy|margin|threshold) = ", line)
    ]
    file.write_text("\n".join(lines).replace("[verdicts]", '[verdicts]\npolicy = "unanimous"'), "utf-8")
    for kind in kinds:
        monkeypatch.delitem(policies.POLICIES, kind)
    with pytest.raises(ConfigError, match="no such policy"):
        policies.parse(decided_by[0])
    for line in ("log", "verify", "status", "export open-data-csv --out OUT", "export claimreview --out OUT"):
        words = line.replace("OUT", str(desk / "out")).split()
        done = CliRunner().invoke(app, ["--desk", str(desk), *words])
        assert done.exit_code == 0, f"{line}: {done.output}"
    assert decided_by[0].split("(")[0] in next((desk / "out").glob("*.csv")).read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("format.md", sorted(registry._FORMATS)),
        ("reader.md", sorted(SUFFIXES - {""})),
        ("policy.md", [*policies.POLICIES, policies.Adjudicator.kind]),
        ("language.md", languages()),
        ("language.md", [f"{part}.toml" for part in packaged.PARTS]),
    ],
)
def test_a_page_names_each_that_there_is(page: str, names: list[str]) -> None:
    text = (PAGES / page).read_text("utf-8")
    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    _forget()
