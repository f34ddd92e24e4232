"""`claims --helper llm` on a desk, against an endpoint of this machine that behaves and misbehaves."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from factcheck.cli import app
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.recut import due, held
from factcheck.settings import load
from tests.answers import answer
from tests.claims.stub_model import Answer, Stub, completion, first_words, stub

KEY = "sk-secret-of-this-test"
SENTENCES = (
    "The council of Lowbridge spent 40 million on its roads in 2024.",
    "Prices of bread in Lowbridge rose by 12 percent last year.",
    "The harbour of Lowbridge was opened in 1968 by the minister.",
)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, texts = tmp_path_factory.mktemp("desk"), tmp_path_factory.mktemp("texts")
    for number, sentence in enumerate(SENTENCES):
        (texts / f"{number}.txt").write_text(sentence)
    assert run(folder, None, "init").exit_code == 0
    done = run(folder, None, "ingest", str(texts))
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def desk(ingested: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ingested, tmp_path / "desk"))


def run(desk: Path, server: Stub | None, *words: str, answer: str = "", **llm: Any) -> Result:
    """The command's outcome; `llm` are settings of [llm], `answer` is what a person would type."""
    given = {"url": server.url, "model": "tiny"} | llm if server else llm
    environment = {f"FACTCHECK_LLM_{name.upper()}": str(value) for name, value in given.items()}
    return CliRunner(env=environment).invoke(app, ["--desk", str(desk), *words], input=answer)


def ask(desk: Path, server: Stub, *words: str, **llm: Any) -> dict[str, Any]:
    done = run(desk, server, "claims", "--helper", "llm", "--yes", "--json", *words, **llm)
    assert done.exit_code == 0, done.output
    report: dict[str, Any] = answer(done.stdout)
    assert report["accepted"] + report["rejected"] == report["seen"]
    return report


def extractors(desk: Path) -> list[str]:
    return sorted(Desk(load(desk, {})).staging.claims()["extractor"])


def test_what_is_sent_is_said_before_and_only_with_a_persons_word(desk: Path) -> None:
    with stub(first_words) as server:
        dry = run(desk, server, "claims", "--helper", "llm", "--dry-run", price_in=1, price_out=2)
        assert dry.exit_code == 0, dry.output
        length = sum(map(len, SENTENCES))
        for said in (
            "would send to 127.0.0.1 (model tiny)",
            f"sentences of 3 articles, {length} characters in 3 questions",
            "cost about 0.00",
        ):
            assert said in dry.output
        refused = run(desk, server, "claims", "--helper", "llm")
        assert refused.exit_code == 2
        assert "nothing was sent to 127.0.0.1" in refused.output
        assert "factcheck claims --helper llm --yes" in refused.output
        assert not server.seen


def test_proposals_become_claims_that_name_the_model_and_are_asked_for_once(desk: Path) -> None:
    (desk / ".factcheck" / "llm-key").write_text(KEY + "\n")
    (desk / ".factcheck" / "llm-key").chmod(0o600)
    with stub(first_words) as server:
        first = ask(desk, server)
        assert first["counts"]["helper_asked"] == 3
        assert first["counts"]["helper_tokens"] == 360
        assert extractors(desk) == ["llm tiny prompt-1"] * 3
        assert len(server.seen) == 3
        headers, body = server.seen[0]
        assert headers["Authorization"] == f"Bearer {KEY}"
        assert body["response_format"]["json_schema"]["strict"] is True
        again = ask(desk, server)
        assert (again["counts"]["helper_asked"], again["counts"]["helper_cached"]) == (0, 3)
        assert len(server.seen) == 3
    kept = sorted((desk / ".factcheck" / "llm-answers").iterdir())
    assert len(kept) == 3
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert (desk / ".factcheck" / "llm-answers").stat().st_mode & 0o777 == 0o700
    everywhere = [path for path in desk.rglob("*") if path.is_file() and path.name != "llm-key"]
    assert not [path for path in everywhere if KEY.encode() in path.read_bytes()]


def test_claims_of_a_helper_are_held_where_articles_are_cut_again(desk: Path) -> None:
    with stub(first_words) as server:
        ask(desk, server)
    found = Desk(load(desk, {}))
    claims = found.staging.claims()
    assert held(found, claims) == claims["claim_id"].to_list()
    assert due(found, claims, "rules-99") == ""


def wrong(status: int, **headers: str) -> Callable[[dict[str, Any]], Answer]:
    return lambda _request: (status, {name.replace("_", "-"): value for name, value in headers.items()}, b"{}")


def says(content: str, **more: Any) -> Callable[[dict[str, Any]], Answer]:
    return lambda _request: completion(content, **more)


