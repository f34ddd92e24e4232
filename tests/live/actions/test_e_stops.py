"""Table E: what stops us, and says so; afterwards everything goes on."""

from __future__ import annotations

import re

import pytest

from tests.fake_studio.props import claim_id
from tests.live.actions.case import Case
from tests.machine import Real, csrf

COMMANDS = (("pull",), ("pull", "--full"), ("doctor",), ("push", "--dry-run"), ("push",))


def refused(case: Case, code: str) -> None:
    for command in COMMANDS:
        done = case.run(*command)
        assert code in done.codes, case.story()
        assert done.data["error"]["hint"], "a way out"
    case.same("while nothing works")


def test_e1_tokens_switched_off_by_a_member(case: Case) -> None:
    if not isinstance(case.machine, Real):
        pytest.skip("the fake has no token settings")
    with case.machine.browser() as browser:
        case.chris.ask("POST", "/api/jwt/settings", {"api_tokens_enabled": True, "legacy_api_tokens_enabled": False})
        try:
            refused(case, "AUTH")
        finally:
            headers = {"X-CSRFToken": csrf(browser.get("/projects/").text) or str(browser.cookies.get("csrftoken"))}
            body = {"api_tokens_enabled": True, "legacy_api_tokens_enabled": True}
            answer = browser.post("/api/jwt/settings", json=body, headers=headers)
            assert answer.is_success, answer.text
    case.settle()


def test_e2_our_token_reset(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    if not isinstance(case.machine, Real):
        pytest.skip("the fake resets no tokens")
    keeper = case.machine.member("keeper")
    monkeypatch.setenv("FACTCHECK_TOKEN", keeper.token)
    case.ok("pull")
    new = keeper.ask("POST", "/api/current-user/reset-token/")["token"]
    refused(case, "AUTH")
    monkeypatch.setenv("FACTCHECK_TOKEN", new)
    case.machine.forget("keeper")
    case.settle()


def test_e3_a_second_project_with_our_mark(case: Case) -> None:
    """Nothing goes wrong by it: the known project is ours, and the other one is named."""
    old = case.machine.owner.project(case.project)
    kept = ("title", "description", "label_config", "maximum_annotations")
    other = case.chris.make_project(**{name: old[name] for name in kept})
    (task,) = case.chris.import_tasks(other, [{"data": case.data(4)}])
    case.anahita.submit(task, "verified")
    case.vote(4, "basma", "opinion")
    del case.votes[4, "basma"]
    done = [case.run(*command) for command in COMMANDS]
    assert all(re.search(rf"\b{other}\b", one.text) for one in done if one.codes), case.story()
    assert any(str(other) in said for said in case.heard), "the other project is named"
    if (4, "basma") in case.counted():
        case.votes[4, "basma"] = "opinion"
    case.same("votes in the other project do not count")
    case.chris.set_project(other, description="mine")
    case.votes[4, "basma"] = "opinion"
    case.settle()


def test_e4_a_choice_added_and_used(case: Case) -> None:
    config = case.machine.owner.project(case.project)["label_config"]
    last = re.search(r'<Choice value="[^"]*" alias="not_a_claim"[^>]*/>', config)
    assert last is not None
    case.chris.configure(case.project, config.replace(last[0], f'{last[0]}<Choice value="Half true" alias="half"/>'))
    number = case.anahita.submit(case.task(4), "half")
    case.pull()
    case.pull("--full")
    case.same("the answer with a choice that is not ours does not count")
    case.named(annotations=[number]) if "LABEL_CONFIG" not in "\n".join(case.heard) else None
    case.unsettled()
    assert case.run("push").code != 0, "answers would become invalid"
    case.same("in the end")


def test_e5_a_task_made_by_hand(case: Case) -> None:
    strange = {"claim": "by hand", "context": "", "about": "", "notice": ""}
    (task,) = case.chris.import_tasks(case.project, [{"data": strange}])
    case.anahita.submit(task, "verified")
    pulled = case.pull()
    assert pulled.codes == ["FOREIGN_TASK"]
    assert any(f"task {task}" in said for said in case.heard)
    case.settle()
    assert claim_id(4) not in str(pulled.data["rejections"])
