"""`factcheck init` and `factcheck status`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from factcheck.cli.run import Output, Run, verb


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""

    @verb(app, example="factcheck init --name 'Tehran desk' --language fa")
    def init(
        run: Run,
        *,
        name: Annotated[str, typer.Option(help="The desk's name, as readers know it.")] = "Fact-checking desk",
        language: Annotated[
            Literal["fa", "ar", "en"],
            typer.Option(help="Language of the annotators' labels and hints."),
        ] = "en",
        url: Annotated[str, typer.Option(help="The desk's own web address.")] = "https://example.org",
        force: Annotated[bool, typer.Option(help="Replace a factcheck.toml that is there.")] = False,
    ) -> Output:
        """Make a desk in this folder: a factcheck.toml with every setting explained."""
        from factcheck import pipeline

        path = pipeline.init(run.folder, name=name, language=language, url=url, force=force)
        return Output(
            data={"created": str(path)},
            lines=[f"made {path}"],
            next_steps=["factcheck ingest FOLDER   (articles: text, HTML, feeds; files, folders or URLs)"],
        )

    @verb(app, example="factcheck status")
    def status(run: Run) -> Output:
        """Tell where everything stands: articles, claims, tasks, verdicts, versions, the server."""
        from factcheck import pipeline
        from factcheck.cli.output import short_time

        state = pipeline.status(run.settings)
        rows = {
            "desk": f"{run.settings.desk.name}  ({run.settings.root})",
            "articles": f"{state.articles:,}  ({state.staged_articles:,} staged)",
            "claims": f"{state.claims:,}  ({state.staged_claims:,} staged, {state.groups:,} different, "
            f"{state.worth_checking:,} worth checking)",
            "tasks": f"{state.pushed:,} pushed: {state.open:,} open, {state.done:,} done",
            "verdicts": f"{state.decided:,} decided, {state.contested:,} contested, "
            f"{state.single:,} with too few votes, {state.not_a_claim:,} not a claim",
            "version": f"{state.version or 'none yet'}  (last pull {short_time(state.last_pull)})",
            "server": f"{state.server_url or 'none'}  {state.server_state}",
        }
        lines = [f"{name:<11} {value}" for name, value in rows.items()]
        if state.not_counted:
            lines.append(f"warning     {pipeline.NOT_COUNTED.format(state.not_counted)}")
        lines += [f"warning     {sentence}" for sentence in state.evidence_as_text]
        if state.quarantined:
            lines.append(f"quarantine  {state.quarantined:,} inputs put aside: {state.quarantine_file}")
            lines += [f"  [{item['code']}] {item['subject']}: {item['reason']}" for item in state.quarantine[:5]]
        return Output(data=state.as_dict(), lines=lines, next_steps=state.next_steps)
