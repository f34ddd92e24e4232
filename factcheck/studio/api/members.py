"""The people of a Label Studio: who is in, the invitation link, and taking somebody out, whose answers stay.

The free edition has one organization without roles. Its first user owns it; only the owner can remove somebody.
Removing is Label Studio's own "soft delete": the account keeps its number and its answers and loses its way to them.
`DELETE /api/users/ID` is never asked for: it would take the author from every answer.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from factcheck.errors import AccessError, NotOnServer, ProtocolError, ServerError
from factcheck.studio.api.client import Client
from factcheck.studio.api.records import REMOVED, Person


class Member(NamedTuple):
    """Somebody with an account; `you` is whose token asks, `last_active` is the server's own text."""

    user_id: int
    name: str
    email: str
    last_active: str
    owner: bool = False
    you: bool = False
    removed: bool = False

    @property
    def person(self) -> Person:
        """What the dataset keeps of them."""
        return Person(self.user_id, self.name, self.email)


class Team(NamedTuple):
    """The organization: its number, and everybody who is or was in it, by user number."""

    organization: int
    members: list[Member]

    def find(self, email: str) -> Member | None:
        """Who has that address now; letters of any case."""
        return next((one for one in self.members if one.email.lower() == email.lower() and not one.removed), None)


def team(client: Client) -> Team:
    """Everybody; raises AccessError where the token's own account was removed, ProtocolError for a strange answer."""
    me = _object(client, client.ask("GET", "/api/current-user/whoami"))
    if not isinstance(organization := me.get("active_organization"), int):
        raise AccessError(
            "the account of this token was removed from Label Studio",
            subject=client.url,
            hint="use the token of a member, best the owner's",
        )
    owner = _object(client, client.ask("GET", f"/api/organizations/{organization}")).get("created_by")
    listed = client.ask("GET", "/api/users/")
    if not isinstance(listed, list) or not all(isinstance(row, dict) and "id" in row for row in listed):
        raise ProtocolError("the list of people is not a list", subject=client.url, hint="try again")
    members = [
        Member(
            int(row["id"]),
            f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip(),
            str(row.get("email") or ""),
            str(row.get("last_activity") or ""),
            owner=row["id"] == owner,
            you=row["id"] == me.get("id"),
            removed=row.get("email") == REMOVED,
        )
        for row in listed
    ]
    return Team(organization, sorted(members))


def invitation(client: Client, *, reset: bool = False) -> str:
    """The path of the sign-up page with its secret, the same for everybody; with `reset` a new one, the old one ends.

    Raises ProtocolError where the server returns none.
    """
    method, path = ("POST", "/api/invite/reset-token") if reset else ("GET", "/api/invite")
    address = str(_object(client, client.ask(method, path)).get("invite_url", ""))
    parts = urlsplit(address)
    if not parse_qs(parts.query).get("token"):
        raise ProtocolError(
            "returns no invitation link", subject=client.url, hint="check that it is Label Studio 1.23 or newer"
        )
    return f"{parts.path}?{parts.query}"


def answers_of(client: Client, found: Team, member: Member) -> int | None:
    """How many answers (skips too) the person has given; None where the server does not say."""
    try:
        row = client.ask("GET", f"/api/organizations/{found.organization}/memberships/{member.user_id}/")
    except (ServerError, AccessError):
        return None
    count = row.get("annotations_count") if isinstance(row, dict) else None
    return count if isinstance(count, int) else None


def remove(client: Client, found: Team, member: Member) -> None:
    """Take the person out; one who is out already is as good. Their answers stay, under their number.

    Raises AccessError where the token is not the owner's.
    """
    try:
        client.ask("DELETE", f"/api/organizations/{found.organization}/memberships/{member.user_id}/")
    except NotOnServer:
        return
    except AccessError as error:
        raise AccessError(
            "only the owner of this Label Studio may remove people",
            subject=client.url,
            hint="use the owner's token (whoever signed up first), or ask the owner",
        ) from error


def _object(client: Client, answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise ProtocolError("answer is not an object", subject=client.url, hint="try again")
    return answer
