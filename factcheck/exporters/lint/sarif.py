"""Findings as SARIF 2.1.0, which editors and code hosts show beside the lines (OASIS, sarif-v2.1.0-os)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args
from urllib.parse import quote

from factcheck.exporters.lint.finding import Finding, json_path
from factcheck.exporters.lint.places import Judged
from factcheck.exporters.lint.rule import READERS, Level, Rule, rules
from factcheck.models import Rejection

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
LEVELS: dict[Level, str] = {"error": "error", "warning": "warning", "advice": "note"}
assert {*LEVELS} == {*get_args(Level)}


def sarif(judged: Sequence[Judged], refused: Sequence[Rejection], *, version: str) -> dict[str, Any]:
    """One run with a result per finding; inputs that could not be read are notifications of the run.

    `version` is that of the program.
    """
    numbers = {name: number for number, name in enumerate(rules())}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "factcheck lint", "version": version, "rules": [*map(_rule, rules().values())]}
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {"executionSuccessful": not refused, "toolExecutionNotifications": [*map(_notice, refused)]}
                ],
                "results": [_result(one, finding, numbers) for one in judged for finding in one.findings],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    said = [f"{READERS[reader]}: {effect.fate}{f' ({effect.why})' if effect.why else ''}"
            for reader, effect in rule.effects.items()]  # fmt: skip
    return {
        "id": rule.id,
        "shortDescription": {"text": f"{rule.what[:1].upper()}{rule.what[1:]}."},
        "help": {"text": "\n".join([f"Mend: {rule.mend}.", *said])},
        "defaultConfiguration": {"level": LEVELS[rule.level]},
    }


def _result(one: Judged, finding: Finding, numbers: dict[str, int]) -> dict[str, Any]:
    rule = finding.rule
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(one.subject)}}
    if one.line:
        place["region"] = {"startLine": one.line}
    return {
        "ruleId": rule.id,
        "ruleIndex": numbers[rule.id],
        "level": LEVELS[rule.level],
        "message": {"text": f"{finding.message}. Mend: {rule.mend}."},
        "locations": [
            {"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": json_path(finding.path)}]},
        ],
    }


def _notice(refused: Rejection) -> dict[str, Any]:
    return {
        "level": "error",
        "descriptor": {"id": refused.code},
        "message": {"text": f"{refused.subject}: {refused.reason}"},
    }


def _uri(subject: str) -> str:
    """The file's path as a relative reference; one with a colon in its first part would be read as a scheme."""
    path = quote(subject.replace("\\", "/"), safe="/:@!$&'()*+,;=~")
    return f"./{path}" if ":" in path.partition("/")[0] else path
