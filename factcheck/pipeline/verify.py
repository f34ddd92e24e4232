"""`verify`: whether a dataset or a release is what was committed or published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from factcheck import fs
from factcheck.dataset import release_check, signing
from factcheck.dataset.release_check import CheckedRelease
from factcheck.dataset.verify import Verified
from factcheck.dataset.verify import verify as verify_dataset
from factcheck.pipeline.key_files import key_file
from factcheck.settings import Settings


def verify(settings: Settings) -> Verified:
    """What is wrong with the dataset, every byte and every version's rows compared with what was committed."""
    return verify_dataset(settings.dataset_uri)


def exposed(settings: Settings) -> list[str]:
    """What is to be said where others of this machine can read the dataset; nothing where they cannot."""
    if "://" in settings.dataset_uri:
        return []
    found = fs.exposed(Path(settings.dataset_uri))
    return [] if found is None else [f"warning: {found}"]


def check_release(folder: Path, *, key_files: Sequence[Path]) -> CheckedRelease:
    """What is wrong with a release folder; needs nothing but the folder and the keys that may have signed it.

    Raises ConfigError where a key file holds anything but public Ed25519 keys, Corrupt where nothing can be checked.
    """
    keys = [key for path in key_files for key in signing.public_keys(key_file(path), subject=str(path))]
    return release_check.check_release(folder, keys=keys)
