"""`factcheck publish`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck publish")
def publish(
    run: Run,
    *,
    again: Annotated[bool, typer.Option(help="Write also what is there already.")] = False,
) -> Output:
    """Write the profiles that `[publish]` names, of the newest version; every new version does it too."""
    from factcheck.errors import UsageError
    from factcheck.pipeline import publish as pipeline

    if not run.settings.publish.profiles:
        raise UsageError(
            "nothing is named that readers are given",
            subject="[publish] profiles",
            hint='add to factcheck.toml: [publish], then profiles = ["public-site", "verdict-feed"]',
        )
    with run.working("publish"):
        done = pipeline.publish(run.settings, now=run.now, again=again)
    if done is None:
        raise UsageError("there is no version yet", hint="`factcheck pull` commits the first version")
    lines = [f"version {done.version} in {done.to}"]
    lines += [f"  {name}: {', '.join(files)}" for name, files in done.written.items()]
    lines += [f"  {name}: as it was" for name in done.same]
    lines += [f"  {name}: failed: [{error.code}] {error}" for name, error in done.failed.items()]
    lines += [f"  note: {note}" for note in done.notes]
    lines += [f"  note: {name} is not published any more; its files stay until you remove them" for name in done.stale]
    hints = [error.hint for error in done.failed.values() if error.hint]
    code = next((error.exit_code for error in done.failed.values()), 0)
    return Output(data=done.as_dict(), lines=lines, next_steps=hints or ["factcheck status"], exit_code=code)
