"""Keeping the tables' logs in step with the versions: what writers that died left behind is taken out."""

from __future__ import annotations

from factcheck.dataset.dataset import Dataset
from factcheck.dataset.layout import DATA, VERSIONS
from factcheck.dataset.store import Written, label_number


def reconcile(dataset: Dataset) -> dict[str, int]:
    """How many files were taken out of (`removed`) and put into (`restored`) the data tables' logs.

    A file that no version lists is a dead writer's once a later version exists: its number is taken, so its writer
    can never finish. A file of a larger number may belong to a writer that is still at work, and stays.
    Files that a version lists and a log does not hold come from a compaction that died; both are put right in one
    step of the log, so that no reader of another engine sees rows twice.
    """
    counts = {"removed": 0, "restored": 0}
    state = dataset.state
    for name in DATA:
        table = dataset.tables[name]
        listed = {row["path"]: row for row in state.files_of(name, state.head).iter_rows(named=True)}
        table.refresh()
        active = set(table.active())
        gone = [path for path in active if path not in listed and label_number(path) <= state.head]
        back = [Written(path, row["rows"], row["size"]) for path, row in listed.items() if path not in active]
        if gone or back:
            table.commit(back, gone)
            counts["removed"] += len(gone)
            counts["restored"] += len(back)
    return counts


def merge_versions(dataset: Dataset) -> None:
    """Puts the one-row files of `versions` into one file, so that opening reads few files; no row changes.

    A version that another writer commits meanwhile keeps its own file.
    """
    table = dataset.tables[VERSIONS.name]
    rows, damage = dataset.read_small(table)
    if damage is not None:
        raise damage
    old = table.active()
    if len(old) > 1:
        table.commit([table.write(rows.sort("version"), f"{dataset.state.head:08}")], old)
        dataset.refresh(log=False)
