"""`factcheck lint`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from factcheck.pipeline.lint import Fixed, Linted

SHOWN = 10


@verb(example="factcheck lint exports/out --sarif lint.sarif")
def lint(
    run: Run,
    *,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...", help="ClaimReview in JSON, JSON Lines, a DataFeed, a saved page, an answer; or a folder."
        ),
    ],
    site: Annotated[str | None, typer.Option(help="The desk's address; without it, that of each author.")] = None,
    strict: Annotated[bool, typer.Option(help="End with the code of errors on warnings too.")] = False,
    sarif: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the findings as SARIF 2.1.0.")] = None,
    fix: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write mended copies there; words are never changed.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Replace existing files.")] = False,
) -> Output:
    """Say what is wrong with ClaimReview markup, and which reader drops or misreads it."""
    from factcheck.errors import Rejected
    from factcheck.exporters.lint import matrix
    from factcheck.pipeline import lint as pipeline

    with run.working("lint"):
        done = pipeline.lint(paths, site=site)
        fixed, unfixed = pipeline.fix(paths, fix, force=force) if fix else ([], [])
        written = pipeline.write_sarif(done, sarif, force=force) if sarif else None
    levels = _levels(done)
    bad = levels["error"] or (strict and levels["warning"])
    code = pipeline.FOUND if bad else Rejected.exit_code if done.refused else 0
    refused = [*done.refused, *(one for one in unfixed if one not in done.refused)]
    data = {
        "files": done.files,
        "reviews": len(done.judged),
        "files_without_review": done.without,
        "refused": [one.model_dump(mode="json") for one in refused],
        "levels": levels,
        "findings": list(_records(done)),
        "readers": [row._asdict() for row in matrix(done.judged)],
        "fixed": [_fixed(one) for one in fixed],
    }
    lines = [
        f"lint: {len(done.judged):,} reviews in {done.files:,} files: {_sum(levels)}",
        *_grouped(done),
        *([f"  {done.without:,} other files in these folders hold no review"] if done.without else []),
        *([f"  {len(refused):,} {'input' if len(refused) == 1 else 'inputs'} refused"] if refused else []),
        *(f"  refused [{one.code}] {one.subject}: {one.reason}" for one in refused[:SHOWN]),
        *([f"  ... and {len(refused) - SHOWN:,} more refused; --json lists all"] if len(refused) > SHOWN else []),
        *_matrix(done),
        *([f"{written}  (SARIF)"] if written else []),
        *(line for one in fixed for line in _said(one)),
        *(["nothing could be mended for certain"] if fix and not fixed else []),
    ]
    fixable = any(finding.fixable for one in done.judged for finding in one.findings)
    steps = ["factcheck lint PATH --fix FOLDER   (mends what is certain, in copies)"] if fixable and not fix else []
    return Output(data=data, lines=lines, next_steps=steps, exit_code=code)


def _levels(done: Linted) -> dict[str, int]:
    from factcheck.exporters.lint import LEVELS

    found = [finding.rule.level for one in done.judged for finding in one.findings]
    return {level: found.count(level) for level in LEVELS}


def _sum(levels: dict[str, int]) -> str:
    return f"{levels['error']:,} errors, {levels['warning']:,} warnings, {levels['advice']:,} pieces of advice"


def _records(done: Linted) -> Any:
    from factcheck.exporters.lint import READERS, json_path

    for one in done.judged:
        for finding in one.findings:
            effects = finding.rule.effects
            yield {
                "rule": finding.id,
                "level": finding.rule.level,
                "file": one.subject,
                "line": one.line,
                "path": json_path(finding.path),
                "message": finding.message,
                "mend": finding.rule.mend,
                "fixable": finding.fixable,
                "readers": {READERS[key]: effect.fate for key, effect in effects.items()},
            }


def _grouped(done: Linted) -> list[str]:
    """A line for each broken rule with the first place where it is, and one with its mend."""
    from factcheck.exporters.lint import by_rule, json_path, rules

    lines = []
    for name, count, one in by_rule(done.judged):
        first = next(finding for finding in one.findings if finding.id == name)
        place = f"{one.subject}{f':{one.line}' if one.line else ''} {json_path(first.path)}"
        lines.append(f"  {rules()[name].level} {name}  {count:,} times, first {place}: {first.message}")
        lines.append(f"      mend: {rules()[name].mend}{' (--fix does it)' if first.fixable else ''}")
    return lines


def _matrix(done: Linted) -> list[str]:
    from factcheck.cli.output import table
    from factcheck.exporters.lint import matrix

    columns = ["reader", "read", "mended", "misread", "dropped"]
    rows = [row._asdict() | {"mended": f"{row.mended:,} of these"} for row in matrix(done.judged)]
    return table(rows, columns, right=columns[1:]) if done.judged else []


def _fixed(one: Fixed) -> dict[str, Any]:
    mends = [{"rule": rule, "path": path} for rule, path in one.mends]
    return {"file": str(one.source), "copy": str(one.path), "mends": mends}


def _said(one: Fixed) -> list[str]:
    shown = [f"    {rule} {path}" for rule, path in one.mends[:SHOWN]]
    more = [f"    ... and {len(one.mends) - SHOWN:,} more; --json lists all"] if len(one.mends) > SHOWN else []
    return [f"{one.path}  ({len(one.mends):,} mends)", *shown, *more]
