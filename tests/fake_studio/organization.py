"""The organization of the fake Label Studio: its people, the invitation link, and who was removed.

As 1.23.2 does it: one link for everybody, the first user owns the place, a removed member stays in every list as
"Deleted User" with their number, and so do their answers.
"""

from __future__ import annotations

from typing import Any

from tests.fake_studio.rows import Missing, Row, Store

OFFICE: list[tuple[str, str, str]] = [
    ("GET", r"/api/users/", "users"),
    ("GET", r"/api/current-user/whoami", "whoami"),
    ("GET", r"/api/invite", "invite"),
    ("POST", r"/api/invite/reset-token", "reset_invite"),
    ("GET", r"/api/organizations/(\d+)", "organization"),
    ("GET", r"/api/organizations/(\d+)/memberships/(\d+)/", "membership"),
    ("DELETE", r"/api/organizations/(\d+)/memberships/(\d+)/", "remove_member"),
]
OWNER = 1
_MASK = {"username": "Deleted", "first_name": "Deleted", "last_name": "User", "email": "Deleted"}


class Forbidden(Exception):
    """What this user may not do."""

    def __init__(self, message: str, status: int = 403) -> None:
        super().__init__(message)
        self.status = status


class Office:
    """The part of the interface that is about people."""

    store: Store

    def _users(self, **_: Any) -> list[Row]:
        return [self._shown(row) for row in self.store.users.values()]

    def _whoami(self, *, user: int, **_: Any) -> Row:
        return self._shown(self.store.users[user]) | {"active_organization": None if self._gone(user) else 1}

    def _invite(self, **_: Any) -> Row:
        token = f"invitation-{self.store.invitations}"
        return {"token": token, "invite_url": f"/user/signup/?token={token}"}

    def _reset_invite(self, **_: Any) -> Row:
        self.store.invitations += 1
        return self._invite()

    def _organization(self, _number: int, **_: Any) -> Row:
        return {"id": 1, "title": "Label Studio", "created_by": OWNER, "users": list(self.store.users)}

    def _membership(self, _number: int, person: int, **_: Any) -> Row:
        mine = [row for row in self.store.annotations.values() if row["completed_by"] == person]
        return {
            "user": self.store.get(self.store.users, person)["id"],
            "organization": 1,
            "annotations_count": len(mine),
        }

    def _remove_member(self, _number: int, person: int, *, user: int, **_: Any) -> None:
        self.store.get(self.store.users, person)
        if self._gone(person):
            raise Missing
        if user != OWNER:
            raise Forbidden("You do not have permission to perform this action.")
        if person == user:
            raise Forbidden("User cannot soft delete self", 405)
        self.store.removed.add(person)

    def _gone(self, person: int) -> bool:
        return person in self.store.removed

    def _shown(self, row: Row) -> Row:
        return row | (_MASK if self._gone(row["id"]) else {})
