"""`studio user` and `studio invite` on the fake server: what is done, what is refused, what is never said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from factcheck import settings
from factcheck.cli import app
from factcheck.dataset import annotators
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.init import init
from factcheck.studio.local import server
from tests.answers import answer
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import Checker
from tests.fake_studio.served import serving

SARA_TOKEN = "5" * 40


class Room(NamedTuple):
    """A desk whose Label Studio is the fake: the owner `admin`, and Sara."""

    folder: Path
    fake: FakeStudio
    url: str

    def type(self, *arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["--desk", str(self.folder), "studio", *arguments])
        assert done.exit_code == code, done.output
        assert ADMIN_TOKEN not in done.output
        return done.output

    def told(self, *arguments: str) -> Any:
        return answer(self.type(*arguments, "--json"))

    @property
    def file(self) -> str:
        return (self.folder / "factcheck.toml").read_text("utf-8")


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    fake = FakeStudio()
    fake.store.add_user("Sara", SARA_TOKEN)
    init(tmp_path, name="Desk", language="en", url="https://desk.example", force=False)
    with serving(fake) as url:
        monkeypatch.setenv("FACTCHECK_STUDIO_URL", url)
        monkeypatch.setenv("FACTCHECK_TOKEN", ADMIN_TOKEN)
        yield Room(tmp_path, fake, url)


def test_everybody_is_listed_with_who_leads(room: Room) -> None:
    room.type("user", "add", "Sara@desk.example", "--lead")
    room.type("user", "add", "omid@desk.example", "--lead")
    found = room.told("user", "list")
    assert [(one["email"], one["owner"], one["lead"]) for one in found["people"]] == [
        ("admin@desk.example", True, False),
        ("sara@desk.example", False, True),
    ]
    assert (found["removed"], found["leads_without_account"]) == (0, ["omid@desk.example"])
    shown = room.type("user", "list")
    assert "factcheck studio user add omid@desk.example" in shown


def test_an_invitation_is_a_link_and_no_password(room: Room) -> None:
    made = room.told("user", "add", "omid@desk.example")
    assert made["link"] == f"{room.url}/user/signup/?token=invitation-1"
    assert made["only_here"] is True
    assert "--public-url" in room.type("user", "add", "omid@desk.example")
    assert "password" not in json.dumps(made)
    assert not [request for request in room.fake.requests if request.startswith(("POST", "PATCH", "DELETE"))]
    assert room.told("invite")["link"] == made["link"]
    assert room.told("invite", "--reset")["link"].endswith("invitation-2")
    assert room.told("invite")["link"].endswith("invitation-2")


def test_a_lead_is_written_into_the_file_and_nothing_else(room: Room) -> None:
    before = room.file
    room.type("user", "add", "omid@desk.example", "--lead")
    after = room.file
    room.type("user", "add", "OMID@desk.example", "--lead")
    assert room.file == after, "once is enough"
    assert settings.check(after, room.folder).verdicts.leads == ["omid@desk.example"]
    assert [line for line in after.splitlines() if "omid@" not in line and line.strip()] == [
        line for line in before.splitlines() if not line.startswith("leads =") and line.strip()
    ]
    assert sorted(path.name for path in room.folder.iterdir() if "toml" in path.name) == ["factcheck.toml"]


@pytest.mark.parametrize("email", ["", "sara", "sara@desk", "a b@desk.example", "sara@desk.example\nx", "@x.example"])
def test_what_is_no_address_is_refused(room: Room, email: str) -> None:
    before = room.file
    for command in (["add", email, "--lead"], ["remove", email]):
        said = room.type("user", *command, code=2)
        assert "is not an e-mail address" in said
    assert room.file == before
    assert room.fake.requests == []


def test_somebody_who_is_there_is_not_invited_again(room: Room) -> None:
    assert "has an account already" in room.type("user", "add", "SARA@desk.example", code=2)


def test_the_owner_yourself_and_strangers_are_not_removed(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "owns this Label Studio" in room.type("user", "remove", "admin@desk.example", code=2)
    assert "has no account" in room.type("user", "remove", "omid@desk.example", code=7)
    monkeypatch.setenv("FACTCHECK_TOKEN", SARA_TOKEN)
    assert "whose token you are using" in room.type("user", "remove", "sara@desk.example", code=2)
    room.fake.store.add_user("Omid", "6" * 40)
    assert "only the owner" in room.type("user", "remove", "omid@desk.example", code=6)
    assert room.fake.store.removed == set()


def test_who_leaves_stays_in_the_dataset_by_name_and_address(room: Room) -> None:
    """They voted and left before any pull; a lead's decisions count by the address, which the server masks."""
    project = room.fake.store.add_project({"title": "T", "label_config": "<View/>"})["id"]
    (task,) = room.fake.store.import_tasks(project, [{"data": {"claim_id": "x"}}])
    Checker("http://127.0.0.1:9", SARA_TOKEN, room.fake).submit(task, "verified")
    room.type("user", "add", "sara@desk.example", "--lead")
    said = room.type("user", "remove", "Sara@desk.example")
    assert "their one answer stays and counts" in said
    assert "leave the address in [verdicts] leads" in said
    assert "factcheck studio invite --reset" in said
    desk = Desk(settings.load(room.folder, {"FACTCHECK_STUDIO_URL": room.url}))
    (row,) = annotators.people(desk.dataset).to_dicts()
    assert (row["email"], row["name"], row["user_id"], row["server"]) == ("sara@desk.example", "Sara", 2, "127.0.0.1")
    assert len(room.fake.store.annotations) == 1
    assert room.told("user", "list")["removed"] == 1


