"""`factcheck verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from factcheck.dataset.release_check import CheckedRelease


TRUSTED_KEYS = "trusted-keys.pem"
"""Where a desk keeps the public keys of those whose releases it trusts."""


def _trusted_keys(run: Run) -> list[Path]:
    """The desk's own file of trusted keys; none where there is no desk or no such file."""
    from factcheck.errors import UsageError

    try:
        path = run.settings.root / TRUSTED_KEYS
    except UsageError as error:
        if type(error) is UsageError:  # no desk; a broken one is another class, and may name its keys
            return []
        raise
    return [path] if path.exists() or path.is_symlink() else []


def _release_lines(checked: CheckedRelease) -> list[str]:
    """What was found, and what was not looked at."""
    from factcheck.names import shown

    lines = [f"  {sentence}" for sentence in checked.wrong]
    if checked.ok:
        lines.append("every file matches the manifest")
    who = shown(checked.manifest.publisher)
    if checked.signature == "good":
        lines.append(f"signed by {checked.signer}")
    elif checked.signature == "unchecked":
        lines.append(
            f"it names {who} as publisher; the signature was not checked: add --signed-by FILE or --trusted-keys FILE"
        )
    elif checked.signature == "none" and checked.ok:
        lines.append(f"it names {who} as publisher, but it is not signed: anyone could have written it")
    return lines


@verb(example="factcheck verify")
def verify(
    run: Run,
    *,
    release: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="A release's folder; default: the desk's dataset."),
    ] = None,
    public_key: Annotated[
        Path | None,
        typer.Option("--signed-by", help="File with the Ed25519 public key (PEM) that signed the release."),
    ] = None,
    trusted: Annotated[
        Path | None,
        typer.Option(
            "--trusted-keys",
            help=(
                f"File with several such keys, each below a line `# NAME`; default: {TRUSTED_KEYS} "
                "in the desk, if it exists."
            ),
        ),
    ] = None,
) -> Output:
    """Check every byte of the dataset, or of a release, against what was committed or published.

    A release whose files match may still be a forgery: only a signature proves who published it.
    With a key, a release not signed by it is refused.
    """
    from factcheck.errors import Corrupt, UsageError
    from factcheck.pipeline import verify as pipeline

    if release is not None:
        files = [path for path in (public_key, trusted) if path is not None]
        with run.working("verify"):
            checked = pipeline.check_release(release, key_files=files or _trusted_keys(run))
        return Output(
            data={
                "ok": checked.ok,
                "findings": checked.wrong,
                "signature": checked.signature,
                "signed_by": checked.signer,
                "name": checked.manifest.name,
                "publisher": checked.manifest.publisher,
                "version": checked.manifest.version,
            },
            lines=_release_lines(checked),
            exit_code=0 if checked.ok else Corrupt.exit_code,
        )
    if public_key or trusted:
        hint = "`factcheck verify FOLDER --signed-by FILE`"
        raise UsageError("keys are only used for a release: name its folder", hint=hint)
    with run.working("verify"):
        found = pipeline.verify(run.settings)
    lines = [f"{found.versions:,} versions, {found.files:,} files"]
    lines += [f"  left over from an interrupted run, harmless: {path}" for path in found.leftovers]
    for item in found.findings:
        version = f"version {item.version}" if item.version else "no version"
        lines.append(f"  damaged  {version}  {item.subject}: {item.what}")
    lines.append("everything matches what was committed" if found.ok else f"first bad version: {found.first_bad}")
    lines += (exposed := pipeline.exposed(run.settings))
    data = {
        "ok": found.ok,
        "exposed": bool(exposed),
        "versions": found.versions,
        "files": found.files,
        "first_bad": found.first_bad,
        "leftovers": found.leftovers,
        "findings": [item._asdict() for item in found.findings],
    }
    return Output(data=data, lines=lines, exit_code=0 if found.ok else Corrupt.exit_code)
