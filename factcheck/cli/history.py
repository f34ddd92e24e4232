"""`factcheck log`, `show`, `diff` and `tag`: reading the versioned dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from factcheck.cli.command import verb
from factcheck.cli.options import AsOf, Since
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from collections.abc import Mapping


@verb(example="factcheck log")
def log(
    run: Run,
    *,
    limit: Annotated[int, typer.Option(help="The newest N versions.", min=1)] = 20,
    since: Since = None,
    as_of: AsOf = None,
) -> Output:
    """List the dataset's versions, newest first."""
    from factcheck.cli.output import table
    from factcheck.pipeline import history as pipeline

    versions = pipeline.log(run.settings, limit=limit, since=since, as_of=as_of)
    rows = [
        {
            "version": entry["version"],
            "committed": run.settings.desk.clock.time(entry["committed_at"]),
            "cause": entry["cause"],
            "brought": ", ".join(f"{count:,} {name}" for name, count in entry["counts"].items() if count),
            "tags": ", ".join(entry["tags"]),
            "hash": entry["version_hash"][:12],
        }
        for entry in versions
    ]
    lines = table(rows, ["version", "committed", "cause", "brought", "tags", "hash"], right=["version"])
    none = ["there is no version yet: `factcheck pull` commits the first one"]
    return Output(data={"versions": versions}, lines=lines if rows else none)


@verb(example="factcheck show clm_1a2b3c")
def show(
    run: Run,
    *,
    claim: Annotated[str, typer.Argument(help="The id of a claim, group or article, or the start of one.")],
    html: Annotated[
        Path | None, typer.Option(help="Of an article: write it, its claims underlined, as a page to this file.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="With --html: replace an existing page.")] = False,
    as_of: AsOf = None,
) -> Output:
    """Show a claim (where it appeared, votes, verdicts and why), or an article with its claims underlined."""
    from factcheck.cli import claim_life
    from factcheck.cli.spread import beside_lines
    from factcheck.errors import UsageError
    from factcheck.pipeline import history as pipeline
    from factcheck.pipeline.tension import tension_beside

    if claim.strip().lower().startswith("art_"):
        return _article(run, claim, as_of=as_of, html=html, force=force)
    if html is not None or force:
        option = "--html" if html is not None else "--force"
        raise UsageError("works only with an article", subject=option, hint="give an id that begins with art_")
    lives = pipeline.show(run.settings, claim, as_of=as_of)
    beside = tension_beside(run.settings, [life.claims["group_id"][0] for life in lives], as_of=as_of)
    clock = run.settings.desk.clock
    lines = [line for life in lives for line in claim_life.lines(life, clock)] + beside_lines(beside, clock)
    data = {"groups": [claim_life.as_dict(life) for life in lives], "copies": [], "tension": beside}
    return Output(data=data, lines=lines)


def _article(run: Run, given: str, *, as_of: str | None, html: Path | None, force: bool) -> Output:
    """The article with its claims, and as data the life of each of them."""
    from factcheck.cli import article_text, claim_life
    from factcheck.pipeline import article_view
    from factcheck.pipeline import history as pipeline
    from factcheck.pipeline.copies import copies_of
    from factcheck.pipeline.desk import Desk

    articles, claims = pipeline.show_article(run.settings, given, as_of=as_of)
    lives = pipeline.show(run.settings, given, as_of=as_of) if claims.height else []
    (one,) = article_view.viewed(articles, claims)
    copies = copies_of(Desk(run.settings), one.article["article_id"])
    lines = [*article_text.lines(one, run.settings.desk.clock), *article_text.copies(copies, run.settings.desk.clock)]
    if html is not None:
        page = article_view.write_page(run.settings, articles, claims, html, force=force)
        lines.append(f"wrote {page}")
    steps = [f"factcheck show {row['claim_id']}" for row in one.claims[:1]]
    data = {"groups": [claim_life.as_dict(life) for life in lives], "copies": copies, "tension": []}
    return Output(data=data, lines=lines, next_steps=steps)


@verb(example="factcheck diff 1 2")
def diff(
    run: Run,
    *,
    before: Annotated[str | None, typer.Argument(metavar="A", help="A version number, tag or date.")] = None,
    after: Annotated[
        str | None, typer.Argument(metavar="B", help="A version number, tag or date; default: the newest.")
    ] = None,
    since: Since = None,
    as_of: AsOf = None,
    html: Annotated[Path | None, typer.Option(help="Write the difference as a page to this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing page.")] = False,
) -> Output:
    """List the verdicts that are new, changed or withdrawn between two versions: A and B, or --since and --as-of."""
    from factcheck.errors import UsageError
    from factcheck.pipeline import history as pipeline

    first, last = _two(before, since, "--since"), _two(after, as_of, "--as-of")
    if first is None:
        raise UsageError("which versions?", subject="diff", hint="name two, or write --since 7d")
    rows = pipeline.diff(run.settings, first, last)
    if html is not None:
        page = pipeline.write_diff_page(run.settings, rows, html, before=first, after=last, force=force)
        return Output(data={"page": str(page), "changes": rows}, lines=[f"wrote {page}"])
    lines = [line for row in rows for line in change_lines(row)]
    return Output(data={"page": None, "changes": rows}, lines=lines or ["no verdict changed"])


def _two(place: str | None, option: str | None, name: str) -> str | None:
    """What an argument or an option says, of which only one may be given."""
    from factcheck.errors import UsageError

    if place is not None and option is not None:
        raise UsageError("names the same version as an argument before it", subject=name, hint="leave one of them out")
    return place if place is not None else option


@verb(example="factcheck tag 2026-11-week-47 --note 'weekly edition'")
def tag(
    run: Run,
    *,
    name: Annotated[str, typer.Argument(help="The tag: letters, digits, - _ . and at least one word.")],
    version: Annotated[int | None, typer.Option(help="The version to name; default: the newest.", min=1)] = None,
    note: Annotated[str, typer.Option(help="A note about the tag.")] = "",
    force: Annotated[bool, typer.Option(help="Move an existing tag.")] = False,
) -> Output:
    """Name a version."""
    from factcheck.cli.output import announced
    from factcheck.pipeline import history as pipeline

    tagged = pipeline.tag(run.settings, name, version=version, note=note, force=force, now=run.now)
    return Output(
        data=tagged.model_dump(mode="json"),
        lines=[announced(tagged.version, f"tagged {tagged.name}")],
        next_steps=[f"factcheck export newsroom-xlsx --as-of {tagged.name}"],
    )


def change_lines(row: Mapping[str, Any]) -> list[str]:
    """The two lines of one changed verdict: what it was and is, and the claim."""
    before = row["before_verdict"] or row["before_status"] or "–"
    after = row["after_verdict"] or row["after_status"] or "–"
    return [f"{row['change']:<9} {before} → {after}  {row['claim_id'][:12]}", f"          {row['quote'] or ''}"]
