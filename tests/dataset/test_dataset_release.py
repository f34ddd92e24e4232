"""A release stands on its own, tells nothing about people, and says when it was touched."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from factcheck import dataset as ds
from factcheck.dataset import annotators, signing
from factcheck.dataset.manifest import Manifest
from factcheck.dataset.release import Released, release
from factcheck.dataset.release_check import CheckedRelease, check_release
from factcheck.errors import ConfigError, Corrupt, DatasetError, OutputExists
from tests.failing import Killed

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows


@pytest.fixture(scope="module")
def keys() -> tuple[bytes, bytes]:
    private = Ed25519PrivateKey.generate()
    return (
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


@pytest.mark.parametrize("licence", ["CC0-1.0", ""])
def test_a_datasheet_names_the_licence_and_nothing_where_there_is_none(
    three: ds.Dataset, rows: Rows, tmp_path: Path, licence: str
) -> None:
    done = release(three, "spring", tmp_path, publisher="Desk", licence=licence, now=rows.at(50))
    (page,) = done.folder.glob("*.md")
    assert ("Licence" in page.read_text("utf-8")) == bool(licence)


def test_a_datasheet_says_how_to_cite_the_release_by_its_hash(three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    done = release(three, "spring", tmp_path, publisher="Desk", licence="CC0-1.0", now=rows.at(50))
    (page,) = done.folder.glob("*.md")
    record = three.version()
    assert record is not None
    day = record.committed_at.date().isoformat()
    cited = f"Desk ({day[:4]}): spring. Checked claims, version {record.version} of {day}, version hash"
    assert f"{cited} {record.version_hash}." in page.read_text("utf-8")


@pytest.fixture
def made(three: ds.Dataset, rows: Rows, tmp_path: Path, keys: tuple[bytes, bytes]) -> Released:
    return make(three, rows, tmp_path, signing_key=keys[0])


def make(
    dataset: ds.Dataset,
    rows: Rows,
    folder: Path,
    name: str = "november-2026",
    *,
    signing_key: bytes | None = None,
    as_of: int | None = None,
) -> Released:
    return release(
        dataset,
        name,
        folder / "releases",
        publisher="Desk",
        licence="CC-BY-4.0",
        agreement={"krippendorff_alpha": 0.71},
        signing_key=signing_key,
        as_of=as_of,
        now=rows.at(50),
    )


def check(folder: Path, public_key: bytes | None = None) -> CheckedRelease:
    return check_release(folder, keys=signing.public_keys(public_key) if public_key else ())


def verify_release(folder: Path, *, public_key: bytes | None = None) -> list[str]:
    return check(folder, public_key).wrong


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
    assert found["corrections"].is_empty(), "nothing was published before"
    assert found["history"].height == three.verdict_changes().collect().height
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
        assert pl.Datetime("us", "UTC") not in [
            kind for name, kind in frame.schema.items() if name not in {"published_at", "said_at"}
        ]
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
    assert verify_release(made.folder) == ["more.parquet is not in the manifest"]
    next(made.folder.glob("votes-*")).unlink()
    assert any("votes-" in one and "missing" in one for one in verify_release(made.folder))


def test_an_unsigned_release_is_not_a_signed_one(
    three: ds.Dataset, rows: Rows, tmp_path: Path, keys: tuple[bytes, bytes]
) -> None:
    plain = make(three, rows, tmp_path)
    assert check(plain.folder)[1:] == ([], "none", None)
    assert verify_release(plain.folder, public_key=keys[1]) == ["the release is not signed"]


def test_what_was_not_checked_is_said(made: Released, keys: tuple[bytes, bytes]) -> None:
    assert check(made.folder)[1:] == ([], "unchecked", None)
    named = b"# The Desk\n" + keys[1]
    assert check(made.folder, named)[1:] == ([], "good", "The Desk")
    other = Ed25519PrivateKey.generate().public_key()
    others = other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert check(made.folder, others)[1:] == (["the signature is not this key's"], "bad", None)
    assert check(made.folder, b"# Somebody\n" + others + b"\n\n# The Desk\n" + keys[1]).signer == "The Desk"
    (made.folder / "manifest.sig").unlink()
    assert check(made.folder, named)[1:] == (["the release is not signed"], "none", None)


def test_what_is_written_is_what_is_accepted(made: Released) -> None:
    assert Manifest.model_validate(made.manifest).name == made.manifest["name"]


@pytest.mark.parametrize("step", ["_frames", "datasheet", "fs.write_new", "Path.rename", "fs.sync", "tag"])
@pytest.mark.parametrize("error", [Killed, DatasetError])
def test_a_release_that_was_stopped_is_made_by_the_same_call(
    three: ds.Dataset, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: type[Exception]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise error("stopped")

    with monkeypatch.context() as patch:
        if step == "tag":
            patch.setattr(three, "tag", stop)
        else:
            patch.setattr(f"factcheck.dataset.release.{step}", stop)
        with pytest.raises(error):
            make(three, rows, tmp_path)
    folder = tmp_path / "releases"
    assert three.tags().is_empty()
    if error is DatasetError and step != "fs.sync":
        assert not folder.exists() or not list(folder.iterdir())
    made = make(three, rows, tmp_path)
    assert [path.name for path in folder.iterdir()] == [made.folder.name]
    assert three.resolve(made.folder.name) == 3
    assert verify_release(made.folder) == []
    with pytest.raises(OutputExists, match="already exists"):
        make(three, rows, tmp_path)


def test_a_killed_release_is_finished_on_another_day_and_another_folder_is_not(
    three: ds.Dataset, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(three, "tag", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make(three, rows, tmp_path)
    target = tmp_path / "releases" / "november-2026"
    (target / "more").write_text("mine")
    with pytest.raises(OutputExists):
        make(three, rows, tmp_path)
    (target / "more").unlink()
    before = (target / "manifest.json").read_bytes()
    release(
        three, target.name, target.parent, publisher="Desk", licence="CC-BY-4.0",
        agreement={"krippendorff_alpha": 0.71}, now=rows.at(99),
    )  # fmt: skip
    assert (target / "manifest.json").read_bytes() == before
    assert three.tags()["tagged_at"].to_list() == [rows.at(99)]


def test_a_killed_release_of_an_older_version_says_how_to_go_on(
    three: ds.Dataset, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(three, "tag", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make(three, rows, tmp_path, as_of=2)
    with pytest.raises(OutputExists, match="no tag of that name") as stopped:
        make(three, rows, tmp_path)
    assert "delete the folder" in stopped.value.hint
    shutil.rmtree(tmp_path / "releases" / "november-2026")
    assert make(three, rows, tmp_path).manifest["version"] == 3


def test_a_wrong_kind_of_key_is_one_error_before_anything_is_written(
    three: ds.Dataset, rows: Rows, tmp_path: Path, keys: tuple[bytes, bytes]
) -> None:
    for pem, said in wrong_private_keys(keys[1]).values():
        with pytest.raises(ConfigError, match=said):
            make(three, rows, tmp_path, signing_key=pem)
    for pem, said in wrong_public_keys(keys[0]).values():
        with pytest.raises(ConfigError, match=said):
            signing.public_keys(pem)
    assert three.tags().is_empty()
    assert not (tmp_path / "releases").exists()


def wrong_private_keys(public: bytes) -> dict[str, tuple[bytes, str]]:
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain, pem = NoEncryption(), Encoding.PEM
    ed25519 = Ed25519PrivateKey.generate()
    ec_key = ec.generate_private_key(ec.SECP256R1())
    secret = BestAvailableEncryption(b"secret")
    return {
        "rsa": (rsa_key.private_bytes(pem, PrivateFormat.PKCS8, plain), "not an Ed25519 key"),
        "old rsa": (rsa_key.private_bytes(pem, PrivateFormat.TraditionalOpenSSL, plain), "not an Ed25519 key"),
        "ec": (ec_key.private_bytes(pem, PrivateFormat.PKCS8, plain), "not an Ed25519 key"),
        "encrypted": (ed25519.private_bytes(pem, PrivateFormat.PKCS8, secret), "encrypted"),
        "old encrypted": (rsa_key.private_bytes(pem, PrivateFormat.TraditionalOpenSSL, secret), "encrypted"),
        "public": (public, "public key"),
        "ssh": (ed25519.private_bytes(pem, PrivateFormat.OpenSSH, plain), "not a private key"),
        "der": (ed25519.private_bytes(Encoding.DER, PrivateFormat.PKCS8, plain), "not a private key"),
        "cut": (ed25519.private_bytes(pem, PrivateFormat.PKCS8, plain)[:60], "not a private key"),
        "empty": (b"", "not a private key"),
        "junk": (bytes(range(256)) * 4, "not a private key"),
    }


def wrong_public_keys(private: bytes) -> dict[str, tuple[bytes, str]]:
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    found = rsa_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    block = "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n"
    return {
        "rsa": (found, "not Ed25519"),
        "private": (private, "private key"),
        "empty": (b"", "not a public key"),
        "junk": (bytes(range(256)) * 4, "not a public key"),
        "text": (b"hello", "not a public key"),
        "broken": (block.format("AAAA").encode(), "not a public key"),
        "one of two": (found.replace(b"RSA", b"") + block.format("!").encode(), "not Ed25519|not a public key"),
    }


def test_a_release_never_changes(made: Released, three: ds.Dataset, rows: Rows, tmp_path: Path) -> None:
    with pytest.raises(OutputExists):
        make(three, rows, tmp_path)
    with pytest.raises(Corrupt):
        verify_release(tmp_path)
