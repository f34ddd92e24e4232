"""`factcheck write`: an editor's words on a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factcheck.pipeline.editorial import Word


@verb(example='factcheck write clm_1a2b3c4d --headline "Exports did not double" --state approved --editor Mina')
def write(
    run: Run,
    *,
    claim: Annotated[str, typer.Argument(help="A claim id, or the start of one.")],
    claim_reviewed: Annotated[str | None, typer.Option(help="The claim in words that stand alone.")] = None,
    headline: Annotated[str | None, typer.Option(help="Headline of its page.")] = None,
    summary: Annotated[str | None, typer.Option(help="Why the verdict is what it is.")] = None,
    page_url: Annotated[str | None, typer.Option(help="Address of its page, if not on the desk's own site.")] = None,
    topic: Annotated[str | None, typer.Option(help="What it is about.")] = None,
    state: Annotated[
        str | None, typer.Option(help="draft, approved, published, needs_review or withdrawn, or its label.")
    ] = None,
    editor: Annotated[
        str | None, typer.Option(help="Who writes: a name or an address; default: the system user.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
) -> Output:
    """Write what readers are told of a claim. An empty text takes words back: --headline ""."""
    from factcheck.cli.mending import system_user
    from factcheck.cli.output import announced
    from factcheck.pipeline.editorial import write as pipeline

    given = {
        "claim_reviewed": claim_reviewed, "headline": headline, "summary": summary, "page_url": page_url,
        "topic": topic, "state": state,
    }  # fmt: skip
    words = {field: value for field, value in given.items() if value is not None}
    who = (system_user() or "") if editor is None else editor
    done = pipeline(run.settings, claim, words, editor=who, dry_run=dry_run, now=run.now)
    if not done.words:
        return Output(data=done.as_dict(), lines=[f"nothing to change: {done.claim_id}"])
    lines = differences(done.words)
    if done.version is None:
        return Output(data=done.as_dict(), lines=[*lines, "dry run: nothing was changed"])
    return Output(data=done.as_dict(), lines=[*lines, announced(done.version, f"{len(done.words)} values")])


def differences(words: Sequence[Word]) -> list[str]:
    """A line a value: the claim, the field, what stood before and what stands now."""
    from factcheck.text import isolate

    def shown(value: str | None) -> str:
        return isolate(" ".join(value.split())) if value else "–"

    return [f"{word.claim_id} {word.field}: {shown(word.before)} → {shown(word.value)}" for word in words]
