"""`factcheck profiles`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from factcheck.exporters.explaining import Explained
    from factcheck.pipeline.profiles import Known


@verb(example="factcheck profiles newsroom-xlsx")
def profiles(
    run: Run,
    *,
    name: Annotated[
        str | None, typer.Argument(metavar="PROFILE|FORMAT", help="The one to explain; without it, list them.")
    ] = None,
    copy_to: Annotated[
        str | None, typer.Option("--copy-to", metavar="NAME", help="Make a profile of your own from it, to be changed.")
    ] = None,
) -> Output:
    """List the export profiles and where each comes from, or explain one: what it shows, its columns, its files."""
    from factcheck.errors import UsageError
    from factcheck.pipeline import profiles as pipeline

    if copy_to is not None:
        if name is None:
            hint = f"name it first: factcheck profiles newsroom-xlsx --copy-to {copy_to}"
            raise UsageError("which profile shall be copied?", subject="--copy-to", hint=hint)
        path = pipeline.copy(run.settings, name, copy_to)
        steps = [f"change {path}", f"factcheck profiles {path.parent.name}   (what you have made)"]
        return Output(data={"created": str(path)}, lines=[f"{path}  (a copy of {name})"], next_steps=steps)
    if name is not None:
        found, known = pipeline.explain(run.settings, name)
        own = [f"factcheck profiles {name} --copy-to NAME   (one of your own, to be changed)"]
        own = own if known.where != pipeline.NO_PROFILE else []
        since = " --since last" if "--since" in found.needs else ""
        return Output(
            data=pipeline.as_dict(found, known),
            lines=_explained(found, known),
            next_steps=[f"factcheck export {found.name}{since}", *own],
        )
    listed = pipeline.profiles(run.settings)
    widths = [
        max(len(text) for text in column) for column in zip(*((one.name, one.format) for one in listed), strict=True)
    ]
    lines = [_line(known, *widths) for known in listed]
    return Output(
        data={"profiles": [known._asdict() for known in listed]},
        lines=lines,
        next_steps=[f"factcheck profiles {listed[0].name}   (what it shows, its columns, its files)"],
    )


def _line(known: Known, name: int, form: int) -> str:
    if known.problem:
        return f"{known.name:<{name}}  {known.where}  cannot be used: {known.problem}"
    return f"{known.name:<{name}}  {known.format:<{form}}  {known.description}  [{_where(known)}]"


def _where(known: Known) -> str:
    return f"{known.where}, in place of the built-in one" if known.shadows else known.where


def _explained(found: Explained, known: Known) -> list[str]:
    facts = {
        "from": _where(known),
        "shows": "; ".join(found.shows) or "every claim, withdrawn ones too",
        "order": "; then ".join(found.order),
        "writes": ", ".join(found.writes),
        "needs": ", ".join(found.needs),
        "publisher": found.publisher,
        "pages": found.address,
        "licence": found.licence or "none",
    }
    width = max((len(name) for name, _ in found.columns), default=0)
    longest = max((len(one.result) for one in found.words), default=0)
    own = [f"[{one.source}]" if one.source else "" for one in found.words]
    of_words = f"of results for {found.written_for}; the profile's own with the table they are from:"
    return [
        f"{found.name} ({found.format}): {found.description}",
        *(f"  {name:<10} {value}" for name, value in facts.items() if value),
        *([f"  {'columns':<10} {len(found.columns)}, with their titles ({found.language}):"] if found.columns else []),
        *(f"    {name:<{width}}  {title}" for name, title in found.columns),
        *([f"  {'words':<10} {of_words}"] if found.words else []),
        *(f"    {one.result:<{longest}}  {one.word}  {of}".rstrip() for one, of in zip(found.words, own, strict=True)),
        *(
            f"  {'not used':<10} [{name}], which is for other readers or another language"
            for name in found.words_unused
        ),
    ]
