"""`factcheck profiles`: what there is, where it comes from, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from factcheck.cli import app
from factcheck.exporters import places, profiles
from factcheck.pipeline.init import init
from tests.answers import answer


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    init(tmp_path, name="Desk", language="ar", url="https://desk.example", force=False)
    for name, text in {
        "newsroom-xlsx": 'format = "xlsx"\ncolumns = ["quote"]\n[description]\nar = "لنا"\n',
        "mine": 'format = "changes"\n',
        "broken": 'format = "csv"\n[filters]\noutlet = ["x"]\n',
    }.items():
        folder = tmp_path / "exports" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "profile.toml").write_text(text, "utf-8")
    return tmp_path


def ran(desk: Path, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["--desk", str(desk), *arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_the_list_says_where_each_comes_from_and_what_it_hides(desk: Path) -> None:
    listed = {one["name"]: one for one in answer(ran(desk, "profiles", "--json"))["profiles"]}
    assert set(listed) == {*profiles(None), "mine", "broken"}
    assert {name for name, one in listed.items() if one["shadows"]} == {"newsroom-xlsx"}
    assert listed["newsroom-xlsx"]["where"] == "exports/newsroom-xlsx/profile.toml"
    assert {one["where"] for name, one in listed.items() if name not in {"newsroom-xlsx", "mine", "broken"}} == {
        "built in"
    }
    assert listed["newsroom-xlsx"]["description"] == "لنا"
    assert listed["open-data-csv"]["description"] == profiles(None)["open-data-csv"].description["ar"]


def test_one_that_is_broken_is_listed_with_what_is_wrong_and_the_nearest_key(desk: Path) -> None:
    line = next(line for line in ran(desk, "profiles").splitlines() if line.startswith("broken"))
    assert "filters.outlet: no such key; did you mean 'outlets'?" in line
    assert "did you mean 'outlets'?" in ran(desk, "profiles", "broken", code=4)


def test_one_is_explained_in_words(desk: Path) -> None:
    text = ran(desk, "profiles", "newsroom-xlsx")
    assert "exports/newsroom-xlsx/profile.toml, in place of the built-in one" in text
    assert "  words" not in text, "it shows no results"
    assert [line.split() for line in text.splitlines() if line.startswith("    ")] == [
        ["quote", "نص", "الادعاء"], ["dataset_version", "إصدار", "البيانات"],
    ]  # fmt: skip
    assert "factcheck export mine --since last" in ran(desk, "profiles", "mine")
    said = answer(ran(desk, "profiles", "open-data-csv", "--json"))
    assert said["shows"] == ["no claim that was withdrawn", "status decided only"]
    assert said["columns"][0] == {"name": "claim_id", "title": "معرّف الادعاء"}


def test_a_typo_names_the_nearest(desk: Path) -> None:
    assert "did you mean 'weekly-changes'?" in ran(desk, "profiles", "weekly-change", code=2)


def test_the_words_of_results_are_shown_with_where_they_are_from(desk: Path) -> None:
    (desk / "exports" / "mine" / "profile.toml").write_text(
        'format = "claimreview"\n[claimreview]\nreader = "labeler"\n'
        '[rating_words.ar]\nverified = "ثابت"\n[rating_words.en.labeler]\ndisputed = "Debunked"\n',
        "utf-8",
    )
    text = ran(desk, "profiles", "mine")
    assert "of results for the Bluesky labeler" in text
    assert "    disputed        Debunked  [rating_words.en.labeler]\n" in text
    assert "    verified        Verified\n" in text
    assert "not used   [rating_words.ar], which is for other readers or another language" in text
    said = answer(ran(desk, "profiles", "mine", "--json"))
    assert said["written_for"] == "the Bluesky labeler"
    assert {"result": "disputed", "word": "Debunked", "source": "rating_words.en.labeler"} in said["words"]
    assert "opinion" not in {one["result"] for one in said["words"]}
    assert said["words_unused"] == ["rating_words.ar"]


@pytest.mark.parametrize("name", sorted(profiles(None)))
def test_a_copy_is_the_desks_own_and_wants_no_file_of_the_other(desk: Path, name: str) -> None:
    made = answer(ran(desk, "profiles", name, "--copy-to", "مال-ما", "--json"))["created"]
    assert Path(made) == desk / "exports" / "مال-ما" / "profile.toml"
    own, its = (answer(ran(desk, "profiles", one, "--json")) for one in ("مال-ما", name))
    assert not set(own["writes"]) & set(its["writes"])
    differ = {key for key in own if own[key] != its[key]}
    assert differ == {"name", "where", "writes"} | ({"shadows"} if its["shadows"] else set())
    source = next(place.path for place in places(desk) if place.name == name).read_text("utf-8").splitlines()
    assert Path(made).read_text("utf-8").splitlines() == [line for line in source if not line.startswith("file =")]


def test_a_copy_of_the_same_name_takes_the_built_in_ones_place_and_overwrites_nothing(desk: Path) -> None:
    ran(desk, "profiles", "claimreview", "--copy-to", "claimreview")
    own = desk / "exports" / "claimreview" / "profile.toml"
    assert own.read_bytes() == profiles_file("claimreview").read_bytes()
    assert answer(ran(desk, "profiles", "claimreview", "--json"))["shadows"] is True
    own.write_text('format = "claimreview"\n', "utf-8")
    assert "is already there" in ran(desk, "profiles", "claimreview", "--copy-to", "claimreview", code=2)
    assert own.read_text("utf-8") == 'format = "claimreview"\n'


def profiles_file(name: str) -> Path:
    return next(place.path for place in places(None) if place.name == name)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("csv", "--copy-to", "x"), 'write its one line yourself: format = "csv" in exports/x/profile.toml'),
        (("newsrom-xlsx", "--copy-to", "x"), "did you mean 'newsroom-xlsx'?"),
        (("--copy-to", "x"), "factcheck profiles newsroom-xlsx --copy-to x"),
        (("newsroom-xlsx", "--copy-to", "../x"), "../x"),
        (("newsroom-xlsx", "--copy-to", "2026-11"), "2026-11"),
    ],
)
def test_what_cannot_be_copied_is_said(desk: Path, arguments: tuple[str, ...], said: str) -> None:
    before = sorted(desk.rglob("*"))
    assert said in " ".join(ran(desk, "profiles", *arguments, code=2).split())
    assert sorted(desk.rglob("*")) == before
