"""`pull`: what the annotators and the leads did comes home, and becomes a version."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import polars as pl

from factcheck import dataset as dataset_room
from factcheck import frames
from factcheck.dataset import annotators
from factcheck.errors import AccessError, ConfigError, LabelConfigChanged, ServerError, Unavailable
from factcheck.models import AnnotationEvent, AnnotationState, Mark, Rejection, Report, VerdictChange
from factcheck.pipeline.deciding import (
    NOT_COUNTED,
    changed_verdicts,
    refuse_empty_roster,
    settings_rule,
    standing_rule,
    uncounted,
    unknown_addresses,
)
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.found import find, look_at_config
from factcheck.settings import Settings
from factcheck.studio.api.client import Client, RemoteProject
from factcheck.studio.sync import payload
from factcheck.studio.sync.doubts import OPEN
from factcheck.studio.sync.forgetting import CODE, Consent, Limits, absent
from factcheck.studio.sync.project import stamp_version, version_of
from factcheck.studio.sync.pull import Pulled
from factcheck.studio.sync.pull import pull as pull_project
from factcheck.studio.sync.states import to_frame
from factcheck.text import bare, for_display, isolate

Say = Callable[[str], None]
_PEOPLE = {"user_id": pl.Int64(), "name": pl.String(), "email": pl.String()}
_NAMED = 3
"""So many claims are named in a warning; the dataset and the quarantine have all."""


class Look(NamedTuple):
    """How a watch looks: through a client it keeps open, at what changed lately, at all task ids after deletions.

    `projects` are the ids of the Label Studio projects it has found, by name; None where it has not looked.
    """

    client: Client
    since: datetime | None = None
    sweep: bool = False
    projects: Mapping[str, int] | None = None


def pull(
    settings: Settings,
    *,
    project: str | None,
    full: bool,
    now: datetime,
    say: Say,
    look: Look | None = None,
    consent: Consent = Consent(),  # noqa: B008 - a constant
) -> Report:
    """The report of taking in what the annotators did; commits a version where something changed.

    Votes that are gone although nobody took them back wait, and are named, until `consent` says what becomes of them;
    everything else of the pull is committed.
    """
    began = time.monotonic()
    desk = Desk(settings)
    with desk.workspace.writing("watch" if look else "pull", now=now):
        with nullcontext(look) if look else _own_look(desk) as looking:
            found = _observe(desk, looking, project, full=full, now=now, say=say, consent=consent)
            version, warnings = _commit(desk, found, now=now)
            _stamp(desk, looking, project, found.cursors)
        desk.workspace.quarantine(found.rejected, now=now)
        desk.workspace.note_pull(now=now)
    say(f"version {version} committed" if version else "nothing new: no version")
    states = dict(found.events["state"].value_counts().sort("state").iter_rows())
    not_counted = [NOT_COUNTED.format(people)] if version and (people := uncounted(desk)) else []
    waiting = found.rejected.filter(pl.col("code") == CODE).height
    return Report(
        stage="pull",
        seen=found.seen,
        accepted=found.accepted,
        rejected=found.rejected.height,
        counts={"events": found.events.height, **states} | ({"waiting": waiting} if waiting else {}),
        version=version,
        rejections=frames.to_records(Rejection, found.rejected),
        warnings=[*found.warnings, *_marked(desk, found.events), *warnings, *not_counted],
        seconds=time.monotonic() - began,
        next_steps=_next_steps(version, waiting=bool(waiting), put_aside=bool(states.get(AnnotationState.PUT_ASIDE))),
    )


def _stamp(desk: Desk, look: Look, project: str | None, cursors: Mapping[str, Any]) -> None:
    """Stamp the projects where nothing waits with the version that was pulled, so that a backup of before is known.

    Not at every look of one who looks often. A server that takes no stamp now gets it with the next pull.
    """
    if look.since is not None:
        return
    newest = desk.dataset.head
    for name in desk.watched(project):
        known, cursor = desk.workspace.project(name), cursors.get(name, {})
        if known is None or cursor.get("waits") or int(cursor.get("stamp", newest)) >= newest:
            continue
        with suppress(ServerError, AccessError, Unavailable):
            done = stamp_version(look.client, known.project_id, mark=desk.mark(name), version=newest)
            if done is not None:
                desk.workspace.remember_project(name, known.project_id, known.created_at, version=done)


def _next_steps(version: int | None, *, waiting: bool, put_aside: bool) -> list[str]:
    steps = ["factcheck log", f"factcheck diff {version - 1} {version}", "factcheck export"] if version else []
    if waiting:
        steps = [
            "factcheck pull --keep   (the votes stay although Label Studio has lost them)",
            "factcheck pull --accept-loss   (they are withdrawn, and the verdicts with them)",
            *steps,
        ]
    if put_aside:
        steps.append("factcheck pull --accept-put-aside   (if the answers that were put aside shall count)")
    return steps or ["factcheck status"]


class Observed(NamedTuple):
    """What the projects hold that the dataset does not: events, what was put aside, where the next pull begins.

    `known` are the last states the dataset has of all annotations.
    """

    events: pl.DataFrame
    rejected: pl.DataFrame
    cursors: dict[str, Any]
    seen: int
    accepted: int
    warnings: list[str]
    known: pl.DataFrame
    emails: list[str]


@contextmanager
def _own_look(desk: Desk) -> Iterator[Look]:
    with desk.client() as client:
        yield Look(client)


def _observe(
    desk: Desk, look: Look, project: str | None, *, full: bool, now: datetime, say: Say, consent: Consent
) -> Observed:
    data = desk.dataset
    cursors = desk.cursors()
    known = data.last_states()
    events, rejected, seen, accepted = [frames.empty(AnnotationEvent)], [frames.empty(Rejection)], 0, 0
    warnings: list[str] = []
    met = _users(desk) if look.since else ()
    for name in desk.watched(project):
        remote = find(desk, look.client, name, look.projects)
        if remote is None:
            gone = _gone(name, known, cursors, consent, now=now)
            events.append(to_frame(gone.events))
            rejected.append(frames.from_records(Rejection, gone.waiting))
            seen += len(gone.events) + len(gone.waiting)
            accepted += len(gone.events)
            warnings += [gone.why] if gone.why else []
            continue
        warnings += [f"{name}: {said}" for said in _page(desk, name, remote)]
        before = cursors.get(name, {})
        server = server_of(desk, cursors, name, remote)
        if full or name not in cursors:
            say(f"{name}: reading every task, about a minute for 50,000")
        pulled = observe(
            desk, look.client, name, remote, known, before, server=server, full=full, now=now,
            consent=consent, since=look.since, sweep=look.sweep, known_users=met,
        )  # fmt: skip
        annotators.remember(data, server, pl.DataFrame(pulled.people, _PEOPLE, orient="row"))
        _note_doubts(desk, name, pulled)
        events.append(pulled.events)
        rejected.append(pulled.rejected)
        seen += pulled.seen
        accepted += pulled.accepted
        cursors[name] = pulled.cursor | {"server": server, "host": desk.server_name}
        warnings += [f"{name}: {pulled.waits}"] if pulled.waits else []
    found = pl.concat(rejected)
    emails = _emails(desk, look)
    return Observed(pl.concat(events), _with_words(desk, found), cursors, seen, accepted, warnings, known, emails)


def server_of(desk: Desk, cursors: Mapping[str, Any], name: str, remote: RemoteProject) -> str:
    """What the server is called in annotator ids: as when the project was first pulled, whatever its address is now.

    A project that is new goes by what the others at this address go by, so that a person has one id.
    """
    mine = cursors.get(name, {})
    if (mine.get("project_id"), mine.get("project_created_at")) == (remote.project_id, remote.created_at):
        return str(mine.get("server", desk.server_name))
    here = [other for other in cursors.values() if isinstance(other, dict) and other.get("host") == desk.server_name]
    return next((str(other["server"]) for other in here if "server" in other), desk.server_name)


def _page(desk: Desk, name: str, remote: RemoteProject) -> list[str]:
    """As `look_at_config`; that choices mean something else is kept, for the day somebody puts them right by hand."""
    try:
        return look_at_config(desk, name, remote)
    except LabelConfigChanged:
        _open_doubts(desk, name, {None: "the choices of the labeling config meant something else"})
        raise


def _note_doubts(desk: Desk, name: str, pulled: Pulled) -> None:
    """Keep which tasks show other words, and end the doubt of those that show ours again.

    All that was not known of them yet was put aside in this pull.
    """
    _open_doubts(desk, name, dict.fromkeys(sorted(pulled.other_words), "its words were changed in Label Studio"))
    right = {None, *pulled.read} - pulled.other_words
    if any(doubt.until == OPEN and doubt.task_id in right for doubt in desk.workspace.doubts(name)):
        desk.workspace.end_doubts(name, payload.time(pulled.cursor["since"]), only=right)


def _open_doubts(desk: Desk, name: str, reasons: Mapping[int | None, str]) -> None:
    known = {doubt.task_id for doubt in desk.workspace.doubts(name) if doubt.until == OPEN}
    if new := {task: why for task, why in reasons.items() if task not in known}:
        desk.workspace.doubt(name, new)


def observe(
    desk: Desk,
    client: Client,
    name: str,
    remote: RemoteProject,
    known: pl.DataFrame,
    cursor: Mapping[str, Any],
    *,
    server: str,
    now: datetime,
    full: bool = False,
    consent: Consent = Consent(),  # noqa: B008 - a constant
    since: datetime | None = None,
    sweep: bool = False,
    known_users: Collection[int] = (),
) -> Pulled:
    """What is new in one project, as this desk's settings, claims and repairs say it is to be read."""
    studio = desk.settings.studio
    ours = desk.workspace.project(name)
    return pull_project(
        client,
        remote.project_id,
        known.select(frames.schema(AnnotationEvent).names()),
        cursor,
        project=name,
        now=now,
        annotator_id=lambda user: annotators.annotator_id(desk.dataset, server, user),
        created_at=remote.created_at,
        stamp=version_of(remote.description, desk.mark(name)),
        stamped=ours.version if ours and ours.is_same(remote.project_id, remote.created_at) else 0,
        full=full,
        full_every=timedelta(hours=studio.full_pull_hours),
        since=since,
        sweep=sweep,
        consent=consent,
        limits=Limits(studio.missing_votes, studio.missing_share),
        words=_words(desk),
        doubts=desk.workspace.doubts(name),
        forgotten=annotators.people(desk.dataset).filter("forgotten")["annotator_id"].to_list(),
        known_users=known_users,
    )


