"""Simulated checkers for the demo: they work through Label Studio's own HTTP interface, each with a token of their own.

What they answer is made up, from a seed; what happens to their answers is real.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from factcheck.errors import ProtocolError
from factcheck.models import Choice, Confidence, digest

if TYPE_CHECKING:
    import httpx

_RATIONALES = {
    "fa": {
        Choice.VERIFIED: "آمار رسمی و متن سند منتشرشده همین را نشان می‌دهد.",
        Choice.DISPUTED: "رقم با گزارش سالانه نمی‌خواند؛ در گزارش عدد دیگری آمده است.",
        Choice.OPINION: "این ارزیابی گوینده است و با سند نمی‌توان آن را سنجید.",
        Choice.UNPROVEN: "سندی نیافتیم که این گفته را تأیید یا رد کند.",
        Choice.NOT_A_CLAIM: "جمله ادعایی ندارد که بتوان بررسی کرد.",
    },
    "ar": {
        Choice.VERIFIED: "البيانات الرسمية ونص الوثيقة المنشورة يؤكدان ذلك.",
        Choice.DISPUTED: "الرقم لا يطابق التقرير السنوي، ففيه رقم آخر.",
        Choice.OPINION: "هذا تقدير المتحدث ولا يمكن التحقق منه بوثيقة.",
        Choice.UNPROVEN: "لم نجد ما يثبت هذا القول أو ينفيه.",
        Choice.NOT_A_CLAIM: "لا تتضمن الجملة ادعاءً يمكن التحقق منه.",
    },
    "en": {
        Choice.VERIFIED: "The published figures and the text of the document say the same.",
        Choice.DISPUTED: "The number is not the one in the annual report.",
        Choice.OPINION: "This is the speaker's judgement; no document could settle it.",
        Choice.UNPROVEN: "We found nothing that confirms or refutes this.",
        Choice.NOT_A_CLAIM: "The sentence claims nothing that can be checked.",
    },
}


@dataclass
class Checker:
    """One simulated person: how often right, how often a skip; remembers the ids of the answers given."""

    name: str
    email: str
    token: str = field(repr=False)
    care: float = 0.85
    answered: dict[str, int] = field(default_factory=dict)
    """Annotation id by claim id."""


def work(http: httpx.Client, project_id: int, checker: Checker, *, seed: int) -> Counter[str]:
    """How often the checker answered what, after taking task upon task until the server has no other."""
    done: Counter[str] = Counter()
    while (task := _next(http, project_id, checker)) is not None:
        claim_id, lang = str(task["data"]["claim_id"]), str(task["data"].get("lang") or "en")
        dice = random.Random(digest(seed, checker.email, claim_id))  # noqa: S311 - made-up answers, nothing secret
        answer = _answer(_truth(claim_id, seed), lang, care=checker.care, dice=dice)
        path = f"/api/tasks/{task['id']}/annotations/"
        if dice.random() < 0.05:  # noqa: PLR2004 - one claim in twenty is too hard for now
            _send(http, "POST", path, checker, {"result": [], "was_cancelled": True})
            done["skipped"] += 1
            continue
        body = {"result": answer, "lead_time": round(dice.uniform(20, 180), 1)}
        checker.answered[claim_id] = int(_send(http, "POST", path, checker, body)["id"])
        done[_chosen(answer)] += 1
    return done


def reconsider(http: httpx.Client, checker: Checker, *, revisions: int, deletions: int, seed: int) -> Counter[str]:
    """How many answers the checker changed or took back; new evidence makes all of them look at the same claims."""
    claims = sorted(checker.answered, key=lambda claim_id: digest(seed, claim_id))
    for claim_id in claims[:revisions]:
        path = f"/api/annotations/{checker.answered[claim_id]}/"
        before = _chosen(_send(http, "GET", path, checker)["result"])
        after = Choice.DISPUTED if before != Choice.DISPUTED else Choice.VERIFIED
        _send(http, "PATCH", path, checker, {"result": _result(after, "en", Confidence.HIGH, evidence=True)})
    for claim_id in claims[revisions : revisions + deletions]:
        _send(http, "DELETE", f"/api/annotations/{checker.answered.pop(claim_id)}/", checker)
    return Counter(revised=min(revisions, len(claims)), deleted=max(0, min(deletions, len(claims) - revisions)))


def _truth(claim_id: str, seed: int) -> Choice:
    dice = random.Random(digest(seed, claim_id))  # noqa: S311 - as above
    return dice.choices(list(Choice), weights=[48, 32, 15, 2, 3])[0]


def _answer(truth: Choice, lang: str, *, care: float, dice: random.Random) -> list[dict[str, Any]]:
    choice = truth if dice.random() < care else dice.choice([item for item in Choice if item is not truth])
    confidence = dice.choice(list(Confidence))
    return _result(choice, lang, confidence, evidence=choice in {Choice.VERIFIED, Choice.DISPUTED})


def _result(choice: Choice, lang: str, confidence: Confidence, *, evidence: bool) -> list[dict[str, Any]]:
    words = _RATIONALES.get(lang, _RATIONALES["en"])[choice]
    parts = [("verdict", "choices", {"choices": [str(choice)]}), ("rationale", "textarea", {"text": [words]})]
    if evidence:
        parts.append(("evidence", "textarea", {"text": [f"https://statistics.example/{lang}/report-2026"]}))
    parts.append(("confidence", "choices", {"choices": [str(confidence)]}))
    return [{"from_name": name, "to_name": "claim", "type": kind, "value": value} for name, kind, value in parts]


def _chosen(result: list[dict[str, Any]]) -> str:
    return next(str(part["value"]["choices"][0]) for part in result if part["from_name"] == "verdict")


def _next(http: httpx.Client, project_id: int, checker: Checker) -> dict[str, Any] | None:
    answer = http.get(f"/api/projects/{project_id}/next", headers=_as(checker))
    if answer.status_code == 404:  # noqa: PLR2004 - how the server says that nothing is left for this person
        return None
    return dict(answer.raise_for_status().json())


def _send(http: httpx.Client, method: str, path: str, checker: Checker, body: object = None) -> dict[str, Any]:
    answer = http.request(method, path, headers=_as(checker), json=body)
    if answer.is_error:
        raise ProtocolError(f"{method} {path}: {answer.status_code} {answer.text[:200]}", subject=str(http.base_url))
    return dict(answer.json()) if answer.content else {}


def _as(checker: Checker) -> dict[str, str]:
    return {"Authorization": f"Token {checker.token}"}
