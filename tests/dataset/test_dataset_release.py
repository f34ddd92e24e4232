"""A release stands on its own, tells nothing about people, and says when it was touched."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from factcheck import dataset as ds
from factcheck.dataset import annotators
from factcheck.dataset.release import Released, release, verify_release
from factcheck.errors import Corrupt, OutputExists

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows


@pytest.fixture(scope="module")
def keys() -> tuple[bytes, bytes]:
    private = Ed25519PrivateKey.generate()
    return (
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


@pytest.fixture
def made(three: ds.Dataset, rows: Rows, tmp_path: Path, keys: tuple[bytes, bytes]) -> Released:
    return make(three, rows, tmp_path, signing_key=keys[0])


def make(
    dataset: ds.Dataset, rows: Rows, folder: Path, name: str = "november-2026", signing_key: bytes | None = None
) -> Released:
    return release(
        dataset,
        name,
        folder / "releases",
        publisher="Desk",
        licence="CC-BY-4.0",
        agreement={"krippendorff_alpha": 0.71},
        signing_key=signing_key,
        now=rows.at(50),
    )


def parts(made: Released) -> dict[str, pl.DataFrame]:
    return {
        file["part"]: pl.read_parquet(made.folder / file["path"])
        for file in made.manifest["files"]
        if file["path"].endswith(".parquet")
    }


def test_a_release_holds_the_version_and_verifies(made: Released, three: ds.Dataset, keys: tuple[bytes, bytes]) -> None:
    assert verify_release(made.folder, public_key=keys[1]) == []
    found = parts(made)
    assert {name: frame.height for name, frame in found.items()} == made.manifest["counts"]
    assert found["verdicts"]["verdict"].to_list() == three.verdicts().sort("claim_id").collect()["verdict"].to_list()
    assert found["corrections"].height == three.verdict_changes().collect().height
    assert found["votes"].height == 20
    assert made.manifest["policy"] == "majority(min_votes=2,margin=1)"
    assert made.manifest["agreement"] == {"krippendorff_alpha": 0.71}
    assert three.resolve("november-2026") == 3
    page = (made.folder / "README.md").read_text()
    assert "CC-BY-4.0" in page
    assert "krippendorff_alpha 0.710" in page


def test_nothing_about_people_is_public(made: Released, three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    users = pl.DataFrame({"user_id": [1], "name": ["Sara Ahmadi"], "email": ["sara@example.org"]})
    annotators.remember(three, "s", users)
    other = make(three, rows, tmp_path, "december-2026")
    ids = three.annotations().collect()["annotator_id"].unique().to_list()
    for frame in (*parts(made).values(), *parts(other).values()):
        assert not {"lead_time", "created_at", "updated_at", "observed_at", "annotation_key", "text"} & set(
            frame.columns
        )
        assert pl.Datetime("us", "UTC") not in [kind for name, kind in frame.schema.items() if name != "published_at"]
        content = json.dumps(frame.to_dicts(), default=str)
        assert not any(secret in content for secret in [*ids, "sara@example.org", "Sara Ahmadi"])
    pseudonyms = [set(parts(one)["votes"]["annotator"]) for one in (made, other)]
    assert len(pseudonyms[0]) == len(pseudonyms[1]) == 7
    assert not pseudonyms[0] & pseudonyms[1]


def test_the_same_release_has_the_same_bytes(three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    one, other = make(three, rows, tmp_path / "a"), make(ds.open(three.uri), rows, tmp_path / "b")
    assert (one.folder / "manifest.json").read_bytes() == (other.folder / "manifest.json").read_bytes()
    assert one.manifest == other.manifest


def test_any_change_is_named(made: Released, keys: tuple[bytes, bytes]) -> None:
    chance = random.Random(4)
    for path in sorted(made.folder.iterdir()):
        sound = path.read_bytes()
        for _ in range(8):
            data = bytearray(sound)
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
            try:
                assert verify_release(made.folder, public_key=keys[1]) != [], path
                assert path.name == "manifest.sig" or verify_release(made.folder) != [], path
            except Corrupt:
                assert path.name == "manifest.json"
        path.write_bytes(sound)
    (made.folder / "more.parquet").write_bytes(b"x")
    assert verify_release(made.folder) == ["more.parquet is in no manifest"]
    next(made.folder.glob("votes-*")).unlink()
    assert any("votes-" in one and "missing" in one for one in verify_release(made.folder))


def test_an_unsigned_release_is_not_a_signed_one(
    three: ds.Dataset, rows: Rows, tmp_path: Path, keys: tuple[bytes, bytes]
) -> None:
    plain = make(three, rows, tmp_path)
    assert verify_release(plain.folder) == []
    assert verify_release(plain.folder, public_key=keys[1]) == ["the release is not signed"]


def test_a_release_never_changes(made: Released, three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    with pytest.raises(OutputExists):
        make(three, rows, tmp_path)
    with pytest.raises(Corrupt):
        verify_release(tmp_path)
