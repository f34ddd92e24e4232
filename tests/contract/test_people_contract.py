"""Somebody leaves: their answers, their id and their address stay with the desk, on the fake and on the real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from factcheck.errors import AccessError
from factcheck.studio.api import members
from factcheck.studio.api.client import Client
from tests.contract.conftest import Studio
from tests.fake_studio.answers import FakeStudio
from tests.fake_studio.props import Checker, claim_id


class Leaver(NamedTuple):
    """Somebody of this test alone, who may be removed."""

    checker: Checker
    email: str
    client: Client


@pytest.fixture
def leaver(request: pytest.FixtureRequest, studio: Studio) -> Iterator[Leaver]:
    name = f"Leaver-{request.node.originalname.split('_')[1]}".lower()
    transport = studio.checkers[0].transport
    if isinstance(transport, FakeStudio):
        token = "e" * 40
        transport.store.add_user(name, token)
    else:
        token = request.getfixturevalue("label_studio").make_user(name).token
    client = Client(studio.client.url, token, transport=transport, sleep=lambda _: None)
    checker = Checker(client.url, token, transport)
    yield Leaver(checker, f"{name}@desk.example", client)
    client.close()
    checker.close()


def test_removed_people_keep_answers_id_and_address(studio: Studio, leaver: Leaver) -> None:
    studio.push([1, 2])
    leaver.checker.submit(studio.task[0], "verified")
    studio.checkers[0].submit(studio.task[0], "disputed")
    before = studio.pull()
    (kept,) = [person for person in before.people if person.email == leaver.email]

    team = members.team(studio.client)
    member = team.find(leaver.email)
    assert member is not None
    assert member.person == kept
    assert not member.owner
    assert not member.you
    assert members.answers_of(studio.client, team, member) == 1
    members.remove(studio.client, team, member)
    members.remove(studio.client, team, member)  # twice is once

    studio.checkers[1].submit(studio.task[1], "opinion")
    after = studio.pull(full=True)
    assert {person.email for person in after.people} == {f"{name}@desk.example" for name in ("anahita", "basma")}
    states = studio.known.filter(claim_id=claim_id(1)).sort("seq").unique("annotation_key", keep="last")
    assert states["state"].to_list() == ["submitted", "submitted"]
    assert f"ant_{kept.user_id:020x}" in states["annotator_id"].to_list()
    gone = members.team(studio.client)
    assert gone.find(leaver.email) is None
    assert [one.user_id for one in gone.members if one.removed and one.user_id == kept.user_id]
    assert kept.user_id not in {person.user_id for person in studio.client.people()}


def test_members_cannot_remove_anybody(studio: Studio, leaver: Leaver) -> None:
    team = members.team(leaver.client)
    (owner,) = [one for one in team.members if one.owner]
    with pytest.raises(AccessError, match="only the owner"):
        members.remove(leaver.client, team, owner)
    assert members.team(studio.client).find(owner.email)


def test_a_new_invitation_ends_the_old_one(studio: Studio) -> None:
    first = members.invitation(studio.client)
    assert first.startswith("/user/signup/?token=")
    assert members.invitation(studio.client) == first
    second = members.invitation(studio.client, reset=True)
    assert second != first
    assert members.invitation(studio.client) == second
