"""Makes the golden dataset of the current format, once: `python tests/dataset/golden/make_golden.py`."""

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
from factcheck.models import SCHEMA_VERSION

HERE = Path(__file__).parent


def _rows() -> Any:
    spec = importlib.util.spec_from_file_location("rows", HERE.parent / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Rows()


def main() -> None:
    target = HERE / f"format-{SCHEMA_VERSION}.tar.gz"
    if target.exists():
        raise SystemExit(f"{target} exists: a released format never changes")
    rows = _rows()
    with tempfile.TemporaryDirectory() as folder:
        dataset = ds.open(Path(folder) / "dataset", create=True)
        first = {"articles": rows.articles(range(10)), "claims": rows.claims(range(10))}
        ds.commit(
            dataset,
            **first,
            events=rows.events(range(10)),
            verdicts=rows.verdicts(range(10)),
            cause="pull",
            cursor={"main": {"updated_at": "2026-11-05T12:00:00Z"}},
            policy="majority(min_votes=2,margin=1)",
            now=rows.now,
        )
        later = pl.concat([rows.verdicts([0], "disputed"), rows.verdicts([1], None)])
        marked = pl.concat(
            [
                rows.events([3], 2).with_columns(mark=pl.lit("kept"), mark_reason=pl.lit("Label Studio went back")),
                rows.events([4], 2).with_columns(
                    state=pl.lit("put_aside"), mark=pl.lit("put_aside"), mark_reason=pl.lit("imported")
                ),
            ]
        ).with_columns(task_updated_at=pl.col("updated_at"))
        events = pl.concat([rows.events(range(10, 20)), marked])
        ds.commit(dataset, events=events, verdicts=later, cause="pull", now=rows.at(1))
        dataset.tag("spring", 1, now=rows.now)
        verdicts = dataset.verdicts().select("claim_id", "status", "verdict").sort("claim_id").collect()
        expected = {
            "version_hashes": dataset.versions()["version_hash"].to_list(),
            "verdicts": [list(row) for row in verdicts.iter_rows()],
            "fingerprint_1": dataset.fingerprint(1),
            "fingerprint": dataset.fingerprint(),
            "annotator_id": annotators.annotator_id(dataset, "https://studio.example.org", 3),
        }
        # The index is a cache of one polars version.
        shutil.rmtree(Path(folder) / "dataset" / "_index")
        with tarfile.open(target, "w:gz") as archive:
            archive.add(Path(folder) / "dataset", "dataset")
    (HERE / f"format-{SCHEMA_VERSION}.json").write_text(json.dumps(expected, indent=2) + "\n")


if __name__ == "__main__":
    main()
