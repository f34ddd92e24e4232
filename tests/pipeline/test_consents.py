"""Names of checkers: only of who agreed, only on pages of claims, and nothing in them leads to anybody else."""

from __future__ import annotations

import dataclasses
import json
import re
import stat
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from factcheck.cli import app
from factcheck.exporters import find, formats, render
from factcheck.models import Choice
from factcheck.pipeline import consents
from factcheck.pipeline.publish import publish
from factcheck.verdicts.votes import VOTES
from tests.answers import answer
from tests.exporters import site_rows
from tests.exporters.export_rows import row, rows
from tests.pipeline.test_nobody_named import NOW, PEOPLE, Newsroom, everything, identified

PUBLIC = find("public-site", None)
NAMING = PUBLIC.model_copy(update={"site": PUBLIC.site.model_copy(update={"credits": True})})
IDS = [f"ant_{number:020x}" for number in range(6)]
NAMES = ["سارا احمدی", "Omid", "Ann Corley", "ليلى", "Bea"]
VOTE = st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(IDS), st.sampled_from([str(one) for one in Choice]))


def votes_of(cast: list[tuple[str, str, str]]) -> pl.DataFrame:
    last = {(claim, who): choice for claim, who, choice in cast}
    made = [{"claim_id": claim, "annotator_id": who, "choice": choice} for (claim, who), choice in last.items()]
    return pl.DataFrame(made, schema=VOTES)


@given(
    cast=st.lists(VOTE, max_size=18),
    agreed=st.dictionaries(st.sampled_from(IDS), st.sampled_from(NAMES)),
    chance=st.randoms(use_true_random=False),
)
@hypothesis_settings(max_examples=200)
def test_names_are_a_function_of_who_agreed_and_checked_alone(cast: Any, agreed: dict[str, str], chance: Any) -> None:
    """Not of what anybody answered, nor of the order, nor of whether anybody else answered at all."""
    found = consents.named(votes_of(cast), agreed)
    for claim, names in found.items():
        assert set(names) == {agreed[who] for of, who, _ in cast if of == claim and who in agreed}
    assert set(found) == {claim for claim, who, _ in cast if who in agreed}
    others = [(claim, who, str(chance.choice(list(Choice)))) for claim, who, _ in cast if who in agreed]
    chance.shuffle(others)
    assert consents.named(votes_of(others), agreed) == found


COUNTS = st.fixed_dictionaries(
    {name: st.integers(0, 9) for name in ("n_votes", "n_verified", "n_disputed", "n_opinion", "n_unproven")}
    | {"agreement": st.none() | st.floats(0, 1)}
)


def site_of(counts: dict[str, Any], names: list[str]) -> dict[str, tuple[str, bytes]]:
    claim = row(claim_id=site_rows.claim_id(0), **counts)
    context = dataclasses.replace(site_rows.CONTEXT, credits={claim["claim_id"]: names} if names else {})
    folder = render(rows(claim), NAMING, context).folder
    assert folder is not None
    return {page.name: (page.inputs, page.make()) for page in folder.pages if not page.name.startswith("assets/")}


@given(counts=COUNTS, others=COUNTS, names=st.lists(st.sampled_from(NAMES), unique=True))
@hypothesis_settings(max_examples=100, deadline=None)
def test_a_site_with_names_is_the_same_however_many_answered(
    counts: dict[str, Any], others: dict[str, Any], names: list[str]
) -> None:
    """Every page, and every digest of what a page is made of: so no count beside the names tells who is missing."""
    assert site_of(counts, names) == site_of(others, names)


def test_names_stand_on_the_claim_s_page_alone_and_only_where_the_profile_says_so() -> None:
    claim = row(claim_id=site_rows.claim_id(0), n_votes=3)
    context = dataclasses.replace(
        site_rows.CONTEXT, language="en", credits={claim["claim_id"]: ["<i>Ann</i>", "Bea \u202eevil"]}
    )
    folder = render(rows(claim, row(claim_id=site_rows.claim_id(1))), NAMING, context).folder
    assert folder is not None
    pages = {page.name: page.make().decode("utf-8", "replace") for page in folder.pages}
    own = f"claims/{claim['claim_id']}.html"
    assert {name for name, text in pages.items() if "Bea" in text} == {own}
    assert "Among those who checked it" in pages[own]
    assert "&lt;i&gt;Ann&lt;/i&gt;" in pages[own]
    assert "\u2068Bea \u202eevil\u202c\u2069" in pages[own]
    assert ">Checkers<" not in pages[own]
    assert not re.search('"(n_votes|agreement)"', pages["data/claims.csv"])
    plain = render(rows(claim), PUBLIC, context).folder
    assert plain is not None
    assert not [page.name for page in plain.pages if b"Bea" in page.make()]
    assert any(b">Checkers<" in page.make() for page in plain.pages)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """The desk with a hundred voters, whose site names people and whose other formats publish as ever."""
    made = Newsroom(tmp_path_factory.mktemp("credits"))
    folder = made.folder / "exports" / "naming"
    folder.mkdir(parents=True)
    (folder / "profile.toml").write_text('format = "site"\n[site]\ncards = false\ncredits = true\n', "utf-8")
    return made


