"""`lint`: ClaimReview markup in files, folders and pages, with what each reader makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from factcheck import __version__, exporters, web
from factcheck.articles import files
from factcheck.errors import Rejected, UsageError, failure
from factcheck.exporters import lint as rules
from factcheck.exporters.contract import Rendered
from factcheck.exporters.lint import mending
from factcheck.exporters.lint.sarif import sarif
from factcheck.models import Rejection
from factcheck.pipeline import markup_files
from factcheck.text import storable

STAGE = "lint"
FOUND = 10
"""The exit code where an error was found, or with `strict` a warning."""


_OF_MARKUP = frozenset({"", ".json", ".jsonl", ".jsonld", ".html", ".htm", ".xhtml", ".txt"})


class Linted(NamedTuple):
    """Every review with its findings, and what was not read; reviews and refusals make up all that was seen.

    `without` are files of a folder that hold no review, among others that do: style sheets, texts, other data.
    """

    judged: list[rules.Judged]
    refused: list[Rejection]
    files: int
    without: int = 0


class Fixed(NamedTuple):
    """A file whose mended copy was written: where, and each mend as the rule's id and its JSONPath."""

    source: Path
    path: Path
    mends: list[tuple[str, str]]


def lint(paths: Sequence[Path], *, site: str | None = None) -> Linted:
    """The findings in all files under the paths. `site` is the desk's address; else it is taken from each author.

    Raises UsageError for a site that is no web address.
    """
    if site is not None and not web.is_web_address(site):
        raise UsageError("is not a web address", subject=site, hint="write it as https://desk.example")
    judged: list[rules.Judged] = []
    found, refused = _walk(paths)
    pages: list[str] = []
    others: list[list[Rejection]] = []
    for path in found:
        subject = storable(str(path))
        of_file: list[rules.Judged] = []
        try:
            file = markup_files.read(path)
            of_file, not_read = _judge(file, subject, site)
            pages += [subject] if file.is_page else []
        except Exception as error:  # noqa: BLE001 - one bad file costs that file
            not_read = [_refusal(subject, error)]
        judged += of_file
        # What a folder has beside its reviews was not asked about; a file that is named was.
        if not of_file and not_read and path not in paths and _is_beside(path, not_read):
            others.append(not_read)
        else:
            refused += not_read
    if not judged:
        refused += [one for not_read in others for one in not_read]
    return Linted(rules.together(judged, pages=pages), refused, len(found), len(others) if judged else 0)


def fix(paths: Sequence[Path], out: Path, *, force: bool = False) -> tuple[list[Fixed], list[Rejection]]:
    """Write a mended copy of each file in which something can be mended; and why others were not.

    Under `out` it keeps its place under the path that was named. Raises UsageError where two files would be written to
    one place or over themselves, OutputExists where something else is there and `force` is not set.
    """
    fixed: list[Fixed] = []
    refused: list[Rejection] = []
    for path, target in _targets(paths, out):
        try:
            data, mends = _mended(markup_files.read(path))
        except Exception as error:  # noqa: BLE001 - one bad file costs that file
            refused.append(_refusal(storable(str(path)), error))
            continue
        if mends:
            _refuse_target(target, path, fixed)
            (written,) = exporters.write([Rendered(target.name, data)], target.parent, force=force)
            fixed.append(Fixed(path, written, mends))
    return fixed, refused


def as_sarif(linted: Linted) -> dict[str, Any]:
    """The findings as SARIF 2.1.0."""
    return sarif(linted.judged, linted.refused, version=__version__)


def write_sarif(linted: Linted, path: Path, *, force: bool) -> Path:
    """The path of the SARIF file; raises OutputExists where another file is there and `force` is not set."""
    text = json.dumps(as_sarif(linted), ensure_ascii=False, indent=2)
    (written,) = exporters.write([Rendered(path.name, f"{text}\n".encode())], path.parent, force=force)
    return written


def _walk(paths: Sequence[Path]) -> tuple[list[Path], list[Rejection]]:
    found: list[Path] = []
    refused: list[Rejection] = []
    for path in paths:
        if _is_all(path):
            refused.append(_reject("TOO_LARGE", str(path), "that is the whole file system: name a folder in it"))
            continue
        walked = files.walk(path, most=markup_files.MOST_FILES)
        found += walked.files
        refused += [_reject(one.code, one.subject, one.reason) for one in walked.refused]
    return list(dict.fromkeys(found)), refused