def _words(desk: Desk) -> Callable[[Collection[str]], Mapping[str, Collection[str]]]:
    """What the tasks of claims may show: the words of any appearance of the claim."""

    @functools.cache  # read when the first task is: most looks of a watch see none
    def claims() -> pl.DataFrame:
        return desk.claims().select("group_id", "quote", "lang")

    def shown(claim_ids: Collection[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for group, quote, lang in claims().filter(pl.col("group_id").is_in(list(claim_ids))).iter_rows():
            found.setdefault(group, set()).add(bare(for_display(quote, lang)))
        return found

    return shown


def _gone(name: str, known: pl.DataFrame, cursors: dict[str, Any], consent: Consent, *, now: datetime) -> Any:
    """What becomes of the answers of a project that is not in Label Studio."""
    why = f"the project '{name}' is not in Label Studio any more, or its mark is gone"
    mine = known.filter(pl.col("project") == name).select(frames.schema(AnnotationEvent).names())
    judged = absent(mine, why=why, consent=consent, now=now)
    if consent.keep or consent.accept_loss:
        cursors.pop(name, None)  # a project made anew is another one, and nothing of it is known
    if not judged.why and name in cursors and not (consent.keep or consent.accept_loss):
        return judged._replace(why=f"{why}; `factcheck push` makes it again")
    return judged


def _emails(desk: Desk, look: Look) -> list[str]:
    """The addresses of everybody the desk or the server knows, where the settings name one the desk does not know."""
    known: list[str] = annotators.people(desk.dataset)["email"].to_list()
    if not unknown_addresses(desk, known) or look.since is not None:
        return known
    return [*known, *(person.email for person in look.client.people())]


def _users(desk: Desk) -> list[int]:
    """The server's users the dataset knows already."""
    return annotators.people(desk.dataset).filter(pl.col("server") == desk.server_name)["user_id"].to_list()


def _with_words(desk: Desk, rejected: pl.DataFrame) -> pl.DataFrame:
    """The rejections; a vote that is missing is named by the words of its claim."""
    if not (rejected["code"] == CODE).any():
        return rejected
    quotes = dict(desk.claims().select("group_id", "quote").unique("group_id", keep="first").iter_rows())
    claim = pl.col("subject").str.extract(r"claim (clm_[0-9a-f]{20})").replace_strict(quotes, default=None)
    named = pl.lit("“") + claim + pl.lit("”: ") + pl.col("reason")
    return rejected.with_columns(pl.when(claim.is_not_null()).then(named).otherwise("reason").alias("reason"))


def _marked(desk: Desk, events: pl.DataFrame) -> list[str]:
    """A warning for each kind of answer that does not simply count as the server has it."""
    said = {
        Mark.PUT_ASIDE: "were put aside and do not count",
        Mark.REWRITTEN: "were changed on the server without an edit, by a bulk action, and count as they are now",
        Mark.MOVED: "stand on another claim's task now, and count there",
        Mark.KEPT: "are kept as they were",
        Mark.ACCEPTED: "were not given on our page and count because you said so",
    }
    marked = events.filter(pl.col("mark").is_not_null())
    if marked.is_empty():
        return []
    quotes = dict(desk.claims().select("group_id", "quote").unique("group_id", keep="first").iter_rows())
    found = []
    for mark, words in said.items():
        rows = marked.filter(pl.col("mark") == str(mark))
        if rows.is_empty():
            continue
        reasons = rows["mark_reason"].drop_nulls().value_counts(sort=True).head(_NAMED).iter_rows()
        why = "; ".join(f"{reason} ({count:,})" for reason, count in reasons)
        claims = rows["claim_id"].unique(maintain_order=True).to_list()
        named = ", ".join(isolate(quotes.get(claim, claim)[:80]) for claim in claims[:_NAMED])
        more = f" and {len(claims) - _NAMED:,} more" if len(claims) > _NAMED else ""
        found.append(f"{rows.height:,} answers {words}: {why}. Claims: {named}{more}")
    return found


def _commit(desk: Desk, found: Observed, *, now: datetime) -> tuple[int | None, list[str]]:
    """The number of the version that holds what was observed, None where there was nothing to say; and warnings.

    Verdicts are decided by the rule of the newest version: another one in the settings is for `decide` to apply.
    """
    data = desk.dataset
    head, asked, warnings = data.version(), settings_rule(desk), []
    rule = standing_rule(desk)
    if nobody := unknown_addresses(desk, found.emails):
        warnings.append(f"nobody in Label Studio has the address {', '.join(nobody)} of [verdicts] in the settings")
        if rule == asked and asked.roster == [] and {*desk.settings.verdicts.roster} <= {*nobody}:
            _refuse_strangers(desk, found)
    if head is not None and head.policy and head.policy != asked.name:
        warnings.append(
            f"the settings ask for {asked.name}, version {head.version} was decided by {head.policy}: "
            "verdicts go on as before; `factcheck decide` applies the settings"
        )
    if rule is None:
        warnings.append(
            "whose answers counted for the newest version is not known here: verdicts wait for `factcheck decide`"
        )
        changed = frames.empty(VerdictChange)
    else:
        changed = changed_verdicts(desk, found.events, rule, known=found.known)
    cursors = found.cursors | (rule.as_cursor() if rule else {})
    if found.events.is_empty() and changed.is_empty():
        desk.staging.save_cursor(head.version_hash if head else None, found.cursors)
        return None, warnings
    articles, claims = desk.staging.articles(), desk.staging.claims()
    version = dataset_room.commit(
        data,
        articles=articles,
        claims=claims,
        events=found.events,
        verdicts=changed,
        cause="pull",
        cursor=cursors,
        policy=rule.name if rule else "",
        now=now,
    )
    desk.staging.clear(articles=articles["article_id"], claims=claims["claim_id"])
    return (version.version if version else None), warnings


def _refuse_strangers(desk: Desk, found: Observed) -> None:
    """Raises ConfigError where answers came and not one address of the roster is anybody's."""
    submitted = pl.col("state") == str(AnnotationState.SUBMITTED)
    if found.events.filter(submitted).height or found.known.filter(submitted).height:
        refuse_empty_roster(desk, settings_rule(desk))
        raise ConfigError(
            "nobody in Label Studio has an address of verdicts.roster, so that no answer would count",
            subject=", ".join(desk.settings.verdicts.roster),
            hint="correct them in factcheck.toml or FACTCHECK_VERDICTS_ROSTER; an empty roster counts everybody",
        )