def told(newsroom: Newsroom, *arguments: str) -> Any:
    return answer(newsroom.run("studio", "user", "consent", *arguments, "--json"))


def test_who_agreed_is_named_and_everybody_else_is_found_nowhere(template: Newsroom, tmp_path: Path) -> None:
    """The search for people of `test_nobody_named`, over everything a reader gets, while three have agreed."""
    agreed = PEOPLE[3:6]
    for person in agreed:
        assert told(template, person.email.upper(), "--name", person.name)["name"] == person.name
    record = template.settings.state / consents.FILE
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    assert "@" not in record.read_text("utf-8")
    template.run("export", "naming")
    for what in formats():
        template.run("export", what, *(["--since", "beginning"] if what == "changes" else []))
    template.run("release", "november-three", "--out", str(tmp_path / "gets"))
    template.run("fork", str(tmp_path / "gets" / "fork"))
    site = template.folder / "exports" / "naming-pages"
    elsewhere = [path for path in (template.folder / "exports").iterdir() if path not in (site, site.parent / "naming")]
    said = template.run("log", "--json") + template.run("corrections", "--json")
    rest = everything(tmp_path / "gets", *(path for path in elsewhere if path.is_dir())) + said
    rest += "".join(path.read_bytes().decode("utf-8", "replace") for path in elsewhere if path.is_file())
    assert identified(rest, template.ids) == set()
    naming = everything(site)
    own = {person.number for person in agreed}
    assert identified(naming, template.ids) == own
    pages = [
        path for path in site.rglob("*.*") if any(one.name in path.read_text("utf-8", "replace") for one in agreed)
    ]
    assert pages
    assert {path.parent.name for path in pages} == {"claims"}
    withdrawn, *kept = agreed
    assert told(template, withdrawn.email, "--withdraw") == {"email": withdrawn.email, "name": "", "before": True}
    assert told(template, withdrawn.email) == {"email": withdrawn.email, "name": "", "before": False}
    template.run("export", "naming", "--since", "last")  # the version is the same, and the pages are not
    assert identified(everything(site), template.ids) == {person.number for person in kept}
    assert withdrawn.name not in record.read_text("utf-8")


def test_publishing_and_forgetting_follow_a_consent(template: Newsroom, tmp_path: Path) -> None:
    person = PEOPLE[9]
    with (template.folder / "factcheck.toml").open("a", encoding="utf-8") as file:
        file.write('\n[publish]\nprofiles = ["naming"]\nto = "public"\n')
    place = template.folder / "public"

    def is_named() -> bool:
        done = publish(template.settings, now=NOW)
        assert done is not None
        assert not done.failed
        return person.name in everything(place)

    assert not is_named()
    told(template, person.email, "--name", person.name)
    assert is_named()
    assert "do not have it" in template.run("forget", person.email)
    assert not is_named()
    assert person.name not in (template.settings.state / consents.FILE).read_text("utf-8")
    again = publish(template.settings, now=NOW)
    assert again is not None
    assert again.same == ["naming"]


def test_a_damaged_record_names_nobody_and_is_written_anew(template: Newsroom) -> None:
    record = template.settings.state / consents.FILE
    record.write_text('{"consents": [{"annotator_id": "x", "name": "Left Over"', "utf-8")
    assert consents.consents(template.settings.state) == []
    assert consents.erase(template.settings.state, ["y"]) is False
    assert "Left Over" not in record.read_text("utf-8")
    assert json.loads(record.read_text("utf-8")) == {"consents": []}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nobody@desk.example",), 7, "nobody whom this desk knows"),
        (("nobody@desk.example", "--withdraw"), 7, "nobody whom this desk knows"),
        ((PEOPLE[8].email, "--name", "x", "--withdraw"), 2, "opposite things"),
        ((PEOPLE[8].email, "--name", " "), 2, "no line of letters"),
        ((PEOPLE[8].email, "--name", "a\nb"), 2, "no line of letters"),
        ((PEOPLE[8].email, "--name", "a" * 101), 2, "no line of letters"),
        (("no address", "--name", "Ann"), 2, "not an e-mail address"),
    ],
)
def test_what_is_no_consent_is_refused_in_words(
    template: Newsroom, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = CliRunner().invoke(app, ["--desk", str(template.folder), "studio", "user", "consent", *arguments])
    assert said in " ".join(done.output.split())
    assert done.exit_code == code