def _is_all(path: Path) -> bool:
    """Whether it is the root of the file system, which nobody means."""
    return path.resolve() == Path(path.resolve().anchor)


def _is_beside(path: Path, not_read: Sequence[Rejection]) -> bool:
    """Whether nothing says that a file of a folder was to hold a review: it is other data, or a font, a picture."""
    codes = {one.code for one in not_read}
    return codes == {"NOT_A_REVIEW"} or (codes == {"ENCODING"} and path.suffix.lower() not in _OF_MARKUP)


def _judge(file: markup_files.MarkupFile, subject: str, site: str | None) -> tuple[list[rules.Judged], list[Rejection]]:
    judged: list[rules.Judged] = []
    refused: list[Rejection] = []
    for part in file.parts:
        place = subject if part.line is None else f"{subject}:{part.line}"
        if part.refused is not None:
            if not file.is_page:
                refused.append(_refusal(place, part.refused))
            elif "ClaimReview" in part.raw:  # a page has other scripts, for other readers
                broken = rules.Finding("JSON", (), storable(part.refused.what))
                judged.append(rules.Judged(subject, part.line, rules.Review((), {}), (broken,)))
            continue
        found, others = rules.reviews(part.value)
        judged += rules.judge(subject, part.line, found, site=site, page=file.address)
        if not file.is_page:
            refused += [_reject(one.code, f"{place} {rules.json_path(one.path)}", one.reason) for one in others]
            if not found and not others:
                refused.append(_reject("NOT_A_REVIEW", place, "contains no ClaimReview"))
    if file.is_page and not judged:
        refused.append(_reject("NOT_A_REVIEW", subject, "is a page without a ClaimReview in JSON-LD"))
    return judged, refused


def _targets(paths: Sequence[Path], out: Path) -> Iterator[tuple[Path, Path]]:
    """Each file with where its copy goes."""
    for path in paths:
        if _is_all(path):
            continue
        for found in files.walk(path, most=markup_files.MOST_FILES).files:
            yield found, out / (found.relative_to(path) if found != path else found.name)


def _refuse_target(target: Path, source: Path, fixed: Sequence[Fixed]) -> None:
    if other := next((one.source for one in fixed if one.path == target and one.source != source), None):
        hint = "name the folder that both lie in, or mend them one after the other"
        raise UsageError(f"would be written twice, for {other} and {source}", subject=str(target), hint=hint)
    if target.exists() and target.samefile(source):
        raise UsageError("is the file itself", subject=str(target), hint="choose another folder for the copies")


def _mended(file: markup_files.MarkupFile) -> tuple[bytes, list[tuple[str, str]]]:
    """The file's bytes with every document in it mended, and the mends."""
    text, mends = file.text, []
    lines = text.split("\n")
    for part in file.parts:
        found = [] if part.refused else rules.reviews(part.value)[0]
        findings = [
            finding
            for one in rules.judge("", None, found, site=None, page=None)
            for finding in one.findings
            if finding.fixable and one.review.kind == "markup" and not one.review.converted
        ]
        if not findings:
            continue
        if not mending.can_be_mended(part.value):
            raise Rejected("JSON", "has a name twice in one object", hint="keep the right one, then mend the rest")
        value = mending.mended(part.value)
        if file.is_page:
            text = file.replaced(text, part.raw, value)
        elif part.line is not None:
            lines[part.line - 1] = markup_files.dumped(value)
            text = "\n".join(lines)
        else:
            text = markup_files.dumped(value, indent=2) + "\n"
        mends += list(dict.fromkeys((finding.id, rules.json_path(finding.path)) for finding in findings))
    return (file.encoded(text) if mends else b""), mends


def _refusal(subject: str, error: Exception) -> Rejection:
    if isinstance(error, Rejected):
        return _reject(error.reason_code, subject, f"{error.what}: {error.hint}" if error.hint else error.what)
    if isinstance(error, RecursionError):
        return _reject("JSON", subject, "is nested too deeply: write each text as a plain string")
    return _reject("UNEXPECTED", subject, f"could not be read because of a bug ({failure(error)}): report this line")


def _reject(code: str, subject: str, reason: str) -> Rejection:
    return Rejection(stage=STAGE, code=code, subject=storable(subject), reason=storable(reason))
