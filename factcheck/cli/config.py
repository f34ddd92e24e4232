"""`factcheck config`."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck config --set")
def config(
    run: Run,
    *,
    chosen: Annotated[bool, typer.Option("--set", help="Only what somebody set; no defaults.")] = False,
) -> Output:
    """Show every setting that holds and where it comes from: a line of the file, a variable, or a default.

    A token or key is never shown, only where it comes from.
    """
    from factcheck.settings import origins, process_environment

    root, environment = run.settings.root, process_environment()
    settings, found = origins.held(root, environment)
    secrets = origins.secrets(settings, environment)
    shown = [one for one in found if not chosen or one.origin != "default"]
    lines = [f"desk  {root}"]
    lines += [f"{one.key} = {_text(one.value)}   # {one.where or one.origin}" for one in shown]
    lines += [f"{one.key}: {one.value or 'not set'}{f'   # {one.where}' if one.where else ''}" for one in secrets]
    data = {
        "root": str(root),
        "settings": [one._asdict() for one in shown],
        "secrets": [one._asdict() for one in secrets],
    }
    return Output(data=data, lines=lines)


def _text(value: Any) -> str:
    return "(none)" if value is None else json.dumps(value, ensure_ascii=False, default=str)