def test_who_gave_no_answer_is_not_written_down(room: Room) -> None:
    assert "had given no answer" in room.type("user", "remove", "sara@desk.example")
    assert not (room.folder / "dataset").exists()


def test_an_account_that_was_removed_is_told_so(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.type("user", "remove", "sara@desk.example")
    monkeypatch.setenv("FACTCHECK_TOKEN", SARA_TOKEN)
    assert "was removed" in room.type("user", "list", code=6)


def test_a_server_that_is_down_is_said(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACTCHECK_STUDIO_URL")
    for command in (
        ["user", "list"],
        ["user", "add", "a@b.example", "--lead"],
        ["user", "remove", "a@b.example"],
        ["invite"],
    ):
        said = room.type(*command, code=5)
        assert "factcheck studio up" in said
    assert "a@b.example" not in room.file


def test_links_show_the_public_address(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a desk with the local server: what people open is the proxy's address, what we call is this machine's."""
    monkeypatch.delenv("FACTCHECK_STUDIO_URL")
    public = "https://studio.desk.example"
    status = server.Status("running", room.url, 1, public)
    monkeypatch.setattr(server, "status", lambda _folder: status)
    monkeypatch.setattr(Desk, "_token", lambda _desk: ADMIN_TOKEN)
    found = room.told("invite")
    assert found["link"].startswith(f"{public}/user/signup/?token=")
    assert found["only_here"] is False
    assert room.fake.requests, "the calls themselves went to this machine's address"


def test_who_never_answered_may_agree_to_be_named_and_no_server_is_asked_to_take_it_back(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = room.told("user", "consent", "Sara@desk.example", "--name", "Sara A.")
    assert made == {"email": "Sara@desk.example", "name": "Sara A.", "before": False}
    assert "has no account" in room.type("user", "consent", "nobody@desk.example", "--name", "Nobody", code=7)
    assert "agreed to be named as" in room.type("user", "consent", "sara@desk.example")
    monkeypatch.setenv("FACTCHECK_STUDIO_URL", "http://127.0.0.1:9")
    assert room.told("user", "consent", "sara@desk.example", "--withdraw")["before"] is True
    assert "did not agree" in room.type("user", "consent", "sara@desk.example")
