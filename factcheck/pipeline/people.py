"""`studio user ...` and `studio invite`: who checks, how somebody joins, how somebody leaves without a vote lost."""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from factcheck import fs, names, web
from factcheck import settings as settings_package
from factcheck.dataset import annotators
from factcheck.errors import ConfigError, UnknownAnnotator, UsageError
from factcheck.pipeline.desk import Desk
from factcheck.settings import FILE_NAME, Settings
from factcheck.settings.editing import with_item
from factcheck.studio.api import members
from factcheck.studio.api.client import Client
from factcheck.studio.api.members import Member

# As Django's own check, less what only quoted local parts have: something, an @, a host name with a dot.
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+")
_LONGEST = 254


class Colleague(NamedTuple):
    """A member as `user list` shows one; `counts` is False for somebody outside verdicts.roster."""

    email: str
    name: str
    owner: bool
    lead: bool
    counts: bool
    last_active: str


class People(NamedTuple):
    """Who is in, how many were removed, and the leads of factcheck.toml who have no account."""

    url: str
    colleagues: list[Colleague]
    removed: int
    missing_leads: list[str]


class Invitation(NamedTuple):
    """The sign-up link; `only_here` says that it opens on this machine alone."""

    link: str
    only_here: bool
    reset: bool = False
    email: str = ""
    lead: bool = False


class Removed(NamedTuple):
    """Somebody who is out: how many answers of theirs stay (None: not told), and whether they are a lead."""

    email: str
    answers: int | None
    lead: bool


def people(settings: Settings) -> People:
    """Everybody with an account, the owner first."""
    desk = Desk(settings)
    with desk.client() as client:
        found = members.team(client)
        url = desk.address_for_people(client.url)
    leads, roster = _lower(settings.verdicts.leads), _lower(settings.verdicts.roster)
    there = [one for one in found.members if not one.removed]
    colleagues = [
        Colleague(
            one.email,
            one.name,
            one.owner,
            one.email.lower() in leads,
            not roster or one.email.lower() in roster,
            one.last_active,
        )
        for one in sorted(there, key=lambda one: (not one.owner, one.email.lower()))
    ]
    missing = sorted(leads - {one.email.lower() for one in there})
    return People(url, colleagues, len(found.members) - len(there), missing)


def invite(settings: Settings, *, reset: bool = False) -> Invitation:
    """The link at which people sign up, the same for all; with `reset` a new one, and the old one opens nothing."""
    desk = Desk(settings)
    with desk.client() as client:
        return _invitation(desk, client, reset=reset)


def add(settings: Settings, email: str, *, lead: bool) -> Invitation:
    """The invitation for somebody new; with `lead` their address is written into factcheck.toml too.

    Raises UsageError for what is no e-mail address and for somebody who is there already (unless to make them a
    lead), ConfigError where factcheck.toml cannot be changed; nothing is written then.
    """
    email = checked(email)
    desk = Desk(settings)
    with desk.client() as client:
        found = members.team(client)
        there = found.find(email)
        if there is not None and not lead:
            raise UsageError(
                "has an account already",
                subject=email,
                hint="nothing to do; `factcheck studio user list` shows everybody",
            )
        if there is None and _was_removed(desk, found, email):
            raise UsageError(
                "was removed, and the free edition of Label Studio lets nobody back in under the same address",
                subject=email,
                hint="invite them under another address; they count as a new person, and their old votes stay",
            )
        invitation = _invitation(desk, client)
    if lead:
        _make_lead(settings, email)
    return invitation._replace(email=email, lead=lead, link="" if there else invitation.link)


def remove(settings: Settings, email: str) -> Removed:
    """What is left of somebody who was taken out of Label Studio: their votes, under their number.

    Name and address are written into the dataset first, where they gave answers: the server masks both afterwards,
    and a lead's decisions count by the address. Raises UsageError for the owner and for yourself, UnknownAnnotator
    for a stranger, AccessError where the token may not remove people.
    """
    email = checked(email)
    desk = Desk(settings)
    with desk.client() as client:
        found = members.team(client)
        member = _there(found, email)
        _refuse_to_remove(member)
        answers = members.answers_of(client, found, member)
        if answers != 0:
            _write_down(desk, member)
        members.remove(client, found, member)
    return Removed(member.email, answers, email.lower() in _lower(settings.verdicts.leads))


def account(desk: Desk, email: str) -> None:
    """Writes down in the dataset who has the account with this address; raises UnknownAnnotator where nobody has."""
    with desk.client() as client:
        _write_down(desk, _there(members.team(client), email))


def _there(found: members.Team, email: str) -> Member:
    member = found.find(email)
    if member is None:
        raise UnknownAnnotator(
            "has no account in this Label Studio", subject=email, hint="`factcheck studio user list` shows everybody"
        )
    return member


def _refuse_to_remove(member: Member) -> None:
    if member.owner:
        raise UsageError(
            "owns this Label Studio, and nobody else could remove people or be told apart from the others",
            subject=member.email,
            hint="the owner cannot be removed; change the password of the account instead",
        )
    if member.you:
        raise UsageError(
            "is the account whose token you are using",
            subject=member.email,
            hint="ask the owner to remove you, or use the owner's token",
        )


def _write_down(desk: Desk, member: Member) -> None:
    cursors = desk.cursors().values()
    own = {str(row["server"]) for row in cursors if row.get("host") == desk.server_name and row.get("server")}
    for name in sorted(own or {desk.server_name}):
        rows = pl.DataFrame(
            [member.person], {"user_id": pl.Int64(), "name": pl.String(), "email": pl.String()}, orient="row"
        )
        annotators.remember(desk.dataset, name, rows)


def _was_removed(desk: Desk, found: members.Team, email: str) -> bool:
    known = desk.committed()
    if known is None:
        return False
    gone = [one.user_id for one in found.members if one.removed]
    same = (pl.col("email").str.to_lowercase() == email.lower()) & pl.col("user_id").is_in(gone)
    return not annotators.people(desk.dataset).filter(same).is_empty()


def _invitation(desk: Desk, client: Client, *, reset: bool = False) -> Invitation:
    base = desk.address_for_people(client.url)
    link = base + members.invitation(client, reset=reset)
    return Invitation(link, only_here=web.host(base) in web.LOOPBACK, reset=reset)


def _make_lead(settings: Settings, email: str) -> None:
    path = settings.root / FILE_NAME
    # What the file says, not what a variable of this shell says over it.
    text = fs.read_small(path).decode("utf-8")
    leads = settings_package.check(text, settings.root).verdicts.leads
    if email.lower() in _lower(leads):
        return
    try:
        made = with_item(text, "verdicts", "leads", email)
    except ValueError as error:
        hint = f"add {email} to `leads` under [verdicts] by hand"
        raise ConfigError(str(error), subject=str(path), hint=hint) from error
    settings_package.check(made, settings.root)
    fs.replace(path, made.encode("utf-8"), mode=path.stat().st_mode & 0o777)


def checked(email: str) -> str:
    """The address without spaces around it; raises UsageError for what is none."""
    email = email.strip()
    if not _EMAIL.fullmatch(email) or len(email) > _LONGEST:
        raise UsageError(
            "is not an e-mail address", subject=names.shown(email), hint="write it as somebody@desk.example"
        )
    return email


def _lower(emails: list[str]) -> set[str]:
    return {email.lower() for email in emails}
