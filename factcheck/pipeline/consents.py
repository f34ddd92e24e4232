"""Who agreed to be named as having checked claims: the desk's own record, and the names beside each claim.

The record lies in the desk's private folder and nowhere else. It is by annotator id, so that nobody's address is in it.
A name stands on the page of a claim for which its person's answer counts; that is all it says. What was answered, how
many answered, and that somebody is not named, never shows: the names are a function of the answers of those who agreed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import polars as pl
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from factcheck import fs, locks, names
from factcheck.dataset import Dataset, annotators
from factcheck.errors import UnknownAnnotator, UsageError
from factcheck.folding import match_key
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.people import account, checked
from factcheck.reading import standing
from factcheck.settings import Settings
from factcheck.text import is_one_line

FILE = "credits.json"
LONGEST = 100
"""Characters of a name as readers see it."""


def _name(text: str) -> str:
    if not is_one_line(text) or not match_key(text) or len(text) > LONGEST:
        raise ValueError(f"is no line of letters of at most {LONGEST} characters")
    return text.strip()


class Consent(BaseModel):
    """That somebody agreed to be named, how they want to be named, and when they said so (UTC)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    annotator_id: str
    name: Annotated[str, AfterValidator(_name)]
    at: datetime


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    consents: list[Consent] = []


class Agreed(NamedTuple):
    """What stands for a person now: the name that readers see, empty for none, and whether there was one before."""

    email: str
    name: str
    before: bool


def consents(state: Path) -> list[Consent]:
    """Every consent, by annotator id; none where the record is missing or damaged, so that nobody is named in doubt."""
    try:
        return _Record.model_validate_json((state / FILE).read_bytes()).consents
    except (OSError, ValidationError):
        return []


def consent(settings: Settings, email: str, *, name: str, now: datetime) -> Agreed:
    """What stands after somebody agreed to be named as `name`; who is not in the dataset is asked of Label Studio.

    Raises UsageError for a name that is none, UnknownAnnotator for a stranger.
    """
    email = checked(email)
    try:
        shown = _name(name)
    except ValueError as error:
        hint = 'write it as readers should see it: --name "Sara Ahmadi"'
        raise UsageError(str(error), subject=f"--name {names.shown(name)}", hint=hint) from error
    desk = Desk(settings)
    if not (ids := _ids(desk, email)):
        account(desk, email)
        ids = _ids(desk, email)
    made = [Consent(annotator_id=one, name=shown, at=now) for one in ids]
    return Agreed(email, shown, before=_replaced(settings.state, ids, made))


def withdraw(settings: Settings, person: str) -> Agreed:
    """What stands after a consent was taken back: no name, from the next build on. No server is asked.

    `person` is an e-mail address or an annotator id. Raises UnknownAnnotator for a stranger.
    """
    ids = _ids(Desk(settings), person)
    if not ids:
        raise _stranger(person)
    return Agreed(person, "", before=erase(settings.state, ids))


def standing_of(settings: Settings, person: str) -> Agreed:
    """What stands for a person, given by e-mail address or annotator id; raises UnknownAnnotator for a stranger."""
    ids = _ids(Desk(settings), person)
    if not ids:
        raise _stranger(person)
    mine = [one.name for one in consents(settings.state) if one.annotator_id in ids]
    return Agreed(person, mine[0] if mine else "", before=bool(mine))


def erase(state: Path, ids: Collection[str]) -> bool:
    """Whether a consent of these annotator ids was there; it is gone, and nothing of a damaged record is left."""
    return _replaced(state, ids, []) if (state / FILE).exists() else False


def of_version(settings: Settings, data: Dataset, number: int) -> dict[str, list[str]]:
    """By claim of a version the names of those who agreed and whose answer to it counts; other claims are not in it."""
    found = consents(settings.state)
    if not found:
        return {}
    roster = standing.ids_of(data, settings.verdicts.roster)
    votes = standing.standing_votes(data, f"version:{number}", roster)
    return named(votes, _by_person(annotators.people(data), found))


def named(votes: pl.DataFrame, agreed: Mapping[str, str]) -> dict[str, list[str]]:
    """By claim the names of those who voted and agreed, in the order of the alphabet; `agreed` has names by id.

    Rows of anybody else change nothing in it, and neither does what a row of theirs says.
    """
    ours = votes.filter(pl.col("annotator_id").is_in(list(agreed))).select("claim_id", "annotator_id")
    found: dict[str, set[str]] = {}
    for claim_id, annotator in ours.iter_rows():
        found.setdefault(claim_id, set()).add(agreed[annotator])
    return {claim_id: sorted(shown, key=_alphabetically) for claim_id, shown in sorted(found.items())}


def _alphabetically(name: str) -> tuple[str, str]:
    return match_key(name), name


def _by_person(people: pl.DataFrame, found: Iterable[Consent]) -> dict[str, str]:
    """Names by annotator id, also of ids that the same person has on another server; the forgotten have none."""
    own = pl.DataFrame(
        [(one.annotator_id, one.name) for one in found], {"annotator_id": pl.String, "as": pl.String}, orient="row"
    )
    known = people.filter(~pl.col("forgotten")).with_columns(pl.col("email").str.to_lowercase())
    mine = known.join(own, on="annotator_id", how="inner")
    by_mail = mine.filter(pl.col("email") != "").select("email", "as").unique("email", keep="first")
    elsewhere = known.join(by_mail, on="email")
    return dict(pl.concat([one.select("annotator_id", "as") for one in (elsewhere, mine)]).iter_rows())


def _ids(desk: Desk, person: str) -> list[str]:
    data = desk.committed()
    return [] if data is None else annotators.meant(data, person)


def _stranger(person: str) -> UnknownAnnotator:
    return UnknownAnnotator(
        "is nobody whom this desk knows", subject=names.shown(person), hint="`factcheck studio user list` shows them"
    )


def _replaced(state: Path, ids: Collection[str], made: list[Consent]) -> bool:
    fs.make_folder(state)
    with locks.lock_folder(state):
        before = consents(state)
        kept = [one for one in before if one.annotator_id not in ids]
        record = _Record(consents=sorted([*kept, *made], key=lambda one: one.annotator_id))
        fs.write_private(state / FILE, (record.model_dump_json(indent=1) + "\n").encode())
    return len(kept) < len(before)
