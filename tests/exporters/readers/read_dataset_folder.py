"""Run by the environment of requirements/dataset-readers.txt: what three readers make of a dataset folder, as JSON.

Usage: read_dataset_folder.py FOLDER ...  It asks no network; whoever starts it sets HF_HUB_OFFLINE and the caches.
"""

from __future__ import annotations

import json
import logging
import socket
import sys
from pathlib import Path
from typing import Any


class Records(logging.Handler):
    """What was logged at level WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def croissant(folder: Path) -> dict[str, Any]:
    import mlcroissant
    from absl import logging as absl_logging
    from pyarrow import parquet

    heard = Records()
    absl_logging.get_absl_logger().addHandler(heard)
    dataset = mlcroissant.Dataset(jsonld=folder / "croissant.json")
    issues = dataset.metadata.issues
    # mlcroissant joins no table without rows.
    held = [
        one.id for one in dataset.metadata.record_sets if parquet.read_metadata(folder / f"{one.id}.parquet").num_rows
    ]
    rows = {name: sum(1 for _ in dataset.records(name)) for name in held}
    return {
        "errors": sorted(issues.errors),
        "warnings": [*sorted(issues.warnings), *heard.said],
        "rows": rows,
        "conforms_to": str(dataset.metadata.conforms_to),
    }


def frictionless(folder: Path) -> dict[str, Any]:
    from frictionless import Package, validate

    path = str(folder / "datapackage.json")
    report = validate(path)
    return {
        "valid": report.valid,
        "errors": [str(error) for error in report.flatten(["type", "message"])],
        "warnings": list(report.warnings),
        "rows": {task.name: task.stats.get("rows") for task in report.tasks},
        "profile": Package(path).to_descriptor().get("$schema"),
    }


def datasets(folder: Path) -> dict[str, Any]:
    import datasets as hub

    names = hub.get_dataset_config_names(str(folder))
    cache = str(folder.parent / "cache")  # it knows a folder by its last name alone
    try:
        loaded = {name: hub.load_dataset(str(folder), name, split="train", cache_dir=cache) for name in names}
        whole = hub.load_dataset(str(folder), cache_dir=cache)
    except ValueError as error:  # it loads no table without rows
        return {"refused": str(error)}
    default = loaded["verdicts"]
    return {
        "rows": {name: data.num_rows for name, data in loaded.items()},
        "default": whole["train"].num_rows,
        "quotes": default["quote"][:] if "quote" in default.column_names else None,
        "rationales": default["rationales"][:] if "rationales" in default.column_names else None,
    }


def main() -> None:
    def refused(*_args: Any, **_rest: Any) -> None:
        raise OSError("no network in this test")

    socket.socket.connect = refused  # type: ignore[method-assign]
    readers = (croissant, frictionless, datasets)
    found = [{one.__name__: one(Path(folder)) for one in readers} for folder in sys.argv[1:]]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
