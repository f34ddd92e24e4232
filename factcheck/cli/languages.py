"""`factcheck languages`."""

from __future__ import annotations

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck languages")
def languages(run: Run) -> Output:  # noqa: ARG001 - every command is given its run
    """List the languages there are words for, the parts that each of them has, and what it lacks."""
    from factcheck.pipeline import languages as pipeline

    found = pipeline.languages()
    lines = []
    for one in found:
        said = "a desk can speak it" if one.desk else "for articles and claims"
        lines += [f"{one.code:<4} {said}", f"       has {', '.join(one.parts)}"]
        lines += [f"       lacks {lack}" for lack in one.lacks]
    return Output(data={"languages": [one._asdict() for one in found]}, lines=lines)
