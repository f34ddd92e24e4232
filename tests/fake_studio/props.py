"""A desk for tests: claims to push, and checkers who answer through Label Studio's own HTTP interface."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import polars as pl

from factcheck import frames
from factcheck.languages import Language
from factcheck.models import Article, Claim, ClaimState
from factcheck.studio.page.tasks import tasks

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
QUOTES = {
    "fa": "نرخ تورم در سال ۱۴۰۲ به ۴۰٫۷ درصد رسید.",
    "ar": "BBC: أعلنت الوزارة أن 35% من السكان تلقوا اللقاح.",
    "en": "<b>Unemployment</b> fell to 4% & stayed there.",
}


def claim_id(number: int) -> str:
    return f"clm_{number:020x}"


def make_claims(numbers: list[int], *, state: ClaimState = ClaimState.ACTIVE, salt: str = "") -> pl.DataFrame:
    """Claims of three languages in turn, each its own group."""
    claims = []
    for number in numbers:
        lang = ("fa", "ar", "en")[number % 3]
        quote = f"{QUOTES[lang]} {number}{salt}"
        claims.append(
            Claim(
                claim_id=claim_id(number),
                article_id=f"art_{number % 3:020x}",
                group_id=claim_id(number),
                start=0,
                end=len(quote),
                quote=quote,
                lang=lang,
                claimant="the minister",
                check_worthiness=0.8,
                state=state,
                extractor="test-1",
            )
        )
    return frames.from_records(Claim, claims)


def make_articles() -> pl.DataFrame:
    urls = ["https://example.org/a?x=1&y=2", "javascript:alert(1)", None]
    return frames.from_records(
        Article,
        [
            Article(
                article_id=f"art_{n:020x}", source="s", url=url, publisher=f"Outlet {n}", text="t", fetched_at=NOW,
            )
            for n, url in enumerate(urls)
        ],
    )  # fmt: skip


def make_contexts(claims: pl.DataFrame) -> pl.DataFrame:
    return claims.select("claim_id", pl.lit("Before. ").alias("before"), "quote", pl.lit(" After.").alias("after"))


def make_tasks(
    numbers: list[int],
    *,
    state: ClaimState = ClaimState.ACTIVE,
    overlap: int = 2,
    salt: str = "",
    language: Language = "en",
) -> pl.DataFrame:
    claims = make_claims(numbers, state=state, salt=salt)
    return tasks(
        claims, make_contexts(claims), make_articles(), project="main", language=language, overlap=overlap,
    )  # fmt: skip


def result(choice: str, *, rationale: str = "", evidence: str = "", confidence: str = "") -> list[dict[str, Any]]:
    """What the page sends for these answers."""
    items = [("verdict", "choices", {"choices": [choice]})]
    items += [("rationale", "textarea", {"text": [rationale]})] if rationale else []
    items += [("evidence", "textarea", {"text": [evidence]})] if evidence else []
    items += [("confidence", "choices", {"choices": [confidence]})] if confidence else []
    return [{"from_name": name, "to_name": "claim", "type": kind, "value": value} for name, kind, value in items]


class Checker:
    """A person who works with their own token."""

    def __init__(self, url: str, token: str, transport: httpx.BaseTransport | None) -> None:
        self.transport = transport
        self.token = token
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Token {token}"},
            transport=transport or httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0)),
            timeout=60,
        )

    def close(self) -> None:
        self._http.close()

    def submit(self, task: int, choice: str, **said: str) -> int:
        return self.send(task, {"result": result(choice, **said), "lead_time": 0.25})

    def skip(self, task: int) -> int:
        return self.send(task, {"result": [], "was_cancelled": True})

    def send(self, task: int, body: dict[str, Any]) -> int:
        return int(self._ask("POST", f"/api/tasks/{task}/annotations/", body)["id"])

    def edit(self, annotation: int, choice: str, **said: str) -> None:
        self._ask("PATCH", f"/api/annotations/{annotation}/", {"result": result(choice, **said)})

    def change(self, annotation: int, body: dict[str, Any]) -> None:
        self._ask("PATCH", f"/api/annotations/{annotation}/", body)

    def delete(self, annotation: int) -> None:
        self._ask("DELETE", f"/api/annotations/{annotation}/")

    def delete_task(self, task: int) -> None:
        self._ask("DELETE", f"/api/tasks/{task}/")

    def task_ids(self, project: int) -> dict[str, int]:
        """Task by claim id; a claim with two tasks is an error."""
        tasks = self._ask("GET", f"/api/tasks/?project={project}&page_size=10000")["tasks"]
        found = {task["data"].get("claim_id", task["id"]): task["id"] for task in tasks}
        assert len(found) == len(tasks), "a claim has two tasks"
        return found

    def all_task_ids(self, project: int) -> list[int]:
        """Every task, also where a claim has several."""
        return [task["id"] for task in self._ask("GET", f"/api/tasks/?project={project}&page_size=10000")["tasks"]]

    def make_task(self, project: int, data: dict[str, Any]) -> None:
        self._ask("POST", f"/api/projects/{project}/import", [{"data": data}])

    def configure(self, project: int, config: str) -> None:
        self._ask("PATCH", f"/api/projects/{project}/", {"label_config": config})

    def task(self, project: int, task: int) -> dict[str, Any]:
        tasks = self._ask("GET", f"/api/tasks/?project={project}&page_size=10000&fields=all")["tasks"]
        return next(found for found in tasks if found["id"] == task)

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json() if answer.content else {}