@pytest.mark.parametrize(
    ("answer", "code", "times"),
    [
        (says('{"claims": [{"sentence": 1, "quo'), "BAD_ANSWER", 3),
        (says('{"claims": []}', finish_reason="length"), "BAD_ANSWER", 3),
        (says('{"answer": 42}'), "BAD_ANSWER", 3),
        (says("[" * 100_000), "BAD_ANSWER", 3),
        (lambda _request: (200, {}, b'{"choices": []}'), "BAD_ANSWER", 3),
        (lambda _request: (200, {}, b"<html>"), "BAD_ANSWER", 3),
        (says("x" * 3_000_000), "BAD_ANSWER", 3),
        (says(json.dumps({"claims": [{}] * 10_000})), "BAD_ANSWER", 3),
        (wrong(400), "NO_ANSWER", 3),
        (wrong(500, retry_after_ms="1"), "NO_ANSWER", 3 * 4),
        (wrong(307, Location="http://127.0.0.1:9/v1/chat/completions"), "NO_ANSWER", 3),
        (lambda _request: (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b"), "BAD_ANSWER", 3),
    ],
    ids=["cut", "length", "schema", "deep", "empty", "html", "huge", "many", "400", "500", "redirect", "packed"],
)
def test_an_endpoint_that_misbehaves_costs_its_answers_and_nothing_else(
    desk: Path, answer: Callable[[dict[str, Any]], Answer], code: str, times: int
) -> None:
    with stub(answer) as server:
        report = ask(desk, server, concurrency=1)
    assert [item["code"] for item in report["rejections"]] == [code] * 3
    assert report["accepted"] == 3
    assert all(name.startswith("rules-") for name in extractors(desk))
    assert len(server.seen) == times
    assert not (desk / ".factcheck" / "llm-answers").exists()


def test_wrong_spans_are_refused_and_counted(desk: Path) -> None:
    claims = [{"sentence": 1, "quote": "The council spent 41 million", "claimant": None}, {"sentence": 1}]
    with stub(says(json.dumps({"claims": claims}))) as server:
        report = ask(desk, server)
    assert report["counts"]["rejected_not_in_text"] == 3
    assert report["counts"]["rejected_bad_answer"] == 3
    assert report["accepted"] == 3


def test_a_busy_endpoint_is_asked_again_when_it_says(desk: Path) -> None:
    with stub(wrong(429, Retry_After="1"), first_words) as server:
        began = time.monotonic()
        report = ask(desk, server, concurrency=1)
        assert time.monotonic() - began >= 1
    assert len(server.seen) == 4
    assert report["counts"]["helper_asked"] == 3


def test_a_slow_answer_ends_in_time(desk: Path) -> None:
    """Byte by byte, so that no single read is slow."""
    from factcheck.claims.endpoint import Endpoint
    from factcheck.errors import Rejected

    with stub(says("x" * 2000), drip=0.05) as server:
        endpoint = Endpoint(server.url, None, "tiny", seconds=0.4, retries=0)
        began = time.monotonic()
        with pytest.raises(Rejected, match="in time"):
            endpoint.ask([{"role": "user", "content": "?"}], {}, limit=10)
        endpoint.close()
        assert time.monotonic() - began < 30, "the answer itself takes 100 s"


def test_after_three_failures_in_a_row_no_more_is_sent(desk: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for number in range(5):
        (more / f"{number}.txt").write_text(f"The council of town {number} closed {number + 2} of its schools in 2023.")
    assert run(desk, None, "ingest", str(more)).exit_code == 0
    with stub(wrong(400)) as server:
        report = ask(desk, server, concurrency=1)
    assert len(server.seen) == 3
    assert report["counts"]["rejected_no_answer"] == 8


@pytest.mark.parametrize(("status", "exit_code", "code"), [(401, 6, "AUTH"), (403, 6, "AUTH"), (404, 5, "SERVER")])
def test_what_concerns_every_question_ends_the_command(desk: Path, status: int, exit_code: int, code: str) -> None:
    with stub(wrong(status)) as server:
        done = run(desk, server, "claims", "--helper", "llm", "--yes", concurrency=1)
        assert done.exit_code == exit_code, done.output
        assert f"error [{code}]" in done.output
        assert "next: " in done.output
        assert len(server.seen) == 1


def test_a_budget_is_kept_whatever_the_endpoint_counts(desk: Path) -> None:
    with stub(first_words) as server:
        report = ask(desk, server, concurrency=4, max_tokens=1500)
        assert report["counts"]["rejected_budget"] + len(server.seen) == 3
        assert report["counts"]["rejected_budget"] > 0
        none = ask(desk, server, price_in=1000, price_out=1000, max_cost=0.000001)
        assert none["counts"]["rejected_budget"] == report["counts"]["rejected_budget"]


def test_no_more_is_asked_at_once_than_is_set(desk: Path) -> None:
    def slow(request: dict[str, Any]) -> Answer:
        time.sleep(0.2)
        return first_words(request)

    with stub(slow) as server:
        ask(desk, server, concurrency=2)
        assert server.most_at_once == 2


@pytest.mark.parametrize(
    ("given", "exit_code", "said"),
    [
        ({}, 4, "names no url"),
        ({"url": "http://127.0.0.1:9/v1"}, 4, "names no model"),
        ({"url": "http://model.example/v1", "model": "m"}, 6, "would be sent unencrypted"),
        ({"url": "https://model.example/v1", "model": "m"}, 6, "no key for the language model is set"),
        ({"url": "https://a:b@model.example/v1", "model": "m"}, 4, "contains a user name or password"),
        ({"max_cost": "1"}, 4, "max_cost needs price_in and price_out"),
    ],
)
def test_wrong_settings_are_said_before_anything_is_sent(
    desk: Path, given: dict[str, str], exit_code: int, said: str
) -> None:
    done = run(desk, None, "claims", "--helper", "llm", "--yes", **given)
    assert done.exit_code == exit_code, done.output
    assert said in done.output


def test_a_key_that_others_can_read_is_not_used(desk: Path) -> None:
    (desk / ".factcheck" / "llm-key").write_text(KEY)
    (desk / ".factcheck" / "llm-key").chmod(0o644)
    with stub(first_words) as server:
        done = run(desk, server, "claims", "--helper", "llm", "--yes")
        assert (done.exit_code, "TOKEN_EXPOSED" in done.output) == (6, True), done.output
        assert not server.seen
