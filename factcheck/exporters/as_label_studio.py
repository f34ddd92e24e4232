"""Claims as tasks for Label Studio: what stands goes with them as a suggestion or as an answer, and nobody's name.

Form: labelstud.io/guide/tasks, "Basic Label Studio JSON format". The names of fields and answers are those of this
project's own labeling config (schemas/label_config.xml), so the tasks open in a project that has it.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from factcheck import web
from factcheck.exporters import about_file, json_text
from factcheck.exporters.contract import STAGE, Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.models import Choice, ClaimState, Reason, Rejection, Status

Json = dict[str, Any]

_SHOWN: Final = "claim"
"""The part of the page that every answer is about."""
_REASONS: Final[Mapping[str, str]] = {reason: "untrue" if reason is Reason.FALSE else str(reason) for reason in Reason}
_WITHOUT_VERDICT: Final[Mapping[str, str]] = {
    Status.UNPROVEN: str(Choice.UNPROVEN),
    Status.NOT_A_CLAIM: str(Choice.NOT_A_CLAIM),
}


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """A list of tasks, one per claim, each with the version, the profile and the policy in its `meta`.

    A claim without a result is a task without an answer. A withdrawn claim is left out (WITHDRAWN).
    """
    rejections: list[Rejection] = []
    content = json_text.listed(_tasks(rows, profile, context, rejections))
    return Draft([Rendered(profile.file_name(context, FORMAT.suffix), content)], rejections=rejections)


def _tasks(rows: pl.DataFrame, profile: Profile, context: ExportContext, rejections: list[Rejection]) -> Iterator[Json]:
    """A task for each row but those that are put among the rejections."""
    facts = about_file.facts(profile, context)
    for row in rows.iter_rows(named=True):
        if row["state"] != ClaimState.ACTIVE:
            why = "the claim was withdrawn: there is nothing to check"
            rejections.append(Rejection(stage=STAGE, code="WITHDRAWN", subject=row["claim_id"], reason=why))
            continue
        task: Json = {"data": _data(row), "meta": facts}
        if result := _result(row, rationale=profile.claimreview.rationale):
            task[profile.label_studio.verdicts] = [_said(row, result, profile, context)]
        yield task


def _data(row: Json) -> Json:
    """What the config's page shows. What is HTML there (`about`, `context`) has its texts escaped."""
    url = row["url"] if row["url"] and web.is_web_address(row["url"]) else ""
    named = [html.escape(one) for one in (row["claimant"], row["publisher"], row["title"]) if one]
    link = [f'<a href="{html.escape(url)}">{html.escape(url)}</a>'] if url else []
    return {
        "claim_id": row["claim_id"],
        "claim": row["quote"],
        "lang": row["lang"] or "",
        "about": "".join(f"<p>{one}</p>" for one in (*named, *link)),
        "context": f"<p>{html.escape(row['quote'])}</p>",
        "notice": "",
        "claimant": row["claimant"] or "",
        "outlet": row["publisher"] or "",
        "title": row["title"] or "",
        "url": row["url"] or "",
        "published_at": row["published_at"].isoformat(timespec="seconds") if row["published_at"] else "",
        "status": row["status"],
        "n_votes": row["n_votes"],
    }


def _result(row: Json, *, rationale: bool) -> list[Json]:
    choice = row["verdict"] or _WITHOUT_VERDICT.get(row["status"])
    if choice is None:
        return []
    found = [_region("verdict", "choices", [choice])]
    if row["reason"]:
        found.append(_region("reason", "choices", [_REASONS[row["reason"]]]))
    if row["rationales"] and rationale:
        found.append(_region("rationale", "text", ["\n\n".join(row["rationales"])]))
    if row["evidence"]:
        found.append(_region("evidence", "text", ["\n".join(row["evidence"])]))
    return found


def _region(name: str, kind: str, value: list[str]) -> Json:
    said = "choices" if kind == "choices" else "textarea"
    return {"from_name": name, "to_name": _SHOWN, "type": said, "value": {kind: value}}


def _said(row: Json, result: list[Json], profile: Profile, context: ExportContext) -> Json:
    if profile.label_studio.verdicts == "annotations":
        return {"result": result, "was_cancelled": False, "ground_truth": True}
    score = {} if row["agreement"] is None else {"score": row["agreement"]}
    return {"model_version": f"verdicts-v{context.version}", "result": result, **score}


FORMAT = Format("label-studio-json", ".json", render)
