"""Makes `people-1.tar.gz`: a dataset with people as the code of format 1 (commit 67c683e) kept them. Run once, by it.

The ids are HMACs of the key that lies with the dataset; one person was forgotten and the key kept; one has no row.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from factcheck import dataset as ds
from factcheck.dataset import annotators
from factcheck.dataset.maintenance import compact

HERE = Path(__file__).parent
SERVER = "local"
NAMES = {3: "Sara", 4: "Omid", 5: "Leila", 6: "Reza"}


def _rows() -> Any:
    spec = importlib.util.spec_from_file_location("rows", HERE.parent / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Rows()


def main() -> None:
    target = HERE / "people-1.tar.gz"
    if target.exists():
        raise SystemExit(f"{target} exists: old data never changes")
    rows = _rows()
    with tempfile.TemporaryDirectory() as folder:
        dataset = ds.open(Path(folder) / "dataset", create=True)
        users = [
            {"user_id": user, "name": name, "email": f"{name.lower()}@example.org"} for user, name in NAMES.items()
        ]
        annotators.remember(dataset, SERVER, pl.DataFrame(users[:-1]))  # the last is in no list of users
        ids = {user: annotators.annotator_id(dataset, SERVER, user) for user in NAMES}
        people = [list(ids.values())[number % 4] for number in range(20)]
        events = rows.events(range(20)).with_columns(annotator_id=pl.Series(people))
        ds.commit(
            dataset,
            articles=rows.articles(range(10)),
            claims=rows.claims(range(10)),
            events=events,
            verdicts=rows.verdicts(range(10), adjudicator=ids[4]),
            cause="pull",
            policy="majority(min_votes=2,margin=1)",
            now=rows.now,
        )
        ds.commit(dataset, verdicts=rows.verdicts([0], "disputed"), cause="pull", now=rows.at(1))
        annotators.forget(dataset, "leila@example.org")
        compact(dataset)  # a checkpoint holds the key too
        expected = {
            "ids": {str(user): own for user, own in ids.items()},
            "key": annotators.dataset_key(dataset),
            "version_hashes": dataset.versions()["version_hash"].to_list(),
        }
        shutil.rmtree(Path(folder) / "dataset" / "_index")
        with tarfile.open(target, "w:gz") as archive:
            archive.add(Path(folder) / "dataset", "dataset")
    (HERE / "people-1.json").write_text(json.dumps(expected, indent=2) + "\n")


if __name__ == "__main__":
    main()
