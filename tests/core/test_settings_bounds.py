"""The least and the largest value of each setting that is a number: both are taken, what is beyond is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from factcheck.errors import ConfigError
from factcheck.settings import Project, Settings, load
from factcheck.settings.model import Claims, DatasetSettings, Desk, Exports, Queue, Studio, Verdicts

HUNDRED, MILLION, BILLIONS = 100, 1_000_000, 1_000_000_000_000
BOUNDS: list[tuple[str, str, float, float]] = [
    ("desk", "wait", 0, 86_400),
    ("studio", "full_pull_hours", 0, MILLION),
    ("studio", "missing_votes", 0, BILLIONS),
    ("studio", "missing_share", 0.0, 1.0),
    ("projects.main", "annotators_per_claim", 1, HUNDRED),
    ("projects.main", "annotators_when_contested", 0, HUNDRED),
    ("projects.main", "annotators_when_worthy", 0, HUNDRED),
    ("projects.main", "worthy_from", 0.0, 1.0),
    ("claims", "min_check_worthiness", 0.0, 1.0),
    ("verdicts", "min_votes", 1, BILLIONS),
    ("verdicts", "margin", 1, BILLIONS),
    ("verdicts", "threshold", 0.5000001, 1.0),
]
TEXTS = [("desk", "name", 1, 200), ("projects.main", "title", 3, 50), ("queue", "title", 3, 50)]


def loaded(folder: Path, section: str, key: str, value: float | str) -> Settings:
    text = f'"{value}"' if isinstance(value, str) else repr(value)
    (folder / "factcheck.toml").write_text(f"[{section}]\n{key} = {text}\n", "utf-8")
    return load(folder, {})


@pytest.mark.parametrize(("section", "key", "least", "most"), BOUNDS)
def test_a_number_is_taken_up_to_its_bounds(tmp_path: Path, section: str, key: str, least: float, most: float) -> None:
    step = 1 if isinstance(least, int) else 0.000001
    for value in (least, most):
        loaded(tmp_path, section, key, value)
    for value in (least - step, most + step):
        with pytest.raises(ConfigError):
            loaded(tmp_path, section, key, value)


@pytest.mark.parametrize(("section", "key", "least", "most"), TEXTS)
def test_a_text_is_taken_up_to_its_length(tmp_path: Path, section: str, key: str, least: int, most: int) -> None:
    for length in {least, most}:
        loaded(tmp_path, section, key, "x" * length)
    for length in (least - 1, most + 1):
        with pytest.raises(ConfigError):
            loaded(tmp_path, section, key, "x" * length)


def test_every_bounded_number_is_in_the_table() -> None:
    known = {(section, key) for section, key, _, _ in BOUNDS}
    sections: dict[str, type[BaseModel]] = {
        "studio": Studio, "projects.main": Project, "claims": Claims, "verdicts": Verdicts, "desk": Desk,
        "queue": Queue, "exports": Exports, "dataset": DatasetSettings,
    }  # fmt: skip
    for section, model in sections.items():
        for key, field in model.model_fields.items():
            if any(hasattr(one, "ge") or hasattr(one, "gt") for one in field.metadata):
                assert (section, key) in known
