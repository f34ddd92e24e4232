"""The page that goes with a release: what it is, how it was made, what it must not be used for.

The questions follow Gebru et al., "Datasheets for Datasets", Communications of the ACM 64(12), 2021.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PARTS = {
    "articles": "the articles claims came from, without their text",
    "claims": "the claims, with their place in the article (code points) and why they were worth checking",
    "votes": "what each annotator said last of each claim, with a pseudonym and the day",
    "verdicts": "each claim's verdict",
    "corrections": "every verdict of an earlier release that is another one, or none, since",
    "history": "every change of every verdict and status, with the one before",
}


def datasheet(manifest: Mapping[str, Any]) -> str:
    """The page as Markdown."""
    files = "\n".join(
        f"| `{file['path']}` | {manifest['counts'][file['part']]:,} | {PARTS[file['part']]} |"
        for file in manifest["files"]
    )
    verdicts = ", ".join(f"{count:,} {verdict}" for verdict, count in manifest["verdicts"].items()) or "none yet"
    agreement = ", ".join(f"{name} {value:.3f}" for name, value in manifest["agreement"].items()) or "not measured"
    licence = f"Licence: {manifest['licence']}. " if manifest["licence"] else ""
    return f"""# {manifest["name"]}: checked claims by {manifest["publisher"]}

Version {manifest["version"]} of {manifest["committed_at"]}, released {manifest["released_at"]}.
{licence}Verdicts: {verdicts}.

| file | rows | what |
| --- | ---: | --- |
{files}

## Why it was made
To publish what the desk found about claims in the news, so that others can check, count and build on it.

## How it was made
Claims were cut out of articles by rules, checked by people in Label Studio, each without seeing the others' answers,
and decided by the policy `{manifest["policy"]}`. Ties went to people. Agreement: {agreement}.

## What is not in it
Names, addresses, working times and exact times of the annotators. Pseudonyms are made for this release alone; the
same person has another one in any other release. Texts of articles belong to their publishers.

## What it is not for
Judging a person: an annotator by their votes, or a speaker by claims that were chosen because they looked worth
checking. A claim without a verdict is not a false one.

## How to cite it
{manifest["publisher"]} ({str(manifest["committed_at"])[:4]}): {manifest["name"]}. Checked claims, version \
{manifest["version"]} of {str(manifest["committed_at"])[:10]}, version hash {manifest["version_hash"]}.

## How to verify it
`factcheck verify FOLDER` compares every file with `manifest.json`. Whoever changes the files can write a manifest that
fits: only a signature that you check with the publisher's public key (`--signed-by FILE`) shows whose release it is.
Version hash `{manifest["version_hash"]}`.
What an earlier release said and this one does not stands in `corrections`, with what was said and in which release.
"""
