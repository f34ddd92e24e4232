"""`factcheck verify` and `release`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.run import Output, Run, verb
from factcheck.cli.versions import AsOf


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""

    @verb(app, example="factcheck verify")
    def verify(
        run: Run,
        *,
        release: Annotated[
            Path | None,
            typer.Argument(metavar="[FOLDER]", help="A release's folder; without it, the desk's dataset."),
        ] = None,
        public_key: Annotated[
            Path | None,
            typer.Option("--signed-by", help="File with the Ed25519 public key (PEM) that signed the release."),
        ] = None,
    ) -> Output:
        """Check every byte of the dataset, or of a release, against what was committed or published."""
        from factcheck import pipeline
        from factcheck.errors import Corrupt

        if release is not None:
            wrong = pipeline.check_release(release, public_key=public_key)
            return Output(
                data={"ok": not wrong, "findings": wrong},
                lines=[f"  {sentence}" for sentence in wrong] or ["the release is as it was published"],
                exit_code=Corrupt.exit_code if wrong else 0,
            )
        found = pipeline.verify(run.settings)
        lines = [f"{found.versions:,} versions, {found.files:,} files"]
        lines += [f"  left by a writer that died, harmless: {path}" for path in found.leftovers]
        for item in found.findings:
            version = f"version {item.version}" if item.version else "no version"
            lines.append(f"  damaged  {version}  {item.subject}: {item.what}")
        lines.append("everything is as it was committed" if found.ok else f"first bad version: {found.first_bad}")
        data = {
            "ok": found.ok,
            "versions": found.versions,
            "files": found.files,
            "first_bad": found.first_bad,
            "leftovers": found.leftovers,
            "findings": [item._asdict() for item in found.findings],
        }
        return Output(data=data, lines=lines, exit_code=0 if found.ok else Corrupt.exit_code)

    @verb(app, example="factcheck release november-2026 --as-of 2026-11-week-47")
    def release(
        run: Run,
        *,
        name: Annotated[
            str,
            typer.Argument(help="The release's name, which becomes a tag too."),
        ],
        as_of: AsOf = None,
        out: Annotated[
            Path | None, typer.Option(help="Folder of releases; without it, `releases/` of the desk.")
        ] = None,
        signing: Annotated[
            Path | None,
            typer.Option("--sign-with", help="File with an Ed25519 private key (PEM) that only you can read."),
        ] = None,
    ) -> Output:
        """Publish a version as a folder: Parquet files, manifest with digests, datasheet, signature with your key."""
        from factcheck import pipeline

        made = pipeline.release(run.settings, name, as_of=as_of, out=out, signing_key=signing, now=run.now)
        counts = ", ".join(f"{rows:,} {part}" for part, rows in made.manifest["counts"].items())
        return Output(
            data={"folder": str(made.folder), "manifest": made.manifest},
            lines=[f"version {made.manifest['version']} released in {made.folder}", f"  {counts}"],
            next_steps=[f"factcheck verify {made.folder}"],
        )
