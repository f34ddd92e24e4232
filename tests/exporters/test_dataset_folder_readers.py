"""The readers that the dataset folder is for read it without an error and without a network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from factcheck.exporters import find, render, view, write
from tests.exporters.export_rows import appearance, row, rows
from tests.exporters.readers.environment import read
from tests.golden.export_changes import told
from tests.golden.export_release import release

pytestmark = pytest.mark.slow
RELEASE = release()
PROFILE = find("dataset-folder", None)
HOSTILE = ("=1+1", "</script>", "a\x00b", "\u202eabc\u2066", "x\r\ny", "\u2028", "🙂" * 3, "'\"|,\t")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the readers say of the golden release, of hostile texts and of nothing."""
    scratch = tmp_path_factory.mktemp("folders")
    context = told(RELEASE, PROFILE)
    hostile = [
        row(
            claim_id=f"clm_{number:020}", quote=text, claimant=text, rationales=[text], evidence=[text],
            appearances=[appearance(claim_id=f"clm_{number:020}", quote=text)],
        )
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    views = {
        "golden": (view(RELEASE.articles, RELEASE.claims, RELEASE.verdicts, RELEASE.versions), context),
        "hostile": (rows(*hostile), replace(context, desk_name='A: "desk" | # <b>\u2028*', tag=None)),
        "empty": (rows(), replace(context, status_history=context.status_history.clear())),  # type: ignore[union-attr]
    }
    for name, (frame, told_) in views.items():
        write(render(frame, PROFILE, told_).files, scratch / name)
    folders = [scratch / name / "dataset-v3" for name in views]
    return dict(zip(views, read(folders, scratch / "home"), strict=True))


@pytest.mark.parametrize("name", ["golden", "hostile", "empty"])
def test_croissant_and_the_data_package_are_valid(found: dict[str, dict[str, Any]], name: str) -> None:
    croissant, package = found[name]["croissant"], found[name]["frictionless"]
    assert (croissant["errors"], croissant["warnings"]) == ([], [])
    assert "http://mlcommons.org/croissant/1.1" in croissant["conforms_to"]
    assert (package["errors"], package["warnings"], package["valid"]) == ([], [], True)
    assert package["profile"] == "https://datapackage.org/profiles/2.0/datapackage.json"


def test_every_reader_counts_the_same_rows(found: dict[str, dict[str, Any]]) -> None:
    rows_ = {"verdicts": 7, "appearances": 8, "evidence": 7, "status_history": 9}
    for reader in ("croissant", "frictionless", "datasets"):
        assert found["golden"][reader]["rows"] == rows_, reader
    assert found["golden"]["datasets"]["default"] == 7


def test_texts_are_equal_when_they_are_read_back(found: dict[str, dict[str, Any]]) -> None:
    assert found["hostile"]["datasets"]["quotes"] == list(HOSTILE)
    assert found["hostile"]["datasets"]["rationales"] == list(HOSTILE)


def test_an_empty_folder_is_refused_for_being_empty(found: dict[str, dict[str, Any]]) -> None:
    """`datasets` loads no table without rows, of whoever's making."""
    assert "no data" in found["empty"]["datasets"]["refused"]
