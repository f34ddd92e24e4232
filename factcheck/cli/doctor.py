"""`factcheck doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factcheck.cli.command import verb
from factcheck.cli.options import Project
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from factcheck.pipeline.doctor import Diagnosis, Difference

SHOWN = 20


@verb(example="factcheck doctor")
def doctor(run: Run, *, project: Project = None) -> Output:
    """Compare the dataset with everything in Label Studio and list the differences; changes nothing."""
    from factcheck.errors import DatasetError
    from factcheck.pipeline.doctor import doctor as diagnose

    found = diagnose(run.settings, project=project, now=run.now)
    return Output(
        data={
            "equal": found.equal,
            "annotations": found.annotations,
            "tasks": found.tasks,
            "unreadable": found.unreadable,
            "kept": found.kept,
            "put_aside": found.put_aside,
            "differences": [_record(item) for item in found.differences],
            "warnings": found.warnings,
            "seconds": found.seconds,
        },
        lines=_lines(found),
        next_steps=sorted({item.advice for item in found.differences}),
        exit_code=0 if found.equal else DatasetError.exit_code,
    )


def _record(item: Difference) -> dict[str, str]:
    """A difference as scripts know it, who find the advice under `mend`."""
    return {"mend" if name == "advice" else name: value for name, value in item._asdict().items()}


def _lines(found: Diagnosis) -> list[str]:
    lines = [
        f"compared: {found.annotations:,} annotations on {found.tasks:,} tasks"
        + (f", {found.unreadable:,} more cannot be read (`factcheck status` lists them)" if found.unreadable else "")
        + f"  in {found.seconds:.1f} s"
    ]
    lines += [f"  {found.kept:,} votes are kept here although Label Studio says otherwise"] if found.kept else []
    lines += [f"  {found.put_aside:,} answers are quarantined and do not count"] if found.put_aside else []
    lines += [f"  warning: {warning}" for warning in found.warnings]
    for item in found.differences[:SHOWN]:
        where = ", ".join(part for part in (item.project, item.claim_id, item.subject) if part)
        lines.append(f"  [{item.kind}] {where}: {item.what}  ({item.advice})")
    if more := len(found.differences) - SHOWN:
        lines += [f"  ... and {more:,} more; --json lists all"] if more > 0 else []
    same = "the dataset matches Label Studio" + (", apart from the kept votes" if found.kept else "")
    lines.append(same if found.equal else f"{len(found.differences):,} differences")
    return lines
